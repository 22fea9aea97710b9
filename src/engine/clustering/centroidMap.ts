import { join } from 'node:path';
import { Breath } from '../jobs/breath.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import { matrixOfNpy } from './npyMatrix.ts';
import type { OpenClustering } from './openClustering.ts';
import { type Plane, principalPlane } from './principalPlane.ts';
import { openRows } from './rowSource.ts';

/** Changes whenever the same centroids would give another map. */
const version = 1;

/** Places of the clusters, and the plane they lie in. */
export interface CentroidMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly plane: Plane;
}

/** The map of a clustering's centroids, kept in the run folder. */
export async function obtainCentroidMap({ record, centroids }: OpenClustering, runDir: string, job: JobContext): Promise<CentroidMap> {
  const { inputHash, parameterHash } = record.artifacts.clusters;
  const artifact = await obtainArtifact(runDir, {
    stage: 'scores',
    inputHash: hashOf([inputHash, parameterHash]),
    parameters: { version, kind: 'map' },
    job,
    build: async (folder) => {
      const matrix = await matrixOfNpy(centroids);
      using rows = openRows(matrix);
      const plane = await principalPlane(rows, new Breath(job), (done, total) =>
        job.report({ stage: 'scores', done, total, unit: 'clusters' }),
      );
      const places = new Float64Array(2 * rows.rows);
      const row = new Float64Array(rows.dimensions);
      for (let i = 0; i < rows.rows; i++) {
        rows.read(i, row, 0);
        [places[i], places[rows.rows + i]] = placeOn(plane, row);
      }
      await writeNpy(join(folder, 'places.npy'), places, [2, rows.rows]);
      const axes = new Float64Array(3 * rows.dimensions);
      for (const [i, axis] of [plane.mean, plane.first, plane.second].entries()) axes.set(axis, i * rows.dimensions);
      await writeNpy(join(folder, 'plane.npy'), axes, [3, rows.dimensions]);
    },
  });
  const places = await readNpy(join(artifact.folder, 'places.npy'), '<f8');
  const axes = await readNpy(join(artifact.folder, 'plane.npy'), '<f8');
  const [n, d] = [places.length / 2, axes.length / 3];
  return {
    x: places.subarray(0, n),
    y: places.subarray(n),
    plane: { mean: axes.subarray(0, d), first: axes.subarray(d, 2 * d), second: axes.subarray(2 * d) },
  };
}

/** Where a vector lies on the plane, seen from the mean of the centroids. */
export function placeOn({ mean, first, second }: Plane, row: Float64Array): [x: number, y: number] {
  let x = 0;
  let y = 0;
  for (let k = 0; k < row.length; k++) {
    const centred = (row[k] as number) - (mean[k] as number);
    x += centred * (first[k] as number);
    y += centred * (second[k] as number);
  }
  return [x, y];
}
