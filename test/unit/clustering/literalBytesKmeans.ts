import { literalPermutation } from './literalKmeans.ts';

const f32 = Math.fround;

/** The integer form as its documentation tells it: bytes of the rows, 7-bit centers around their mean, exact sums. No cluster may become empty. */
export function literalBytesKMeans(
  rows: readonly Float32Array[],
  { clusters, iterations, seed, clip }: { clusters: number; iterations: number; seed: number; clip: number },
): { labels: number[] } {
  const bytes = rows.map((row) => Array.from(row, (value) => byteOf(value, clip)));
  const k = Math.min(clusters, rows.length);
  let training = bytes;
  let trainingRows = rows;
  if (rows.length > 256 * k) {
    const sample = literalPermutation(rows.length, seed, 'mod').slice(0, 256 * k);
    training = sample.map((row) => bytes[row] as number[]);
    trainingRows = sample.map((row) => rows[row] as Float32Array);
  }
  const isEveryRow = training.length === k;
  const first = isEveryRow ? trainingRows.map((_, i) => i) : literalPermutation(training.length, seed + 1, 'mod').slice(0, k);
  let centroids = first.map((row) => trainingRows[row] as Float32Array);
  if (!isEveryRow) centroids = centroids.map(normalized);
  for (let i = 0; i < (isEveryRow ? 0 : iterations); i++) {
    const centers = centersOf(centroids);
    const labels = training.map((row) => nearest(row, centers));
    centroids = centroids.map((centroid, c) => {
      const members = training.filter((_, row) => labels[row] === c);
      if (members.length === 0) throw new Error('the literal form has no repair');
      return normalized(centroid.map((_, d) => f32(members.reduce((sum, row) => sum + (row[d] as number), 0) / members.length)));
    });
  }
  const centers = centersOf(centroids);
  return { labels: bytes.map((row) => nearest(row, centers)) };
}

function byteOf(value: number, clip: number): number {
  return Math.max(-127, Math.min(127, halfToEven(f32(value * f32(127 / clip)))));
}

function centersOf(centroids: readonly Float32Array[]): number[][] {
  const dimensions = (centroids[0] as Float32Array).length;
  const mean = new Float32Array(dimensions);
  for (const centroid of centroids) for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) + (centroid[d] as number);
  for (let d = 0; d < dimensions; d++) mean[d] = (mean[d] as number) * f32(1 / centroids.length);
  const deviations = centroids.map((centroid) => Array.from(centroid, (value, d) => f32(value - (mean[d] as number))));
  const largest = Math.max(...deviations.flat().map(Math.abs));
  const inverse = largest > 0 ? f32(63 / largest) : 0;
  return deviations.map((row) => row.map((value) => halfToEven(f32(value * inverse))));
}

function nearest(row: readonly number[], centers: readonly (readonly number[])[]): number {
  const scores = centers.map((center) => row.reduce((sum, value, d) => sum + value * (center[d] as number), 0));
  return scores.indexOf(Math.max(...scores));
}

function normalized(row: Float32Array): Float32Array {
  // The kernels add even and odd places apart.
  let even = 0;
  let odd = 0;
  let rest = 0;
  const whole = row.length & ~3;
  for (let i = 0; i < whole; i += 2) {
    even += (row[i] as number) ** 2;
    odd += (row[i + 1] as number) ** 2;
  }
  for (let i = whole; i < row.length; i++) rest += (row[i] as number) ** 2;
  const squares = rest === 0 ? even + odd : even + odd + rest;
  return squares > 0 ? row.map((value) => value * f32(1 / Math.sqrt(squares))) : row;
}

function halfToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
