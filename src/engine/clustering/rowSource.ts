import { closeSync, openSync, readSync } from 'node:fs';
import { EngineError } from '../jobs/engineError.ts';
import { halfToDouble } from '../runs/arrayFile.ts';

/** Rows of a matrix, read one at a time in double precision; every stored type converts exactly. */
export interface RowSource {
  readonly rows: number;
  readonly dimensions: number;
  /** Copies a row to `out[at ..]`. @throws EngineError `arrays.invalid` for a value that is no finite number */
  read(row: number, out: Float64Array, at: number): void;
}

/** A matrix in `.npy` files; structured-cloneable. A `FeatureMatrix` is one. */
export interface MatrixFiles {
  readonly rows: number;
  readonly dimensions: number;
  readonly dtype: 'float16' | 'float32' | 'float64';
  /** Consecutive rows, ascending, without gaps. */
  readonly shards: readonly {
    readonly path: string;
    readonly firstRow: number;
    readonly rows: number;
    readonly dataOffset: number;
  }[];
}

export function memoryRows(values: ArrayLike<number>, dimensions: number): RowSource {
  return {
    rows: dimensions === 0 ? 0 : values.length / dimensions,
    dimensions,
    read(row, out, at) {
      for (let k = 0, from = row * dimensions; k < dimensions; k++) out[at + k] = values[from + k] as number;
    },
  };
}

/** The language half of every row: per layer, `half` visual values come before `half` language values. */
export function languageHalf(source: RowSource, layout: { readonly layers: number; readonly half: number }): RowSource {
  const { layers, half } = layout;
  const whole = new Float64Array(source.dimensions);
  return {
    rows: source.rows,
    dimensions: layers * half,
    read(row, out, at) {
      source.read(row, whole, 0);
      for (let layer = 0; layer < layers; layer++)
        out.set(whole.subarray((2 * layer + 1) * half, (2 * layer + 2) * half), at + layer * half);
    },
  };
}

const bytesPerValue = { float16: 2, float32: 4, float64: 8 } as const;

/** Reads rows from files, each with one positioned read. Disposal closes them. */
export function openRows(matrix: MatrixFiles): RowSource & Disposable {
  const { rows, dimensions, dtype, shards } = matrix;
  const rowBytes = dimensions * bytesPerValue[dtype];
  const buffer = new ArrayBuffer(rowBytes);
  const bytes = new Uint8Array(buffer);
  const values = dtype === 'float16' ? new Uint16Array(buffer) : dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  const table = dtype === 'float16' ? halfValues() : undefined;
  const files = new Map<string, number>();
  const fileOf = (path: string): number => {
    const open = files.get(path) ?? openSync(path, 'r');
    files.set(path, open);
    return open;
  };
  let shard = shards[0];
  return {
    rows,
    dimensions,
    read(row, out, at) {
      if (!shard || row < shard.firstRow || row >= shard.firstRow + shard.rows)
        shard = shards.find(({ firstRow, rows: count }) => row >= firstRow && row < firstRow + count);
      if (!shard) throw new RangeError(`row ${row} is in no shard`);
      readFully(fileOf(shard.path), bytes, shard.dataOffset + (row - shard.firstRow) * rowBytes, shard.path);
      let sum = 0;
      for (let k = 0; k < dimensions; k++) {
        const value = table ? (table[values[k] as number] as number) : (values[k] as number);
        out[at + k] = value;
        sum += value * 0; // stays 0 unless a value is NaN or infinite
      }
      if (sum !== 0)
        throw new EngineError('arrays.invalid', `Row ${row} of ${shard.path} holds a value that is no finite number.`, {
          path: shard.path,
          row,
        });
    },
    [Symbol.dispose]() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}

function readFully(file: number, bytes: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < bytes.byteLength; ) {
    const read = readSync(file, bytes, done, bytes.byteLength - done, position + done);
    if (read === 0) throw new EngineError('arrays.invalid', `${path} ended early.`, { path });
    done += read;
  }
}

let halfTable: Float64Array | undefined;

/** Value of each of the 65,536 half-precision patterns. */
function halfValues(): Float64Array {
  halfTable ??= Float64Array.from({ length: 65536 }, (_, bits) => halfToDouble(bits));
  return halfTable;
}
