import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MersenneTwister } from '../../src/engine/selection/samplers/mersenneTwister.ts';
import type { ClusterReport } from '../../src/protocol/clustering.ts';
import type { ClusterList } from '../../src/protocol/clusters.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { SelectReport } from '../../src/protocol/select.ts';
import { writeArray } from './arrays.ts';
import { answer, keptOf, temporaryFolder } from './ballast.ts';
import { EngineProcess } from './engineProcess.ts';
import {
  type LiteralEntities,
  literalAxes,
  literalEntities,
  literalLifts,
  literalMedoid,
  literalPlace,
  readNumbers,
  rowsOf,
  unit,
} from './literalClusters.ts';

// What the views of clusters ask, against literal computations from exported arrays and entities.
const folder = temporaryFolder('clusters');
const at = (name: string): string => join(folder, name);
const dataset = at('set.jsonl');
const random = new MersenneTwister(5);
const instances = 90;
const columns = 6;
/** Position 40 is broken: rows and ordinals differ behind it. */
const broken = 40;
const ordinalOf = (row: number): number => (row < broken ? row : row + 1);
const describing = ['token', 'object', 'interrogation'] as const;
const things = ['car', 'dog', 'tree', 'boat', 'lamp', 'kite', 'zebra', 'bench'];

/** Directions of length 1 around five centres. */
const features = Array.from({ length: instances }, (_, row) => {
  const noisy = Array.from({ length: columns }, (__, k) => (k === row % 5 ? 1 : 0) + (random.random() - 0.5) * 0.7);
  const length = Math.hypot(...noisy);
  return Array.from(Float32Array.from(noisy, (value) => value / length));
});

let engine: EngineProcess;
let report: ClusterReport;
let list: ClusterList;
/** Cluster of each row, as exported. */
let clusterOf: number[];
let centroids: number[][];
let entities: Record<(typeof describing)[number], LiteralEntities>;
const membersOf = (cluster: number): number[] =>
  Array.from({ length: instances }, (_, row) => row).filter((row) => clusterOf[row] === cluster);
const failure = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: { data?: { code?: string } }) => error.data?.code ?? String(error),
  );

beforeAll(async () => {
  const lines = Array.from({ length: instances }, (_, row) =>
    JSON.stringify({
      id: `i${row}`,
      ...(row % 7 === 0 ? {} : { image: `${['coco', 'gqa', 'vg'][row % 3]}/${row}.jpg` }),
      conversations: [
        { from: 'human', value: `What colour is the ${things[row % 5]} near the ${things[Math.floor(random.random() * things.length)]}?` },
        { from: 'gpt', value: row % 3 ? 'It is red.' : `A ${things[(row * 3) % things.length]} and a cup.` },
      ],
    }),
  );
  lines.splice(broken, 0, '{"id": ');
  writeFileSync(dataset, `${lines.join('\n')}\n`);
  writeArray(at('features.npy'), '<f4', [instances, columns], features.flat());
  engine = await EngineProcess.start();
  expect(await engine.request('clusters/known', { dataset })).toEqual({ clusterings: [] });
  expect(await failure(engine.request('clusters/list', { dataset }))).toBe('clustering.notFound');
  report = await engine.request('clustering/cluster', {
    ...{ dataset, features: at('features.npy'), clusters: 8, seed: 7, preset: 'repo', export: at('arrays') },
  });
  await answer(['analyze', dataset, '--export', at('entities.jsonl')]);
  list = await engine.request('clusters/list', { dataset });
  const assignments = readNumbers(at('arrays/assignments.npy'));
  clusterOf = Array.from({ length: instances }, (_, row) => assignments[ordinalOf(row)] ?? -1);
  centroids = rowsOf(readNumbers(at('arrays/centroids.npy')), columns);
  const exported = readFileSync(at('entities.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string[]> & { ordinal: number });
  const listsOf = (perspective: Perspective): string[][] =>
    Array.from({ length: instances }, (_, row) => exported.find(({ ordinal }) => Number(ordinal) === ordinalOf(row))?.[perspective] ?? []);
  entities = {
    token: literalEntities(listsOf('token')),
    object: literalEntities(listsOf('object')),
    interrogation: literalEntities(listsOf('interrogation')),
  };
}, 120_000);

afterAll(() => engine[Symbol.dispose]());

describe('clusters/known', () => {
  it('remembers what was made, the last first, until its artifacts are gone', async () => {
    const { clusterings } = await engine.request('clusters/known', { dataset });
    expect(clusterings).toHaveLength(1);
    expect(clusterings[0]).toMatchObject({
      ...{ id: report.clustering, preset: 'repo', instances, clusters: report.clusters, dimensions: columns, device: 'cpu' },
      options: { features: at('features.npy'), clusters: 8, seed: 7 },
    });
    const other = await engine.request('clustering/cluster', { dataset, features: at('features.npy'), clusters: 3, seed: 7, top: 0 });
    expect(other.clustering).not.toBe(report.clustering);
    const ids = async (): Promise<string[]> => (await engine.request('clusters/known', { dataset })).clusterings.map(({ id }) => id);
    expect(await ids()).toEqual([other.clustering, report.clustering]);
    // Made again, it is the last.
    const again = await engine.request('clustering/cluster', { dataset, features: at('features.npy'), clusters: 8, seed: 7, top: 0 });
    expect(again.clustering).toBe(report.clustering);
    expect(await ids()).toEqual([report.clustering, other.clustering]);
    rmSync(at(`.ballast/clusterings/${other.clustering}.json`));
    expect(await ids()).toEqual([report.clustering]);
    writeFileSync(at('.ballast/clusterings/0123456789abcdef.json'), '{"id":');
    expect(await ids()).toEqual([report.clustering]);
  });
});

describe('clusters/list', () => {
  it('has the columns of the exported arrays', () => {
    expect(list.cluster).toEqual(Array.from({ length: report.clusters }, (_, i) => i));
    expect(list.size).toEqual(list.cluster.map((id) => membersOf(id).length));
    expect(list.transferability).toEqual(readNumbers(at('arrays/transferability.npy')));
    expect(list.density).toEqual(readNumbers(at('arrays/density.npy')));
    for (const [i, score] of (list.score ?? []).entries()) expect(score).toBe((list.transferability[i] ?? 0) / (list.density?.[i] ?? 1));
    expect(list.medoid).toEqual(list.cluster.map((id) => ordinalOf(literalMedoid(features, membersOf(id)))));
    expect(list.medoid).toEqual(report.perCluster.map(({ medoids }) => medoids[0]));
  });

  it('names the most similar other clusters', () => {
    const cosine = (a: number[], b: number[]): number =>
      a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
    for (const id of list.cluster) {
      const others = list.cluster.filter((other) => other !== id);
      const own = centroids[id] ?? [];
      others.sort((a, b) => cosine(own, centroids[b] ?? []) - cosine(own, centroids[a] ?? []));
      expect(list.related.slice(id * list.relatedCount, (id + 1) * list.relatedCount)).toEqual(others.slice(0, list.relatedCount));
    }
  });

  it('places clusters by the principal components of their centroids', () => {
    const axes = literalAxes(centroids);
    for (const id of list.cluster) {
      const [x, y] = literalPlace(axes, centroids[id] ?? []);
      expect(list.x[id]).toBeCloseTo(x, 4);
      expect(list.y[id]).toBeCloseTo(y, 4);
    }
  });

  it('describes clusters by entities with lift, tail share and source', () => {
    const { names, perspectives, perCluster, top, tailShare } = list.entities ?? {
      names: [],
      perspectives: [],
      perCluster: 0,
      top: [],
      tailShare: {},
    };
    for (const id of list.cluster) {
      const members = membersOf(id);
      const listed = top.slice(id * perCluster, (id + 1) * perCluster).filter((place) => place >= 0);
      const best = describing.flatMap((perspective) => [...literalLifts(entities[perspective], members).values()].map(({ lift }) => lift));
      const lifts = listed.map((place) => {
        const perspective = perspectives[place] as (typeof describing)[number];
        return literalLifts(entities[perspective], members).get(names[place] ?? '')?.lift ?? 0;
      });
      expect(lifts[0]).toBeCloseTo(Math.max(...best), 10);
      expect([...lifts].sort((a, b) => b - a)).toEqual(lifts);
      const sources = members.map((row) => (row % 7 === 0 ? 'textOnly' : (['coco', 'gqa', 'vg'][row % 3] ?? '')));
      const main = list.sources[list.mainSource[id] ?? -1];
      const name = main?.kind === 'folder' ? main.folder : main?.kind;
      const countOf = (source: string): number => sources.filter((one) => one === source).length;
      expect(list.mainSourceInstances[id]).toBe(countOf(name ?? ''));
      expect(list.mainSourceInstances[id]).toBe(Math.max(...sources.map(countOf)));
    }
    expect(Object.keys(tailShare)).toEqual([...describing]);
  });

  it('counts tail mentions by the threshold of the default mass', async () => {
    const analyzed = await engine.request('entities/analyze', { dataset });
    for (const perspective of describing) {
      const { held, frequency } = entities[perspective];
      const tau = analyzed.perspectives[perspective]?.tau ?? 0;
      for (const id of list.cluster) {
        const mentions = membersOf(id).flatMap((row) => held[row] ?? []);
        const tail = mentions.filter((entity) => (frequency.get(entity) ?? 0) <= tau);
        expect(list.entities?.tailShare[perspective]?.[id]).toBeCloseTo(mentions.length === 0 ? 0 : tail.length / mentions.length, 12);
      }
    }
  });
});

describe('one cluster', () => {
  it('has a card with its numbers, ranks and instances', async () => {
    for (const cluster of list.cluster) {
      const card = await engine.request('clusters/card', { dataset, cluster, medoids: 3, entities: 100 });
      const members = membersOf(cluster);
      expect(card).toMatchObject({
        ...{ clustering: report.clustering, cluster, size: members.length, density: list.density?.[cluster], score: list.score?.[cluster] },
        transferability: list.transferability[cluster],
      });
      const similarity = members.reduce(
        (sum, row) => sum + (features[row] ?? []).reduce((s, v, k) => s + v * (centroids[cluster]?.[k] ?? 0), 0),
        0,
      );
      expect(card.similarity).toBeCloseTo(similarity / members.length, 5);
      const place = (values: readonly number[]): number =>
        1 + values.filter((value, i) => value > (values[cluster] ?? 0) || (value === values[cluster] && i < cluster)).length;
      expect(card.rank).toEqual({
        size: place(list.size),
        transferability: place(list.transferability),
        density: place(list.density ?? []),
        score: place(list.score ?? []),
      });
      expect(card.medoids.map(({ ordinal }) => ordinal)).toEqual(report.perCluster[cluster]?.medoids);
      expect(card.related.map(({ cluster: other }) => other)).toEqual(report.perCluster[cluster]?.related.map((one) => one.cluster));
      for (const perspective of describing) {
        const expected = literalLifts(entities[perspective], members);
        expect(card.entities?.[perspective]?.map(({ entity }) => entity).sort()).toEqual([...expected.keys()].sort());
        for (const { entity, instances: own, lift } of card.entities?.[perspective] ?? []) {
          expect(own).toBe(expected.get(entity)?.instances);
          expect(lift).toBeCloseTo(expected.get(entity)?.lift ?? 0, 10);
        }
      }
      expect(card.sources.reduce((sum, one) => sum + one.instances, 0)).toBe(members.length);
    }
  });

  it('lists its members in three orders, page by page', async () => {
    const cluster = list.size.indexOf(Math.max(...list.size));
    const members = membersOf(cluster).map(ordinalOf);
    const page = (order: 'greedy' | 'similarity' | 'ordinal', offset: number, limit: number) =>
      engine.request('clusters/members', { dataset, cluster, order, offset, limit });
    expect((await page('ordinal', 0, 500)).rows.map(({ ordinal }) => ordinal)).toEqual(members);
    const greedy = (await page('greedy', 0, 500)).rows.map(({ ordinal }) => ordinal);
    expect([...greedy].sort((a, b) => a - b)).toEqual(members);
    expect(greedy[0]).toBe(list.medoid?.[cluster]);
    expect((await page('greedy', 2, 3)).rows.map(({ ordinal }) => ordinal)).toEqual(greedy.slice(2, 5));
    const near = await page('similarity', 0, 500);
    expect(near.total).toBe(members.length);
    expect([...(near.similarity ?? [])].sort((a, b) => b - a)).toEqual(near.similarity);
  });

  it('places its instances on the map of the clusters', async () => {
    const axes = literalAxes(centroids);
    const cluster = 1;
    const points = await engine.request('clusters/points', { dataset, cluster });
    expect(points.ordinal).toEqual(membersOf(cluster).map(ordinalOf));
    // The mean of the places is the place of the centroid: rows of length 1, stretched as their mean is.
    const units = membersOf(cluster).map((row) => unit(features[row] ?? []));
    const mean = (units[0] ?? []).map((_, k) => units.reduce((sum, one) => sum + (one[k] ?? 0), 0) / units.length);
    const length = Math.hypot(...mean);
    for (const [i, one] of units.entries()) {
      const [x, y] = literalPlace(
        axes,
        one.map((value) => value / length),
      );
      expect(points.x[i]).toBeCloseTo(x, 4);
      expect(points.y[i]).toBeCloseTo(y, 4);
    }
    const some = await engine.request('clusters/points', { dataset, cluster, limit: 2 });
    expect(some).toMatchObject({ size: points.size });
    expect(some.ordinal).toHaveLength(2);
    expect(some.ordinal).toContain(list.medoid?.[cluster]);
  });

  it('is refused when it is none', async () => {
    expect(await failure(engine.request('clusters/card', { dataset, cluster: 99 }))).toBe('cluster.notFound');
    expect(await failure(engine.request('clusters/points', { dataset, cluster: 0.5 }))).toBe('cluster.notFound');
    expect(await failure(engine.request('clusters/card', { dataset, cluster: 0, clustering: 'nope' }))).toBe('clustering.notFound');
    expect(await failure(engine.request('clusters/members', { dataset, cluster: 0, order: 'ordinal', offset: 0, limit: 501 }))).toBe(
      'usage',
    );
  });
});

describe('clusters/lift', () => {
  it('has every describing entity once, by its largest lift', async () => {
    const clusters = [2, 0, 3];
    const table = await engine.request('clusters/lift', { dataset, perspective: 'object', clusters, offset: 0, limit: 500 });
    const literal = clusters.map((cluster) => literalLifts(entities.object, membersOf(cluster)));
    const best = (entity: string): number => Math.max(...literal.map((lifts) => lifts.get(entity)?.lift ?? 0));
    expect(table).toMatchObject({ extracted: true, instances, clusters, sizes: clusters.map((cluster) => membersOf(cluster).length) });
    expect(table.rows.map(({ entity }) => entity).sort()).toEqual([...new Set(literal.flatMap((lifts) => [...lifts.keys()]))].sort());
    expect(table.total).toBe(table.rows.length);
    let last = Number.POSITIVE_INFINITY;
    for (const row of table.rows) {
      expect(best(row.entity)).toBeLessThanOrEqual(last + 1e-12);
      last = best(row.entity);
      expect(row.frequency).toBe(entities.object.frequency.get(row.entity));
      for (const [i, cluster] of clusters.entries()) {
        const holders = membersOf(cluster).filter((one) => entities.object.held[one]?.includes(row.entity)).length;
        expect(row.instances[i]).toBe(holders);
        expect(row.lift[i]).toBeCloseTo(holders / membersOf(cluster).length / (row.frequency / instances), 10);
      }
    }
    const text = table.rows[3]?.entity.toUpperCase() ?? '';
    const found = await engine.request('clusters/lift', { dataset, perspective: 'object', clusters, text, offset: 0, limit: 500 });
    expect(found.rows.map(({ entity }) => entity)).toEqual(
      table.rows.map(({ entity }) => entity).filter((entity) => entity.toUpperCase().includes(text)),
    );
    const page = await engine.request('clusters/lift', { dataset, perspective: 'object', clusters, offset: 2, limit: 2 });
    expect(page.rows).toEqual(table.rows.slice(2, 4));
  });
});

describe('a coreset among the clusters', () => {
  const output = at('coreset.jsonl');
  const manifest = `${output}.manifest.json`;
  let selected: SelectReport;
  beforeAll(async () => {
    selected = await engine.request('selection/select', {
      ...{ dataset, output, strategy: 'coincide', fraction: 0.4, features: at('features.npy'), clusters: 8, seed: 7, temperature: 0.3 },
    });
  });

  it('shows what it kept of each cluster and why', async () => {
    expect(selected.clustering).toBe(report.clustering);
    const { run } = await engine.request('clusters/list', { dataset, manifest });
    const kept = keptOf(output);
    expect(run?.strategy).toBe('coincide');
    expect(run?.kept).toEqual(list.cluster.map((id) => membersOf(id).filter((row) => kept.includes(ordinalOf(row))).length));
    expect(run?.quota?.want).toEqual(selected.perCluster.map(({ want }) => want));
    expect(run?.quota?.take).toEqual(selected.perCluster.map(({ take }) => take));
    // Visited by descending score.
    const byTurn = list.cluster.toSorted((a, b) => (run?.quota?.turn[a] ?? 0) - (run?.quota?.turn[b] ?? 0));
    expect(byTurn).toEqual(list.cluster.toSorted((a, b) => (list.score?.[b] ?? 0) - (list.score?.[a] ?? 0)));
    const card = await engine.request('clusters/card', { dataset, cluster: 2, manifest });
    expect(card.run).toEqual({
      ...{ manifest, strategy: 'coincide', kept: run?.kept[2] },
      quota: { turn: run?.quota?.turn[2], want: run?.quota?.want[2], take: run?.quota?.take[2] },
    });
    const points = await engine.request('clusters/points', { dataset, cluster: 2, manifest });
    expect(points.kept).toEqual(points.ordinal.map((ordinal) => (kept.includes(ordinal) ? 1 : 0)));
  });

  it('gives budgets only for the very clusters that it was made from', async () => {
    const other = await engine.request('clustering/cluster', { dataset, features: at('features.npy'), clusters: 4, seed: 7, top: 0 });
    const { run } = await engine.request('clusters/list', { dataset, manifest, clustering: other.clustering });
    expect(run?.quota).toBeUndefined();
    expect(run?.kept.reduce((sum, count) => sum + count, 0)).toBe(selected.selected);
    rmSync(at(`.ballast/clusterings/${other.clustering}.json`));
  });

  it('is browsed by verdict and by cluster', async () => {
    const kept = keptOf(output);
    const query = { dataset, manifest, filter: { verdict: 'kept', clusters: { ids: [1, 2] } } } as const;
    const expected = kept.filter((ordinal) => [1, 2].includes(clusterOf[ordinal < broken ? ordinal : ordinal - 1] ?? -1));
    expect((await engine.request('browse/query', query)).matches).toBe(expected.length);
    const { rows } = await engine.request('browse/rows', { ...query, offset: 0, limit: 500 });
    expect(rows.map(({ ordinal, verdict }) => [ordinal, verdict])).toEqual(expected.map((ordinal) => [ordinal, 'kept']));
    const all = await engine.request('browse/query', { dataset, manifest, filter: { verdict: 'dropped' } });
    expect(all.matches).toBe(instances - kept.length);
    expect((await engine.request('browse/query', { dataset, filter: { clusters: { ids: [99] } } })).matches).toBe(0);
    const unknown = { clusters: { clustering: 'nope', ids: [1] } };
    expect(await failure(engine.request('browse/query', { dataset, filter: unknown }))).toBe('clustering.notFound');
  });

  it('has a place for every instance in its cluster', async () => {
    for (const row of [0, 39, 40, 89]) {
      const instance = ordinalOf(row);
      const { cluster } = await engine.request('instance/detail', { dataset, instance });
      const id = clusterOf[row] ?? -1;
      expect(cluster).toMatchObject({
        ...{ clustering: report.clustering, cluster: id, size: membersOf(id).length, density: list.density?.[id], score: list.score?.[id] },
      });
      const members = await engine.request('clusters/members', { dataset, cluster: id, order: 'greedy', offset: 0, limit: 500 });
      expect(members.rows[cluster?.rank ?? -1]?.ordinal).toBe(instance);
      expect(cluster?.similarity).toBe(members.similarity?.[cluster?.rank ?? -1]);
      const receipt = await engine.request('instance/explain', { dataset, instance, manifest });
      expect(receipt.cluster).toMatchObject({ cluster: id, size: membersOf(id).length });
      expect(receipt.verdict).toBe(keptOf(output).includes(instance) ? 'kept' : 'dropped');
    }
    expect((await engine.request('instance/detail', { dataset, instance: broken })).cluster).toBeUndefined();
  });

  it('forgets clusters of a file that is another by now', async () => {
    const copy = at('copy.jsonl');
    writeFileSync(copy, readFileSync(dataset));
    const place = { dataset: copy, runDir: at('copy-run') };
    await engine.request('clustering/cluster', { ...place, features: at('features.npy'), clusters: 3, top: 0 });
    expect((await engine.request('clusters/known', place)).clusterings).toHaveLength(1);
    writeFileSync(copy, readFileSync(dataset, 'utf8').replace('It is red.', 'It is blue.'));
    expect((await engine.request('clusters/known', place)).clusterings).toEqual([]);
    expect((await engine.request('instance/detail', { ...place, instance: 0 })).cluster).toBeUndefined();
  });
});

describe('selection/frontier', () => {
  const options = { features: at('features.npy'), clusters: 8, seed: 7, temperature: 0.3 } as const;

  it('measures what a selection of that size covers', async () => {
    const fractions = [0.1, 0.4, 1];
    const frontier = await engine.request('selection/frontier', { dataset, ...options, strategies: ['coincide', 'semdedup'], fractions });
    expect(frontier.strategies.map(({ strategy }) => strategy)).toEqual(['coincide', 'semdedup', 'random']);
    for (const { strategy, points } of frontier.strategies) {
      expect(points.map(({ fraction, requested }) => [fraction, requested])).toEqual(
        fractions.map((one) => [one, Math.floor(one * instances)]),
      );
      for (const point of points) {
        const made = await engine.request('selection/select', {
          ...{
            dataset,
            ...options,
            ...(strategy === 'coincide' ? {} : { temperature: undefined }),
            strategy,
            fraction: point.fraction,
            dryRun: true,
          },
          ...{ perspectives: ['token', 'object', 'interrogation'], compare: [strategy] },
        } as Parameters<typeof engine.request<'selection/select'>>[1]);
        const { strategy: _, clusters, ...expected } = made.comparison.strategies[0] ?? { strategy };
        expect(point).toMatchObject(expected);
        if (clusters) expect(point).toMatchObject({ clusters });
      }
    }
  });

  it('says what cannot be reached, and refuses what is none', async () => {
    const frontier = await engine.request('selection/frontier', {
      ...{ dataset, ...options, preset: 'paper', strategies: ['hybrid'], fractions: [0.02, 0.9], floors: { object: 3 } },
    });
    expect(frontier.strategies[0]?.points[0]).toMatchObject({ requested: 1, unreachable: true, maximum: null });
    expect(frontier.strategies[0]?.points[1]).toMatchObject({ selected: 81 });
    for (const fractions of [[], [0], [0.5, 0.5], [1.1]])
      expect(await failure(engine.request('selection/frontier', { dataset, strategies: [], fractions }))).toBe('usage');
    expect(
      await failure(
        engine.request('selection/frontier', { dataset, ...options, temperature: 0, strategies: ['coincide'], fractions: [1] }),
      ),
    ).toBe('usage');
  });
});
