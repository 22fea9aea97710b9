import type { ClusterList, ClusterListEntities, ClusterListRequest, ClusterListRun } from '../../../protocol/clusters.ts';
import type { Perspective } from '../../../protocol/perspectives.ts';
import { rowsOfCluster, sizeOfCluster } from '../../clustering/clusterMembers.ts';
import { sourcesOf, tailShares, topEntitiesOfAll } from '../../clustering/describeClusters.ts';
import { knownOf } from '../../clustering/knownClusterings.ts';
import type { OpenClustering } from '../../clustering/openClustering.ts';
import { relatedClusters } from '../../clustering/transferability.ts';
import { Breath } from '../../jobs/breath.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { scoresOf } from '../../selection/coreset.ts';
import type { DatasetEntities } from '../browse/entityAccess.ts';
import type { ClusterMemory, ClustersInHand } from './clusterMemory.ts';
import { type ClusterRun, clusterRun } from './clusterRun.ts';

/** Entities listed per cluster. */
const listedEntities = 4;
/** Digits of a place on the map: a screen shows four. */
const placeDigits = 5;

/** What does not change from one list to the next. */
type Described = Pick<ClusterList, 'sources' | 'mainSource' | 'mainSourceInstances'>;

/** Lists clusters and remembers how they are described. */
export class ClusterLists {
  readonly #memory: ClusterMemory;
  readonly #described = new WeakMap<OpenClustering, Described>();
  readonly #entities = new WeakMap<OpenClustering, { readonly of: readonly string[]; readonly entities: ClusterListEntities }>();

  constructor(memory: ClusterMemory) {
    this.#memory = memory;
  }

  /** @throws EngineError `clustering.notFound`, and those of the manifest */
  async list(request: ClusterListRequest, caller: JobContext): Promise<ClusterList> {
    const memory = this.#memory;
    const inHand = await memory.take(request, caller);
    const { open, ordinals, job } = inHand;
    const { members, kernels, ids } = open;
    const run = await clusterRun(memory, inHand, request.manifest, job);
    const found = await memory.entities(inHand, request.extract);
    const { x, y } = await memory.map(inHand);
    return {
      clustering: knownOf(open.record),
      cluster: Array.from(ids),
      size: Array.from(ids, (_, cluster) => sizeOfCluster(members, cluster)),
      transferability: Array.from(open.transferability),
      density: kernels ? Array.from(kernels.density) : null,
      score: kernels ? Array.from(scoresOf(open.transferability, kernels.density)) : null,
      medoid: kernels ? Array.from(kernels.medoids, (row) => ordinals[row] as number) : null,
      related: Array.from(open.related, (cluster) => ids[cluster] ?? -1),
      relatedCount: relatedClusters,
      x: Array.from(x, shortened),
      y: Array.from(y, shortened),
      ...(await this.#describe(inHand)),
      ...(found ? { entities: await this.#describeByEntities(inHand, found) } : {}),
      ...(run ? { run: runOf(run, open) } : {}),
    };
  }

  async #describe({ open, dataset, ordinals, job }: ClustersInHand): Promise<Described> {
    const known = this.#described.get(open);
    if (known) return known;
    const origins = await this.#memory.sources(dataset);
    const breath = new Breath(job);
    const mainSource: number[] = [];
    const mainSourceInstances: number[] = [];
    for (let cluster = 0; cluster < open.members.clusters; cluster++) {
      if (breath.isDue) await breath.take();
      const [first] = sourcesOf(rowsOfCluster(open.members, cluster), origins, ordinals);
      mainSource.push(first?.position ?? -1);
      mainSourceInstances.push(first?.instances ?? 0);
    }
    const described = { sources: origins.sources, mainSource, mainSourceInstances };
    this.#described.set(open, described);
    return described;
  }

  async #describeByEntities({ open, ordinals, job }: ClustersInHand, found: DatasetEntities): Promise<ClusterListEntities> {
    const known = this.#entities.get(open);
    if (known && known.of.join() === found.folders.join()) return known.entities;
    const counters = this.#memory.counters(found, ordinals);
    const breath = new Breath(job);
    const lists = await topEntitiesOfAll(open.members, counters, listedEntities, breath);
    const tailShare: Partial<Record<Perspective, readonly number[]>> = {};
    for (const { index } of counters)
      tailShare[index.perspective] = Array.from(await tailShares(open.members, index, ordinals, found.tauOf(index), breath));
    const places = new Map<string, number>();
    const names: string[] = [];
    const perspectives: Perspective[] = [];
    const top = lists.flatMap((list) =>
      Array.from({ length: listedEntities }, (_, i) => {
        const one = list[i];
        if (!one) return -1;
        const key = `${one.perspective}/${one.entity}`;
        const place = places.get(key) ?? names.length;
        if (place === names.length) {
          names.push(one.entity);
          perspectives.push(one.perspective);
          places.set(key, place);
        }
        return place;
      }),
    );
    const entities = { names, perspectives, perCluster: listedEntities, top, tailShare };
    this.#entities.set(open, { of: found.folders, entities });
    return entities;
  }
}

export function shortened(place: number): number {
  return Number(place.toPrecision(placeDigits));
}

function runOf({ verdicts, strategy, kept, quotas }: ClusterRun, { members }: OpenClustering): ClusterListRun {
  if (!quotas) return { manifest: verdicts.manifest, strategy, kept: Array.from(kept) };
  const turn = new Array<number>(members.clusters).fill(0);
  const want = turn.slice();
  const take = turn.slice();
  for (const [at, quota] of quotas.entries()) {
    turn[quota.cluster] = at;
    want[quota.cluster] = quota.want;
    take[quota.cluster] = quota.take;
  }
  return { manifest: verdicts.manifest, strategy, kept: Array.from(kept), quota: { turn, want, take } };
}
