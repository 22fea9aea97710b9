import { Mt19937 } from '../../../src/engine/clustering/mt19937.ts';
import type { Permutation } from '../../../src/protocol/clustering.ts';

const f32 = Math.fround;

export interface LiteralResult {
  readonly labels: number[];
  readonly similarity: number[];
  readonly centroids: Float32Array[];
  /** Splits of each iteration. */
  readonly splits: number[];
  /** Smallest distance between best and second-best product that a label rested on. */
  readonly margin: number;
}

export interface LiteralParameters {
  readonly clusters: number;
  readonly iterations: number;
  readonly seed: number;
  readonly permutation?: Permutation;
}

/** The text of the specification (2.1, 2.2), line by line, without a thought for speed. */
export function literalKMeans(
  rows: readonly Float32Array[],
  { clusters, iterations, seed, permutation = 'mod' }: LiteralParameters,
): LiteralResult {
  const k = Math.min(clusters, rows.length);
  let training = rows;
  if (rows.length > 256 * k) {
    const order = literalPermutation(rows.length, seed, permutation);
    training = order.slice(0, 256 * k).map((row) => rows[row] as Float32Array);
  }
  const state = { margin: Number.POSITIVE_INFINITY };
  const splits: number[] = [];
  let centroids: Float32Array[];
  if (training.length === k) {
    centroids = training.map((row) => row.slice());
  } else {
    const order = literalPermutation(training.length, seed + 1, permutation);
    centroids = order.slice(0, k).map((row) => normalized(training[row] as Float32Array));
    for (let i = 0; i < iterations; i++) {
      const labels = training.map((row) => nearest(row, centroids, state).label);
      const counts = new Array<number>(k).fill(0);
      for (const label of labels) counts[label] = (counts[label] as number) + 1;
      const means = centroids.map((_, c) =>
        mean(
          training.filter((_, row) => labels[row] === c),
          counts[c] as number,
          training,
        ),
      );
      splits.push(repair(means, counts, training.length));
      centroids = means.map(normalized);
    }
  }
  const found = rows.map((row) => nearest(row, centroids, state));
  return {
    labels: found.map(({ label }) => label),
    similarity: found.map(({ product }) => product),
    centroids,
    splits,
    margin: state.margin,
  };
}

export function literalPermutation(n: number, seed: number, variant: Permutation): number[] {
  const generator = new Mt19937(seed);
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i + 1 < n; i++) {
    const draw = BigInt(generator.next());
    const range = BigInt(n - i);
    const j = i + Number(variant === 'mod' ? draw % range : (draw * range) >> 32n);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function nearest(row: Float32Array, centroids: readonly Float32Array[], state: { margin: number }): { label: number; product: number } {
  let label = 0;
  let best = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (const [c, centroid] of centroids.entries()) {
    let product = 0;
    for (let i = 0; i < row.length; i++) product = f32(product + f32((row[i] as number) * (centroid[i] as number)));
    if (product > best) {
      second = best;
      best = product;
      label = c;
    } else if (product > second) second = product;
  }
  state.margin = Math.min(state.margin, best - second);
  return { label, product: best };
}

function mean(members: readonly Float32Array[], count: number, all: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array((all[0] as Float32Array).length);
  for (const row of members) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (row[i] as number);
  return count === 0 ? sum : sum.map((value) => value * f32(1 / count));
}

function normalized(row: Float32Array): Float32Array {
  let squares = 0;
  for (const value of row) squares += value * value;
  return squares > 0 ? row.map((value) => value * f32(1 / Math.sqrt(squares))) : row.slice();
}

function repair(means: Float32Array[], counts: number[], n: number): number {
  const generator = new Mt19937(1234);
  const k = means.length;
  const sizes = Float32Array.from(counts);
  let splits = 0;
  for (let empty = 0; empty < k; empty++) {
    if (sizes[empty] !== 0) continue;
    let donor = 0;
    while (!(f32(f32(generator.next()) / f32(2 ** 32 - 1)) < f32(((sizes[donor] as number) - 1) / f32(n - k)))) donor = (donor + 1) % k;
    const from = means[donor] as Float32Array;
    means[empty] = from.map((value, i) => value * (i % 2 === 0 ? 1 + 1 / 1024 : 1 - 1 / 1024));
    means[donor] = from.map((value, i) => value * (i % 2 === 0 ? 1 - 1 / 1024 : 1 + 1 / 1024));
    sizes[empty] = (sizes[donor] as number) / 2;
    sizes[donor] = (sizes[donor] as number) - (sizes[empty] as number);
    splits++;
  }
  return splits;
}
