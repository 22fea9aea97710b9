/** One kind of arithmetic for spherical k-means. Between the calls the centroids lie in the trainer. */
export interface Trainer {
  readonly clusters: number;
  /** Rows of the training. */
  readonly rows: number;
  /** Cluster of each row of the training; -1 before the first `assign`. */
  readonly labels: Int32Array;
  /** Values from one centroid to the next; zeros stand behind the dimensions of the rows. */
  readonly width: number;
  /** The centroids, [clusters, width]; after `update` and before `normalize` the means of their rows. */
  readonly centroids: Float32Array;
  /** Labels all rows of the training by the present centroids. Returns how many labels changed. */
  assign(): Promise<number>;
  /** Makes the centroids the means of their rows; an empty cluster's is zero. Returns the sum of the rows' products with them, normalized. */
  update(counts: Uint32Array): number;
  /** Scales every centroid to length 1; zero stays zero. */
  normalize(): void;
  /** Labels every row of the whole matrix, and its inner product with its centroid. */
  assignAll(labels: Int32Array, similarity: Float32Array): Promise<void>;
}

/** Adds up what a label array says, per cluster. */
export function countLabels(labels: Int32Array, clusters: number): Uint32Array {
  const counts = new Uint32Array(clusters);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}
