import { join } from 'node:path';
import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { type Artifact, obtainArtifact } from '../runs/artifacts.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import { filesOf, type ScoreDeps } from './clusterScores.ts';
import type { NearestRows, NearnessMetric } from './nearestRows.ts';
import { cutRanges, runRowTasks } from './rowWork.ts';

/** Changes whenever the same input would give another list. */
const version = 1;
/** Multiplications per task: a few seconds. */
const taskCost = 8e9;

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
      const tasks = ranges.map((range) => ({
        payload: { matrix: filesOf(matrix), metric, wanted: count, ...range },
        units: range.to - range.from,
      }));
      let next = 0;
      for await (const part of runRowTasks('nearest', tasks, cost * rows, workerScript, job)) {
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
