import { type Dataset, type DatasetPart, recordFlags } from './dataset.ts';
import { readImageTexts } from './partTexts.ts';

/** One image that some record names, or that a row of a Parquet file holds. */
export interface ListedImage {
  readonly part: DatasetPart;
  /** As the record spells it. */
  readonly image: string;
  /** Of a Parquet part: the row, and the image's place among those of the row. */
  readonly row?: { readonly index: number; readonly position: number };
}

/** Images of all instances, each once. */
export interface ImageList {
  /** In order of their first mention. */
  readonly images: readonly ListedImage[];
  /** Images of the i-th instance: `imageOf[offsets[i] .. offsets[i + 1])`, positions in `images`. Length instances + 1. */
  readonly offsets: Uint32Array;
  readonly imageOf: Uint32Array;
}

/**
 * Lists the images of a dataset. The same spelling under the same image roots is one image; pictures inside Parquet files are one each,
 * since they often share a stored name.
 */
export async function listImages(dataset: Dataset): Promise<ImageList> {
  const images: ListedImage[] = [];
  const known = new Map<string, number>();
  const offsets = new Uint32Array(dataset.instances + 1);
  const imageOf: number[] = [];
  let instance = 0;
  for (const part of dataset.parts) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    const texts = Buffer.from(imageBytes.buffer, imageBytes.byteOffset, imageBytes.byteLength);
    const rootKey = `${part.imageRoots.join('\0')}\0\0`;
    let next = 0;
    for (let position = 0; position < part.indexFirst; position++) next += imageCounts[position] as number;
    for (let i = 0; i < part.records; i++) {
      const first = next;
      next += imageCounts[part.indexFirst + i] as number;
      if (!((dataset.flags[part.firstOrdinal + i] as number) & recordFlags.usable)) continue;
      for (let k = first; k < next; k++) {
        const image = texts.toString('utf8', imageOffsets[k], imageOffsets[k + 1]);
        const isParquet = part.kind === 'parquet';
        const key = rootKey + oneSpelling(image);
        const listed = isParquet ? undefined : known.get(key);
        imageOf.push(listed ?? images.length);
        if (listed !== undefined) continue;
        if (!isParquet) known.set(key, images.length);
        images.push(isParquet ? { part, image, row: { index: part.indexFirst + i, position: k - first } } : { part, image });
      }
      offsets[++instance] = imageOf.length;
    }
  }
  return { images, offsets, imageOf: Uint32Array.from(imageOf) };
}

/** Only what the resolver skips too: `./a` and `b//c` are spellings of one image, `a/.` and `b/../a` are refused. */
export function oneSpelling(image: string): string {
  return image.startsWith('/') ? image : image.replace(/^(?:\.\/+)+/, '').replace(/\/(?:\.?\/)+/g, '/');
}
