import { clusterKernel, prefixOrder } from './clusterKernel.ts';
import { dotTile } from './dotTile.ts';
import { earlierSimilarity } from './earlierSimilarity.ts';
import { type NearestRows, type NearnessMetric, nearestRows } from './nearestRows.ts';
import { cosineOf, Panels, squaredNorms } from './panels.ts';
import { languageHalf, type MatrixFiles, openRows, type RowSource } from './rowSource.ts';
import { type Preset, type Transferability, transferabilityOf } from './transferability.ts';

/** Work on rows in files that a thread can do by itself: structured-cloneable payloads and results. */
export interface RowTasks {
  transferability: {
    payload: {
      readonly centroids: MatrixFiles;
      readonly layout?: { readonly layers: number; readonly half: number } | undefined;
      readonly preset: Preset;
      readonly from: number;
      readonly to: number;
    };
    result: Transferability;
  };
  kernels: { payload: ClusterBatch & { readonly preset: Preset }; result: KernelBatch };
  prefix: {
    payload: {
      readonly matrix: MatrixFiles;
      readonly rows: Uint32Array;
      readonly preset: Preset;
      readonly rowMeans: Float64Array;
      readonly length: number;
    };
    result: Uint32Array;
  };
  nearest: {
    payload: {
      readonly matrix: MatrixFiles;
      readonly metric: NearnessMetric;
      readonly wanted: number;
      readonly from: number;
      readonly to: number;
    };
    result: NearestRows;
  };
  earlier: { payload: ClusterBatch & { readonly centroids: MatrixFiles; readonly firstCluster: number }; result: EarlierBatch };
}

/** Some consecutive clusters: members of the i-th are `rows[offsets[i] .. offsets[i + 1])`. */
export interface ClusterBatch {
  readonly matrix: MatrixFiles;
  readonly rows: Uint32Array;
  readonly offsets: Uint32Array;
}

export interface KernelBatch {
  readonly density: Float64Array;
  readonly rowMeans: Float64Array;
  /** Members in greedy order; of a cluster above `wholeGramLimit` as they came. */
  readonly order: Uint32Array;
}

export interface EarlierBatch {
  readonly rows: Uint32Array;
  readonly maximum: Float64Array;
  readonly twin: Uint32Array;
}

type Handlers = { readonly [Kind in keyof RowTasks]: (payload: RowTasks[Kind]['payload']) => RowTasks[Kind]['result'] };

export const rowTasks: Handlers = {
  transferability({ centroids, layout, preset, from, to }) {
    using whole = openRows(centroids);
    return transferabilityOf(layout && preset === 'repo' ? languageHalf(whole, layout) : whole, preset, from, to);
  },
  kernels({ matrix, rows, offsets, preset }) {
    using source = openRows(matrix);
    const clusters = offsets.length - 1;
    const density = new Float64Array(clusters);
    const rowMeans = new Float64Array(rows.length);
    const order = rows.slice();
    for (let c = 0; c < clusters; c++) {
      const [from, to] = [offsets[c] as number, offsets[c + 1] as number];
      const members = rows.subarray(from, to);
      const kernel = clusterKernel(source, members, preset);
      density[c] = kernel.density;
      rowMeans.set(kernel.rowMeans, from);
      if (kernel.order) for (let i = 0; i < members.length; i++) order[from + i] = members[kernel.order[i] as number] as number;
    }
    return { density, rowMeans, order };
  },
  prefix({ matrix, rows, preset, rowMeans, length }) {
    using source = openRows(matrix);
    return prefixOrder(source, rows, preset, rowMeans, length).map((position) => rows[position] as number);
  },
  nearest({ matrix, metric, wanted, from, to }) {
    using source = openRows(matrix);
    return nearestRows(source, metric, wanted, from, to);
  },
  earlier({ matrix, centroids, firstCluster, rows, offsets }) {
    using source = openRows(matrix);
    using centers = openRows(centroids);
    const center = new Float64Array(centers.dimensions);
    const result = { rows: new Uint32Array(rows.length), maximum: new Float64Array(rows.length), twin: new Uint32Array(rows.length) };
    for (let c = 0; c + 1 < offsets.length; c++) {
      const from = offsets[c] as number;
      centers.read(firstCluster + c, center, 0);
      const found = earlierSimilarity(source, rows.subarray(from, offsets[c + 1]), center);
      result.rows.set(found.rows, from);
      result.maximum.set(found.maximum, from);
      result.twin.set(found.twin, from);
    }
    return result;
  },
};

/** Cosines of single rows with all rows, for the few times that a neighbour list is too short. */
export function cosinesWith(source: RowSource): (row: number) => Float64Array {
  const panels = new Panels(source);
  const squares = squaredNorms(panels);
  const own = new Float64Array(source.dimensions);
  const dots = new Float64Array(panels.panelRows);
  return (row) => {
    const cosines = new Float64Array(source.rows);
    source.read(row, own, 0);
    for (let p = 0; p < panels.count; p++) {
      const { first, count, values } = panels.at(p);
      dotTile(values, count, own, 1, source.dimensions, dots);
      for (let i = 0; i < count; i++)
        cosines[first + i] = cosineOf(dots[i] as number, squares[first + i] as number, squares[row] as number);
    }
    return cosines;
  };
}
