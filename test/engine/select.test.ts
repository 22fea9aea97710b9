import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { ClusterReport } from '../../src/protocol/clustering.ts';
import type { Manifest } from '../../src/protocol/manifest.ts';
import type { Receipt, VerifyReport } from '../../src/protocol/reports.ts';
import type { SelectReport } from '../../src/protocol/select.ts';
import { type LiteralPreset, literalCoincide } from '../unit/clustering/literalCoincide.ts';
import { readOrdinals, writeArray } from './arrays.ts';
import { answer, ballast, temporaryFolder } from './ballast.ts';

const folder = temporaryFolder('select');
const at = (name: string): string => join(folder, name);
const random = new MersenneTwister(11);
const layout = { layers: 2, half: 2 };
const columns = 2 * layout.layers * layout.half;

/** Multiples of 1/64 in -2 .. 2: half precision holds them exactly. */
const value = (): number => Math.round((random.random() * 4 - 2) * 64) / 64;
const vector = (): number[] => Array.from({ length: columns }, value);

const rows = 72;
/** Copies, zero rows, an empty cluster (3), a singleton (5), a small cluster that saturates (1), centroids that are copies and zero. */
const features = Array.from({ length: rows }, vector);
for (const [copy, of] of [
  [10, 4],
  [11, 4],
  [33, 4],
  [40, 2],
  [41, 2],
] as const)
  features[copy] = [...(features[of] ?? [])];
for (const zero of [7, 21, 55]) features[zero] = new Array(columns).fill(0);
const centroids = Array.from({ length: 7 }, vector);
centroids[6] = [...(centroids[0] ?? [])];
centroids[4] = new Array(columns).fill(0);
const clusterOf = (row: number): number => (row === 50 ? 5 : row % 24 === 1 ? 1 : (([0, 2, 4, 6, 2, 0, 0] as const)[row % 7] ?? 0));
/** Position 13 of the file is broken: rows and ordinals differ behind it. */
const broken = 13;
const ordinalOf = (row: number): number => (row < broken ? row : row + 1);
const assignments = features.map((_, row) => clusterOf(row));
const score = features.map((_, row) => (row % 9 === 0 ? 0.5 : value()));

const dataset = at('set.jsonl');
const files = {
  features: at('features.npy'),
  assignments: at('assignments.npy'),
  centroids: at('centroids.npy'),
  column: at('score.npy'),
};
const clusters = ['--features', files.features, '--assignments', files.assignments, '--centroids', files.centroids];
const [layoutOption, ...bare] = ['--layout', '2x2'];

beforeAll(() => {
  const lines = Array.from({ length: rows }, (_, row) =>
    JSON.stringify({
      id: `i${row}`,
      ...(row % 5 === 0 ? {} : { image: `${row % 2 ? 'coco' : 'gqa'}/${row}.jpg` }),
      conversations: [
        { from: 'human', value: `<image>\nWhat colour is the ${['car', 'dog', 'tree', 'boat'][row % 4]}?` },
        { from: 'gpt', value: row % 3 ? 'It is red.' : `A zebra and a ${['bench', 'lamp', 'kite'][row % 11] ?? 'cup'}.` },
      ],
    }),
  );
  lines.splice(broken, 0, '{"id": "broken"');
  writeFileSync(dataset, `${lines.join('\n')}\n`);
  // Features with a row for the broken position too, assignments with one per position, a score per instance.
  const withGap = [...features.slice(0, broken), new Array(columns).fill(9), ...features.slice(broken)];
  writeArray(files.features, '<f2', [rows + 1, columns], withGap.flat());
  writeArray(files.assignments, '<i8', [rows + 1], [...assignments.slice(0, broken), -1, ...assignments.slice(broken)]);
  writeArray(files.centroids, '<f4', [centroids.length, columns], centroids.flat());
  writeArray(files.column, '<f8', [rows], score);
});

const literal = (preset: LiteralPreset, total: number, temperature: number) =>
  literalCoincide({ features, assignments, centroids, preset, layout, temperature, total });

describe('coincide with imported arrays', () => {
  const cases = (['repo', 'paper'] as const).flatMap((preset) =>
    [
      [0.2, 0.1],
      [0.5, 1e-6],
      [0.37, 1000],
      [1, 0.1],
      [0.75, 0.02],
    ].map(([fraction, temperature]) => [preset, fraction as number, temperature as number] as const),
  );

  it.each(cases)('has the literal order: preset %s, fraction %d, temperature %d', async (preset, fraction, temperature) => {
    const total = Math.floor(fraction * rows);
    const expected = literal(preset, total, temperature);
    expect(expected.margin).toBeGreaterThan(1e-12); // else the comparison would prove nothing
    const output = at(`${preset}-${fraction}.jsonl`);
    const ordinals = at('ordinals.npy');
    const report = await answer<SelectReport>([
      ...['select', dataset, '-o', output, '--strategy', 'coincide', '--fraction', String(fraction), '--temperature', String(temperature)],
      ...['--preset', preset, ...clusters, layoutOption ?? '', ...bare, '--export-ordinals', ordinals],
    ]);
    const order = expected.picks.map(ordinalOf);
    expect(readOrdinals(readFileSync(ordinals))).toEqual(order);
    expect(report).toMatchObject({
      strategy: 'coincide',
      instances: rows,
      requested: total,
      selected: order.length,
      shortfall: expected.shortfall,
    });
    expect(report.perCluster.map(({ cluster, size, want, take }) => ({ cluster, size, want, take }))).toEqual(
      expected.clusters.map(({ cluster, size, want, take }) => ({ cluster, size, want, take })).sort((a, b) => a.cluster - b.cluster),
    );
    const hash = createHash('sha256');
    for (const ordinal of [...order].sort((a, b) => a - b)) hash.update(Uint8Array.of(ordinal & 255, ordinal >> 8, 0, 0));
    expect(report.selectionHash).toBe(hash.digest('hex'));
    // Source order, byte by byte.
    const lines = readFileSync(dataset, 'utf8').split('\n');
    expect(readFileSync(output, 'utf8')).toBe(
      [...order]
        .sort((a, b) => a - b)
        .map((ordinal) => `${lines[ordinal]}\n`)
        .join(''),
    );
  });

  it('shows transferability, density and score of every cluster that has an instance', async () => {
    for (const preset of ['repo', 'paper'] as const) {
      const exported = at(`export-${preset}`);
      const report = await answer<ClusterReport>([
        ...['cluster', dataset, ...clusters, layoutOption ?? '', ...bare, '--preset', preset, '--export', exported],
      ]);
      const expected = literal(preset, 10, 0.1).clusters;
      expect(report.perCluster.map(({ cluster }) => cluster)).toEqual([0, 1, 2, 4, 5, 6]);
      for (const { cluster, size, transferability, density } of expected) {
        const found = report.perCluster.find((one) => one.cluster === cluster);
        expect(found?.size).toBe(size);
        expect(found?.transferability).toBeCloseTo(transferability, 12);
        expect(found?.density).toBeCloseTo(density, 12);
        expect(found?.score).toBeCloseTo(transferability / density, 11);
        expect(assignments[(found?.medoids[0] ?? 0) - ((found?.medoids[0] ?? 0) > broken ? 1 : 0)]).toBe(cluster);
        expect(found?.topEntities.every(({ lift, instances }) => lift > 0 && instances <= size)).toBe(true);
        expect(found?.sources.reduce((sum, { instances }) => sum + instances, 0)).toBe(size);
      }
      // What was exported can be brought again and gives the same clusters.
      const again = await answer<ClusterReport>([
        ...['cluster', dataset, '--features', files.features, '--assignments', join(exported, 'assignments.npy')],
        ...['--centroids', join(exported, 'centroids.npy'), layoutOption ?? '', ...bare, '--preset', preset, '--top', '0'],
      ]);
      expect(again.perCluster.map(({ transferability }) => transferability)).toEqual(
        report.perCluster.map(({ transferability }) => transferability),
      );
    }
  });

  it('reports what saturated clusters cannot give, and refills it outside repo', async () => {
    // At a huge temperature every cluster wants the same, so the singleton and the small one saturate.
    const run = (preset: string) =>
      answer<SelectReport>([
        ...['select', dataset, '--dry-run', '--strategy', 'coincide', '--count', '70', '--temperature', '1e9', '--preset', preset],
        ...[...clusters, layoutOption ?? '', ...bare],
      ]);
    const repo = await run('repo');
    expect(repo.shortfall).toBeGreaterThan(0);
    expect(repo.selected + repo.shortfall).toBe(70);
    const paper = await run('paper');
    expect([paper.selected, paper.shortfall]).toEqual([70, 0]);
  });
});

describe('a finished selection', () => {
  const output = at('finished.jsonl');
  const ordinals = at('finished.npy');
  let report: SelectReport;
  const command = (strategy: string, out: string): string[] => [
    ...['select', dataset, '-o', out, '--strategy', strategy, '--fraction', '0.4', ...clusters],
    ...['--export-ordinals', ordinals],
  ];

  beforeAll(async () => {
    report = await answer<SelectReport>(command('coincide', output));
  });

  it('has a manifest from which it is verified and made again', async () => {
    const manifest = JSON.parse(readFileSync(`${output}.manifest.json`, 'utf8')) as Manifest;
    expect(manifest).toMatchObject({ command: 'select', selectionHash: report.selectionHash, counts: { kept: 28, requested: 28 } });
    expect(manifest.parameters).toMatchObject({
      strategy: 'coincide',
      fraction: 0.4,
      temperature: 0.1,
      preset: 'repo',
      features: 'features.npy',
    });
    const verified = await answer<VerifyReport>(['verify', output]);
    expect(verified.ok).toBe(true);
    expect(verified.checks.filter(({ skipped }) => skipped)).toEqual([]);
    expect(verified.checks.map(({ name }) => name)).toContain('rederived');
  });

  it('is the same for one and two threads, and in a fresh run folder', async () => {
    for (const threads of ['1', '2']) {
      const again = await answer<SelectReport>([
        ...command('coincide', at('again.jsonl')),
        '--threads',
        threads,
        '--run-dir',
        at(`run${threads}`),
      ]);
      expect(again.selectionHash).toBe(report.selectionHash);
    }
  });

  it('fails verification when an array became another one', async () => {
    const column = at('moving.npy');
    writeArray(column, '<f8', [rows], score);
    const out = at('moving.jsonl');
    await answer<SelectReport>(['select', dataset, '-o', out, '--strategy', 'column', '--column', column, '--count', '9']);
    expect((await answer<VerifyReport>(['verify', out])).ok).toBe(true);
    writeArray(
      column,
      '<f8',
      [rows],
      score.map((one) => -one),
    );
    const ended = await ballast(['verify', out, '--json']);
    expect(ended.code).toBe(1);
    expect((JSON.parse(ended.stdout) as VerifyReport).checks.find(({ name }) => name === 'rederived')).toMatchObject({ ok: false });
  });

  it('explains every instance by numbers that give the verdict again', async () => {
    const expected = literal('repo', 28, 0.1); // without layout the whole vector counts; only the places of the instances are read
    expect(expected.picks.length).toBe(28);
    const chosen = new Set(readOrdinals(readFileSync(ordinals)));
    for (const row of [0, 4, 10, 11, 50, 55, 71]) {
      const ordinal = ordinalOf(row);
      const receipt = await answer<Receipt>(['explain', dataset, '--instance', String(ordinal), '--manifest', output]);
      expect(receipt).toMatchObject({ ordinal, id: `i${row}`, strategy: 'coincide', verdict: chosen.has(ordinal) ? 'kept' : 'dropped' });
      const { cluster, scores } = receipt;
      if (!cluster?.quota || scores?.strategy !== 'coincide') throw new Error('no quota');
      expect(cluster.cluster).toBe(assignments[row]);
      expect(cluster.score).toBeCloseTo(cluster.transferability / (cluster.density ?? 0), 12);
      const { remaining, ratio, want, take } = cluster.quota;
      const exact = remaining * ratio;
      expect(exact - Math.floor(exact) === 0.5 ? want % 2 : Math.round(exact)).toBe(exact - Math.floor(exact) === 0.5 ? 0 : want);
      expect(take).toBe(Math.min(want, cluster.size));
      expect(scores.whole).toBe(want > cluster.size);
      expect(scores.rank !== null && scores.rank < take).toBe(chosen.has(ordinal));
    }
  });

  it.each([
    'coincide',
    'random',
    'rebalance',
    'semdedup',
    'd2',
    'self-filter',
    'self-sup',
    'coincide-necessity',
    'clip-score',
    'el2n',
    'perplexity',
    'visual-necessity',
    'column',
    'hybrid',
  ])('by %s has the wanted size, verifies, and explains itself', async (strategy) => {
    const out = at(`${strategy}.jsonl`);
    const needsColumn = [
      'd2',
      'self-filter',
      'coincide-necessity',
      'clip-score',
      'el2n',
      'perplexity',
      'visual-necessity',
      'column',
    ].includes(strategy);
    const extra = [...(needsColumn ? ['--column', files.column] : []), ...(strategy === 'hybrid' ? ['--floor', 'object=4'] : [])];
    const made = await answer<SelectReport>([...command(strategy, out), ...extra]);
    expect([made.strategy, made.selected, made.shortfall]).toEqual([strategy, 28, 0]);
    expect(made.perCluster.reduce((sum, { take }) => sum + take, 0)).toBe(28);
    const order = readOrdinals(readFileSync(ordinals));
    expect(new Set(order).size).toBe(28);
    expect(order).not.toContain(broken);
    expect(made.comparison.strategies.map((one) => one.selected)).toEqual(strategy === 'random' ? [28] : [28, 28]);
    expect((await answer<VerifyReport>(['verify', out])).ok).toBe(true);
    const receipt = await answer<Receipt>(['explain', dataset, '--instance', String(order[3])]); // the newest run
    expect(receipt).toMatchObject({ verdict: 'kept', strategy, scores: { strategy } });
  });

  it('compares strategies at equal size, entities included', async () => {
    const { comparison } = await answer<SelectReport>([
      ...['select', dataset, '--dry-run', '--strategy', 'coincide', '--count', '20', ...clusters, '--compare', 'semdedup,rebalance'],
    ]);
    expect(comparison.strategies.map(({ strategy }) => strategy)).toEqual(['coincide', 'semdedup', 'rebalance', 'random']);
    for (const [i, one] of comparison.strategies.entries()) {
      expect(one.selected).toBe(20);
      expect(Object.keys(one.perspectives)).toHaveLength(4);
      expect(one.clusters?.clusters).toBe(6);
      expect(comparison.overlap[i]?.[i]).toBe(20);
    }
  });

  it('keeps every floored entity at its floor, at the same size', async () => {
    const out = at('floors.jsonl');
    const floor = 5;
    const made = await answer<SelectReport>([
      ...['select', dataset, '-o', out, '--strategy', 'hybrid', '--count', '24', '--floor', `object=${floor}`, ...clusters],
    ]);
    expect(made.selected).toBe(24);
    const frequencies = async (path: string): Promise<Map<string, number>> => {
      const { perspectives } = await answer<{ perspectives: { object: { head: { entity: string; frequency: number }[] } } }>([
        ...['analyze', path, '--perspectives', 'object', '--top', '1000'],
      ]);
      return new Map(perspectives.object.head.map(({ entity, frequency }) => [entity, frequency]));
    };
    const after = await frequencies(out);
    let floored = 0;
    for (const [entity, frequency] of await frequencies(dataset)) {
      if (frequency < floor) continue;
      floored++;
      expect(after.get(entity) ?? 0, entity).toBeGreaterThanOrEqual(floor);
    }
    expect(floored).toBeGreaterThan(3);
    expect(made.facts.flooredEntities).toBe(floored);
    expect(made.perCluster.reduce((sum, { paid }) => sum + (paid ?? 0), 0)).toBe(made.facts.paid);
    expect(made.facts.paid).toBe(made.facts.added);
  });
});

describe('a selection that worker threads compute', () => {
  // One cluster too large for its Gram matrix, one with.
  const [large, whole, width] = [4200, 1800, 64];
  const set = at('large.jsonl');
  const arrays = { features: at('large.npy'), assignments: at('largeIds.npy'), centroids: at('largeCentroids.npy') };
  const command = (runDir: string, fraction: number, ...more: string[]): string[] => [
    ...['select', set, '-o', at('large.out.jsonl'), '--strategy', 'coincide', '--fraction', String(fraction), '--run-dir', at(runDir)],
    ...['--features', arrays.features, '--assignments', arrays.assignments, '--centroids', arrays.centroids],
    ...['--export-ordinals', at('large.order.npy'), '--temperature', '10', ...more],
  ];
  const order = (): number[] => readOrdinals(readFileSync(at('large.order.npy')));
  let hash = '';
  let seconds = 0;

  beforeAll(async () => {
    const line = (i: number): string =>
      JSON.stringify({
        id: i,
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: 'a' },
        ],
      });
    writeFileSync(set, `${Array.from({ length: large + whole }, (_, i) => line(i)).join('\n')}\n`);
    const values = Array.from({ length: (large + whole) * width }, () => random.random() - 0.5);
    writeArray(arrays.features, '<f4', [large + whole, width], values);
    writeArray(
      arrays.assignments,
      '<i4',
      [large + whole],
      Array.from({ length: large + whole }, (_, i) => (i < large ? 0 : 1)),
    );
    writeArray(arrays.centroids, '<f4', [2, width], values.slice(0, 2 * width));
    const started = performance.now();
    hash = (await answer<SelectReport>(command('large1', 0.1, '--threads', '1'))).selectionHash;
    seconds = (performance.now() - started) / 1000;
  });

  it('does not depend on the number of threads', async () => {
    const first = order();
    expect((await answer<SelectReport>(command('large2', 0.1, '--threads', '2'))).selectionHash).toBe(hash);
    expect(order()).toEqual(first);
  });

  it('has smaller selections as the beginnings of each cluster', async () => {
    const both = async (fraction: number): Promise<number[][]> => {
      await answer<SelectReport>(command('large1', fraction));
      return [order().filter((ordinal) => ordinal < large), order().filter((ordinal) => ordinal >= large)];
    };
    const [small, middle] = [await both(0.02), await both(0.1)];
    for (const c of [0, 1]) expect(middle[c]?.slice(0, small[c]?.length)).toEqual(small[c]);
  });

  it('is the same after kill -9 at any moment', async () => {
    for (let round = 0; round < 4; round++) {
      const delay = random.random() * seconds * 1000;
      await ballast([...command('large3', 0.1), '--quiet'], (child) => setTimeout(() => child.kill('SIGKILL'), delay));
    }
    expect((await answer<SelectReport>(command('large3', 0.1))).selectionHash).toBe(hash);
    expect(readdirSync(folder).filter((name) => name.includes('ballast-tmp'))).toEqual([]);
  });
});

describe('bad input', () => {
  const small = at('bad');
  const bad = (name: string): string => join(small, name);
  beforeAll(() => mkdirSync(small, { recursive: true }));

  const refuses = async (extra: readonly string[], message: RegExp, code: number): Promise<void> => {
    const output = at('refused.jsonl');
    const ordinals = at('refused.npy');
    const ended = await ballast(['select', dataset, '-o', output, '--export-ordinals', ordinals, '--json', ...extra]);
    expect(ended.stdout).toMatch(message);
    expect(ended.code).toBe(code);
    expect((JSON.parse(ended.stdout) as { error: unknown }).error).toBeDefined();
    for (const path of [output, ordinals, `${output}.manifest.json`]) expect(existsSync(path)).toBe(false);
  };
  const coincide = ['--strategy', 'coincide'];

  it.each([
    [['--fraction', '0'], /--fraction takes a number above 0/],
    [['--fraction', '1.01'], /--fraction takes a number above 0/],
    [['--fraction', 'half'], /--fraction takes a number/],
    [['--count', '0'], /--count takes a whole number/],
    [['--count', '1000'], /--count takes 1 to 72/],
    [['--fraction', '.5', '--count', '3'], /one of them/],
    [['--fraction', '.5', '--temperature', '0'], /--temperature takes a number above 0/],
    [['--fraction', '.5', '--preset', 'book'], /--preset takes repo, paper/],
    [['--fraction', '.5', '--gamma', '1'], /--gamma is nothing that coincide reads/],
    [['--fraction', '.5', '--layout', '2,2'], /--layout takes LAYERSxHALF/],
    [['--fraction', '.5', '--floor', 'object=3'], /--floor is nothing that coincide reads/],
  ])('usage: %j', async (args, message) => refuses([...coincide, ...clusters, ...args], message, 2));

  it('usage of strategies', async () => {
    await refuses(['--strategy', 'hybrid', '--fraction', '.5', ...clusters], /hybrid needs --floor/, 2);
    await refuses(
      ['--strategy', 'hybrid', '--fraction', '.5', ...clusters, '--floor', 'object=0'],
      /--floor object takes a whole number/,
      2,
    );
    await refuses(['--strategy', 'd2', '--fraction', '.5', ...clusters], /needs a score per instance/, 2);
    await refuses(['--strategy', 'nearest', '--fraction', '.5'], /--strategy takes coincide/, 2);
    await refuses(['--strategy', 'coincide', '--fraction', '.5', '--assignments', files.assignments], /together/, 2);
    await refuses(['--strategy', 'coincide', '--fraction', '.001', ...clusters], /less than one/, 1);
    await refuses(['--strategy', 'hybrid', '--count', '2', ...clusters, '--floor', 'token=9'], /These floors hold/, 1);
  });

  it('arrays of another shape, kind or dataset', async () => {
    const use = (name: keyof typeof files, path: string): string[] => [
      ...['--strategy', 'coincide', '--fraction', '.5'],
      ...(['features', 'assignments', 'centroids'] as const).flatMap((one) => [`--${one}`, one === name ? path : files[one]]),
    ];
    const flat = features.flat();
    writeArray(bad('short.npy'), '<f4', [rows - 1, columns], flat.slice(columns));
    await refuses(use('features', bad('short.npy')), /71 rows, but .* has 72 instances at 73 positions/, 1);
    writeArray(bad('double.npy'), '<f8', [rows, columns], flat);
    await refuses(use('features', bad('double.npy')), /holds <f8 values; it takes <f2 or <f4/, 1);
    writeArray(bad('flat.npy'), '<f4', [rows * columns], flat);
    await refuses(use('features', bad('flat.npy')), /has the shape \(576\); it takes a matrix/, 1);
    writeArray(
      bad('nan.npy'),
      '<f2',
      [rows, columns],
      flat.map((one, i) => (i === 100 ? Number.NaN : one)),
    );
    await refuses(use('features', bad('nan.npy')), /no finite numbers.* for instance 12/, 1);
    writeFileSync(bad('cut.npy'), readFileSync(files.features).subarray(0, 600));
    await refuses(use('features', bad('cut.npy')), /its header promises/, 1);
    writeFileSync(bad('text.npy'), 'hello');
    await refuses(use('features', bad('text.npy')), /is no NumPy array file/, 1);
    await refuses(use('features', bad('none.npy')), /does not exist/, 1);
    writeArray(bad('floats.npy'), '<f4', [rows], assignments);
    await refuses(use('assignments', bad('floats.npy')), /holds <f4 values; it takes <i4 or <i8/, 1);
    writeArray(bad('big.npy'), '>i4', [rows], assignments);
    await refuses(use('assignments', bad('big.npy')), /holds >i4 values/, 1);
    writeArray(
      bad('high.npy'),
      '<i4',
      [rows],
      assignments.map((id, row) => (row === 20 ? 7 : id)),
    );
    await refuses(use('assignments', bad('high.npy')), /gives instance 21 the cluster 7; there are centroids for 0 to 6/, 1);
    writeArray(
      bad('negative.npy'),
      '<i4',
      [rows],
      assignments.map((id, row) => (row === 3 ? -1 : id)),
    );
    await refuses(use('assignments', bad('negative.npy')), /gives instance 3 the cluster -1/, 1);
    writeArray(bad('long.npy'), '<i4', [rows + 5], [...assignments, 0, 0, 0, 0, 0]);
    await refuses(use('assignments', bad('long.npy')), /77 values, but the dataset has 72 instances/, 1);
    writeArray(
      bad('narrow.npy'),
      '<f4',
      [7, 4],
      centroids.flatMap((one) => one.slice(0, 4)),
    );
    await refuses(use('centroids', bad('narrow.npy')), /4 values per centroid, but the features have 8/, 1);
    writeArray(
      bad('nanCentroid.npy'),
      '<f4',
      [7, columns],
      centroids.flat().map((one, i) => (i === 3 ? Number.POSITIVE_INFINITY : one)),
    );
    await refuses(use('centroids', bad('nanCentroid.npy')), /Row 0 of .* no finite number/, 1);
    await refuses([...use('features', files.features), '--layout', '3x2'], /--layout 3x2 means 12/, 1);
    writeArray(
      bad('nanScore.npy'),
      '<f4',
      [rows],
      score.map((one, row) => (row === 6 ? Number.NaN : one)),
    );
    await refuses(['--strategy', 'column', '--fraction', '.5', '--column', bad('nanScore.npy')], /gives instance 6 the score NaN/, 1);
    await refuses(['--strategy', 'clip-score', '--fraction', '.5', '--column', bad('nanScore.npy')], /only instances without image/, 1);
  });

  it('outputs that are inputs', async () => {
    const args = ['--strategy', 'random', '--fraction', '.5', '--json'];
    for (const [option, path] of [
      ['-o', dataset],
      ['--export-ordinals', files.column],
    ] as const) {
      const before = readFileSync(path);
      const ended = await ballast([
        ...['select', dataset, ...args, '--column', files.column, '--strategy', 'column'],
        ...(option === '-o' ? ['-o', path] : ['-o', at('ok.jsonl'), option, path]),
      ]);
      expect(ended.code).not.toBe(0);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
  });
});
