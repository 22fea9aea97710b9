import { open } from 'node:fs/promises';
import type { InspectReport } from '../../protocol/dataset.ts';
import { type Dataset, type DatasetPart, recordFlags } from './dataset.ts';
import { countUsable } from './datasetPart.ts';
import { DistinctCounter } from './distinct.ts';
import { readIdTexts, readImageTexts } from './partTexts.ts';

/** What a dataset holds. Counts are over its instances, exact. */
export async function inspectDataset(dataset: Dataset): Promise<InspectReport> {
  let turns = 0;
  let withImage = 0;
  let textOnly = 0;
  let multiImage = 0;
  let withVideo = 0;
  for (let ordinal = 0; ordinal < dataset.records; ordinal++) {
    const flags = dataset.flags[ordinal] as number;
    if (!(flags & recordFlags.usable)) continue;
    turns += dataset.turns[ordinal] as number;
    if (flags & recordFlags.image) withImage++;
    if (flags & recordFlags.textOnly) textOnly++;
    if (flags & recordFlags.multiImage) multiImage++;
    if (flags & recordFlags.video) withVideo++;
  }
  const distinctIds = await countDistinctIds(dataset);
  const distinctImages = await countDistinctImages(dataset);
  return {
    dataset: dataset.summary,
    instances: dataset.instances,
    records: dataset.records,
    turns,
    withImage,
    textOnly,
    multiImage,
    withVideo,
    distinctImages,
    distinctIds,
    problems: dataset.problems,
    problemCounts: dataset.problemCounts,
    ...(dataset.summary.format === 'mixture' ? { parts: dataset.parts.map((part) => partReport(dataset, part)) } : {}),
    reused: dataset.reused,
  };
}

function partReport(dataset: Dataset, part: DatasetPart): NonNullable<InspectReport['parts']>[number] {
  const flags = dataset.flags.subarray(part.firstOrdinal, part.firstOrdinal + part.records);
  return { path: part.path, instances: countUsable(flags), variant: part.view.variant };
}

/** Ids as the records spell them. Apart from the images, so that only one of the two tables is in memory. */
async function countDistinctIds(dataset: Dataset): Promise<number> {
  const ids = new DistinctCounter();
  for (const part of dataset.parts) {
    const { idBytes, idOffsets } = await readIdTexts(part);
    for (let i = 0; i < part.records; i++) {
      const position = part.indexFirst + i;
      const flags = dataset.flags[part.firstOrdinal + i] as number;
      if (flags & recordFlags.usable && !(flags & recordFlags.noId))
        ids.add(idBytes, idOffsets[position] as number, idOffsets[position + 1] as number);
    }
  }
  return ids.count;
}

/** Image paths as the records spell them. The same path under other image roots is another image. */
async function countDistinctImages(dataset: Dataset): Promise<number> {
  const images = new DistinctCounter();
  const roots = new Map<string, number>();
  for (const part of dataset.parts) {
    const rootKey = part.imageRoots.join('\0');
    const group = roots.get(rootKey) ?? roots.size;
    roots.set(rootKey, group);
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    let image = 0;
    for (let position = 0; position < part.indexFirst; position++) image += imageCounts[position] as number;
    for (let i = 0; i < part.records; i++) {
      const imagesEnd = image + (imageCounts[part.indexFirst + i] as number);
      if ((dataset.flags[part.firstOrdinal + i] as number) & recordFlags.usable)
        for (let k = image; k < imagesEnd; k++) images.add(imageBytes, imageOffsets[k] as number, imageOffsets[k + 1] as number, group);
      image = imagesEnd;
    }
  }
  return images.count;
}

/** An image path as a record names it, with the record's place. */
export interface ImageReference {
  readonly ordinal: number;
  readonly image: string;
  readonly byteStart: number;
  readonly byteEnd: number;
  /** 1-based line of `byteStart`. */
  readonly line: number;
  readonly part: DatasetPart;
  /** Path of the part's file, when it is not the dataset itself. */
  readonly file?: string;
}

/** All image paths of all instances, in order. Lines are counted along the way. */
export async function* imageReferences(dataset: Dataset): AsyncGenerator<ImageReference> {
  for (const part of dataset.parts) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    let image = 0;
    for (let position = 0; position < part.indexFirst; position++) image += imageCounts[position] as number;
    await using lines = await LineCounter.open(part.textPath);
    for (let i = 0; i < part.records; i++) {
      const ordinal = part.firstOrdinal + i;
      const count = imageCounts[part.indexFirst + i] as number;
      if (count > 0 && (dataset.flags[ordinal] as number) & recordFlags.usable) {
        const byteStart = dataset.start[ordinal] as number;
        const line = await lines.lineOf(byteStart);
        const place = {
          ordinal,
          byteStart,
          byteEnd: dataset.end[ordinal] as number,
          line,
          part,
          ...(part.path === dataset.path ? {} : { file: part.path }),
        };
        for (let k = image; k < image + count; k++) {
          yield {
            ...place,
            image: Buffer.from(imageBytes.buffer, imageBytes.byteOffset, imageBytes.byteLength).toString(
              'utf8',
              imageOffsets[k],
              imageOffsets[k + 1],
            ),
          };
        }
      }
      image += count;
    }
  }
}

/** Line numbers of ascending positions. */
class LineCounter implements AsyncDisposable {
  readonly #handle: Awaited<ReturnType<typeof open>>;
  readonly #chunk = Buffer.allocUnsafe(1 << 20);
  #chunkStart = 0;
  #length = 0;
  #at = 0;
  #line = 1;

  private constructor(handle: Awaited<ReturnType<typeof open>>) {
    this.#handle = handle;
  }

  static async open(path: string): Promise<LineCounter> {
    return new LineCounter(await open(path, 'r'));
  }

  async lineOf(position: number): Promise<number> {
    for (;;) {
      const target = Math.min(this.#length, position - this.#chunkStart);
      for (; this.#at < target; this.#at++) if (this.#chunk[this.#at] === 0x0a) this.#line++;
      if (this.#chunkStart + this.#at >= position) return this.#line;
      this.#chunkStart += this.#length;
      const { bytesRead } = await this.#handle.read(this.#chunk, 0, this.#chunk.length, this.#chunkStart);
      this.#length = bytesRead;
      this.#at = 0;
      if (bytesRead === 0) return this.#line;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
