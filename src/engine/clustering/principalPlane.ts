import type { Breath } from '../jobs/breath.ts';
import { Mt19937 } from './mt19937.ts';
import type { RowSource } from './rowSource.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/** The plane through the mean of some rows that keeps most of their variance. */
export interface Plane {
  readonly mean: Float64Array;
  /** Orthonormal axes, by descending variance; all zero where there is no variance left. */
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Directions iterated together: the more of them beyond two, the faster the first two settle. */
const block = 8;
/** Passes over the rows. A direction's error shrinks by (lambda_9 / lambda_2) in each. */
const passes = 12;
/** Variance below this share of the largest is rounding. */
const leastVariance = 1e-12;

/**
 * First two principal components, the axes of classical scaling of Euclidean distances (Torgerson 1952), by subspace iteration with a
 * Rayleigh-Ritz step at the end. Same rows, same plane, on every machine: only sums, products and square roots, in a fixed order. The
 * coordinate of largest magnitude of an axis is positive.
 */
export async function principalPlane(
  rows: RowSource,
  breath: Breath,
  report: (done: number, total: number) => void = () => undefined,
): Promise<Plane> {
  const { rows: n, dimensions: d } = rows;
  const mean = await meanOf(rows, breath);
  const width = Math.min(block, d);
  let basis = orthonormal(startOf(width, d), width, d);
  for (let pass = 0; pass < passes; pass++) {
    basis = orthonormal(await multiplied(rows, mean, basis, width, breath), width, d);
    report(Math.floor((n * (pass + 1)) / (passes + 1)), n);
  }
  const image = await multiplied(rows, mean, basis, width, breath);
  const small = new Float64Array(width * width);
  for (let a = 0; a < width; a++)
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (basis[a * d + k] as number) * (image[b * d + k] as number);
      small[a * width + b] = sum;
    }
  const { values, vectors } = symmetricEigen(small, width);
  const axis = (at: number): Float64Array => {
    const out = new Float64Array(d);
    if (at >= width || !((values[at] as number) > leastVariance * (values[0] as number))) return out;
    for (let a = 0; a < width; a++)
      for (let k = 0; k < d; k++) out[k] = (out[k] as number) + (vectors[at * width + a] as number) * (basis[a * d + k] as number);
    return signed(out);
  };
  report(n, n);
  return { mean, first: axis(0), second: axis(1) };
}

async function meanOf(rows: RowSource, breath: Breath): Promise<Float64Array> {
  const mean = new Float64Array(rows.dimensions);
  const row = new Float64Array(rows.dimensions);
  for (let i = 0; i < rows.rows; i++) {
    if (breath.isDue) await breath.take();
    rows.read(i, row, 0);
    for (let k = 0; k < row.length; k++) mean[k] = (mean[k] as number) + (row[k] as number);
  }
  return mean.map((sum) => sum / Math.max(1, rows.rows));
}

/** Directions that no row favours. */
function startOf(width: number, d: number): Float64Array {
  const random = new Mt19937(1);
  return Float64Array.from({ length: width * d }, () => random.next() / 2 ** 32 - 0.5);
}

/** X^T X v for every direction v, X being the centred rows. */
async function multiplied(rows: RowSource, mean: Float64Array, basis: Float64Array, width: number, breath: Breath): Promise<Float64Array> {
  const d = rows.dimensions;
  const out = new Float64Array(width * d);
  const row = new Float64Array(d);
  for (let i = 0; i < rows.rows; i++) {
    if (breath.isDue) await breath.take();
    rows.read(i, row, 0);
    for (let k = 0; k < d; k++) row[k] = (row[k] as number) - (mean[k] as number);
    for (let a = 0, at = 0; a < width; a++, at += d) {
      let product = 0;
      for (let k = 0; k < d; k++) product += (row[k] as number) * (basis[at + k] as number);
      for (let k = 0; k < d; k++) out[at + k] = (out[at + k] as number) + product * (row[k] as number);
    }
  }
  return out;
}

/** Gram-Schmidt, twice for accuracy; a direction that depends on the earlier ones becomes zero. */
function orthonormal(basis: Float64Array, width: number, d: number): Float64Array {
  for (let a = 0; a < width; a++) {
    const own = basis.subarray(a * d, (a + 1) * d);
    const before = Math.sqrt(dotOf(own, own));
    for (let round = 0; round < 2; round++)
      for (let b = 0; b < a; b++) {
        const other = basis.subarray(b * d, (b + 1) * d);
        const product = dotOf(own, other);
        for (let k = 0; k < d; k++) own[k] = (own[k] as number) - product * (other[k] as number);
      }
    const length = Math.sqrt(dotOf(own, own));
    const isNew = length > leastVariance * before;
    for (let k = 0; k < d; k++) own[k] = isNew ? (own[k] as number) / length : 0;
  }
  return basis;
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function signed(axis: Float64Array): Float64Array {
  let largest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? axis.map((value) => -value) : axis;
}
