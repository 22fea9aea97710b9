import type { ClusterEntity, ClusterSource } from '../../protocol/clustering.ts';
import type { InstanceSources } from '../dataset/instanceSources.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { type ClusterMembers, rowsOfCluster } from './clusterMembers.ts';

/** Entities held by fewer of a cluster's instances do not describe it, however rare they are elsewhere. */
const leastShare = 0.1;
const leastInstances = 2;

/**
 * Entities that are more frequent in each cluster than in the dataset, by lift = (n_ec / n_c) / (f_e / N), descending; ties by more
 * instances. Only entities that at least a tenth of the cluster's instances hold, and two of them.
 * @param ordinals of the rows @param top entities per cluster
 */
export function topEntities(
  members: ClusterMembers,
  indexes: readonly PerspectiveIndex[],
  ordinals: Uint32Array,
  top: number,
): ClusterEntity[][] {
  const found: ClusterEntity[][] = Array.from({ length: members.clusters }, () => []);
  for (const index of indexes) {
    const { rowOffsets, rowEntities, frequency } = index;
    const count = new Uint32Array(index.entities);
    const lastHolder = new Int32Array(index.entities).fill(-1); // a row may list an entity twice
    for (let cluster = 0; cluster < members.clusters; cluster++) {
      const rows = rowsOfCluster(members, cluster);
      const touched: number[] = [];
      for (const row of rows) {
        const ordinal = ordinals[row] as number;
        const end = rowOffsets[ordinal + 1] as number;
        for (let i = rowOffsets[ordinal] as number; i < end; i++) {
          const entity = rowEntities[i] as number;
          if (lastHolder[entity] === row) continue;
          lastHolder[entity] = row;
          if (count[entity] === 0) touched.push(entity);
          count[entity] = (count[entity] as number) + 1;
        }
      }
      const least = Math.min(rows.length, Math.max(leastInstances, Math.ceil(rows.length * leastShare)));
      const best: { readonly entity: number; readonly instances: number; readonly lift: number }[] = [];
      for (const entity of touched) {
        const instances = count[entity] as number;
        count[entity] = 0;
        if (instances < least) continue;
        best.push({ entity, instances, lift: ((instances / rows.length) * ordinals.length) / (frequency[entity] as number) });
      }
      best.sort((a, b) => b.lift - a.lift || b.instances - a.instances || a.entity - b.entity);
      for (const { entity, instances, lift } of best.slice(0, top))
        found[cluster]?.push({ perspective: index.perspective, entity: index.nameOf(entity), instances, lift });
    }
  }
  return found.map((list) => {
    list.sort((a, b) => b.lift - a.lift || b.instances - a.instances);
    // A word may be an entity of several perspectives.
    return list.filter(({ entity }, i) => list.findIndex((other) => other.entity === entity) === i).slice(0, top);
  });
}

/** Sources of each cluster's instances, the largest first. */
export function topSources(
  members: ClusterMembers,
  { sources, sourceOf }: InstanceSources,
  ordinals: Uint32Array,
  top: number,
): ClusterSource[][] {
  const count = new Uint32Array(sources.length);
  return Array.from({ length: members.clusters }, (_, cluster) => {
    const touched: number[] = [];
    for (const row of rowsOfCluster(members, cluster)) {
      const source = sourceOf[ordinals[row] as number] as number;
      if (count[source] === 0) touched.push(source);
      count[source] = (count[source] as number) + 1;
    }
    const own = touched.map((source) => ({ source, instances: count[source] as number }));
    for (const source of touched) count[source] = 0;
    own.sort((a, b) => b.instances - a.instances || a.source - b.source);
    return own.slice(0, top).flatMap(({ source, instances }) => {
      const found = sources[source];
      return found ? [{ ...found, instances }] : [];
    });
  });
}
