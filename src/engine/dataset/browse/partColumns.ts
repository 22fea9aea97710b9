import { type DatasetPart, recordFlags } from '../dataset.ts';
import { firstFolder, firstImages, readIdTexts, readImageTexts } from '../partTexts.ts';
import { cutText } from './shortText.ts';

/** Folders told apart; with more of them they are no facet. */
const folderLimit = 50_000;
/** UTF-16 units of an id that sorting looks at. */
const sortedUnits = 256;
/** UTF-16 units of a folder's name. */
const folderUnits = 200;

/** What follows from the texts that the index keeps; structured-cloneable. */
export interface PartColumnsTask {
  readonly parts: readonly DatasetPart[];
  /** Flags of all records. */
  readonly flags: Uint8Array;
}

export interface PartColumns {
  /** Per ordinal the rank of its id in natural order, equal for equal ids; `noRank` without an id. */
  readonly idRank: Uint32Array<ArrayBuffer>;
  /** Per ordinal the position in `folders` plus 1; 0 without an image path. */
  readonly folder: Uint16Array<ArrayBuffer>;
  /** First folders of the records' first image paths, in order of first appearance; `.` for paths without one. */
  readonly folders: readonly string[];
}

/** Sorts behind every rank. */
export const noRank = 0xffff_ffff;

/** Runs in a worker: sorting the ids of a big dataset takes a second. */
export async function columnsOfParts(task: PartColumnsTask): Promise<PartColumns> {
  return { idRank: await rankIds(task), ...(await firstFolders(task)) };
}

async function rankIds({ parts, flags }: PartColumnsTask): Promise<Uint32Array<ArrayBuffer>> {
  const keys: string[] = new Array(flags.length).fill('');
  const withId = new Uint32Array(flags.length);
  let count = 0;
  for (const part of parts) {
    const { idBytes, idOffsets } = await readIdTexts(part);
    const bytes = Buffer.from(idBytes.buffer, idBytes.byteOffset, idBytes.byteLength);
    for (let i = 0; i < part.records; i++) {
      const ordinal = part.firstOrdinal + i;
      const flag = flags[ordinal] as number;
      if (!(flag & recordFlags.usable) || flag & recordFlags.noId) continue;
      const start = idOffsets[part.indexFirst + i] as number;
      const end = Math.min(idOffsets[part.indexFirst + i + 1] as number, start + sortedUnits * 4);
      keys[ordinal] = naturalKey(bytes.toString('utf8', start, end));
      withId[count++] = ordinal;
    }
  }
  const order = withId.subarray(0, count).sort((a, b) => {
    const keyA = keys[a] as string;
    const keyB = keys[b] as string;
    return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
  });
  const rank = new Uint32Array(flags.length).fill(noRank);
  let last = -1;
  for (let i = 0; i < count; i++) {
    const ordinal = order[i] as number;
    if (i === 0 || keys[ordinal] !== keys[order[i - 1] as number]) last++;
    rank[ordinal] = last;
  }
  return rank;
}

/**
 * Text whose order by UTF-16 units is the natural order of an id's beginning: runs of digits compare as numbers (leading zeros do not
 * count), everything else unit by unit.
 */
export function naturalKey(id: string): string {
  const text = cutText(id, sortedUnits);
  // A number is where its first digit would be; among numbers the one with fewer digits is smaller.
  return text.replace(/[0-9]+/g, (digits) => {
    const significant = digits.replace(/^0+(?=.)/, '');
    return `0${String.fromCharCode(significant.length)}${significant}`;
  });
}

async function firstFolders({ parts, flags }: PartColumnsTask): Promise<Pick<PartColumns, 'folder' | 'folders'>> {
  const folder = new Uint16Array(flags.length);
  const codes = new Map<string, number>();
  for (const part of parts) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    const bytes = Buffer.from(imageBytes.buffer, imageBytes.byteOffset, imageBytes.byteLength);
    const first = firstImages(part, imageCounts);
    for (let i = 0; i < part.records; i++) {
      const ordinal = part.firstOrdinal + i;
      if (!((flags[ordinal] as number) & recordFlags.usable) || imageCounts[part.indexFirst + i] === 0) continue;
      const image = first[i] as number;
      const [start, end] = firstFolder(bytes, imageOffsets[image] as number, imageOffsets[image + 1] as number);
      const name = end < 0 ? '.' : cutText(bytes.toString('utf8', start, Math.min(end, start + folderUnits * 4)), folderUnits);
      let code = codes.get(name);
      if (code === undefined) {
        if (codes.size >= folderLimit) return { folder: new Uint16Array(flags.length), folders: [] };
        code = codes.size + 1;
        codes.set(name, code);
      }
      folder[ordinal] = code;
    }
  }
  return { folder, folders: [...codes.keys()] };
}
