import type { SourceCount } from '../../protocol/diff.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { DistinctCounter } from '../dataset/distinct.ts';
import { firstFolder, firstImages, readImageTexts } from '../dataset/partTexts.ts';
import type { Breath } from '../jobs/breath.ts';

/** Places of the sources that are no folder; folders follow. */
const fixed = ['textOnly', 'noFolder', 'other'] as const;

/** Instances between two looks at the clock; a power of two. */
const breathEvery = 1 << 13;

export type SourceDataset = Pick<Dataset, 'parts' | 'flags'>;

/**
 * Instances of two datasets by where their first image lies: the first folder of its path as spelled; apart from them text-only ones,
 * images without a folder, and instances without an image path (video, embedded images). The largest first, sources of neither left out.
 */
export async function sourceCounts(a: SourceDataset, b: SourceDataset, breath: Breath): Promise<readonly SourceCount[]> {
  const folders = new DistinctCounter();
  const names: string[] = [];
  const [countA, countB] = [await countsOf(a, folders, names, breath), await countsOf(b, folders, names, breath)];
  const sources: SourceCount[] = [];
  for (let i = 0; i < fixed.length + names.length; i++) {
    const kind = fixed[i] ?? 'folder';
    const [inA, inB] = [countA[i] ?? 0, countB[i] ?? 0];
    if (inA + inB > 0) sources.push({ kind, folder: names[i - fixed.length] ?? '', a: inA, b: inB });
  }
  return sources.sort((x, y) => y.a - x.a || y.b - x.b || (x.folder < y.folder ? -1 : 1));
}

/** @param names is extended by the folders that appear for the first time */
async function countsOf(dataset: SourceDataset, folders: DistinctCounter, names: string[], breath: Breath): Promise<readonly number[]> {
  const counts: number[] = [];
  const add = (source: number): void => {
    counts[source] = (counts[source] ?? 0) + 1;
  };
  for (const part of dataset.parts) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    const first = firstImages(part, imageCounts);
    for (let i = 0; i < part.records; i++) {
      if (i % breathEvery === 0 && breath.isDue) await breath.take();
      const flags = dataset.flags[part.firstOrdinal + i] as number;
      if (!(flags & recordFlags.usable)) continue;
      if (flags & recordFlags.textOnly) add(0);
      else if (imageCounts[part.indexFirst + i] === 0) add(2);
      else {
        const image = first[i] as number;
        const [start, end] = firstFolder(imageBytes, imageOffsets[image] as number, imageOffsets[image + 1] as number);
        if (end < 0) add(1);
        else {
          const folder = folders.intern(imageBytes, start, end);
          if (folder === names.length) names.push(Buffer.from(imageBytes.subarray(start, end)).toString('utf8'));
          add(fixed.length + folder);
        }
      }
    }
  }
  return counts;
}
