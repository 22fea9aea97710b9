import type { ClusterCard, ClusterCardRequest, RelatedCluster } from '../../../protocol/clusters.ts';
import type { Perspective } from '../../../protocol/perspectives.ts';
import { rowsOfCluster, sizeOfCluster } from '../../clustering/clusterMembers.ts';
import { firstTail, sourcesOf, tailShareOf, topEntities, topOfPerspective } from '../../clustering/describeClusters.ts';
import type { HolderCounter } from '../../clustering/holderCounter.ts';
import type { OpenClustering } from '../../clustering/openClustering.ts';
import { relatedClusters } from '../../clustering/transferability.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { scoresOf } from '../../selection/coreset.ts';
import { instanceRows } from '../browse/instanceRows.ts';
import { type ClusterMemory, type ClustersInHand, clusterNumber } from './clusterMemory.ts';
import { type ClusterRun, clusterRun } from './clusterRun.ts';

const defaultMedoids = 6;
const mostMedoids = 24;
const defaultEntities = 12;
const mostEntities = 100;
/** Entities that name a related cluster. */
const namingEntities = 3;
const listedSources = 20;

/** One cluster with everything that a person asks about it but its members. @throws EngineError `clustering.notFound`, `cluster.notFound` */
export async function clusterCard(request: ClusterCardRequest, memory: ClusterMemory, caller: JobContext): Promise<ClusterCard> {
  const medoids = within('medoids', request.medoids ?? defaultMedoids, mostMedoids);
  const top = within('entities', request.entities ?? defaultEntities, mostEntities);
  const inHand = await memory.take(request, caller);
  const { open, dataset, ordinals, job } = inHand;
  const cluster = clusterNumber(inHand, request.cluster);
  const rows = rowsOfCluster(open.members, cluster);
  const found = await memory.entities(inHand);
  const counters = found ? memory.counters(found, ordinals) : [];
  const run = await clusterRun(memory, inHand, request.manifest, job);
  const greedy = (medoids > 0 && (await memory.greedy(inHand, cluster, Math.min(medoids, rows.length)))) || new Uint32Array();
  const origins = sourcesOf(rows, await memory.sources(dataset), ordinals);
  const density = open.kernels?.density[cluster];
  const scores = open.kernels && scoresOf(open.transferability, open.kernels.density);
  const sizes = Uint32Array.from(open.ids, (_, one) => sizeOfCluster(open.members, one));
  return {
    clustering: open.record.id,
    cluster: request.cluster,
    size: rows.length,
    transferability: open.transferability[cluster] as number,
    density: density ?? null,
    score: scores?.[cluster] ?? null,
    similarity: meanSimilarity(open, rows),
    rank: {
      size: rankOf(sizes, cluster),
      transferability: rankOf(open.transferability, cluster),
      density: open.kernels ? rankOf(open.kernels.density, cluster) : null,
      score: scores ? rankOf(scores, cluster) : null,
    },
    medoids: await instanceRows(
      dataset,
      Array.from(greedy.subarray(0, medoids), (row) => ordinals[row] as number),
      { problems: await memory.problems(dataset), entities: found, verdicts: run?.verdicts },
      job,
    ),
    ...(found
      ? {
          entities: byPerspective(counters, (counter) => topOfPerspective(counter, rows, ordinals.length, top)),
          tailShare: byPerspective(counters, ({ index }) => tailShareOf(rows, index, ordinals, firstTail(index, found.tauOf(index)))),
        }
      : {}),
    related: relatedOf(inHand, cluster, counters),
    sources: origins.slice(0, listedSources).map(({ position: _, ...source }) => source),
    moreSources: Math.max(0, origins.length - listedSources),
    ...(run ? { run: runOf(run, cluster) } : {}),
  };
}

function within(option: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new EngineError('usage', `A card lists 0 to ${most} ${option}; got ${value}.`, { option });
}

/** Entities that describe a cluster, the first of them. */
export function namesOf(open: OpenClustering, cluster: number, counters: readonly HolderCounter[]): readonly string[] {
  const rows = rowsOfCluster(open.members, cluster);
  return topEntities(counters, rows, open.members.rows.length, namingEntities).map(({ entity }) => entity);
}

/** Mean cosine of some rows with their centroid; null without features. */
export function meanSimilarity({ similarity, kernels }: OpenClustering, rows: Uint32Array): number | null {
  if (!kernels) return null;
  let sum = 0;
  for (const row of rows) sum += similarity[row] as number;
  return sum / rows.length;
}

/** 1-based place in descending order; of equals the first comes first. */
function rankOf(values: ArrayLike<number>, at: number): number {
  const own = values[at] as number;
  let rank = 1;
  for (let i = 0; i < values.length; i++) {
    const other = values[i] as number;
    if (other > own || (other === own && i < at)) rank++;
  }
  return rank;
}

function byPerspective<Value>(
  counters: readonly HolderCounter[],
  value: (counter: HolderCounter) => Value,
): Partial<Record<Perspective, Value>> {
  return Object.fromEntries(counters.map((counter) => [counter.index.perspective, value(counter)]));
}

function relatedOf({ open }: ClustersInHand, cluster: number, counters: readonly HolderCounter[]): RelatedCluster[] {
  const from = cluster * relatedClusters;
  return Array.from(open.related.subarray(from, from + relatedClusters)).flatMap((other, t) =>
    other < 0
      ? []
      : [
          {
            cluster: open.ids[other] as number,
            similarity: open.relatedSimilarity[from + t] as number,
            size: sizeOfCluster(open.members, other),
            entities: namesOf(open, other, counters),
          },
        ],
  );
}

function runOf({ verdicts, strategy, kept, quotas }: ClusterRun, cluster: number): NonNullable<ClusterCard['run']> {
  const turn = quotas?.findIndex((one) => one.cluster === cluster) ?? -1;
  const quota = quotas?.[turn];
  return {
    manifest: verdicts.manifest,
    strategy,
    kept: kept[cluster] as number,
    ...(quota ? { quota: { turn, want: quota.want, take: quota.take } } : {}),
  };
}
