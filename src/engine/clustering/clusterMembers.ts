import type { Clustering } from './clustering.ts';

/** Id under which each compact cluster is shown: an import keeps the user's own numbers. */
export function shownIds({ device, clusters, originalIds }: Pick<Clustering, 'device' | 'clusters' | 'originalIds'>): Int32Array {
  return device === 'import' ? originalIds : Int32Array.from({ length: clusters }, (_, id) => id);
}

/** Rows of each cluster as one list of lists. */
export interface ClusterMembers {
  readonly clusters: number;
  /** Members of cluster c: `rows[offsets[c] .. offsets[c + 1])`, ascending. Length `clusters` + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
}

/** @param assignments cluster of each row, 0 to `clusters` - 1 */
export function membersOf(assignments: Int32Array, clusters: number): ClusterMembers {
  const offsets = new Uint32Array(clusters + 1);
  for (const cluster of assignments) offsets[cluster + 1] = (offsets[cluster + 1] as number) + 1;
  for (let c = 0; c < clusters; c++) offsets[c + 1] = (offsets[c + 1] as number) + (offsets[c] as number);
  const next = offsets.slice(0, clusters);
  const rows = new Uint32Array(assignments.length);
  for (let row = 0; row < assignments.length; row++) {
    const cluster = assignments[row] as number;
    const at = next[cluster] as number;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return { clusters, offsets, rows };
}

export function rowsOfCluster({ offsets, rows }: ClusterMembers, cluster: number): Uint32Array {
  return rows.subarray(offsets[cluster], offsets[cluster + 1]);
}

export function sizeOfCluster({ offsets }: ClusterMembers, cluster: number): number {
  return (offsets[cluster + 1] as number) - (offsets[cluster] as number);
}
