import type { JobContext } from '../jobs/jobContext.ts';
import { throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { StringTable } from '../runs/stringTable.ts';
import { compareCodePoints } from './codePointOrder.ts';
import { offsetsOf } from './csr.ts';
import type { RawLists } from './entityLists.ts';
import { cleanVocabulary, dropped, type HygieneRules } from './hygiene.ts';
import type { Offsets } from './perspectiveIndex.ts';

/** Rows between two looks at what else there is to do. */
const breathRows = 65_536;

/** Row side of an index in memory; the posting side follows from it by `invert`. */
export interface RowIndex {
  readonly names: StringTable;
  readonly frequency: Uint32Array;
  readonly mentionFrequency: Uint32Array;
  readonly hasRepeats: boolean;
  readonly rowOffsets: Offsets;
  readonly rowEntities: Uint32Array;
}

/**
 * Cleans, counts, ranks and renumbers raw lists. `lists.rowEntities` is overwritten: the lists are the largest array of an analysis
 * and must not exist twice.
 * @param keepRepeats false: an entity stays once per row, at its first place (extracted lists, where two spellings may become one)
 */
export async function buildRows(
  lists: RawLists,
  rules: HygieneRules,
  minFrequency: number,
  keepRepeats: boolean,
  job: JobContext,
): Promise<RowIndex> {
  const vocabulary = cleanVocabulary(lists.names, rules);
  const count = vocabulary.names.length;
  const rows = lists.rowOffsets.length - 1;
  const entities = lists.rowEntities;
  throwIfCancelled(job);

  // First pass: raw ids become cleaned ids, dropped ones vanish, instances and mentions are counted.
  const frequency = new Uint32Array(count);
  const mentions = new Uint32Array(count);
  const lengths = new Uint32Array(rows);
  const seenIn = new Uint32Array(count);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (row % breathRows === breathRows - 1) await breathe(job);
    const from = at;
    const end = lists.rowOffsets[row + 1] ?? 0;
    for (let i = lists.rowOffsets[row] ?? 0; i < end; i++) {
      const entity = vocabulary.target[entities[i] as number] as number;
      if (entity === dropped) continue;
      const repeated = seenIn[entity] === row + 1;
      if (repeated && !keepRepeats) continue;
      mentions[entity] = (mentions[entity] as number) + 1;
      if (!repeated) {
        seenIn[entity] = row + 1;
        frequency[entity] = (frequency[entity] as number) + 1;
      }
      entities[at++] = entity;
    }
    lengths[row] = at - from;
  }
  await breathe(job);

  // Second pass: cleaned ids become ranks, rare entities vanish.
  const order = rankOrder(vocabulary.names, frequency, minFrequency);
  const rank = new Uint32Array(count).fill(dropped);
  for (let r = 0; r < order.length; r++) rank[order[r] as number] = r;
  let read = 0;
  let write = 0;
  let hasRepeats = false;
  for (let row = 0; row < rows; row++) {
    if (row % breathRows === breathRows - 1) await breathe(job);
    const from = write;
    const end = read + (lengths[row] as number);
    for (; read < end; read++) {
      const entity = rank[entities[read] as number] as number;
      if (entity !== dropped) entities[write++] = entity;
    }
    lengths[row] = write - from;
  }
  const rankedFrequency = new Uint32Array(order.length);
  const rankedMentions = new Uint32Array(order.length);
  for (let r = 0; r < order.length; r++) {
    rankedFrequency[r] = frequency[order[r] as number] as number;
    rankedMentions[r] = mentions[order[r] as number] as number;
    hasRepeats ||= rankedFrequency[r] !== rankedMentions[r];
  }
  return {
    names: StringTable.from(namesInOrder(vocabulary.names, order)),
    frequency: rankedFrequency,
    mentionFrequency: hasRepeats ? rankedMentions : rankedFrequency,
    hasRepeats,
    rowOffsets: offsetsOf(lengths),
    rowEntities: entities.subarray(0, write),
  };
}

/** Lets messages through, a cancellation among them. */
async function breathe(job: JobContext): Promise<void> {
  await yieldToLoop();
  throwIfCancelled(job);
}

/** Ids of entities that at least `minFrequency` instances hold (and at least one), by descending frequency, ties by ascending code point. */
function rankOrder(names: readonly string[], frequency: Uint32Array, minFrequency: number): Uint32Array {
  const least = Math.max(1, minFrequency);
  const ids: number[] = [];
  for (let id = 0; id < names.length; id++) if ((frequency[id] as number) >= least) ids.push(id);
  ids.sort((a, b) => (frequency[b] as number) - (frequency[a] as number) || compareCodePoints(names[a] as string, names[b] as string));
  return Uint32Array.from(ids);
}

function* namesInOrder(names: readonly string[], order: Uint32Array): Generator<string> {
  for (const id of order) yield names[id] as string;
}
