import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy } from '../runs/npy.ts';
import type { DatasetPart } from './dataset.ts';

/** Image paths of a part's index, as the records spell them. */
export interface ImageTexts {
  readonly imageBytes: Uint8Array;
  readonly imageOffsets: Float64Array;
  /** Image paths per position in the index; the paths stand in that order. */
  readonly imageCounts: Uint32Array;
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
