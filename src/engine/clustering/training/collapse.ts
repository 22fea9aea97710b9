import type { IterationFacts } from '../clustering.ts';

/** Centroids that point the same way on average have nothing to tell apart. */
const largestMeanCosine = 0.99;
/** A training that must repair more than this share of its clusters, this often in a row, has too many of them. */
const largestSplitShare = 0.1;
const splitIterations = 5;

/** Why the clusters mean nothing; undefined when they may mean something. */
export function collapseOf(
  centroids: Float32Array,
  clusters: number,
  trainedClusters: number,
  history: readonly IterationFacts[],
): 'centroids' | 'splits' | undefined {
  if (meanCosine(centroids, clusters) > largestMeanCosine) return 'centroids';
  let run = 0;
  for (const { splits } of history) {
    run = splits > trainedClusters * largestSplitShare ? run + 1 : 0;
    if (run >= splitIterations) return 'splits';
  }
  return undefined;
}

/** Mean cosine of two different centroids: from the length of the sum of all, in one pass. A zero centroid is at right angles to all. */
function meanCosine(centroids: Float32Array, clusters: number): number {
  if (clusters < 2) return 0;
  const dimensions = centroids.length / clusters;
  const sum = new Float64Array(dimensions);
  let own = 0;
  for (let c = 0; c < clusters; c++) {
    const row = centroids.subarray(c * dimensions, (c + 1) * dimensions);
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares === 0) continue;
    own++;
    const inverse = 1 / Math.sqrt(squares);
    for (let i = 0; i < dimensions; i++) sum[i] = (sum[i] as number) + (row[i] as number) * inverse;
  }
  let total = 0;
  for (const value of sum) total += value * value;
  return (total - own) / (clusters * (clusters - 1));
}
