import { join } from 'node:path';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { type Artifact, hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import type { Clustering } from './clustering.ts';
import { type ClusterMembers, sizeOfCluster } from './clusterMembers.ts';
import { batchOf, filesOf, type ScoreDeps } from './clusterScores.ts';
import { matrixOfNpy } from './npyMatrix.ts';
import type { EarlierBatch } from './rowTasks.ts';
import { cutRanges, runRowTasks } from './rowWork.ts';

/** Changes whenever the same input would give another number. */
const version = 1;
/** Multiplications per task: some tenths of a second. */
const taskCost = 5e8;

/** Every cluster as SemDeDup sees it: members hard first, each with its largest cosine to an earlier one. */
export async function obtainDeduplication(
  clustering: Clustering,
  members: ClusterMembers,
  matrix: FeatureMatrix,
  { runDir, workerScript, job }: ScoreDeps,
): Promise<EarlierBatch & { readonly offsets: Uint32Array; readonly artifact: Artifact }> {
  const { inputHash, parameterHash } = clustering.artifact;
  const artifact = await obtainArtifact(runDir, {
    stage: 'scores',
    inputHash: hashOf([inputHash, parameterHash, matrix.identity]),
    parameters: { version, kind: 'deduplication' },
    job,
    build: async (folder) => {
      const centroids = await matrixOfNpy(clustering.centroids);
      const rows = new Uint32Array(matrix.rows);
      const maximum = new Float64Array(matrix.rows);
      const twin = new Uint32Array(matrix.rows);
      const cost = (cluster: number): number => (sizeOfCluster(members, cluster) ** 2 * matrix.dimensions) / 2;
      const ranges = cutRanges(members.clusters, cost, taskCost);
      const payloads = ranges.map(({ from, to }) => ({
        ...batchOf(members, from, to),
        matrix: filesOf(matrix),
        centroids,
        firstCluster: from,
      }));
      let total = 0;
      for (let cluster = 0; cluster < members.clusters; cluster++) total += cost(cluster);
      let next = 0;
      for await (const part of runRowTasks('earlier', payloads, { multiplications: total, script: workerScript, folder, job })) {
        const { from, to } = ranges[next++] as { from: number; to: number };
        const first = members.offsets[from] as number;
        rows.set(part.rows, first);
        maximum.set(part.maximum, first);
        twin.set(part.twin, first);
        job.report({ stage: 'scores', done: to, total: members.clusters, unit: 'clusters' });
      }
      await writeNpy(join(folder, 'rows.npy'), rows);
      await writeNpy(join(folder, 'maximum.npy'), maximum);
      await writeNpy(join(folder, 'twin.npy'), twin);
    },
  });
  return {
    artifact,
    offsets: members.offsets,
    rows: await readNpy(join(artifact.folder, 'rows.npy'), '<u4'),
    maximum: await readNpy(join(artifact.folder, 'maximum.npy'), '<f8'),
    twin: await readNpy(join(artifact.folder, 'twin.npy'), '<u4'),
  };
}
