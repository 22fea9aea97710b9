import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { yieldToLoop } from '../../jobs/jobContext.ts';
import { AtomicFile } from '../../runs/atomicFile.ts';
import type { RawRowFiles } from './rawRows.ts';

export type StoredBytes = 2 | 4;

export function storedBytesOf(matrix: Pick<FeatureMatrix, 'dtype'>): StoredBytes {
  return matrix.dtype === 'float16' ? 2 : 4;
}

export function rowFilesOf(matrix: FeatureMatrix): RawRowFiles {
  return { rows: matrix.rows, rowBytes: matrix.dimensions * storedBytesOf(matrix), shards: matrix.shards };
}

/** Rows without a header in one file. */
export function oneFile(path: string, rows: number, rowBytes: number): RawRowFiles {
  return { rows, rowBytes, shards: [{ path, firstRow: 0, rows, dataOffset: 0 }] };
}

/** Bytes gathered before they are written. */
const blockBytes = 16 * 1024 * 1024;

/** Copies the chosen rows, in the order of `order`, into a file of their own; a finished one of an earlier call is used again. */
export async function gatherRows(source: RawRowFiles, order: Uint32Array, path: string): Promise<RawRowFiles> {
  const { rowBytes, shards } = source;
  const result = oneFile(path, order.length, rowBytes);
  if (await exists(path)) return result;
  await using target = await AtomicFile.create(path);
  const files = shards.map((shard) => openSync(shard.path, 'r'));
  try {
    const rowsPerBlock = Math.max(1, Math.floor(blockBytes / rowBytes));
    const room = Buffer.allocUnsafe(Math.min(rowsPerBlock, order.length) * rowBytes);
    for (let from = 0; from < order.length; from += rowsPerBlock) {
      const count = Math.min(rowsPerBlock, order.length - from);
      const block = room.subarray(0, count * rowBytes);
      for (let i = 0; i < count; i++) {
        const row = order[from + i] as number;
        const s = shards.findIndex(({ firstRow, rows }) => row >= firstRow && row < firstRow + rows);
        const shard = shards[s];
        if (!shard) throw new RangeError(`row ${row} is in no shard`);
        const position = shard.dataOffset + (row - shard.firstRow) * rowBytes;
        for (let done = 0; done < rowBytes; ) {
          const read = readSync(files[s] as number, block, i * rowBytes + done, rowBytes - done, position + done);
          if (read === 0) throw new RangeError(`${shard.path} ended early`);
          done += read;
        }
      }
      await target.write(block);
      await yieldToLoop();
    }
  } finally {
    for (const file of files) closeSync(file);
  }
  await target.commit();
  return result;
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
