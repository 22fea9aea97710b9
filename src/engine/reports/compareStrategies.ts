import type { Perspective } from '../../protocol/perspectives.ts';
import type { ClusterCoverage, ComparedStrategy, EntityCoverage, StrategyComparison, StrategyName } from '../../protocol/select.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { frequenciesIn } from './frequencies.ts';

export interface ComparisonInput {
  /** Chosen rows per strategy, in any order, each row once. */
  readonly selections: readonly { readonly strategy: StrategyName; readonly rows: Uint32Array }[];
  /** Ordinal of each row. */
  readonly ordinals: Uint32Array;
  readonly indexes: ReadonlyMap<Perspective, PerspectiveIndex>;
  /** Cluster of each row, 0 to `clusters` - 1. */
  readonly clustering?: { readonly assignments: Int32Array; readonly clusters: number } | undefined;
  /** 16 bytes per ordinal: equal for equal contents. */
  readonly keys: Uint8Array;
}

/** Selections side by side: entities and clusters that they cover, how evenly, duplicates that they hold, and how much they share. */
export function compareStrategies(input: ComparisonInput): StrategyComparison {
  const { selections, ordinals } = input;
  const masks = selections.map(({ rows }) => {
    const mask = new Uint8Array(ordinals.length);
    for (const row of rows) mask[row] = 1;
    return mask;
  });
  return {
    strategies: selections.map((selection) => coverageOf(selection, input)),
    overlap: masks.map((a) => masks.map((b) => a.reduce((shared, isIn, row) => shared + (isIn & (b[row] as number)), 0))),
  };
}

/** What one selection covers. */
export function coverageOf(
  { strategy, rows }: ComparisonInput['selections'][number],
  input: Omit<ComparisonInput, 'selections'>,
): ComparedStrategy {
  const { indexes, clustering, ordinals, keys } = input;
  const chosen = rows.map((row) => ordinals[row] as number).sort();
  const perspectives: Partial<Record<Perspective, EntityCoverage>> = {};
  for (const [perspective, index] of indexes) perspectives[perspective] = entityCoverage(index, chosen);
  return {
    strategy,
    selected: rows.length,
    perspectives,
    ...(clustering ? { clusters: clusterCoverage(clustering, rows) } : {}),
    duplicates: countRepeats(keys, chosen),
  };
}

function entityCoverage(index: PerspectiveIndex, chosen: Uint32Array): EntityCoverage {
  const frequencies = frequenciesIn(index, chosen).filter((frequency) => frequency > 0);
  return {
    entities: index.entities,
    kept: frequencies.length,
    postings: frequencies.reduce((sum, frequency) => sum + frequency, 0),
    gini: giniOf(frequencies),
  };
}

function clusterCoverage({ assignments, clusters }: NonNullable<ComparisonInput['clustering']>, rows: Uint32Array): ClusterCoverage {
  const taken = new Uint32Array(clusters);
  for (const row of rows) taken[assignments[row] as number] = (taken[assignments[row] as number] as number) + 1;
  let largest = 0;
  let covered = 0;
  for (const count of taken) {
    largest = Math.max(largest, count);
    if (count > 0) covered++;
  }
  return { clusters, covered, largestShare: rows.length === 0 ? 0 : largest / rows.length, gini: giniOf(taken) };
}

/** 0: all equal; towards 1: one has everything. Sorts its argument. */
function giniOf(values: Uint32Array): number {
  values.sort();
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < values.length; i++) {
    total += values[i] as number;
    weighted += (i + 1) * (values[i] as number);
  }
  return total === 0 ? 0 : (2 * weighted) / (values.length * total) - (values.length + 1) / values.length;
}

function countRepeats(keys: Uint8Array, chosen: Uint32Array): number {
  const seen = new Set<string>();
  for (const ordinal of chosen) seen.add(Buffer.from(keys.buffer, keys.byteOffset + ordinal * 16, 16).toString('latin1'));
  return chosen.length - seen.size;
}
