import type { Permutation, Precision } from '../../protocol/clustering.ts';
import type { Artifact } from '../runs/artifacts.ts';

export interface KMeansParameters {
  /** Wanted number of clusters; lowered to the number of rows where there are fewer. */
  readonly clusters: number;
  readonly iterations: number;
  readonly seed: number;
  readonly precision: Precision;
  readonly permutation: Permutation;
}

/** One iteration of the training, as it is shown while it runs. */
export interface IterationFacts {
  /** Sum of the rows' inner products with the centroids made of them; rises but for repairs. */
  readonly objective: number;
  /** clusters * sum(sizes^2) / rows^2. */
  readonly imbalance: number;
  /** Empty clusters repaired. */
  readonly splits: number;
  /** Rows whose cluster changed. */
  readonly changed: number;
}

/** Clusters of a dataset, computed or brought by the user. Cluster ids are compact: 0 to `clusters` - 1, none empty. */
export interface Clustering {
  readonly clusters: number;
  readonly dimensions: number;
  /** `.npy` float32 [clusters, dimensions], in order of the compact ids. */
  readonly centroids: string;
  /** Cluster of each row of the feature matrix (row, not ordinal). */
  readonly assignments: Int32Array;
  /** Inner product of each row with its centroid. */
  readonly similarity: Float32Array;
  /** Rows per cluster, all above 0. */
  readonly sizes: Uint32Array;
  /** Sum of `similarity`, in row order, float64. */
  readonly objective: number;
  /** clusters * sum(sizes^2) / rows^2; 1 when all clusters are equally large. */
  readonly imbalance: number;
  /** Empty clusters repaired, all iterations together; 0 for imported clusters. */
  readonly splits: number;
  /** Iterations of the training, in order; none for imported clusters. */
  readonly history: readonly IterationFacts[];
  /** The clusters mean nothing; the reason, or undefined. */
  readonly collapsed?: 'centroids' | 'splits' | undefined;
  /** Id that the library (or the imported file) gave each compact cluster, ascending. */
  readonly originalIds: Int32Array;
  readonly artifact: Artifact;
  /** Execution provider that computed the assignment, e.g. `cpu`, `webgpu`, `wasm`; `import` for imported clusters. */
  readonly device: string;
}
