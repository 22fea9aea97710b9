import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterCountError, parseClusterCount } from '../../../src/extension/clusters/clusterCount.ts';
import { clusteringChoices } from '../../../src/extension/clusters/clusteringChoices.ts';
import { datasetOfState, parseDrawn, requestSchemas } from '../../../src/extension/clusters/clustersMessages.ts';
import { parseClusterTarget } from '../../../src/extension/clusters/clusterTarget.ts';
import {
  clusterOrders,
  collectCluster,
  collectMembers,
  inOrder,
  orderTitle,
  tailOf,
} from '../../../src/extension/clusters/collectClusters.ts';
import type { ClusterList, KnownClustering } from '../../../src/protocol/clusters.ts';
import { english } from './english.ts';

function known(change: Partial<KnownClustering> = {}): KnownClustering {
  return {
    id: 'a',
    made: '2026-11-22T06:00:00.000Z',
    options: {},
    preset: 'repo',
    instances: 1000,
    clusters: 3,
    dimensions: 512,
    imbalance: 1,
    objective: 1,
    splits: 0,
    collapsed: false,
    device: 'cpu',
    ...change,
  };
}

const list: ClusterList = {
  clustering: known(),
  cluster: [4, 7, 9],
  size: [10, 1200, 10],
  transferability: [0.2, 0.12345678, 0.3],
  density: [0.5, 0.6, 0.7],
  score: [0.4, 0.2, 0.43],
  medoid: [5, 6, 7],
  related: [7, 9, 9, -1, 4, 7],
  relatedCount: 2,
  x: [0, 0, 0],
  y: [0, 0, 0],
  sources: [],
  mainSource: [0, 0, 0],
  mainSourceInstances: [0, 0, 0],
  entities: {
    names: ['dog', 'evil\u202e\nname', 'cat'],
    perspectives: ['object', 'object', 'token'],
    perCluster: 2,
    top: [0, 1, 2, -1, -1, -1],
    tailShare: { object: [0.1, 0.5, 0.25] },
  },
};

describe('rows of the view Clusters', () => {
  it('stand in the order that was asked for, equals by id, and by size where there is no such number', () => {
    const ids = (order: (typeof clusterOrders)[number]) => inOrder(list, order).map((position) => list.cluster[position]);
    expect(ids('size')).toEqual([7, 4, 9]);
    expect(ids('score')).toEqual([9, 4, 7]);
    expect(ids('tail-object')).toEqual([7, 9, 4]);
    expect(ids('tail-token')).toEqual([7, 4, 9]);
    expect(inOrder({ ...list, score: null }, 'score')).toEqual([1, 0, 2]);
  });

  it('tell what they are ordered by, and their entities in one line', () => {
    expect(collectCluster(list, 0, 'size', english, 'en')).toMatchObject({
      cluster: 4,
      label: 'Cluster 4',
      description: '10 · dog, evil\ufffd name',
      spoken: 'Cluster 4: dog, evil\ufffd name. 10 instances.',
      related: [7, 9],
      medoid: 5,
    });
    expect(collectCluster(list, 1, 'score', english, 'en').description).toBe('score 0.2 · cat');
    expect(collectCluster(list, 1, 'tail-object', english, 'en').description).toBe('tail 50% · cat');
    const row = collectCluster(list, 1, 'size', english, 'en');
    expect(row.related).toEqual([9]);
    expect(row.tooltip).toEqual(['Cluster 7', 'cat', 'Instances: 1,200', 'Transferability: 0.1235', 'Density: 0.6', 'Score: 0.2']);
    expect(collectCluster(list, 2, 'size', english, 'en').description).toBe('10 · no typical entities');
    const { entities: _, ...bare } = list;
    expect(collectCluster({ ...bare, density: null, score: null, medoid: null }, 2, 'score', english, 'en')).toMatchObject({
      description: '10 · entities not found yet',
      medoid: undefined,
      tooltip: ['Cluster 9', 'entities not found yet', 'Instances: 10', 'Transferability: 0.3'],
    });
  });

  it('never hold a line break or a direction mark, whatever the names', () => {
    const hostile = fc.string({ unit: fc.constantFrom('a', '\n', '\u202e', '\u0000', '<', '😀') });
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const made = { ...list, entities: { ...list.entities, names: [one, other, 'x'] } as NonNullable<ClusterList['entities']> };
        const row = collectCluster(made, 0, 'size', english, 'en');
        for (const mark of ['\n', '\u202e', '\u0000']) expect(`${row.description}${row.spoken}`).not.toContain(mark);
      }),
    );
  });

  it('list members with their place and beginning', () => {
    const row = { ordinal: 12, usable: true, id: null, begin: 'What\nis it?', turns: 1, bytes: 1, images: 0, problems: [] };
    const page = { offset: 0, total: 2, rows: [row, { ...row, ordinal: 3, begin: '' }], similarity: [0.98765, 0.5] };
    expect(collectMembers(page, english, 'en')).toEqual([
      { ordinal: 12, label: '#12', description: 'What is it?', tooltip: '#12: What is it?\nSimilarity to the centroid: 0.988' },
      { ordinal: 3, label: '#3', description: '(no text)', tooltip: '#3: (no text)\nSimilarity to the centroid: 0.5' },
    ]);
    expect(collectMembers({ ...page, similarity: null }, english, 'en')[0]?.tooltip).toBe('#12: What is it?');
  });

  it('have an order for each perspective, in words', () => {
    expect(clusterOrders.map((order) => orderTitle(order, english))).toEqual([
      'Size',
      'Score',
      'Tail share, Token',
      'Tail share, Object',
      'Tail share, Cooccurrence',
      'Tail share, Interrogation',
    ]);
    expect(clusterOrders.map(tailOf)).toEqual([undefined, undefined, 'token', 'object', 'cooccurrence', 'interrogation']);
  });
});

describe('clusterings in words', () => {
  it('name where their features came from', () => {
    const label = (options: KnownClustering['options']) => clusteringChoices([known({ options })], english, 'en')[0]?.label ?? '';
    expect(label({})).toMatch(/^3 clusters · built-in features · Nov 22, 2026/);
    expect(label({ features: '/data/clip\u202e.npy' })).toContain('clip\ufffd.npy');
    expect(label({ assignments: '/data/own.npy', centroids: '/data/c.npy' })).toContain('own.npy');
  });

  it('are told apart by seed and preset where nothing else differs', () => {
    const choices = clusteringChoices(
      [known(), known({ id: 'b', options: { seed: 7 }, preset: 'paper' }), known({ id: 'c', clusters: 9 })],
      english,
      'en',
    );
    expect(choices.map(({ label }) => label.split(' · ').at(-1))).toEqual([
      'seed 42, preset repo',
      'seed 7, preset paper',
      expect.stringContaining('2026'),
    ]);
  });
});

describe('number of clusters', () => {
  it('is a whole number of at least 1, or automatic', () => {
    expect(['', ' ', '1', ' 300 ', '0', '-1', '2.5', '1e3', 'x', '9'.repeat(40)].map(parseClusterCount)).toEqual([
      undefined,
      undefined,
      1,
      300,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(['', ' 7'].map((text) => clusterCountError(text, english))).toEqual([undefined, undefined]);
    expect(clusterCountError('0', english)).toBe('A whole number of at least 1, or nothing.');
  });
});

describe('what arrives from elsewhere', () => {
  it('is a place of the panel, or none', () => {
    expect(parseClusterTarget({ dataset: '/d.json', cluster: 3, manifest: '/m' })).toEqual({
      dataset: '/d.json',
      cluster: 3,
      manifest: '/m',
    });
    expect([undefined, null, {}, { dataset: '' }, { dataset: '/d', cluster: 'x' }, { kind: 'cluster' }].map(parseClusterTarget)).toEqual(
      Array.from({ length: 6 }),
    );
  });

  it('is checked before anything is done with it', async () => {
    const { safeParse } = await import('valibot');
    const passes = (name: keyof typeof requestSchemas, value: unknown): boolean => safeParse(requestSchemas[name], value).success;
    const open = { ticket: 1, clustering: null, manifest: null, extract: false };
    expect(passes('open', open)).toBe(true);
    expect(passes('open', { ...open, clustering: 5 })).toBe(false);
    expect(passes('card', { clustering: 'a', cluster: 1.5, manifest: null })).toBe(false);
    const members = { clustering: 'a', cluster: 1, manifest: null, order: 'greedy', offset: 0, limit: 60 };
    expect(passes('members', members)).toBe(true);
    expect(passes('members', { ...members, limit: 501 })).toBe(false);
    expect(passes('members', { ...members, order: 'random' })).toBe(false);
    const lift = { clustering: 'a', clusters: null, text: '', perspective: 'object', offset: 0, limit: 60 };
    expect(passes('lift', lift)).toBe(true);
    expect(passes('lift', { ...lift, clusters: [] })).toBe(false);
    expect(passes('act', 'deleteEverything')).toBe(false);
    expect(datasetOfState({ version: 1, dataset: '/d.json', view: 'map' })).toBe('/d.json');
    expect([undefined, {}, { version: 2, dataset: '/d' }, { version: 1, dataset: '' }].map(datasetOfState)).toEqual(
      Array.from({ length: 4 }),
    );
    expect(parseDrawn({ view: 'treemap' })).toBeUndefined();
  });
});
