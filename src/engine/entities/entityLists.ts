import { join } from 'node:path';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { AnalyzeReport } from '../../protocol/reports.ts';
import type { Artifact } from '../runs/artifacts.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import { npyHeader, readJson, readNpy, writeNpy } from '../runs/npy.ts';
import { StringTable } from '../runs/stringTable.ts';

/** How much text was seen, in UTF-16 units of the turns as they stand in the records. */
export interface TextCounts {
  readonly units: number;
  /** Instances with text in a script that the extractors do not know. */
  readonly unknownScriptInstances: number;
  /** Units of such text per script. */
  readonly scripts: Readonly<Record<string, number>>;
}

/** The perspectives that are listed per instance; cooccurrence follows from object. */
export const listedPerspectives = ['token', 'object', 'interrogation'] as const satisfies readonly Perspective[];
export type ListedPerspective = (typeof listedPerspectives)[number];

/** Raw entities of every instance, before hygiene, extracted or imported: an artifact of stage `extract`. */
export interface EntityLists {
  readonly artifact: Artifact;
  readonly source: 'extracted' | 'imported';
  readonly perspectives: readonly ListedPerspective[];
}

/** `lists.json` beside the arrays. */
export interface ListsInfo {
  readonly perspectives: readonly ListedPerspective[];
  /** How much text was seen; absent for imported lists. */
  readonly text?: AnalyzeReport['text'];
}

export function readListsInfo(folder: string): Promise<ListsInfo> {
  return readJson<ListsInfo>(join(folder, 'lists.json'));
}

/** How much text was seen and how much of it in scripts that the extractors do not know; nothing was seen for imported lists. */
export async function textReport(lists: Pick<EntityLists, 'artifact'>): Promise<AnalyzeReport['text']> {
  const { text } = await readListsInfo(lists.artifact.folder);
  return text ?? { units: 0, unknownScriptUnits: 0, unknownScriptInstances: 0, scripts: {} };
}

/** Lists of one perspective in memory. */
export interface RawLists {
  /** Raw entities in order of their first appearance. */
  readonly names: StringTable;
  /** Length records + 1. */
  readonly rowOffsets: Float64Array;
  readonly rowEntities: Uint32Array;
}

export async function readRawLists(folder: string, perspective: ListedPerspective): Promise<RawLists> {
  const [names, rowOffsets, rowEntities] = await Promise.all([
    StringTable.read(folder, `${perspective}.names`),
    readNpy(join(folder, `${perspective}.rowOffsets.npy`), '<f8'),
    readNpy(join(folder, `${perspective}.rowEntities.npy`), '<u4'),
  ]);
  return { names, rowOffsets, rowEntities };
}

/** Writes the lists of one perspective; the rows' elements come in pieces, in order of the rows. */
export async function writeRawLists(
  folder: string,
  perspective: ListedPerspective,
  lists: {
    /** Asked after the last piece. */ readonly names: () => StringTable;
    readonly rowLengths: Uint32Array;
    readonly pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array>;
  },
): Promise<void> {
  const offsets = new Float64Array(lists.rowLengths.length + 1);
  for (let i = 0; i < lists.rowLengths.length; i++) offsets[i + 1] = (offsets[i] ?? 0) + (lists.rowLengths[i] ?? 0);
  const total = offsets[lists.rowLengths.length] ?? 0;
  await using file = await AtomicFile.create(join(folder, `${perspective}.rowEntities.npy`));
  await file.write(npyHeader('<u4', [total]));
  let written = 0;
  for await (const piece of lists.pieces) {
    await file.write(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    written += piece.length;
  }
  if (written !== total) throw new Error(`${perspective}: ${written} list elements written, the row lengths say ${total}`);
  await file.commit();
  await writeNpy(join(folder, `${perspective}.rowOffsets.npy`), offsets);
  await lists.names().write(folder, `${perspective}.names`);
}
