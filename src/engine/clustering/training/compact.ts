import type { IterationFacts } from '../clustering.ts';
import { collapseOf } from './collapse.ts';
import type { Trainer } from './trainer.ts';

export interface Compacted {
  readonly centroids: Float32Array;
  readonly labels: Int32Array;
  /** Trained id of each cluster that is left. */
  readonly originalIds: Int32Array;
  readonly collapsed: 'centroids' | 'splits' | undefined;
  readonly objective: number;
  readonly imbalance: number;
  readonly splits: number;
}

/** Drops the clusters that no row was assigned to in the end, and numbers the others anew; sums up the clustering. */
export function compact(
  { centroids, clusters, width }: Pick<Trainer, 'centroids' | 'clusters' | 'width'>,
  dimensions: number,
  labels: Int32Array,
  similarity: Float32Array,
  history: readonly IterationFacts[],
): Compacted {
  const sizes = new Float64Array(clusters);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  const originalIds = Int32Array.from(Array.from(sizes.keys()).filter((id) => sizes[id] !== 0));
  const newId = new Int32Array(clusters).fill(-1);
  for (const [id, original] of originalIds.entries()) newId[original] = id;
  const kept = new Float32Array(originalIds.length * dimensions);
  let squares = 0;
  for (const [id, original] of originalIds.entries()) {
    kept.set(centroids.subarray(original * width, original * width + dimensions), id * dimensions);
    squares += (sizes[original] as number) ** 2;
  }
  let objective = 0;
  for (const value of similarity) objective += value;
  return {
    centroids: kept,
    labels: labels.map((label) => newId[label] as number),
    originalIds,
    collapsed: collapseOf(kept, originalIds.length, clusters, history),
    objective,
    imbalance: (originalIds.length * squares) / (labels.length * labels.length),
    splits: history.reduce((total, each) => total + each.splits, 0),
  };
}
