import { join } from 'node:path';
import { readNpy } from '../runs/npy.ts';
import { wholeGramLimit } from './clusterKernel.ts';
import { type ClusterMembers, membersOf, rowsOfCluster, shownIds, sizeOfCluster } from './clusterMembers.ts';
import type { ClusteringRecord } from './knownClusterings.ts';

/** A known clustering in memory: some twenty bytes per instance, and its scores. Clusters are named by their compact number. */
export interface OpenClustering {
  readonly record: ClusteringRecord;
  readonly members: ClusterMembers;
  /** Cluster of each row. */
  readonly assignments: Int32Array;
  /** Cosine of each row with its centroid; NaN without features. */
  readonly similarity: Float32Array;
  /** Id that each cluster is shown by, ascending. */
  readonly ids: Int32Array;
  readonly centroids: string;
  readonly transferability: Float64Array;
  readonly related: Int32Array;
  readonly relatedSimilarity: Float64Array;
  readonly kernels: OpenKernels | undefined;
}

export interface OpenKernels {
  readonly density: Float64Array;
  /** Row of each cluster that the greedy order begins with. */
  readonly medoids: Uint32Array;
  /** Greedy order of a cluster's rows; undefined for one so large that its order is computed piece by piece. */
  orderOf(cluster: number): Uint32Array | undefined;
}

/** Reads what a record names; computes nothing. */
export async function openClustering(record: ClusteringRecord): Promise<OpenClustering> {
  const { clusters, transferability, kernels } = record.artifacts;
  const assignments = await readNpy(join(clusters.folder, 'assignments.npy'), '<i4');
  const members = membersOf(assignments, record.clusters);
  return {
    record,
    members,
    assignments,
    similarity: await readNpy(join(clusters.folder, 'similarity.npy'), '<f4'),
    ids: shownIds({ ...record, originalIds: await readNpy(join(clusters.folder, 'originalIds.npy'), '<i4') }),
    centroids: join(clusters.folder, 'centroids.npy'),
    transferability: await readNpy(join(transferability.folder, 'transferability.npy'), '<f8'),
    related: await readNpy(join(transferability.folder, 'related.npy'), '<i4'),
    relatedSimilarity: await readNpy(join(transferability.folder, 'relatedSimilarity.npy'), '<f8'),
    kernels: kernels ? await openKernels(kernels.folder, members) : undefined,
  };
}

async function openKernels(folder: string, members: ClusterMembers): Promise<OpenKernels> {
  const order = await readNpy(join(folder, 'order.npy'), '<u4');
  const rowMeans = await readNpy(join(folder, 'rowMeans.npy'), '<f8');
  const orderOf = (cluster: number): Uint32Array | undefined =>
    sizeOfCluster(members, cluster) <= wholeGramLimit ? order.subarray(members.offsets[cluster], members.offsets[cluster + 1]) : undefined;
  const medoids = Uint32Array.from({ length: members.clusters }, (_, cluster) => {
    const own = orderOf(cluster);
    if (own) return own[0] as number;
    // The first pick has the largest mean kernel value, of equals the first in the file.
    const from = members.offsets[cluster] as number;
    const rows = rowsOfCluster(members, cluster);
    let best = 0;
    for (let i = 1; i < rows.length; i++) if ((rowMeans[from + i] as number) > (rowMeans[from + best] as number)) best = i;
    return rows[best] as number;
  });
  return { density: await readNpy(join(folder, 'density.npy'), '<f8'), medoids, orderOf };
}

/** Compact number of the cluster with an id; -1 when no instance has it. */
export function numberOfId({ ids }: Pick<OpenClustering, 'ids'>, id: number): number {
  let [from, to] = [0, ids.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ids[middle] as number) < id) from = middle + 1;
    else to = middle;
  }
  return ids[from] === id ? from : -1;
}

/** Row of an ordinal; -1 for what is no instance. @param ordinals of the rows, ascending */
export function rowOfOrdinal(ordinals: Uint32Array, ordinal: number): number {
  let [from, to] = [0, ordinals.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ordinals[middle] as number) < ordinal) from = middle + 1;
    else to = middle;
  }
  return ordinals[from] === ordinal ? from : -1;
}
