import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arguments } from '../../../src/cli/arguments.ts';
import { rebalanceOptions, rebalanceRequest } from '../../../src/cli/requestOptions.ts';
import { rebalanceVerb } from '../../../src/cli/verbs/rebalance.ts';
import { areQuotable, planFileArguments, rebalanceArguments } from '../../../src/extension/selection/cliCommand.ts';
import { cliProgram } from '../../../src/extension/selection/cliProgram.ts';
import { rebalanceRequestOf } from '../../../src/extension/selection/planRequest.ts';
import { commandLine, isQuotable, shellKind } from '../../../src/extension/selection/shellQuoting.ts';
import type { RebalanceRequest } from '../../../src/protocol/requests.ts';
import { anyPlan, nastyText } from './anyPlan.ts';

const base = { dataset: '/d/train set.json', runDir: '/r', threads: 3 };
const to = { output: '/d/train set.rebalanced.json', randomControl: '/d/control.json' };
const override = { ordinal: 3, content: '00112233445566778899aabbccddeeff', duplicate: 0, verdict: 'keep', reason: 'rare' } as const;

/** What the command line makes of arguments. */
function parsed(args: readonly string[]): RebalanceRequest {
  const [verb, ...rest] = args;
  expect(verb).toBe('rebalance');
  return rebalanceRequest(rebalanceOptions(new Arguments(rest, rebalanceVerb.options)));
}

describe('arguments of the command line', () => {
  it('ask the engine for the same as the panel does', () => {
    fc.assert(
      fc.property(anyPlan(base.dataset), (plan) => {
        const args = rebalanceArguments(base, plan, to);
        if (args === undefined) {
          // A field that holds the equals sign itself cannot be written as FIELD=VALUE.
          expect((plan.protect ?? []).some((rule) => rule.kind === 'field' && rule.field.includes('='))).toBe(true);
          return;
        }
        const { dryRun, ...request } = parsed(args);
        expect(dryRun ?? false).toBe(false);
        expect(request).toEqual({ seed: 42, ...rebalanceRequestOf(base, plan, to) });
      }),
      { numRuns: 300 },
    );
  });

  it('say nothing that is the default', () => {
    expect(rebalanceArguments({ dataset: '/d/a.json' }, { dataset: '/d/a.json' }, { output: '/d/b.json' })).toEqual([
      'rebalance',
      '/d/a.json',
      '--output',
      '/d/b.json',
    ]);
  });

  it('give way to a plan file for what options cannot say', () => {
    const plan = { dataset: base.dataset, overrides: [override] };
    expect(rebalanceArguments(base, plan, to)).toBeUndefined();
    const args = planFileArguments({ ...base, images: ['/i'] }, plan, { ...to, plan: '/d/a.ballast-plan.json' });
    const { settings, plan: file, dataset } = rebalanceOptions(new Arguments(args.slice(1), rebalanceVerb.options));
    expect([file, dataset, settings.output, settings.randomControl]).toEqual([
      '/d/a.ballast-plan.json',
      base.dataset,
      to.output,
      to.randomControl,
    ]);
    expect(settings.images).toEqual(['/i']);
  });
});

describe('quoting', () => {
  it('survives a POSIX shell', () => {
    const words = fc.array(
      fc.oneof(
        nastyText,
        fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0')),
      ),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(words, (args) => {
        fc.pre(args.every((arg) => isQuotable(arg, 'posix')));
        // Lone surrogates are no text that a program could be given.
        const texts = args.map((arg) => Buffer.from(arg).toString());
        const output = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(texts, 'posix')}`], { encoding: 'utf8' });
        expect(output.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['posix', ['ballast', "it's", '$HOME', '--seed=-5', '/d/a.json', ''], `ballast 'it'\\''s' '$HOME' --seed=-5 /d/a.json ''`],
    [
      'powershell',
      ['node', 'C:\\a b\\cli.js', '--target', '50%', '--seed=-5', "it's", 'a’b'],
      `node 'C:\\a b\\cli.js' --target '50%' '--seed=-5' 'it''s' 'a’’b'`,
    ],
    ['powershell', ['C:\\a b\\node.exe', '--mass', 'token=.9,object=.8'], `& 'C:\\a b\\node.exe' --mass 'token=.9,object=.8'`],
    ['cmd', ['node', 'C:\\a b\\cli.js', '--mass', 'token=.9,object=.8', 'a&b'], 'node "C:\\a b\\cli.js" --mass "token=.9,object=.8" "a&b"'],
    // A caret before each special character, the quotes included: none of them means anything to cmd then.
    ['cmd', ['50%', 'say "hi"', 'end\\ '], '^"50^%^" ^"say^ \\^"hi\\^"^" "end\\ "'],
  ] as const)('for %s', (shell, args, line) => expect(commandLine(args, shell)).toBe(line));

  it('knows what a shell cannot carry', () => {
    expect(isQuotable('a\nb', 'posix')).toBe(true);
    for (const shell of ['cmd', 'powershell'] as const) expect(isQuotable('a\nb', shell)).toBe(false);
    expect([isQuotable('"', 'cmd'), isQuotable('"', 'powershell'), isQuotable('C:\\', 'powershell')]).toEqual([true, false, false]);
    expect(isQuotable('a\0', 'posix')).toBe(false);
    expect(areQuotable(['a', 'b\n'], 'cmd')).toBe(false);
  });

  it.each([
    ['/bin/bash', false, 'posix'],
    ['/usr/bin/fish', false, 'posix'],
    ['/usr/bin/pwsh', false, 'powershell'],
    ['C:\\Windows\\System32\\cmd.exe', true, 'cmd'],
    ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', true, 'powershell'],
    ['C:\\Program Files\\Git\\bin\\bash.exe', true, 'posix'],
    ['', true, 'powershell'],
    ['', false, 'posix'],
  ] as const)('of the shell %j', (program, isWindows, kind) => expect(shellKind(program, isWindows)).toBe(kind));
});

describe('program of the command line', () => {
  const machine = (platform: NodeJS.Platform, path: string, ...files: string[]) =>
    ({ env: { PATH: path }, platform, execPath: '/code', exists: async (file: string) => files.includes(file) }) as const;

  it('is the installed one, else Node, else the editor itself', async () => {
    const cli = '/e/dist/cli.js';
    expect(await cliProgram(cli, machine('linux', '/a:/b', '/b/ballast', '/a/node'))).toEqual(['ballast']);
    expect(await cliProgram(cli, machine('linux', '/a:/b', '/a/node'))).toEqual(['node', cli]);
    expect(await cliProgram(cli, machine('linux', '/a:/b'))).toEqual(['env', 'ELECTRON_RUN_AS_NODE=1', '/code', cli]);
    expect(await cliProgram(cli, machine('win32', 'C:\\a;C:\\b', 'C:\\b\\ballast.cmd'))).toEqual(['ballast']);
    expect(await cliProgram(cli, machine('win32', 'C:\\a'))).toEqual(['node', cli]);
  });
});
