import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { Offsets } from './perspectiveIndex.ts';

/** Elements between two looks at cancellation. */
const breathElements = 4_000_000;
/** Largest total that 32-bit offsets can hold. */
const offsetLimit = 0xffff_ffff;

/** Start positions of consecutive lists with these lengths; one element more than `lengths`. */
export function offsetsOf(lengths: Uint32Array): Offsets {
  let total = 0;
  for (let i = 0; i < lengths.length; i++) total += lengths[i] ?? 0;
  const offsets = total <= offsetLimit ? new Uint32Array(lengths.length + 1) : new Float64Array(lengths.length + 1);
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    offsets[i] = at;
    at += lengths[i] ?? 0;
  }
  offsets[lengths.length] = at;
  return offsets;
}

/**
 * Posting lists of a row matrix by counting sort: for each entity the rows that hold it, ascending, each once.
 * `frequency` must be the number of distinct rows per entity.
 */
export async function invert(
  rowOffsets: Offsets,
  rowEntities: Uint32Array,
  frequency: Uint32Array,
  job: Pick<JobContext, 'signal'>,
): Promise<{ readonly offsets: Offsets; readonly postings: Uint32Array }> {
  const offsets = offsetsOf(frequency);
  const next = offsets.slice();
  const postings = new Uint32Array(offsets[frequency.length] ?? 0);
  const rows = rowOffsets.length - 1;
  let breath = breathElements;
  for (let row = 0; row < rows; row++) {
    const end = rowOffsets[row + 1] ?? 0;
    if (end > breath) {
      breath = end + breathElements;
      await yieldToLoop();
      throwIfCancelled(job);
    }
    for (let i = rowOffsets[row] ?? 0; i < end; i++) {
      const entity = rowEntities[i] as number;
      const at = next[entity] as number;
      // Rows come in ascending order, so a repeat inside the row is the entry just written.
      if (at > (offsets[entity] as number) && postings[at - 1] === row) continue;
      postings[at] = row;
      next[entity] = at + 1;
    }
  }
  return { offsets, postings };
}

/** The rows without repeats, each entity at its first place. Returns the input itself when nothing repeats. */
export function distinctRows(
  rowOffsets: Offsets,
  rowEntities: Uint32Array,
  entities: number,
): { readonly offsets: Offsets; readonly entities: Uint32Array } {
  const seenIn = new Uint32Array(entities); // row + 1 of the last sighting
  const rows = rowOffsets.length - 1;
  const lengths = new Uint32Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const end = rowOffsets[row + 1] ?? 0;
    for (let i = rowOffsets[row] ?? 0; i < end; i++) {
      const entity = rowEntities[i] as number;
      if (seenIn[entity] === row + 1) continue;
      seenIn[entity] = row + 1;
      lengths[row] = (lengths[row] ?? 0) + 1;
      total++;
    }
  }
  if (total === rowEntities.length) return { offsets: rowOffsets, entities: rowEntities };
  seenIn.fill(0);
  const distinct = new Uint32Array(total);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const end = rowOffsets[row + 1] ?? 0;
    for (let i = rowOffsets[row] ?? 0; i < end; i++) {
      const entity = rowEntities[i] as number;
      if (seenIn[entity] === row + 1) continue;
      seenIn[entity] = row + 1;
      distinct[at++] = entity;
    }
  }
  return { offsets: offsetsOf(lengths), entities: distinct };
}
