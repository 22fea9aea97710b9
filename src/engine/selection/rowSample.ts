import type { PassRows } from './composedPerspective.ts';
import type { RowClasses } from './rowClasses.ts';

/** Datasets below this size are computed whole in no time. */
const sampledFrom = 100_000;
/** One instance in this many. */
const every = 32;

/**
 * A few of the instances, to find out cheaply about where a solution lies; undefined for a small dataset. Chosen by content, so that the
 * order of the file does not matter.
 * @param counters two words per instance, uniform
 */
export function sampleOf(counters: Uint32Array): Uint32Array | undefined {
  const records = counters.length / 2;
  if (records < sampledFrom) return undefined;
  const sample: number[] = [];
  for (let ordinal = 0; ordinal < records; ordinal++) if ((counters[ordinal * 2 + 1] as number) % every === 0) sample.push(ordinal);
  return Uint32Array.from(sample);
}

/** The rows of some ordinals as an index and classes of their own. */
export function sampledRows(
  index: PassRows,
  { values, classes }: RowClasses,
  sample: Uint32Array,
): { readonly index: PassRows; readonly rows: RowClasses } {
  const { rowOffsets, rowEntities, rowMinFrequency, hasRepeats, frequency, mentionFrequency } = index;
  const offsets = new Uint32Array(sample.length + 1);
  for (const [i, ordinal] of sample.entries())
    offsets[i + 1] = (offsets[i] as number) + (rowOffsets[ordinal + 1] as number) - (rowOffsets[ordinal] as number);
  const length = offsets[sample.length] as number;
  const ownClasses = classes instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
  const ownEntities = new Uint32Array(hasRepeats ? length : 0);
  for (const [i, ordinal] of sample.entries()) {
    const [from, to] = [rowOffsets[ordinal] as number, rowOffsets[ordinal + 1] as number];
    ownClasses.set(classes.subarray(from, to), offsets[i]);
    if (hasRepeats) ownEntities.set(rowEntities.subarray(from, to), offsets[i]);
  }
  return {
    index: {
      rowOffsets: offsets,
      rowEntities: ownEntities,
      rowMinFrequency: pick(rowMinFrequency, sample),
      hasRepeats,
      frequency,
      mentionFrequency,
    },
    rows: { values, classes: ownClasses },
  };
}

/** The sampled elements of a column. */
export function pick<Column extends Uint8Array | Uint32Array>(column: Column, sample: Uint32Array): Column {
  const picked = column.slice(0, sample.length) as Column;
  for (let i = 0; i < sample.length; i++) picked[i] = column[sample[i] as number] as number;
  return picked;
}
