import sharp from 'sharp';
import { clustersStrings } from '../../src/extension/clusters/clustersStrings.ts';
import type { InstanceImage, InstanceRow } from '../../src/protocol/browse.ts';
import type {
  ClusterCard,
  ClusterLift,
  ClusterList,
  ClusterMembersPage,
  ClusterPoints,
  KnownClustering,
} from '../../src/protocol/clusters.ts';
import type { ClustersContent, ClustersPage } from '../../src/protocol/clustersPage.ts';
import { english } from '../unit/extension/english.ts';
import type { Answers } from './openPage.ts';

type Params<M extends keyof ClustersPage['requests']> = ClustersPage['requests'][M]['params'];

export const hostileText = '<img src=x onerror="window.injected=1"><script>window.injected=2</script>\u202eevil\u0007\u200b"\'`&amp;';
export const runManifest = '/data/train.coreset.json.manifest.json';
const nouns = ['dog', 'bicycle', 'traffic light', 'zebra', 'teapot', 'surfboard', hostileText, 'umbrella', 'laptop', 'giraffe'];

/** The same number for the same seed, 0 to 1. */
function chance(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}

const sizeOf = (i: number): number => Math.max(1, Math.round(2000 / (1 + i) ** 0.7) + Math.floor(chance(i) * 20));

export function sampleContent(change: Partial<ClustersContent> = {}): ClustersContent {
  return {
    locale: 'en',
    name: 'train.json',
    dataset: '/data/train.json',
    openAt: null,
    refused: null,
    strings: clustersStrings(english),
    ...change,
  };
}

function known(clusters: number): KnownClustering {
  return {
    id: 'abc',
    made: '2026-11-22T06:00:00.000Z',
    options: {},
    preset: 'repo',
    instances: 665_298,
    clusters,
    dimensions: 512,
    imbalance: 1.25,
    objective: 421_000,
    splits: 0,
    collapsed: false,
    device: 'cpu',
  };
}

export interface ListOptions {
  readonly clusters?: number;
  readonly run?: boolean;
  readonly entities?: boolean;
  /** Clusters that were imported without features. */
  readonly imported?: boolean;
}

/** Clusters with the ids 0, 2, 4 ...: positions and ids are not the same. */
export function sampleList({ clusters = 60, run = false, entities = true, imported = false }: ListOptions = {}): ClusterList {
  const all = Array.from({ length: clusters }, (_, i) => i);
  const size = all.map(sizeOf);
  const transferability = all.map((i) => 0.1 + 0.3 * chance(i + 0.5));
  const density = all.map((i) => 0.4 + 0.5 * chance(i + 0.25));
  const take = size.map((of, i) => (i % 7 === 0 ? 0 : i % 11 === 0 ? of : Math.round(of * chance(i) * 0.5)));
  return {
    clustering: known(clusters),
    cluster: all.map((i) => 2 * i),
    size,
    transferability,
    density: imported ? null : density,
    score: imported ? null : transferability.map((value, i) => value / (density[i] ?? 1)),
    medoid: imported ? null : all.map((i) => 10 * i),
    related: all.flatMap((i) => [1, 2, 3, 4].map((step) => (i + step < clusters ? 2 * (i + step) : -1))),
    relatedCount: 4,
    x: all.map((i) => chance(i + 0.1) - 0.5),
    y: all.map((i) => chance(i + 0.7) - 0.5),
    sources: [
      { kind: 'folder', folder: 'coco' },
      { kind: 'textOnly', folder: '' },
      { kind: 'folder', folder: hostileText },
    ],
    mainSource: all.map((i) => i % 3),
    mainSourceInstances: size.map((of) => Math.ceil(of / 2)),
    ...(entities
      ? {
          entities: {
            names: nouns,
            perspectives: nouns.map(() => 'object' as const),
            perCluster: 4,
            top: all.flatMap((i) => [i % 10, (i + 3) % 10, (i + 6) % 10, -1]),
            tailShare: { token: all.map((i) => chance(i) / 4), object: all.map((i) => chance(i + 0.3) / 2) },
          },
        }
      : {}),
    ...(run
      ? { run: { manifest: runManifest, strategy: 'coincide', kept: take, quota: { turn: all, want: take.map((n) => n + 1), take } } }
      : {}),
  };
}

function row(ordinal: number, hasRun: boolean): InstanceRow {
  return {
    ordinal,
    usable: true,
    id: `id ${ordinal}`,
    begin: ordinal % 3 === 0 ? hostileText : `What is on the table of instance ${ordinal}?`,
    turns: 2,
    bytes: 800,
    images: ordinal % 2 === 0 ? 1 : 0,
    problems: [],
    ...(hasRun ? { verdict: ordinal % 4 === 0 ? ('kept' as const) : ('dropped' as const) } : {}),
  };
}

function card(list: ClusterList, { cluster, manifest }: Params<'card'>): ClusterCard | string {
  const position = list.cluster.indexOf(cluster);
  if (position < 0) return '!There is no such cluster.';
  const size = list.size[position] ?? 0;
  const has = list.density !== null;
  return {
    clustering: 'abc',
    cluster,
    size,
    transferability: list.transferability[position] ?? 0,
    density: list.density?.[position] ?? null,
    score: list.score?.[position] ?? null,
    similarity: has ? 0.61 : null,
    rank: { size: position + 1, transferability: 3, density: has ? 4 : null, score: has ? 5 : null },
    medoids: has ? [0, 1, 2, 3, 4, 5].map((i) => row(10 * position + i, manifest !== null)) : [],
    ...(list.entities === undefined
      ? {}
      : {
          entities: {
            object: nouns
              .slice(0, 5)
              .map((entity, i) => ({ perspective: 'object' as const, entity, instances: 30 - i, lift: 12.345 / (i + 1) })),
          },
          tailShare: { object: 0.123 },
        }),
    related: [1, 2].flatMap((step) => {
      const other = list.cluster[position + step];
      return other === undefined ? [] : [{ cluster: other, similarity: 0.5, size: 12, entities: ['dog', hostileText] }];
    }),
    sources: [
      { kind: 'folder', folder: hostileText, instances: 3 },
      { kind: 'textOnly', folder: '', instances: 1 },
    ],
    moreSources: 2,
    ...(manifest === null ? {} : { run: { manifest, strategy: 'coincide', kept: 5, quota: { turn: 2, want: 6, take: 5 } } }),
  };
}

function members(list: ClusterList, { cluster, offset, limit, manifest }: Params<'members'>): ClusterMembersPage {
  const total = list.size[list.cluster.indexOf(cluster)] ?? 0;
  const rows = Array.from({ length: Math.min(limit, total - offset) }, (_, i) => row(cluster * 100_000 + offset + i, manifest !== null));
  return { offset, total, rows, similarity: rows.map((_, i) => 0.9 - (offset + i) / 10_000) };
}

function points({ cluster, manifest }: Params<'points'>): ClusterPoints {
  const ordinal = Array.from({ length: 40 }, (_, i) => cluster * 1000 + i);
  return {
    cluster,
    size: 400,
    ordinal,
    x: ordinal.map((i) => chance(i) / 50),
    y: ordinal.map((i) => chance(i + 0.4) / 50),
    ...(manifest === null ? {} : { kept: ordinal.map((i) => (i % 2 === 0 ? 1 : 0)) }),
  };
}

function lift(list: ClusterList, { clusters, perspective, text, offset, limit }: Params<'lift'>): ClusterLift {
  const ids = clusters ?? list.cluster.slice(0, 12);
  const all = Array.from({ length: 300 }, (_, i) => `${nouns[i % nouns.length]} ${i}`).filter((name) => name.includes(text));
  return {
    extracted: list.entities !== undefined,
    perspective,
    instances: 665_298,
    clusters: ids,
    sizes: ids.map((id) => list.size[list.cluster.indexOf(id)] ?? 0),
    total: list.entities === undefined ? 0 : all.length,
    rows: all.slice(offset, offset + limit).map((entity, i) => ({
      entity,
      frequency: 1000 - offset - i,
      tail: i % 5 === 0,
      instances: ids.map((_, k) => (k % 3 === 0 ? 0 : 10 + k)),
      lift: ids.map((_, k) => (k % 3 === 0 ? 0 : 20 / (k + 1))),
    })),
  };
}

let picture: Promise<string> | undefined;
function image(): Promise<InstanceImage> {
  picture ??= sharp({ create: { width: 96, height: 64, channels: 3, background: '#3a7' } })
    .jpeg()
    .toBuffer()
    .then((bytes) => bytes.toString('base64'));
  return picture.then((jpeg) => ({ ok: true, jpeg, width: 96, height: 64 }));
}

/** A host that knows one clustering; with a manifest, what a run kept of it. */
export function clusterAnswers(options: ListOptions = {}, change: Answers = {}): Answers {
  const plain = sampleList(options);
  const withRun = sampleList({ ...options, run: true });
  const extracted = sampleList({ ...options, entities: true });
  return {
    ready: sampleContent(),
    open: ({ manifest, extract }: Params<'open'>) => ({
      clusterings: [{ id: 'abc', label: '60 clusters · built-in features' }],
      list: manifest !== null ? withRun : extract ? extracted : plain,
    }),
    runs: [{ manifest: runManifest, label: `train.coreset.json ${hostileText}` }],
    card: (params: Params<'card'>) => card(plain, params),
    members: (params: Params<'members'>) => members(plain, params),
    points,
    lift: (params: Params<'lift'>) => lift(plain, params),
    image,
    ...change,
  };
}
