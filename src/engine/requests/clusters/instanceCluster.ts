import type { InstanceCluster } from '../../../protocol/clusters.ts';
import { sizeOfCluster } from '../../clustering/clusterMembers.ts';
import { rowOfOrdinal } from '../../clustering/openClustering.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { scoreOf } from '../../selection/coreset.ts';
import type { DatasetEntities } from '../browse/entityAccess.ts';
import { namesOf } from './clusterCard.ts';
import type { ClusterMemory } from './clusterMemory.ts';

/** Where an instance stands among the clusters; undefined without a known clustering, or for what is no instance. */
export async function instanceCluster(
  dataset: Dataset,
  ordinal: number,
  clustering: string | undefined,
  memory: ClusterMemory,
  entities: Pick<DatasetEntities, 'indexes'> | undefined,
): Promise<InstanceCluster | undefined> {
  const open = await memory.find(dataset, clustering);
  const ordinals = memory.ordinals(dataset);
  const row = rowOfOrdinal(ordinals, ordinal);
  if (!open || row < 0) return undefined;
  const cluster = open.assignments[row] as number;
  const transferability = open.transferability[cluster] as number;
  const { kernels } = open;
  const density = kernels?.density[cluster];
  const rank = kernels?.orderOf(cluster)?.indexOf(row) ?? -1;
  return {
    clustering: open.record.id,
    cluster: open.ids[cluster] as number,
    size: sizeOfCluster(open.members, cluster),
    transferability,
    density: density ?? null,
    score: density === undefined ? null : scoreOf(transferability, density),
    similarity: kernels ? (open.similarity[row] as number) : null,
    rank: rank < 0 ? null : rank,
    entities: entities ? namesOf(open, cluster, memory.counters(entities, ordinals)) : [],
  };
}
