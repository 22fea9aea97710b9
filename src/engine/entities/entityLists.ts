import { join } from 'node:path';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { Artifact } from '../runs/artifacts.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import { npyHeader, readNpy, writeNpy } from '../runs/npy.ts';
import { StringTable } from '../runs/stringTable.ts';

/** The perspectives that are listed per instance; cooccurrence follows from object. */
export const listedPerspectives = ['token', 'object', 'interrogation'] as const satisfies readonly Perspective[];
export type ListedPerspective = (typeof listedPerspectives)[number];

/** Raw entities of every instance, before hygiene, extracted or imported: an artifact of stage `extract`. */
export interface EntityLists {
  readonly artifact: Artifact;
  readonly source: 'extracted' | 'imported';
  readonly perspectives: readonly ListedPerspective[];
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
  lists: { readonly names: StringTable; readonly rowLengths: Uint32Array; readonly pieces: AsyncIterable<Uint32Array> | Iterable<Uint32Array> },
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
  await lists.names.write(folder, `${perspective}.names`);
}
