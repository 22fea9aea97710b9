import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { answer, cliPath, enginePath, temporaryFolder } from './ballast.ts';
import { EngineConnection } from './engineConnection.ts';

const folder = temporaryFolder('disk');
const dataset = join(folder, 'set.json');
const small = join(folder, 'small');
const runDir = join(folder, 'run');

/** A mount namespace of its own with a tmpfs on `small`: full disks without touching the machine's; gone with its processes. */
const inNamespace = ['-Urm', 'sh', '-euc'];
const canMount = spawnSync('unshare', [...inNamespace, `mount -t tmpfs tmpfs ${dirname(folder)}`]).status === 0;

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: 1500, seed: 11, profile: 'small', validJson: true });
  mkdirSync(small);
}, 120_000);

interface Said {
  readonly error?: { readonly code: string; readonly message: string; readonly data: Readonly<Record<string, unknown>> };
  readonly selectionHash?: string;
}

/** Runs a shell script on a small disk of `kilobytes`, mounted at `small`; `$BALLAST` is the command line. Gives the lines it prints. */
async function onSmallDisk(kilobytes: number, script: string): Promise<readonly string[]> {
  const whole = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${small}'\n${script}`;
  const { stdout } = await ended('unshare', [...inNamespace, whole], {
    env: { ...process.env, BALLAST: `${process.execPath} ${cliPath}` },
  });
  return stdout.trim().split('\n');
}

async function ended(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout };
}

const said = (line: string | undefined): Said => JSON.parse(line ?? '') as Said;
const rebalance = (output: string, run: string): string =>
  `$BALLAST rebalance '${dataset}' --target 60% -o '${output}' --run-dir '${run}' --json --quiet | tr -d '\\n'; echo`;

describe.skipIf(!canMount)('a full disk', () => {
  it('while the result is written: says so, leaves nothing, and the same command succeeds when there is room', async () => {
    const output = join(small, 'out.json');
    const [failed, left, done] = await onSmallDisk(
      512,
      `${rebalance(output, runDir)}\nfind '${small}' -type f | wc -l\nmount -o remount,size=64m '${small}'\n${rebalance(output, runDir)}`,
    );
    expect(said(failed).error).toMatchObject({ code: 'output.noSpace', data: { path: output } });
    expect(said(failed).error?.message).toContain(output);
    expect(left).toBe('0');
    const elsewhere = await answer<Said>(['rebalance', dataset, '--target', '60%', '-o', join(folder, 'other.json'), '--run-dir', runDir]);
    expect(said(done).selectionHash).toBe(elsewhere.selectionHash);
  });

  it.each([4, 64, 200, 700])(
    'in the run folder after about %i kB: says so, and the same command goes on when there is room',
    async (kilobytes) => {
      const output = join(folder, `room-${kilobytes}.json`);
      const run = join(small, 'run');
      const [failed, left, done] = await onSmallDisk(
        kilobytes,
        `${rebalance(output, run)}\nls -A '${folder}' | grep -c 'room-${kilobytes}' || true\nmount -o remount,size=64m '${small}'\n${rebalance(output, run)}`,
      );
      expect(said(failed).error).toMatchObject({ code: 'output.noSpace' });
      expect(left).toBe('0');
      const elsewhere = await answer<Said>([
        'rebalance',
        dataset,
        '--target',
        '60%',
        '-o',
        join(folder, 'other.json'),
        '--run-dir',
        runDir,
      ]);
      expect(said(done).selectionHash).toBe(elsewhere.selectionHash);
      rmSync(output);
      rmSync(`${output}.manifest.json`);
    },
  );

  it('crosses the wire as its own code, and the engine stays usable', async () => {
    const script = `mount -t tmpfs -o size=256k tmpfs '${small}'; exec "${process.execPath}" "${enginePath}"`;
    const engine = await EngineConnection.start('unshare', [...inNamespace, script]);
    const output = join(small, 'out.json');
    const fault = await engine.request('selection/rebalance', { dataset, runDir, output }).then(() => undefined, engine.faultOf);
    expect(fault).toMatchObject({ code: 'output.noSpace', data: { path: output } });
    expect((await engine.request('dataset/inspect', { dataset, runDir })).instances).toBe(1500);
    await engine.end();
  });
});

/** Root may write everywhere, so as root the command line runs as the least of users. */
const ordinaryUser: SpawnOptions = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534, cwd: '/' } : {};

async function asOrdinaryUser(args: readonly string[]): Promise<{ code: number | null; said: Said }> {
  const { code, stdout } = await ended(process.execPath, [cliPath, ...args, '--json', '--quiet'], ordinaryUser);
  return { code, said: said(stdout) };
}

describe.skipIf(process.platform === 'win32')('a missing permission', () => {
  const readOnly = join(folder, 'read-only');
  const mine = join(folder, 'mine');
  const source = join(readOnly, 'set.json');

  beforeAll(() => {
    chmodSync(folder, 0o755);
    mkdirSync(readOnly);
    cpSync(dataset, source);
    mkdirSync(mine, { mode: 0o777 });
    chmodSync(mine, 0o777);
    chmodSync(source, 0o444);
    chmodSync(readOnly, 0o555);
  });

  it('for the run folder beside the dataset: names it and the option that moves it', async () => {
    const { code, said: answer } = await asOrdinaryUser(['inspect', source]);
    expect([code, answer.error?.code, answer.error?.data]).toEqual([
      1,
      'output.noPermission',
      { path: join(readOnly, '.ballast'), option: 'run-dir' },
    ]);
    expect(answer.error?.message).toContain('--run-dir');
    expect(readdirSync(readOnly)).toEqual(['set.json']);
  });

  it('for the result: names it, writes nothing', async () => {
    const output = join(readOnly, 'out.json');
    const { said: answer } = await asOrdinaryUser(['rebalance', source, '-o', output, '--run-dir', join(mine, 'run')]);
    expect(answer.error).toMatchObject({ code: 'output.noPermission', data: { path: output } });
    expect(readdirSync(readOnly)).toEqual(['set.json']);
  });

  it('is none when run folder and result lie elsewhere: the source is only read', async () => {
    const before = statSync(source);
    const output = join(mine, 'out.json');
    const { code } = await asOrdinaryUser(['rebalance', source, '--target', '50%', '-o', output, '--run-dir', join(mine, 'run')]);
    expect(code).toBe(0);
    expect(existsSync(`${output}.manifest.json`)).toBe(true);
    expect(readFileSync(source)).toEqual(readFileSync(dataset));
    expect(statSync(source).mtimeMs).toBe(before.mtimeMs);
  });

  it('for the dataset itself is told as such', async () => {
    const secret = join(mine, 'secret.json');
    writeFileSync(secret, '[]');
    chmodSync(secret, 0);
    const { said: answer } = await asOrdinaryUser(['inspect', secret, '--run-dir', join(mine, 'run')]);
    expect(answer.error).toMatchObject({ code: 'dataset.unreadable', data: { path: secret } });
  });
});
