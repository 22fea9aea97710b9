import * as v from 'valibot';
import { type ClusteringOptions, permutations, precisions, presets } from '../../protocol/clustering.ts';
import type { CoresetSettings } from '../../protocol/coresetPage.ts';
import { perspectives } from '../../protocol/perspectives.ts';
import { scoreCuts, semdedupCuts, strategyNames, stratifications } from '../../protocol/select.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const path = v.pipe(v.string(), v.minLength(1));
const strategy = v.picklist(strategyNames);

const parameters = v.object({
  preset: v.optional(v.picklist(presets)),
  temperature: v.optional(v.pipe(v.number(), v.finite())),
  neighbours: v.optional(v.pipe(v.number(), v.finite())),
  gamma: v.optional(v.pipe(v.number(), v.finite())),
  cut: v.optional(v.picklist([...scoreCuts, ...semdedupCuts])),
  stratify: v.optional(v.picklist(stratifications)),
  floors: v.optional(v.record(v.picklist(perspectives), count)),
});

/** Settings as they come from the page and from the store; both may be of another version. */
export const coresetSettingsSchema: v.GenericSchema<unknown, CoresetSettings> = v.object({
  strategy,
  size: v.variant('kind', [
    v.object({ kind: v.literal('fraction'), value: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)) }),
    v.object({ kind: v.literal('count'), value: count }),
  ]),
  parameters,
  features: v.optional(path),
  layout: v.optional(v.object({ layers: count, half: count })),
  clusters: v.variant('kind', [
    v.object({ kind: v.literal('auto') }),
    v.object({ kind: v.literal('number'), value: count }),
    v.object({ kind: v.literal('import'), assignments: v.optional(path), centroids: v.optional(path) }),
  ]),
  iterations: v.optional(count),
  precision: v.optional(v.picklist(precisions)),
  permutation: v.optional(v.picklist(permutations)),
  column: v.optional(path),
  seed: v.pipe(v.number(), v.safeInteger()),
  compare: v.pipe(
    v.array(strategy),
    v.transform((names) => [...new Set(names)]),
  ),
}) as v.GenericSchema<unknown, CoresetSettings>;

/** What the page begins with: the paper's share, and the two other answers to the same question beside it. */
export const defaultSettings: CoresetSettings = {
  strategy: 'coincide',
  size: { kind: 'fraction', value: 0.2 },
  parameters: {},
  clusters: { kind: 'auto' },
  seed: 42,
  compare: ['rebalance'],
};

/** The same settings on the features and clusters of a clustering that is known. */
export function withClustering(settings: CoresetSettings, options: ClusteringOptions & { readonly seed?: number }): CoresetSettings {
  const { features: _, layout: __, iterations: ___, precision: ____, permutation: _____, ...rest } = settings;
  const { features, layout, assignments, centroids, clusters, iterations, precision, permutation, seed } = options;
  return {
    ...rest,
    ...(features?.endsWith('.npy') ? { features } : {}),
    ...(layout === undefined ? {} : { layout }),
    clusters:
      assignments !== undefined && centroids !== undefined
        ? { kind: 'import', assignments, centroids }
        : clusters === undefined
          ? { kind: 'auto' }
          : { kind: 'number', value: clusters },
    ...(iterations === undefined ? {} : { iterations }),
    ...(precision === undefined ? {} : { precision }),
    ...(permutation === undefined ? {} : { permutation }),
    seed: seed ?? settings.seed,
  };
}

/** The same text for settings that select the same; what they are compared with does not count. */
export function settingsKey({ compare: _, ...settings }: CoresetSettings): string {
  return JSON.stringify(settings, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
