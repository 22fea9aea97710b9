import { join } from 'node:path';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { type Artifact, obtainArtifact } from '../runs/artifacts.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import { filesOf, type ScoreDeps } from './clusterScores.ts';
import type { NearestRows, NearnessMetric } from './nearestRows.ts';
import { cutRanges, runRowTasks } from './rowWork.ts';

/** Changes whenever the same input would give another list. */
const version = 1;
/** Multiplications per task: a second or two. */
const taskCost = 4e9;
/** Multiplications per second and thread, measured on a server core of 2024; for the forecast only. */
const speed = 2e9;
/** Forecasts below this are not worth a line. */
const spokenSeconds = 60;

/** Exact nearest rows of every row, kept in the run folder. All pairs are compared: the cost grows with the square of the rows. */
export async function obtainNeighbours(
  matrix: FeatureMatrix,
  metric: NearnessMetric,
  wanted: number,
  { runDir, workerScript, job }: ScoreDeps,
): Promise<NearestRows & { readonly artifact: Artifact }> {
  const { rows } = matrix;
  const count = Math.min(wanted, Math.max(0, rows - 1));
  const artifact = await obtainArtifact(runDir, {
    stage: 'neighbours',
    inputHash: matrix.identity,
    parameters: { version, metric, count },
    job,
    build: async (folder) => {
      const ids = new Uint32Array(rows * count);
      const values = new Float64Array(rows * count);
      const cost = rows * matrix.dimensions;
      const ranges = cutRanges(rows, () => cost, taskCost);
      const seconds = (cost * rows) / (speed * job.threads);
      if (seconds > spokenSeconds)
        job.log(
          'info',
          `Comparing all pairs of ${rows} instances: about ${Math.ceil(seconds / 60)} minutes with ${job.threads} threads, once.`,
        );
      const payloads = ranges.map((range) => ({ matrix: filesOf(matrix), metric, wanted: count, ...range }));
      let next = 0;
      for await (const part of runRowTasks('nearest', payloads, { multiplications: cost * rows, script: workerScript, folder, job })) {
        const { from, to } = ranges[next++] as { from: number; to: number };
        ids.set(part.ids, from * count);
        values.set(part.values, from * count);
        job.report({ stage: 'neighbours', done: to, total: rows, unit: 'instances' });
      }
      await writeNpy(join(folder, 'ids.npy'), ids, [rows, count]);
      await writeNpy(join(folder, 'values.npy'), values, [rows, count]);
    },
  });
  const ids = await readNpy(join(artifact.folder, 'ids.npy'), '<u4');
  return { artifact, count, ids, values: await readNpy(join(artifact.folder, 'values.npy'), '<f8') };
}
