import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy } from '../runs/npy.ts';
import type { DatasetPart } from './dataset.ts';

const slash = 0x2f;

/** Ids of a part's records, by position in its index. */
export interface IdTexts {
  readonly idBytes: Uint8Array;
  /** Id of position i: `idBytes[idOffsets[i] .. idOffsets[i + 1])`. A record without an id has the flag `noId`. */
  readonly idOffsets: Float64Array;
}

/** Image paths of a part's records as the records spell them. */
export interface ImageTexts {
  readonly imageBytes: Uint8Array;
  readonly imageOffsets: Float64Array;
  /** Image paths per position in the index; the paths stand in that order. */
  readonly imageCounts: Uint32Array;
}

export async function readIdTexts(part: DatasetPart): Promise<IdTexts> {
  const [idBytes, idOffsets] = await Promise.all([
    readFile(join(part.indexFolder, 'ids.utf8')),
    readNpy(join(part.indexFolder, 'ids.offsets.npy'), '<f8'),
  ]);
  return { idBytes, idOffsets };
}

export async function readImageTexts(part: DatasetPart): Promise<ImageTexts> {
  const file = (name: string): string => join(part.indexFolder, name);
  const [imageBytes, imageOffsets, imageCounts] = await Promise.all([
    readFile(file('images.utf8')),
    readNpy(file('images.offsets.npy'), '<f8'),
    readNpy(file('imageCounts.npy'), '<u4'),
  ]);
  return { imageBytes, imageOffsets, imageCounts };
}

/** Per record of the part, the position of its first image path in `imageOffsets`; of its last one, what the next record's says. */
export function firstImages(part: Pick<DatasetPart, 'indexFirst' | 'records'>, imageCounts: Uint32Array): Uint32Array {
  const first = new Uint32Array(part.records);
  let image = 0;
  for (let position = 0; position < part.indexFirst; position++) image += imageCounts[position] as number;
  for (let i = 0; i < part.records; i++) {
    first[i] = image;
    image += imageCounts[part.indexFirst + i] as number;
  }
  return first;
}

/** Range in `bytes[from, to)`, an image path, of the first segment that another one follows; its end is -1 when the path names no folder. */
export function firstFolder(bytes: Uint8Array, from: number, to: number): readonly [start: number, end: number] {
  let start = from;
  while (start < to && bytes[start] === slash) start++;
  const end = bytes.indexOf(slash, start);
  return [start, end >= 0 && end < to ? end : -1];
}
