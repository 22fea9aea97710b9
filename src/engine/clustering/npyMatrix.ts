import { open } from 'node:fs/promises';
import { parseNpyHeader } from '../runs/npy.ts';
import type { MatrixFiles } from './rowSource.ts';

const dtypes = { '<f2': 'float16', '<f4': 'float32', '<f8': 'float64' } as const;

/** One of our own `.npy` matrices as rows to read. */
export async function matrixOfNpy(path: string): Promise<MatrixFiles> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(head, 0, head.byteLength, 0);
    const { descriptor, shape, dataOffset } = parseNpyHeader(head.subarray(0, bytesRead), path);
    const dtype = dtypes[descriptor as keyof typeof dtypes];
    const [rows, dimensions] = shape;
    if (!dtype || rows === undefined || dimensions === undefined) throw new Error(`${path} is no matrix`);
    return { rows, dimensions, dtype, shards: [{ path, firstRow: 0, rows, dataOffset }] };
  } finally {
    await handle.close();
  }
}
