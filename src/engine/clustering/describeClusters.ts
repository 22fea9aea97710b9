import type { ClusterEntity, ClusterSource } from '../../protocol/clustering.ts';
import type { InstanceSources } from '../dataset/instanceSources.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { Breath } from '../jobs/breath.ts';
import { type ClusterMembers, rowsOfCluster } from './clusterMembers.ts';
import { type HolderCounter, leastHolders, liftOf } from './holderCounter.ts';

/**
 * Entities that are more frequent among the rows than in the dataset, by lift = (n_ec / n_c) / (f_e / N), descending; ties by more
 * instances. Only entities that at least a tenth of the rows hold, and two of them.
 * @param counters one per perspective @param total instances of the dataset @param top entities listed
 */
export function topEntities(counters: readonly HolderCounter[], rows: Uint32Array, total: number, top: number): ClusterEntity[] {
  const found = counters.flatMap((counter) => topOfPerspective(counter, rows, total, top));
  found.sort((a, b) => b.lift - a.lift || b.instances - a.instances);
  // A word may be an entity of several perspectives.
  return found.filter(({ entity }, i) => found.findIndex((other) => other.entity === entity) === i).slice(0, top);
}

/** As `topEntities`, in one perspective. */
export function topOfPerspective(counter: HolderCounter, rows: Uint32Array, total: number, top: number): ClusterEntity[] {
  if (top === 0) return [];
  const { frequency, perspective, nameOf } = counter.index;
  const { entities, instances } = counter.count(rows);
  const least = leastHolders(rows.length);
  const best: { readonly entity: number; readonly instances: number; readonly lift: number }[] = [];
  for (let i = 0; i < entities.length; i++) {
    const own = instances[i] as number;
    if (own < least) continue;
    const entity = entities[i] as number;
    best.push({ entity, instances: own, lift: liftOf(own, rows.length, frequency[entity] as number, total) });
  }
  best.sort((a, b) => b.lift - a.lift || b.instances - a.instances || a.entity - b.entity);
  return best.slice(0, top).map((one) => ({ ...one, perspective, entity: nameOf(one.entity) }));
}

/** What describes every cluster. */
export async function topEntitiesOfAll(
  members: ClusterMembers,
  counters: readonly HolderCounter[],
  top: number,
  breath: Breath,
): Promise<ClusterEntity[][]> {
  const found: ClusterEntity[][] = [];
  for (let cluster = 0; cluster < members.clusters; cluster++) {
    if (breath.isDue) await breath.take();
    found.push(topEntities(counters, rowsOfCluster(members, cluster), members.rows.length, top));
  }
  return found;
}

/** Mentions of tail entities among all mentions of each cluster's instances; 0 without any. @param tau frequency up to which an entity is tail */
export async function tailShares(
  members: ClusterMembers,
  index: PerspectiveIndex,
  ordinals: Uint32Array,
  tau: number | null,
  breath: Breath,
): Promise<Float64Array> {
  const tail = firstTail(index, tau);
  const shares = new Float64Array(members.clusters);
  for (let cluster = 0; cluster < members.clusters; cluster++) {
    if (breath.isDue) await breath.take();
    shares[cluster] = tailShareOf(rowsOfCluster(members, cluster), index, ordinals, tail);
  }
  return shares;
}

/** As `tailShares`, for some rows. @param tail see `firstTail` */
export function tailShareOf(
  rows: Uint32Array,
  { rowOffsets, rowEntities }: Pick<PerspectiveIndex, 'rowOffsets' | 'rowEntities'>,
  ordinals: Uint32Array,
  tail: number,
): number {
  let found = 0;
  let all = 0;
  for (const row of rows) {
    const ordinal = ordinals[row] as number;
    const [from, to] = [rowOffsets[ordinal] as number, rowOffsets[ordinal + 1] as number];
    all += to - from;
    for (let i = from; i < to; i++) if ((rowEntities[i] as number) >= tail) found++;
  }
  return all === 0 ? 0 : found / all;
}

/** First id of a tail entity: ids are ranks, so all from it on are tail. */
export function firstTail({ frequency }: Pick<PerspectiveIndex, 'frequency'>, tau: number | null): number {
  if (tau === null) return frequency.length;
  let [from, to] = [0, frequency.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((frequency[middle] as number) > tau) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Sources of some rows, the largest first; of equals the one that appears first. */
export function sourcesOf(rows: Uint32Array, { sources, sourceOf }: InstanceSources, ordinals: Uint32Array): SourceCount[] {
  const count = new Map<number, number>();
  for (const row of rows) {
    const source = sourceOf[ordinals[row] as number] as number;
    count.set(source, (count.get(source) ?? 0) + 1);
  }
  const own = [...count].map(([source, instances]) => ({ source, instances }));
  own.sort((a, b) => b.instances - a.instances || a.source - b.source);
  return own.map(({ source, instances }) => ({ position: source, ...(sources[source] ?? { kind: 'other', folder: '' }), instances }));
}

/** A source, with its place in the list of all. */
export type SourceCount = ClusterSource & { readonly position: number };
