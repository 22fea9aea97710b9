import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNpyHeader } from '../runs/npy.ts';
import type { Offsets } from './perspectiveIndex.ts';

const idBytes = 4;
const headerBytes = 4096;

/**
 * Entity ids of some rows, read from the index's files: a page of rows needs a few kilobytes of an array of a hundred megabytes.
 * @param folder of the index artifact
 */
export async function readRowEntities(folder: string, rowOffsets: Offsets, ordinals: ArrayLike<number>): Promise<readonly Uint32Array[]> {
  const path = join(folder, 'rowEntities.npy');
  await using handle = await open(path, 'r');
  const header = Buffer.alloc(headerBytes);
  const { bytesRead } = await handle.read(header, 0, headerBytes, 0);
  const { dataOffset } = parseNpyHeader(header.subarray(0, bytesRead), path);
  return Promise.all(
    Array.from(ordinals, (ordinal) => {
      const from = rowOffsets[ordinal] as number;
      return readIds(handle, dataOffset + from * idBytes, (rowOffsets[ordinal + 1] as number) - from);
    }),
  );
}

async function readIds(handle: FileHandle, position: number, count: number): Promise<Uint32Array> {
  const ids = new Uint32Array(count);
  const bytes = new Uint8Array(ids.buffer);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new Error('the rows of an index ended early');
    done += bytesRead;
  }
  return ids;
}
