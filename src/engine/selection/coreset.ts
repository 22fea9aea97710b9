import type { ClusterMembers } from '../clustering/clusterMembers.ts';
import { rowsOfCluster, sizeOfCluster } from '../clustering/clusterMembers.ts';
import { allocate, type ClusterQuota } from './budgets.ts';
import type { ScoredClusters } from './strategies/strategy.ts';

export interface Coreset {
  /** Rows, cluster by cluster in order of visit, each cluster's in greedy order or, taken whole, in file order. */
  readonly picks: Uint32Array;
  readonly quotas: readonly ClusterQuota[];
  /** Rows of each visited cluster, as far as their order was computed. */
  readonly ranked: ReadonlyMap<number, Uint32Array>;
  readonly shortfall: number;
}

/** COINCIDE's selection (specification 3.3 to 3.5): budgets by score, greedy MMD inside each cluster. */
export async function coresetOf(clusters: ScoredClusters, size: number, temperature: number, refill: boolean): Promise<Coreset> {
  const { members, scores } = clusters;
  const sizes = Uint32Array.from({ length: members.clusters }, (_, cluster) => sizeOfCluster(members, cluster));
  const { quotas, shortfall } = allocate({ scores, sizes, total: size, temperature, refill });
  const picks = new Uint32Array(size - shortfall);
  const ranked = new Map<number, Uint32Array>();
  let filled = 0;
  for (const quota of quotas) {
    if (quota.take === 0) continue;
    const rows = isWhole(quota, members) ? rowsOfCluster(members, quota.cluster) : await clusters.greedy(quota.cluster, quota.take);
    ranked.set(quota.cluster, rows);
    picks.set(rows.subarray(0, quota.take), filled);
    filled += quota.take;
  }
  return { picks, quotas, ranked, shortfall };
}

/** A cluster that wanted more than it has keeps its file order; one that wanted exactly all of it comes in greedy order. */
export function isWhole(quota: ClusterQuota, members: ClusterMembers): boolean {
  return quota.want > sizeOfCluster(members, quota.cluster);
}

/** Cluster of each row. */
export function clusterOfRows(members: ClusterMembers): Uint32Array {
  const clusterOf = new Uint32Array(members.rows.length);
  for (let cluster = 0; cluster < members.clusters; cluster++) for (const row of rowsOfCluster(members, cluster)) clusterOf[row] = cluster;
  return clusterOf;
}

/** A density of 0 (instances too far apart for double precision) counts as the smallest normal number: scores stay finite. */
const leastDensity = 2 ** -1022;

/** transferability / density per cluster. */
export function scoresOf(transferability: Float64Array, density: Float64Array): Float64Array {
  return transferability.map((value, cluster) => scoreOf(value, density[cluster] as number));
}

export function scoreOf(transferability: number, density: number): number {
  return transferability / Math.max(density, leastDensity);
}
