import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ClusterReport, ClusterRequest, ClusterSummary } from '../../protocol/clustering.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { OutputFile } from '../../protocol/reports.ts';
import type { Clustering } from '../clustering/clustering.ts';
import { rowsOfCluster, shownIds } from '../clustering/clusterMembers.ts';
import type { KernelScores, TransferabilityScores } from '../clustering/clusterScores.ts';
import { sourcesOf, topEntitiesOfAll } from '../clustering/describeClusters.ts';
import { HolderCounter } from '../clustering/holderCounter.ts';
import { matrixOfNpy } from '../clustering/npyMatrix.ts';
import { type MatrixFiles, openRows } from '../clustering/rowSource.ts';
import { relatedClusters } from '../clustering/transferability.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { instanceSources } from '../dataset/instanceSources.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { Breath } from '../jobs/breath.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import { FileSet } from '../runs/fileSet.ts';
import { npyHeader, npyParts } from '../runs/npy.ts';
import { scoreOf } from '../selection/coreset.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { rememberClusters } from './rememberClusters.ts';
import { SelectSources } from './selectSources.ts';
import { StageLog } from './stageLog.ts';

const defaultTop = 5;
/** Sources and medoids listed per cluster. */
const listedSources = 3;
const listedMedoids = 3;
/** Pairs say what their objects say, many times over. */
const describing: readonly Perspective[] = ['token', 'object', 'interrogation'];

/** Clusters of a dataset, computed or brought by the user, with their scores and descriptions. */
export async function clusterDataset(request: ClusterRequest, deps: EngineDeps, caller: JobContext): Promise<ClusterReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  const log = new StageLog();
  const dataset = await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  if ((request.assignments === undefined) !== (request.centroids === undefined))
    throw new EngineError('usage', 'Give --assignments and --centroids together.', {
      option: request.assignments === undefined ? 'assignments' : 'centroids',
    });
  await using sources = new SelectSources(dataset, { perspectives: describing, ...request }, deps, job, log);
  const preset = request.preset ?? 'repo';
  const clustering = await sources.clustering();
  const transferability = await sources.transferability(preset);
  const kernels = sources.hasFeatures ? await sources.kernels(preset) : undefined;
  const perCluster = await describe(sources, dataset, clustering, transferability, kernels, request.top ?? defaultTop, job);
  const exported = request.export ? await exportArrays(request.export, sources, dataset, clustering, transferability, kernels) : undefined;
  return {
    clustering: await rememberClusters(dataset, request, sources, preset),
    dataset: dataset.summary,
    instances: dataset.instances,
    clusters: clustering.clusters,
    imbalance: clustering.imbalance,
    objective: Number.isNaN(clustering.objective) ? null : clustering.objective,
    splits: clustering.splits,
    collapsed: clustering.collapsed !== undefined,
    device: clustering.device,
    preset,
    perCluster,
    ...(exported ? { exported } : {}),
    reused: [...new Set(log.reused)],
    seconds: (performance.now() - started) / 1000,
  };
}

async function describe(
  sources: SelectSources,
  dataset: Dataset,
  clustering: Clustering,
  { transferability, related, relatedSimilarity }: TransferabilityScores,
  kernels: KernelScores | undefined,
  top: number,
  job: JobContext,
): Promise<ClusterSummary[]> {
  const members = await sources.members();
  const ids = shownIds(clustering);
  const { ordinals } = sources;
  const indexes = top > 0 ? await Promise.all(sources.perspectives.map((perspective) => sources.perspective(perspective))) : [];
  const counters = indexes.map((index) => new HolderCounter(index, ordinals));
  const entities = await topEntitiesOfAll(members, counters, top, new Breath(job));
  const origins = await instanceSources(dataset);
  const result: ClusterSummary[] = [];
  for (let cluster = 0; cluster < members.clusters; cluster++) {
    const density = kernels?.density[cluster];
    const own = transferability[cluster] as number;
    const medoids = kernels ? await kernels.greedy(cluster, listedMedoids) : new Uint32Array();
    result.push({
      cluster: ids[cluster] as number,
      size: clustering.sizes[cluster] as number,
      transferability: own,
      density: density ?? null,
      score: density === undefined ? null : scoreOf(own, density),
      topEntities: entities[cluster] ?? [],
      medoids: Array.from(medoids.subarray(0, listedMedoids), (row) => ordinals[row] as number),
      related: Array.from(related.subarray(cluster * relatedClusters, (cluster + 1) * relatedClusters), (other, t) => ({
        cluster: ids[other] ?? -1,
        similarity: relatedSimilarity[cluster * relatedClusters + t] as number,
      })).filter((other) => other.cluster >= 0),
      sources: sourcesOf(rowsOfCluster(members, cluster), origins, ordinals)
        .slice(0, listedSources)
        .map(({ position: _, ...source }) => source),
    });
  }
  return result;
}

/**
 * The arrays as other programs read them: assignments and similarity with one value per position of the dataset (-1 and NaN where there is
 * no instance), the others with one row per cluster id; ids that no instance has (imports only) get NaN, their centroids 0.
 */
async function exportArrays(
  folder: string,
  { ordinals }: SelectSources,
  dataset: Dataset,
  clustering: Clustering,
  scores: TransferabilityScores,
  kernels: KernelScores | undefined,
): Promise<OutputFile[]> {
  const ids = shownIds(clustering);
  const size = (ids.at(-1) ?? -1) + 1;
  const assignments = new Int32Array(dataset.records).fill(-1);
  const similarity = new Float32Array(dataset.records).fill(Number.NaN);
  ordinals.forEach((ordinal, row) => {
    assignments[ordinal] = ids[clustering.assignments[row] as number] as number;
    similarity[ordinal] = clustering.similarity[row] as number;
  });
  const perId = (values: Float64Array): Float64Array => {
    const spread = new Float64Array(size).fill(Number.NaN);
    ids.forEach((id, cluster) => {
      spread[id] = values[cluster] as number;
    });
    return spread;
  };
  await using files = new FileSet();
  const written = [
    await writeParts(join(folder, 'centroids.npy'), centroidParts(await matrixOfNpy(clustering.centroids), ids, size), files),
    await writeParts(join(folder, 'assignments.npy'), npyParts(assignments), files),
    await writeParts(join(folder, 'similarity.npy'), npyParts(similarity), files),
    await writeParts(join(folder, 'transferability.npy'), npyParts(perId(scores.transferability)), files),
    ...(kernels ? [await writeParts(join(folder, 'density.npy'), npyParts(perId(kernels.density)), files)] : []),
  ];
  for (const file of files.all) await file.commit();
  return written;
}

/** Centroids as float32, row by row. */
function* centroidParts(centroids: MatrixFiles, ids: Int32Array, size: number): Generator<Uint8Array> {
  const { dimensions } = centroids;
  using rows = openRows(centroids);
  yield npyHeader('<f4', [size, dimensions]);
  const row = new Float64Array(dimensions);
  for (let id = 0, cluster = 0; id < size; id++) {
    if (ids[cluster] === id) rows.read(cluster++, row, 0);
    else row.fill(0);
    yield new Uint8Array(Float32Array.from(row).buffer);
  }
}

async function writeParts(path: string, parts: Iterable<Uint8Array>, files: FileSet): Promise<OutputFile> {
  const file = files.add(await AtomicFile.create(path));
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
    await file.write(part);
  }
  return { path, sha256: hash.digest('hex'), bytes: file.bytes };
}
