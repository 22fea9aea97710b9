import { proportionalQuotas } from './budgets.ts';

export const semdedupCuts = ['repo', 'proportional'] as const;
export type SemdedupCut = (typeof semdedupCuts)[number];

/** Clusters as SemDeDup sees them: members hard first, each with its largest cosine to an earlier one. */
export interface DeduplicatedClusters {
  /** Members of cluster c: `rows[offsets[c] .. offsets[c + 1])`. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  readonly maximum: Float64Array;
}

export interface SemdedupResult {
  /** Rows kept, cluster by cluster, hard ones first. */
  readonly picks: Uint32Array;
  /** Largest `maximum` that is kept: 1 - epsilon. */
  readonly threshold: number;
  /** Rows with at most the threshold; the cut takes the surplus away. */
  readonly survivors: number;
}

/**
 * SemDeDup at an exact size (COINCIDE specification 4.1): the threshold is the smallest that keeps at least `size` rows, found in the sorted
 * maxima; of the rest, `repo` takes the last clusters' rows away, `proportional` takes from every cluster in proportion, hard ones last.
 */
export function semdedupCut(clusters: DeduplicatedClusters, size: number, cut: SemdedupCut): SemdedupResult {
  const { offsets, rows, maximum } = clusters;
  const sorted = maximum.slice().sort();
  const threshold = size === 0 ? Number.NEGATIVE_INFINITY : (sorted[size - 1] as number);
  const kept = offsets.length - 1;
  const survivors: number[][] = Array.from({ length: kept }, () => []);
  for (let c = 0; c < kept; c++)
    for (let i = offsets[c] as number; i < (offsets[c + 1] as number); i++)
      if ((maximum[i] as number) <= threshold) survivors[c]?.push(rows[i] as number);
  const counts = survivors.map((list) => list.length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const picks =
    cut === 'repo'
      ? survivors.flat().slice(0, size)
      : Array.from(proportionalQuotas(counts, size)).flatMap((quota, c) => survivors[c]?.slice(0, quota) ?? []);
  return { picks: Uint32Array.from(picks), threshold, survivors: total };
}
