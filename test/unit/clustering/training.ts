import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KMeansParameters } from '../../../src/engine/clustering/clustering.ts';
import { type ClusteringInfo, type ClusterProgress, trainClusters } from '../../../src/engine/clustering/training/trainClusters.ts';
import type { FeatureMatrix } from '../../../src/engine/features/featureMatrix.ts';
import { AtomicFile } from '../../../src/engine/runs/atomicFile.ts';
import { npyHeader, readJson, readNpy } from '../../../src/engine/runs/npy.ts';
import { createMatrices } from '../../../src/engine/runtime/compute/createMatrices.ts';
import type { Matrices } from '../../../src/engine/runtime/contracts.ts';

export const kernelPath = join(import.meta.dirname, '../../../dist/kernels.wasm');
if (!existsSync(kernelPath)) throw new Error('run npm run build first: dist/kernels.wasm is missing');

export interface Trained {
  readonly labels: Int32Array;
  readonly similarity: Float32Array;
  readonly centroids: Float32Array;
  readonly originalIds: Int32Array;
  readonly info: ClusteringInfo;
}

/** A folder for matrices and results, removed when the test ends. */
export class Workplace implements AsyncDisposable {
  readonly folder: string;
  #runs = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), 'ballast-kmeans-')));
  }

  /** Writes rows as a `.npy` file, cut into `shards`. */
  async matrix(
    values: Float32Array | Uint16Array,
    dimensions: number,
    { shards = 1, clip = 1 }: { readonly shards?: number; readonly clip?: number } = {},
  ): Promise<FeatureMatrix> {
    const rows = values.length / dimensions;
    const dtype = values instanceof Float32Array ? 'float32' : 'float16';
    const perShard = Math.ceil(rows / shards);
    const parts: FeatureMatrix['shards'][number][] = [];
    for (let firstRow = 0; firstRow < rows; firstRow += perShard) {
      const part = values.subarray(firstRow * dimensions, (firstRow + perShard) * dimensions);
      const count = part.length / dimensions;
      const header = npyHeader(dtype === 'float32' ? '<f4' : '<f2', [count, dimensions]);
      const path = join(this.folder, `matrix-${this.#runs++}.npy`);
      await using file = await AtomicFile.create(path);
      await file.write(header);
      await file.write(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
      await file.commit();
      parts.push({ path, firstRow, rows: count, dataOffset: header.byteLength });
    }
    return { rows, dimensions, dtype, shards: parts, clip, identity: 'test' };
  }

  async train(
    matrix: FeatureMatrix,
    parameters: Partial<KMeansParameters> & { readonly clusters: number },
    options: {
      readonly matrices?: Matrices;
      readonly threads?: number;
      readonly folder?: string;
      readonly progress?: (report: ClusterProgress) => void;
    } = {},
  ): Promise<Trained> {
    const folder = options.folder ?? join(this.folder, `run-${this.#runs++}`);
    await mkdir(folder, { recursive: true });
    const matrices = options.matrices ?? (await createMatrices({ device: 'cpu', threads: options.threads ?? 2 }, kernelPath));
    const full: KMeansParameters = { iterations: 10, seed: 42, precision: 'f32', permutation: 'mod', ...parameters };
    await trainClusters({ matrix, parameters: full, folder, checkpointMs: 0 }, matrices, options.progress ?? (() => undefined));
    const file = (name: string): string => join(folder, name);
    return {
      labels: await readNpy(file('assignments.npy'), '<i4'),
      similarity: await readNpy(file('similarity.npy'), '<f4'),
      centroids: await readNpy(file('centroids.npy'), '<f4'),
      originalIds: await readNpy(file('originalIds.npy'), '<i4'),
      info: await readJson<ClusteringInfo>(file('clustering.json')),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Rows of a flat matrix. */
export function rowsOf(values: Float32Array, dimensions: number): Float32Array[] {
  return Array.from({ length: values.length / dimensions }, (_, row) => values.slice(row * dimensions, (row + 1) * dimensions));
}
