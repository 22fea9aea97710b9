import type { ClusterLift, ClusterLiftRequest } from '../../../protocol/clusters.ts';
import { perspectives } from '../../../protocol/perspectives.ts';
import { rowsOfCluster, sizeOfCluster } from '../../clustering/clusterMembers.ts';
import { type HeldEntities, leastHolders, liftOf } from '../../clustering/holderCounter.ts';
import { Breath } from '../../jobs/breath.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { assertPage } from '../page.ts';
import { type ClusterMemory, type ClustersInHand, clusterNumber } from './clusterMemory.ts';

const defaultColumns = 12;
const mostColumns = 50;
const mostRows = 500;

/** Entities by clusters. @throws EngineError `clustering.notFound`, `cluster.notFound`, `usage` */
export async function clusterLift(request: ClusterLiftRequest, memory: ClusterMemory, caller: JobContext): Promise<ClusterLift> {
  assertPage(request, mostRows);
  const { perspective, offset, limit } = request;
  if (!perspectives.includes(perspective))
    throw new EngineError('usage', `There is no perspective "${perspective}".`, { option: 'perspective' });
  const inHand = await memory.take(request, caller);
  const { open, ordinals, job } = inHand;
  const columns = columnsOf(request, inHand);
  const sizes = columns.map((cluster) => sizeOfCluster(open.members, cluster));
  const frame = {
    perspective,
    instances: ordinals.length,
    clusters: columns.map((cluster) => open.ids[cluster] as number),
    sizes,
  };
  const found = await memory.entities(inHand, request.extract);
  const counter = found && memory.counter(found, perspective, ordinals);
  if (!found || !counter) return { ...frame, extracted: false, total: 0, rows: [] };
  const { frequency, nameOf } = counter.index;
  const breath = new Breath(job);
  const held: HeldEntities[] = [];
  for (const cluster of columns) {
    held.push(counter.count(rowsOfCluster(open.members, cluster)));
    if (breath.isDue) await breath.take();
  }
  const best = bestLifts(held, sizes, frequency, ordinals.length);
  await breath.take();
  const wanted = request.text?.toLowerCase();
  const entities = [...best.keys()].filter((entity) => !wanted || nameOf(entity).toLowerCase().includes(wanted));
  // Ids are ranks by frequency, and of equal frequency by name.
  entities.sort((a, b) => (best.get(b) as number) - (best.get(a) as number) || a - b);
  const tau = found.tauOf(counter.index) ?? 0;
  const page = entities.slice(offset, offset + limit);
  const counts = columns.map((_, column) => countsOf(held[column] as HeldEntities, page));
  return {
    ...frame,
    extracted: true,
    total: entities.length,
    rows: page.map((entity, at) => {
      const own = frequency[entity] as number;
      const instances = counts.map((column) => column[at] as number);
      return {
        entity: nameOf(entity),
        frequency: own,
        tail: own <= tau,
        instances,
        lift: instances.map((count, column) => liftOf(count, sizes[column] as number, own, ordinals.length)),
      };
    }),
  };
}

/** Compact numbers of the listed clusters, each once. */
function columnsOf({ clusters }: ClusterLiftRequest, inHand: ClustersInHand): number[] {
  const { members } = inHand.open;
  if (clusters === undefined) {
    const bySize = Array.from({ length: members.clusters }, (_, cluster) => cluster);
    bySize.sort((a, b) => sizeOfCluster(members, b) - sizeOfCluster(members, a) || a - b);
    return bySize.slice(0, defaultColumns);
  }
  if (clusters.length < 1 || clusters.length > mostColumns)
    throw new EngineError('usage', `A table has 1 to ${mostColumns} clusters; got ${clusters.length}.`, { option: 'clusters' });
  return [...new Set(clusters)].map((id) => clusterNumber(inHand, id));
}

/** Largest lift of each entity that describes one of the clusters. */
function bestLifts(held: readonly HeldEntities[], sizes: readonly number[], frequency: Uint32Array, total: number): Map<number, number> {
  const best = new Map<number, number>();
  for (const [column, { entities, instances }] of held.entries()) {
    const size = sizes[column] as number;
    const least = leastHolders(size);
    for (let i = 0; i < entities.length; i++) {
      const count = instances[i] as number;
      if (count < least) continue;
      const entity = entities[i] as number;
      best.set(entity, Math.max(best.get(entity) ?? 0, liftOf(count, size, frequency[entity] as number, total)));
    }
  }
  return best;
}

/** Holders of the wanted entities. */
function countsOf({ entities, instances }: HeldEntities, wanted: readonly number[]): Uint32Array {
  const places = new Map(wanted.map((entity, at) => [entity, at]));
  const counts = new Uint32Array(wanted.length);
  for (let i = 0; i < entities.length; i++) {
    const at = places.get(entities[i] as number);
    if (at !== undefined) counts[at] = instances[i] as number;
  }
  return counts;
}
