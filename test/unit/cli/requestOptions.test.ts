import { describe, expect, it } from 'vitest';
import { Arguments } from '../../../src/cli/arguments.ts';
import { analyzeOptions, datasetOptions, outputOptions, rebalanceOnlyOptions, seedOption } from '../../../src/cli/optionTable.ts';
import { planOf, rebalanceOptions, rebalanceRequest } from '../../../src/cli/requestOptions.ts';

const specs = [...datasetOptions, seedOption, ...analyzeOptions, ...rebalanceOnlyOptions, ...outputOptions];
const parse = (...args: string[]) =>
  rebalanceRequest(rebalanceOptions(new Arguments(['/data/a.json', '-o', '/data/b.json', ...args], specs)));

describe('rebalance options', () => {
  it('fill the defaults', () => {
    expect(parse('--threads', '2')).toEqual({ dataset: '/data/a.json', output: '/data/b.json', threads: 2, seed: 42, dryRun: false });
  });

  it('are read with their types', () => {
    expect(
      parse(
        '--perspectives',
        'object,token',
        '--mass',
        'token=.8,object=0.5',
        '--tau',
        'token=12.5',
        '--min-perspectives',
        '2',
        '--alpha',
        '1',
        '--target',
        '50%',
        '--sampler',
        'python',
        '--protect',
        'text-only',
        '--protect',
        'source=vqa=2',
        '--seed=-7',
        '--threads',
        '3',
        '--images',
        '/i',
        '--images',
        '/j',
        '--hygiene',
        'none',
      ),
    ).toEqual({
      dataset: '/data/a.json',
      output: '/data/b.json',
      images: ['/i', '/j'],
      threads: 3,
      perspectives: ['object', 'token'],
      mass: { token: 0.8, object: 0.5 },
      tau: { token: 12.5 },
      hygiene: [],
      minPerspectives: 2,
      alpha: 1,
      target: { kind: 'percent', value: 50 },
      sampler: 'python',
      protect: [{ kind: 'text-only' }, { kind: 'field', field: 'source', value: 'vqa=2' }],
      seed: -7,
      dryRun: false,
    });
  });

  it.each([
    [['--mass', 'token=1.5'], /--mass token takes a number from 0 to 1; got "1\.5"/],
    [['--mass', 'tokens=.5'], /--mass takes token, object/],
    [['--mass', '.5'], /NAME=NUMBER pairs/],
    [['--tau', 'token=0'], /--tau token takes a number above 0/],
    [['--alpha', '-0.1'], /./],
    [['--alpha', '2'], /--alpha takes a number from 0 to 1/],
    [['--alpha', 'NaN'], /--alpha/],
    [['--seed', '1.5'], /--seed takes a whole number; got "1\.5"/],
    [['--threads', '0'], /--threads takes a whole number from 1/],
    [['--target', '0%'], /--target/],
    [['--target', '120%'], /--target takes a number above 0 to 100/],
    [['--target', 'half'], /--target/],
    [['--sampler', 'mt'], /--sampler takes hash, python/],
    [['--perspectives', 'token,token'], /names something twice/],
    [['--perspectives', 'token', '--min-perspectives', '2'], /can never hold: only 1 perspective is composed/],
    [['--protect', 'foo'], /text-only or FIELD=VALUE/],
    [['--device', 'tpu'], /--device takes auto, cpu/],
    [['--frobnicate'], /frobnicate/],
    [['other.json'], /Only one dataset/],
    [['--target-by', 'alpha'], /needs --target/],
  ])('refuse %j in a sentence', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });

  it('need a place for the result', () => {
    expect(() => rebalanceOptions(new Arguments(['/data/a.json'], specs))).toThrow(/-o OUT/);
    expect(rebalanceOptions(new Arguments(['/data/a.json', '--dry-run'], specs)).settings.dryRun).toBe(true);
  });

  it('win over those of a plan, masses and thresholds by perspective', () => {
    const options = (...args: string[]) =>
      rebalanceOptions(new Arguments([...args, '--plan', '/p/x.ballast-plan.json', '--threads', '1'], specs));
    const plan = {
      dataset: '/data/p.json',
      seed: 7,
      mass: { token: 0.5, object: 0.6 },
      tau: { token: 12, object: 3 },
      protect: [{ kind: 'text-only' as const }],
      alpha: 0.5,
    };
    expect(rebalanceRequest(options('-o', '/o.json'), plan)).toEqual({
      ...plan,
      output: '/o.json',
      threads: 1,
      dryRun: false,
      plan: '/p/x.ballast-plan.json',
    });
    const merged = rebalanceRequest(
      options('/data/other.json', '--dry-run', '--mass', 'token=.8', '--tau', 'cooccurrence=2', '--seed', '1', '--protect', 'a=b'),
      plan,
    );
    expect(merged).toMatchObject({
      dataset: '/data/other.json',
      seed: 1,
      mass: { token: 0.8, object: 0.6 },
      protect: [{ kind: 'field', field: 'a', value: 'b' }],
    });
    expect(merged.tau).toEqual({ object: 3, cooccurrence: 2 });
    expect(() => rebalanceRequest(options('--dry-run', '--target', '9', '--target-by', 'alpha'), plan)).toThrow(/leave --alpha out/);
    expect(() => rebalanceRequest(options('--dry-run', '--min-perspectives', '2'), { ...plan, perspectives: ['token'] })).toThrow(
      /never hold/,
    );
  });

  it('become a plan without what says where and how', () => {
    expect(planOf(parse('--run-dir', '/r', '--random-control', '/c.json', '--alpha', '.5', '--threads', '2', '--device', 'cpu'))).toEqual({
      dataset: '/data/a.json',
      seed: 42,
      alpha: 0.5,
    });
    expect(() => parse('--save-plan', '/x/plan.json')).toThrow(/NAME\.ballast-plan\.json/);
  });
});
