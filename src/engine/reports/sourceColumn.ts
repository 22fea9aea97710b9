import { basename } from 'node:path';
import type { SourceShare } from '../../protocol/whatIf.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { DistinctCounter } from '../dataset/distinct.ts';
import { firstFolder, firstImages, readImageTexts } from '../dataset/partTexts.ts';

/** Sources listed; the smallest beyond are one. */
const sourceLimit = 500;

/** Where each instance comes from. */
export interface SourceColumn {
  readonly names: readonly string[];
  /** Position in `names` per ordinal; of no meaning where there is no instance. */
  readonly codes: Uint32Array;
}

/**
 * The source of every instance: the file of a mixture; else the first folder of its first image's path, `.` for a path without one,
 * `text-only`, and `other` for instances without an image path (video, embedded images).
 */
export async function sourceColumn(dataset: Pick<Dataset, 'summary' | 'parts' | 'flags' | 'records'>): Promise<SourceColumn> {
  const codes = new Uint32Array(dataset.records);
  if (dataset.summary.format === 'mixture') {
    for (const [code, part] of dataset.parts.entries()) codes.fill(code, part.firstOrdinal, part.firstOrdinal + part.records);
    return { names: dataset.parts.map((part) => part.name ?? basename(part.path)), codes };
  }
  const names = ['text-only', 'other', '.'];
  const folders = new DistinctCounter();
  const fixed = names.length;
  for (const part of dataset.parts) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    const first = firstImages(part, imageCounts);
    for (let i = 0; i < part.records; i++) {
      const ordinal = part.firstOrdinal + i;
      if ((dataset.flags[ordinal] as number) & recordFlags.textOnly) continue; // code 0
      if (imageCounts[part.indexFirst + i] === 0) {
        codes[ordinal] = 1;
        continue;
      }
      const image = first[i] as number;
      const [start, end] = firstFolder(imageBytes, imageOffsets[image] as number, imageOffsets[image + 1] as number);
      if (end < 0) {
        codes[ordinal] = 2;
        continue;
      }
      const folder = folders.intern(imageBytes, start, end);
      if (fixed + folder === names.length) names.push(Buffer.from(imageBytes.subarray(start, end)).toString('utf8'));
      codes[ordinal] = fixed + folder;
    }
  }
  return { names, codes };
}

/** Instances by source. @param verdicts bit 1: in the selection, bit 2: in the control @param instances nonzero for instances */
export function countSources({ names, codes }: SourceColumn, instances: Uint8Array, verdicts: Uint8Array): readonly SourceShare[] {
  const before = new Uint32Array(names.length);
  const after = new Uint32Array(names.length);
  const control = new Uint32Array(names.length);
  for (let ordinal = 0; ordinal < codes.length; ordinal++) {
    if (!instances[ordinal]) continue;
    const code = codes[ordinal] as number;
    const verdict = verdicts[ordinal] as number;
    before[code] = (before[code] as number) + 1;
    after[code] = (after[code] as number) + (verdict & 1);
    control[code] = (control[code] as number) + (verdict >> 1);
  }
  const all = names
    .map((source, i) => ({ source, before: before[i] as number, after: after[i] as number, control: control[i] as number }))
    .filter((source) => source.before > 0)
    .sort((a, b) => b.before - a.before || (a.source < b.source ? -1 : 1));
  if (all.length <= sourceLimit) return all;
  const listed = all.slice(0, sourceLimit - 1).filter(({ source }) => source !== 'other');
  const rest = all.filter((source) => !listed.includes(source));
  const sum = (key: 'before' | 'after' | 'control'): number => rest.reduce((total, source) => total + source[key], 0);
  return [...listed, { source: 'other', before: sum('before'), after: sum('after'), control: sum('control') }];
}
