import { join } from 'node:path';
import type { Preset } from '../../protocol/clustering.ts';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { type Artifact, hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import type { Clustering } from './clustering.ts';
import { wholeGramLimit } from './clusterKernel.ts';
import { type ClusterMembers, rowsOfCluster, sizeOfCluster } from './clusterMembers.ts';
import { matrixOfNpy } from './npyMatrix.ts';
import { cutRanges, runRowTasks } from './rowWork.ts';
import { relatedClusters } from './transferability.ts';

/** Changes whenever the same input would give another number. */
const version = 1;
/** Multiplications per task: some tenths of a second, so that progress moves and threads end together. */
const taskCost = 5e8;

export interface ScoreDeps {
  readonly runDir: string;
  readonly workerScript: string;
  readonly job: JobContext;
}

export interface TransferabilityScores {
  readonly artifact: Artifact;
  readonly transferability: Float64Array;
  /** `relatedClusters` per cluster, -1 where there are fewer. */
  readonly related: Int32Array;
  readonly relatedSimilarity: Float64Array;
}

function identityOf({ inputHash, parameterHash }: Pick<Artifact, 'inputHash' | 'parameterHash'>): string {
  return hashOf([inputHash, parameterHash]);
}

/** Transferability of every cluster, kept in the run folder. @param layout of the centroids; only `repo` looks at it */
export async function obtainTransferability(
  clustering: Clustering,
  layout: FeatureMatrix['layout'],
  preset: Preset,
  { runDir, workerScript, job }: ScoreDeps,
): Promise<TransferabilityScores> {
  const halves = preset === 'repo' ? layout : undefined;
  const artifact = await obtainArtifact(runDir, {
    stage: 'scores',
    inputHash: identityOf(clustering.artifact),
    parameters: { version, kind: 'transferability', preset, layout: halves ?? null },
    job,
    build: async (folder) => {
      const { clusters, dimensions } = clustering;
      const centroids = await matrixOfNpy(clustering.centroids);
      const values = new Float64Array(clusters);
      const related = new Int32Array(clusters * relatedClusters);
      const relatedSimilarity = new Float64Array(clusters * relatedClusters);
      const cost = clusters * dimensions;
      const ranges = cutRanges(clusters, () => cost, taskCost);
      const payloads = ranges.map((range) => ({ centroids, layout: halves, preset, ...range }));
      let next = 0;
      for await (const part of runRowTasks('transferability', payloads, {
        multiplications: cost * clusters,
        script: workerScript,
        folder,
        job,
      })) {
        const { from, to } = ranges[next++] as { from: number; to: number };
        values.set(part.transferability, from);
        related.set(part.related, from * relatedClusters);
        relatedSimilarity.set(part.relatedSimilarity, from * relatedClusters);
        job.report({ stage: 'scores', done: to, total: clusters, unit: 'clusters' });
      }
      await writeNpy(join(folder, 'transferability.npy'), values);
      await writeNpy(join(folder, 'related.npy'), related, [clusters, relatedClusters]);
      await writeNpy(join(folder, 'relatedSimilarity.npy'), relatedSimilarity, [clusters, relatedClusters]);
    },
  });
  const { folder } = artifact;
  return {
    artifact,
    transferability: await readNpy(join(folder, 'transferability.npy'), '<f8'),
    related: await readNpy(join(folder, 'related.npy'), '<i4'),
    relatedSimilarity: await readNpy(join(folder, 'relatedSimilarity.npy'), '<f8'),
  };
}

/** Densities and greedy MMD orders of all clusters. */
export interface KernelScores {
  readonly artifact: Artifact;
  readonly density: Float64Array;
  /** Rows of a cluster in greedy order: all of them, or of a very large cluster at least `length`. */
  greedy(cluster: number, length: number): Promise<Uint32Array>;
}

/** Input hash of kernel scores: tells whether some features are those that they were computed from. */
export function kernelInput(
  clusters: Pick<Artifact, 'inputHash' | 'parameterHash'>,
  { identity }: Pick<FeatureMatrix, 'identity'>,
): string {
  return hashOf([identityOf(clusters), identity]);
}

export async function obtainKernelScores(
  clustering: Pick<Clustering, 'artifact'>,
  members: ClusterMembers,
  matrix: FeatureMatrix,
  preset: Preset,
  deps: ScoreDeps,
): Promise<KernelScores> {
  const { runDir, workerScript, job } = deps;
  const inputHash = kernelInput(clustering.artifact, matrix);
  const artifact = await obtainArtifact(runDir, {
    stage: 'scores',
    inputHash,
    parameters: { version, kind: 'kernels', preset, wholeGramLimit },
    job,
    build: async (folder) => {
      const density = new Float64Array(members.clusters);
      const rowMeans = new Float64Array(matrix.rows);
      const order = new Uint32Array(matrix.rows);
      const cost = (cluster: number): number => (sizeOfCluster(members, cluster) ** 2 * matrix.dimensions) / 2;
      const ranges = cutRanges(members.clusters, cost, taskCost);
      const payloads = ranges.map(({ from, to }) => ({ ...batchOf(members, from, to), matrix: filesOf(matrix), preset }));
      let total = 0;
      for (let cluster = 0; cluster < members.clusters; cluster++) total += cost(cluster);
      let next = 0;
      for await (const part of runRowTasks('kernels', payloads, { multiplications: total, script: workerScript, folder, job })) {
        const { from, to } = ranges[next++] as { from: number; to: number };
        const first = members.offsets[from] as number;
        density.set(part.density, from);
        rowMeans.set(part.rowMeans, first);
        order.set(part.order, first);
        job.report({ stage: 'scores', done: to, total: members.clusters, unit: 'clusters' });
      }
      await writeNpy(join(folder, 'density.npy'), density);
      await writeNpy(join(folder, 'rowMeans.npy'), rowMeans);
      await writeNpy(join(folder, 'order.npy'), order);
    },
  });
  const order = await readNpy(join(artifact.folder, 'order.npy'), '<u4');
  return {
    artifact,
    density: await readNpy(join(artifact.folder, 'density.npy'), '<f8'),
    async greedy(cluster, length) {
      const [from, to] = [members.offsets[cluster] as number, members.offsets[cluster + 1] as number];
      if (to - from <= wholeGramLimit) return order.subarray(from, to);
      return obtainPrefix(cluster, prefixLength(to - from, length));
    },
  };

  /** Kept per length: a longer order begins with the shorter one, so the lengths are few. */
  async function obtainPrefix(cluster: number, length: number): Promise<Uint32Array> {
    const prefix = await obtainArtifact(runDir, {
      stage: 'scores',
      inputHash: identityOf(artifact),
      parameters: { version, kind: 'prefix', cluster, length },
      job,
      build: async (folder) => {
        const rowMeans = await readNpy(join(artifact.folder, 'rowMeans.npy'), '<f8');
        const [from, to] = [members.offsets[cluster] as number, members.offsets[cluster + 1] as number];
        const payload = {
          matrix: filesOf(matrix),
          rows: rowsOfCluster(members, cluster).slice(),
          preset,
          rowMeans: rowMeans.slice(from, to),
          length,
        };
        const cost = (to - from) * matrix.dimensions * length;
        for await (const rows of runRowTasks('prefix', [payload], { multiplications: cost, script: workerScript, folder, job }))
          await writeNpy(join(folder, 'order.npy'), rows);
      },
    });
    return readNpy(join(prefix.folder, 'order.npy'), '<u4');
  }
}

/** The next power of two, at most all. */
function prefixLength(size: number, wanted: number): number {
  return Math.min(size, 2 ** Math.ceil(Math.log2(Math.max(1, wanted))));
}

/** Members of consecutive clusters as a payload of their own. */
export function batchOf(members: ClusterMembers, from: number, to: number): { readonly rows: Uint32Array; readonly offsets: Uint32Array } {
  const first = members.offsets[from] as number;
  return {
    rows: members.rows.slice(first, members.offsets[to]),
    offsets: members.offsets.slice(from, to + 1).map((offset) => offset - first),
  };
}

/** The part of a feature matrix that threads need. */
export function filesOf({
  rows,
  dimensions,
  dtype,
  shards,
}: FeatureMatrix): Pick<FeatureMatrix, 'rows' | 'dimensions' | 'dtype' | 'shards'> {
  return { rows, dimensions, dtype, shards };
}
