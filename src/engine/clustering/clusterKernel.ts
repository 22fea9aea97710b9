import { dotTile } from './dotTile.ts';
import { ExactSums } from './exactSum.ts';
import { mmdOrder } from './mmdOrder.ts';
import { Panels, squaredNorms } from './panels.ts';
import type { RowSource } from './rowSource.ts';
import type { Preset } from './transferability.ts';

/** Clusters up to this size keep their whole Gram matrix (128 MiB at most) and get their full order at once. */
export const wholeGramLimit = 4096;
/** Memory for the instances of a cluster above it: every pick goes through all of them. */
const prefixResidentBytes = 1024 * 1024 * 1024;

/** Kernel exp(-factor * d^2): `repo` divides the squared distance by 2 gamma^2 with gamma 1, `paper` does not (COINCIDE specification 0.1). */
const kernelFactor: Readonly<Record<Preset, number>> = { repo: 0.5, paper: 1 };

export interface ClusterKernel {
  /** Mean kernel value: `repo` over all pairs, `paper` over pairs of different instances; 1 for a single instance. */
  readonly density: number;
  /** r_j: mean over i of G_ij, diagonal included. */
  readonly rowMeans: Float64Array;
  /** Positions in greedy MMD order; undefined above `wholeGramLimit`. */
  readonly order: Uint32Array | undefined;
}

/** Density and greedy order of one cluster from its instances' features, in double precision. @param rows members, ascending */
export function clusterKernel(source: RowSource, rows: Uint32Array, preset: Preset): ClusterKernel {
  const n = rows.length;
  const panels = new Panels(source, rows);
  const squares = squaredNorms(panels);
  const gram = n <= wholeGramLimit ? new Float64Array(n * n) : undefined;
  const sums = new ExactSums(n);
  const dots = new Float64Array(panels.panelRows * panels.panelRows);
  const factor = kernelFactor[preset];
  for (let a = 0; a < panels.count; a++) {
    const left = panels.at(a);
    for (let b = a; b < panels.count; b++) {
      const right = b === a ? left : panels.at(b);
      dotTile(left.values, left.count, right.values, right.count, panels.dimensions, dots);
      for (let i = 0; i < left.count; i++) {
        const row = left.first + i;
        for (let j = b === a ? i + 1 : 0; j < right.count; j++) {
          const other = right.first + j;
          const value = kernel(factor, squares[row] as number, squares[other] as number, dots[i * right.count + j] as number);
          sums.add(row, value);
          sums.add(other, value);
          if (gram) {
            gram[row * n + other] = value;
            gram[other * n + row] = value;
          }
        }
      }
    }
  }
  const rowMeans = new Float64Array(n);
  const total = new ExactSums(1);
  for (let j = 0; j < n; j++) {
    const others = sums.at(j);
    total.add(0, others);
    rowMeans[j] = (others + 1) / n; // the diagonal is exactly 1
    if (gram) gram[j * n + j] = 1;
  }
  return {
    density: n === 1 ? 1 : preset === 'repo' ? (total.at(0) + n) / (n * n) : total.at(0) / (n * (n - 1)),
    rowMeans,
    order: gram ? mmdOrder(rowMeans, n, (position) => gram.subarray(position * n, (position + 1) * n)) : undefined,
  };
}

/** The first `length` picks of a cluster whose Gram matrix is too large to keep: each pick computes its own column. */
export function prefixOrder(source: RowSource, rows: Uint32Array, preset: Preset, rowMeans: Float64Array, length: number): Uint32Array {
  const panels = new Panels(source, rows, prefixResidentBytes);
  const squares = squaredNorms(panels);
  const d = panels.dimensions;
  const factor = kernelFactor[preset];
  const own = new Float64Array(d);
  const dots = new Float64Array(panels.panelRows);
  const values = new Float64Array(rows.length);
  return mmdOrder(rowMeans, length, (position) => {
    source.read(rows[position] as number, own, 0);
    for (let p = 0; p < panels.count; p++) {
      const { first, count, values: block } = panels.at(p);
      dotTile(block, count, own, 1, d, dots);
      for (let i = 0; i < count; i++)
        values[first + i] = kernel(factor, squares[first + i] as number, squares[position] as number, dots[i] as number);
    }
    return values;
  });
}

/** Rounding may leave -1e-16 for duplicates: their distance is 0. */
function kernel(factor: number, squareA: number, squareB: number, product: number): number {
  return Math.exp(-factor * Math.max(0, squareA + squareB - 2 * product));
}
