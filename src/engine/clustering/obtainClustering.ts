import { join } from 'node:path';
import type { Device } from '../../protocol/requests.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { type Artifact, obtainArtifact } from '../runs/artifacts.ts';
import { readJson, readNpy } from '../runs/npy.ts';
import type { ComputeProcess } from '../runtime/contracts.ts';
import type { Clustering, KMeansParameters } from './clustering.ts';
import type { ClusteringInfo, ClusterProgress, ClusterTask } from './training/trainClusters.ts';

/** Changes whenever the same features and parameters would give other clusters. */
const version = 1;

/** Rows per cluster when the user has not said how many clusters there shall be (coincide specification, 2.3). */
const rowsPerCluster = 66;

export interface ClusteringRequest {
  readonly matrix: FeatureMatrix;
  readonly parameters: KMeansParameters;
  readonly runDir: string;
  readonly device: Device;
  readonly compute: ComputeProcess;
  readonly job: JobContext;
}

export function defaultClusters(rows: number): number {
  return Math.max(1, Math.round(rows / rowsPerCluster));
}

/**
 * Spherical k-means of the features in the compute process; an artifact of stage `cluster`. Killed at any moment, the next call goes on
 * from the last checkpoint and gives the same labels. With fewer rows than clusters every row becomes a cluster, which is logged.
 * @throws EngineError `compute.crashed`, `compute.noMemory`, `device.unavailable`
 */
export async function obtainClustering(request: ClusteringRequest): Promise<Clustering> {
  const { matrix, runDir, device, job } = request;
  const parameters = fitted(request);
  const processor = device === 'auto' || device === 'cpu';
  const artifact = await obtainArtifact(runDir, {
    stage: 'cluster',
    inputHash: matrix.identity,
    // Another device rounds differently; whole numbers are the same everywhere.
    parameters: { version, ...parameters, device: processor || parameters.precision === 'int8' ? 'cpu' : device },
    job,
    build: (folder) => train({ ...request, parameters }, folder),
  });
  job.report({ stage: 'cluster', done: matrix.rows, total: matrix.rows, unit: 'instances', reused: artifact.reused });
  const clustering = await readClustering(artifact);
  if (clustering.collapsed) job.log('warn', collapseSentences[clustering.collapsed]);
  if (clustering.device === 'wasm' && !artifact.reused)
    job.log('warn', 'onnxruntime-node cannot be loaded on this machine: clustering ran without it, some ten times slower.');
  return clustering;
}

const collapseSentences = {
  centroids: 'The clusters have collapsed: their centroids all point the same way, so they tell nothing apart. Check the features.',
  splits: 'The clusters have collapsed: many stay empty in every iteration. Use fewer --clusters, or features with fewer equal rows.',
} as const;

function fitted({ parameters, matrix, job }: ClusteringRequest): KMeansParameters {
  if (parameters.clusters <= matrix.rows) return parameters;
  job.log('info', `There are only ${matrix.rows} instances: ${matrix.rows} clusters instead of ${parameters.clusters}.`);
  return { ...parameters, clusters: matrix.rows };
}

async function train({ matrix, parameters, device, compute, job }: ClusteringRequest, folder: string): Promise<void> {
  if (device !== 'auto' && device !== 'cpu') await assertAvailable(device, compute);
  const task: ClusterTask = { matrix, parameters, folder };
  await compute.run(
    'cluster',
    { task, device, threads: job.threads },
    {
      signal: job.signal,
      progress: (report) => job.report(progressOf(report as ClusterProgress, parameters.iterations)),
      log: (message) => job.log('info', message),
    },
  );
}

/** A provider may end its process when it fails, so it is tried in another one first. @throws EngineError `device.unavailable` */
async function assertAvailable(device: Device, compute: ComputeProcess): Promise<void> {
  const [probe] = await compute.probe([device]);
  if (!probe?.available)
    throw new EngineError(
      'device.unavailable',
      `--device ${device} cannot be used on this machine: ${probe?.detail ?? 'unknown'}. Leave it out to use the processor; ballast doctor lists the devices.`,
      { device },
    );
}

function progressOf({ done, total, iteration, facts }: ClusterProgress, iterations: number): Parameters<JobContext['report']>[0] {
  return {
    stage: 'cluster',
    done,
    total,
    unit: 'instances',
    ...(facts
      ? { clustering: { iteration, iterations, objective: facts.objective, imbalance: facts.imbalance, splits: facts.splits } }
      : {}),
  };
}

async function readClustering(artifact: Artifact): Promise<Clustering> {
  const file = (name: string): string => join(artifact.folder, name);
  const [info, assignments, similarity, originalIds] = await Promise.all([
    readJson<ClusteringInfo>(file('clustering.json')),
    readNpy(file('assignments.npy'), '<i4'),
    readNpy(file('similarity.npy'), '<f4'),
    readNpy(file('originalIds.npy'), '<i4'),
  ]);
  const sizes = new Uint32Array(info.clusters);
  for (const cluster of assignments) sizes[cluster] = (sizes[cluster] as number) + 1;
  return {
    ...info,
    collapsed: info.collapsed ?? undefined,
    centroids: file('centroids.npy'),
    assignments,
    similarity,
    sizes,
    originalIds,
    artifact,
  };
}
