import { resolve } from 'node:path';
import type { ClusteringOptions, FeatureLayout } from '../protocol/clustering.ts';
import { permutations, precisions } from '../protocol/clustering.ts';
import { type Perspective, perspectives } from '../protocol/perspectives.ts';
import { type Arguments, parseChoice, parseNumber } from './arguments.ts';
import type { OptionSpec } from './optionTable.ts';
import { UsageError } from './usageError.ts';

const count = { from: 1, to: Number.MAX_SAFE_INTEGER, integer: true } as const;

/** Where features and clusters come from. */
export const clusteringOptionSpecs: readonly OptionSpec[] = [
  { name: 'features', value: 'PROVIDER|FILE.npy', help: 'builtin (default), or a matrix with one row per instance (float16 or float32)' },
  { name: 'layout', value: 'LxH', help: 'the given features hold, per layer, H visual then H language values' },
  { name: 'assignments', value: 'FILE.npy', help: 'bring your own: the cluster of each instance (int32 or int64), with --centroids' },
  { name: 'centroids', value: 'FILE.npy', help: 'bring your own: one row per cluster (float32 or float64), with --assignments' },
  { name: 'clusters', value: 'K', help: 'number of clusters (default: instances / 66)' },
  { name: 'iterations', value: 'N', help: 'iterations of k-means (default: 50)' },
  { name: 'precision', value: 'f32|int8', help: "f32: the library's labels (default); int8: faster, the same labels on every machine" },
  { name: 'permutation', value: 'mod|mulshift', help: 'how the library draws its permutation: mod is the released one (default)' },
];

export function clusteringOptions(args: Arguments): ClusteringOptions {
  const features = args.text('features');
  const layout = args.text('layout');
  const given: { readonly [Key in keyof ClusteringOptions]: ClusteringOptions[Key] | undefined } = {
    features: features?.endsWith('.npy') ? resolve(features) : features,
    layout: layout === undefined ? undefined : layoutOf(layout),
    assignments: args.path('assignments'),
    centroids: args.path('centroids'),
    clusters: args.number('clusters', count),
    iterations: args.number('iterations', count),
    precision: args.choice('precision', precisions),
    permutation: args.choice('permutation', permutations),
  };
  if ((given.assignments === undefined) !== (given.centroids === undefined))
    throw new UsageError(given.assignments === undefined ? 'assignments' : 'centroids', 'Give --assignments and --centroids together.');
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return defined as ClusteringOptions;
}

export function layoutOf(text: string): FeatureLayout {
  const [, layers, half] = /^([1-9]\d*)x([1-9]\d*)$/.exec(text) ?? [];
  if (layers === undefined || half === undefined) throw new UsageError('layout', `--layout takes LAYERSxHALF, e.g. 5x2048; got "${text}".`);
  return { layers: Number(layers), half: Number(half) };
}

/** `--floor perspective=count`, repeated or with commas. */
export function floorsOf(texts: readonly string[] | undefined): Partial<Record<Perspective, number>> | undefined {
  if (texts === undefined) return undefined;
  const floors: Partial<Record<Perspective, number>> = {};
  for (const item of texts.flatMap((text) => text.split(','))) {
    const equals = item.indexOf('=');
    if (equals < 0) throw new UsageError('floor', `--floor takes PERSPECTIVE=COUNT, e.g. object=5; got "${item}".`);
    const perspective = parseChoice('--floor', item.slice(0, equals).trim(), perspectives);
    floors[perspective] = parseNumber(`--floor ${perspective}`, item.slice(equals + 1).trim(), count);
  }
  return floors;
}
