import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClusterReport } from '../../src/protocol/clustering.ts';
import type { FeaturesReport } from '../../src/protocol/features.ts';
import type { DoctorReport } from '../../src/protocol/reports.ts';
import { generateDataset } from '../fixtures/generateDataset.mjs';
import { random, topicRows } from '../unit/clustering/noise.ts';
import { writeArray } from './arrays.ts';
import { answer, ballast, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('clustering');
const at = (name: string): string => join(folder, name);
const dataset = at('set.json');
const rows = 6000;
const dimensions = 128;
const features = at('features.npy');
/** Seconds of work for any machine. */
const heavy = at('heavy.npy');
const draw = random(17);

beforeAll(async () => {
  await generateDataset({ outFile: dataset, instances: rows, seed: 3, profile: 'small', validJson: true });
  writeArray(features, '<f4', [rows, dimensions], [...topicRows(rows, dimensions, 40, 5, 2)]);
  const noise = Array.from({ length: rows * 1024 }, () => draw() - 0.5);
  writeArray(heavy, '<f4', [rows, 1024], noise);
}, 120_000);

const cluster = (runDir: string, ...more: string[]): string[] => [
  'cluster',
  dataset,
  '--features',
  features,
  '--clusters',
  '300',
  '--iterations',
  '60',
  '--top',
  '0',
  '--run-dir',
  runDir,
  ...more,
];

/** What a clustering gives, as bytes. */
function arraysOf(name: string): Record<string, string> {
  return Object.fromEntries(
    ['assignments.npy', 'centroids.npy', 'similarity.npy'].map((file) => [file, readFileSync(join(at(name), file)).toString('base64')]),
  );
}

/** Process ids of compute processes of this checkout. */
function computeProcesses(): number[] {
  const list = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return list.filter((line) => line.includes('dist/compute.js') && !line.includes('ps -eo')).map((line) => Number.parseInt(line, 10));
}

/** Calls `act` when the command's compute process has worked for a moment. */
function whenComputing(act: (compute: number) => void): () => void {
  const before = new Set(computeProcesses());
  return () => {
    const timer = setInterval(() => {
      const compute = computeProcesses().find((pid) => !before.has(pid));
      if (compute === undefined) return;
      clearInterval(timer);
      setTimeout(() => act(compute), 300);
    }, 50);
    setTimeout(() => clearInterval(timer), 30_000);
  };
}

async function waitUntil(condition: () => boolean, ms: number): Promise<void> {
  for (const until = performance.now() + ms; !condition() && performance.now() < until; ) await sleep(50);
}

describe.each(['f32', 'int8'] as const)('k-means (%s)', (precision) => {
  const wanted = `wanted-${precision}`;
  const hard = (runDir: string): string[] => [...cluster(runDir, '--precision', precision, '--clusters', '3000'), '--features', heavy];
  let seconds = 0;

  it('gives the same arrays for one and for two threads', async () => {
    const started = performance.now();
    const report = await answer<ClusterReport>(
      cluster(at(`run-${precision}`), '--precision', precision, '--threads', '1', '--export', at(wanted)),
    );
    seconds = (performance.now() - started) / 1000;
    expect(report.clusters).toBeGreaterThan(290);
    expect(report.perCluster.reduce((sum, { size }) => sum + size, 0)).toBe(rows);
    await answer(cluster(at(`run2-${precision}`), '--precision', precision, '--threads', '2', '--export', at(`two-${precision}`)));
    expect(arraysOf(`two-${precision}`)).toEqual(arraysOf(wanted));
  });

  it('gives the same arrays after kill -9 at random moments, and leaves no process behind', async () => {
    for (let round = 0; round < 6; round++) {
      const runDir = at(`killed-${precision}`);
      if (round % 3 === 0) rmSync(runDir, { recursive: true, force: true });
      const before = new Set(computeProcesses());
      const delay = (0.3 + 0.6 * draw()) * seconds * 1000;
      await ballast([...cluster(runDir, '--precision', precision), '--quiet'], (child) => setTimeout(() => child.kill('SIGKILL'), delay));
      const orphans = (): number[] => computeProcesses().filter((pid) => !before.has(pid));
      await waitUntil(() => orphans().length === 0, 5000);
      expect(orphans()).toEqual([]);
      if (round % 3 !== 2) continue;
      await answer(cluster(runDir, '--precision', precision, '--export', at(`killed-out-${precision}`)));
      expect(arraysOf(`killed-out-${precision}`)).toEqual(arraysOf(wanted));
    }
  });

  it('says what to do when the compute process is killed, and goes on with the same command', async () => {
    const out = at(`crashed-out-${precision}`);
    const args = [...hard(at(`crashed-${precision}`)), '--export', out];
    const ended = await ballast(
      [...args, '--json', '--quiet'],
      whenComputing((compute) => process.kill(compute, 'SIGKILL')),
    );
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'compute.crashed', message: expect.stringContaining('same command') },
    });
    expect(existsSync(out)).toBe(false);
    expect((await answer<ClusterReport>(args)).collapsed).toBe(false);
  });

  it('is cancelled at once', async () => {
    let sent = 0;
    const before = new Set(computeProcesses());
    const ended = await ballast([...hard(at(`cancelled-${precision}`)), '--quiet'], (child) =>
      whenComputing(() => {
        sent = performance.now();
        child.kill('SIGINT');
      })(),
    );
    expect(ended.code).toBe(130);
    expect(performance.now() - sent).toBeLessThan(2000);
    expect(computeProcesses().filter((pid) => !before.has(pid))).toEqual([]);
  });
});

describe('bad input', () => {
  const small = at('small.json');
  beforeAll(() => {
    const record = (i: number) => ({
      id: `${i}`,
      conversations: [
        { from: 'human', value: `Is ${i} a number?` },
        { from: 'gpt', value: 'Yes.' },
      ],
    });
    writeFileSync(small, JSON.stringify(Array.from({ length: 20 }, (_, i) => record(i))));
  });
  const matrix = (name: string, values: readonly number[], shape: readonly number[], descriptor: '<f4' | '<f8' | '<i4' = '<f4'): string =>
    writeArray(at(name), descriptor, shape, values);
  const good = Array.from({ length: 20 * 4 }, () => draw());

  const noArray = (): string => {
    writeFileSync(at('text.npy'), 'no array');
    return at('text.npy');
  };

  const wrong: readonly (readonly [what: string, make: () => string, code: string, message: RegExp])[] = [
    ['too few rows', () => matrix('few.npy', good.slice(0, 40), [10, 4]), 'arrays.invalid', /10 rows.*20 instances/],
    ['one dimension', () => matrix('flat.npy', good, [80]), 'arrays.invalid', /shape/],
    ['no columns', () => matrix('none.npy', [], [20, 0]), 'arrays.invalid', /without values/],
    ['float64', () => matrix('double.npy', good, [20, 4], '<f8'), 'arrays.invalid', /<f8/],
    ['integers', () => matrix('integers.npy', good.map(Math.round), [20, 4], '<i4'), 'arrays.invalid', /<i4/],
    [
      'NaN rows',
      () =>
        matrix(
          'nan.npy',
          good.map((value, i) => (i === 9 || i === 70 ? Number.NaN : value)),
          [20, 4],
        ),
      'arrays.invalid',
      /instances 2, 17/,
    ],
    [
      'infinite values',
      () =>
        matrix(
          'infinite.npy',
          good.map((value, i) => (i === 79 ? Number.POSITIVE_INFINITY : value)),
          [20, 4],
        ),
      'arrays.invalid',
      /instance 19/,
    ],
    ['no array at all', noArray, 'arrays.invalid', /NumPy/],
    ['a missing file', () => at('missing.npy'), 'arrays.invalid', /does not exist/],
    ['an unknown provider', () => 'resnet', 'usage', /builtin/],
    ['a provider without its model', () => 'clip', 'features.noModel', /model/],
  ];

  it.each(wrong)('%s: a clear error, nothing written', async (_, make, code, message) => {
    const source = make();
    const runDir = at('bad-run');
    rmSync(runDir, { recursive: true, force: true });
    const calls = [['cluster', small, '--features', source, '--clusters', '3', '--export', at('bad-export'), '--run-dir', runDir]];
    if (source.endsWith('.npy'))
      calls.push(['features', small, '--provider', 'file', '--file', source, '--export', at('bad-copy.npy'), '--run-dir', runDir]);
    for (const call of calls) {
      const ended = await ballast([...call, '--json', '--quiet']);
      expect(ended.code).toBe(code === 'usage' ? 2 : 1);
      const { error } = JSON.parse(ended.stdout) as { error: { code: string; message: string } };
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect([existsSync(at('bad-export')), existsSync(at('bad-copy.npy'))]).toEqual([false, false]);
      const artifacts = existsSync(join(runDir, 'artifacts')) ? readdirSync(join(runDir, 'artifacts')) : [];
      expect(artifacts.filter((name) => /^(features|cluster)-[0-9a-f]+$/.test(name))).toEqual([]);
    }
  });

  it.each([
    ['no clusters', '0'],
    ['more clusters than instances', '21'],
    ['half a cluster', '2.5'],
  ])('%s: wrong usage', async (_, clusters) => {
    const source = matrix('good.npy', good, [20, 4]);
    const ended = await ballast([
      'cluster',
      small,
      '--features',
      source,
      '--clusters',
      clusters,
      '--export',
      at('bad-export'),
      '--json',
      '--quiet',
    ]);
    expect(ended.code).toBe(2);
    expect((JSON.parse(ended.stdout) as { error: { message: string } }).error.message).toMatch(/--clusters/);
    expect(existsSync(at('bad-export'))).toBe(false);
  });

  it('features that say they belong to another dataset', async () => {
    const other = at('other.json');
    writeFileSync(other, readFileSync(small, 'utf8').replace('Is 3 a', 'Is 33 a'));
    await answer(['features', other, '--export', at('other.npy')]);
    expect((await answer<FeaturesReport>(['features', other, '--provider', 'file', '--file', at('other.npy')])).rows).toBe(20);
    const ended = await ballast(['cluster', small, '--features', at('other.npy'), '--clusters', '3', '--json', '--quiet']);
    expect(ended.code).toBe(1);
    expect((JSON.parse(ended.stdout) as { error: { message: string } }).error.message).toMatch(/another dataset/);
  });

  it('a device that this machine has not', async () => {
    const source = matrix('good.npy', good, [20, 4]);
    const ended = await ballast([
      'cluster',
      small,
      '--features',
      source,
      '--device',
      process.platform === 'win32' ? 'coreml' : 'dml',
      '--json',
      '--quiet',
    ]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'device.unavailable', message: expect.stringContaining('doctor') } });
  });
});

describe('builtin features', () => {
  const set = at('pictures/set.json');
  beforeAll(async () => {
    mkdirSync(at('pictures'), { recursive: true });
    const picture = (background: string) =>
      sharp({ create: { width: 80, height: 60, channels: 3, background } })
        .jpeg()
        .toFile(at(`pictures/${background}.jpg`));
    await Promise.all([picture('red'), picture('blue')]);
    writeFileSync(at('pictures/broken.jpg'), readFileSync(at('pictures/red.jpg')).subarray(0, 200));
    const turns = (question: string) => [
      { from: 'human', value: `<image>\n${question}` },
      { from: 'gpt', value: 'A dog with a ball.' },
    ];
    const images: (string | string[] | undefined)[] = [
      'red.jpg',
      './red.jpg',
      'blue.jpg',
      'gone.jpg',
      'broken.jpg',
      undefined,
      ['red.jpg', 'blue.jpg'],
      '../set.json',
    ];
    writeFileSync(
      set,
      JSON.stringify(
        images.map((image, i) => ({
          id: `${i}`,
          ...(image ? { image } : {}),
          conversations: turns(i < 4 ? 'What is shown?' : 'How many invoices are on the desk?'),
        })),
      ),
    );
  });

  const halfOf = (file: Buffer, row: number, half: 'visual' | 'language'): number[] => {
    const from = 10 + file.readUInt16LE(8) + (row * 512 + (half === 'visual' ? 0 : 256)) * 2;
    return Array.from(new Float16Array(Uint8Array.from(file.subarray(from, from + 512)).buffer));
  };
  const squares = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

  it('have two halves of equal length, the visual one zero without an image that can be had', async () => {
    const report = await answer<FeaturesReport>(['features', set, '--export', at('pictures/f.npy')]);
    expect(report).toMatchObject({ provider: 'builtin', rows: 8, dimensions: 512, dtype: 'float16', layout: { layers: 1, half: 256 } });
    expect(report.withoutImage).toEqual({ textOnly: 1, missing: 2, undecodable: 1 });
    expect(report.exported?.sha256).toBe(report.sha256);
    const file = readFileSync(at('pictures/f.npy'));
    for (const row of [0, 1, 2, 6]) expect(squares(halfOf(file, row, 'visual'))).toBeCloseTo(0.5, 2);
    for (const row of [3, 4, 5, 7]) expect(squares(halfOf(file, row, 'visual'))).toBe(0);
    for (let row = 0; row < 8; row++) expect(squares(halfOf(file, row, 'language'))).toBeCloseTo(0.5, 2);
    expect(halfOf(file, 1, 'visual')).toEqual(halfOf(file, 0, 'visual'));
    expect(halfOf(file, 2, 'visual')).not.toEqual(halfOf(file, 0, 'visual'));
    expect(halfOf(file, 5, 'language')).toEqual(halfOf(file, 4, 'language'));
  });

  it('are the same for any number of threads, and made anew when a picture changes', async () => {
    const one = await answer<FeaturesReport>(['features', set, '--threads', '1', '--run-dir', at('pictures/one')]);
    const four = await answer<FeaturesReport>(['features', set, '--threads', '4', '--run-dir', at('pictures/four')]);
    expect(four.sha256).toBe(one.sha256);
    expect((await answer<FeaturesReport>(['features', set, '--run-dir', at('pictures/one')])).reused).toContain('features');
    await sharp({ create: { width: 90, height: 60, channels: 3, background: 'lime' } })
      .jpeg()
      .toFile(at('pictures/blue.jpg'));
    const changed = await answer<FeaturesReport>(['features', set, '--run-dir', at('pictures/one')]);
    expect(changed.reused).not.toContain('features');
    expect(changed.sha256).not.toBe(one.sha256);
  });
});

describe('doctor', () => {
  it('says of every device whether it works here', async () => {
    const { devices, components } = await answer<DoctorReport>(['doctor']);
    expect(devices.map(({ device }) => device)).toEqual(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
    expect(devices[0]?.available).toBe(true);
    for (const { detail } of devices) expect(detail.length).toBeGreaterThan(3);
    expect(components.map(({ name }) => name)).toContain('onnxruntime');
    const available = devices.filter((each) => each.available).map(({ device }) => device);
    const { detail } = components.find(({ name }) => name === 'imageModels') ?? {};
    expect(
      available.some((device) => detail?.startsWith(`run on ${device}`)),
      detail,
    ).toBe(true);
  });
});
