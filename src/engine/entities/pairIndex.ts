import type { JobContext } from '../jobs/jobContext.ts';
import { throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { compareCodePoints } from './codePointOrder.ts';
import { offsetsOf } from './csr.ts';
import { GrowingArray } from './growingArray.ts';
import { dropped } from './hygiene.ts';
import { quoteLabel } from './pairName.ts';
import type { Offsets } from './perspectiveIndex.ts';

/** Object perspective as the pairs need it: rows without repeats. */
export interface ObjectRows {
  readonly labels: readonly string[];
  readonly rowOffsets: Offsets;
  readonly rowEntities: Uint32Array;
  readonly postOffsets: Offsets;
  readonly postings: Uint32Array;
}

export interface PairRows {
  /** Object ids of each pair; `first` has the smaller label by code point. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  readonly frequency: Uint32Array;
  readonly rowOffsets: Offsets;
  readonly rowEntities: Uint32Array;
}

/** How often the loop over objects lets messages through, in handled row elements. */
const breathElements = 250_000;

/**
 * All unordered pairs of distinct objects per instance: for i < j over the row, in that order.
 * Counts one object at a time along its posting list, so that a plain counter per object replaces a table of pairs.
 */
export async function buildPairs(objects: ObjectRows, minFrequency: number, job: JobContext): Promise<PairRows> {
  const { labels, rowOffsets, rowEntities, postOffsets, postings } = objects;
  const labelRank = ranksBy(labels);
  // Names compare like (rank of the quoted first label with its comma, rank of the quoted second label): no such prefix is the start of another.
  const asFirst = ranksBy(labels.map((label) => `${quoteLabel(label)},`));
  const asSecond = ranksBy(labels.map(quoteLabel));
  const bySecond = inverse(asSecond);
  const breathe = breather(job);

  const pairEnd = new Float64Array(labels.length); // per object, position behind its last pair in `partner`
  const pairStart = new Float64Array(labels.length);
  const partner = new GrowingArray();
  const found = new GrowingArray(); // frequency per pair
  const counter = new Uint32Array(labels.length);
  const touched = new Uint32Array(labels.length);
  for (const a of inverse(asFirst)) {
    pairStart[a] = partner.length;
    let touchedCount = 0;
    const lastPosting = postOffsets[a + 1] as number;
    for (let p = postOffsets[a] as number; p < lastPosting; p++) {
      const row = postings[p] as number;
      const end = rowOffsets[row + 1] as number;
      for (let i = rowOffsets[row] as number; i < end; i++) {
        const b = rowEntities[i] as number;
        if ((labelRank[b] as number) <= (labelRank[a] as number)) continue;
        if (counter[b] === 0) touched[touchedCount++] = asSecond[b] as number;
        counter[b] = (counter[b] as number) + 1;
      }
      if (breathe.due(end - (rowOffsets[row] as number))) await breathe.now();
    }
    for (const second of touched.subarray(0, touchedCount).sort()) {
      const b = bySecond[second] as number;
      partner.push(b);
      found.push(counter[b] as number);
      counter[b] = 0;
    }
    pairEnd[a] = partner.length;
  }

  await breathe.now();
  const ranked = rankPairs(found, minFrequency);
  await breathe.now();
  const first = new Uint32Array(ranked.count);
  const second = new Uint32Array(ranked.count);
  for (let a = 0; a < labels.length; a++) {
    for (let k = pairStart[a] as number; k < (pairEnd[a] as number); k++) {
      const pair = ranked.rank[k] as number;
      if (pair === dropped) continue;
      first[pair] = a;
      second[pair] = partner.at(k);
    }
  }

  const rows = rowOffsets.length - 1;
  const lengths = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const held = (rowOffsets[row + 1] as number) - (rowOffsets[row] as number);
    lengths[row] = (held * (held - 1)) / 2;
  }
  const slots = offsetsOf(lengths);
  const pairRows = new Uint32Array(slots[rows] as number);
  const pairOf = new Uint32Array(labels.length);
  for (let a = 0; a < labels.length; a++) {
    for (let k = pairStart[a] as number; k < (pairEnd[a] as number); k++) pairOf[partner.at(k)] = ranked.rank[k] as number;
    const lastPosting = postOffsets[a + 1] as number;
    for (let p = postOffsets[a] as number; p < lastPosting; p++) {
      const row = postings[p] as number;
      const start = rowOffsets[row] as number;
      const held = (rowOffsets[row + 1] as number) - start;
      let i = 0;
      while (rowEntities[start + i] !== a) i++;
      for (let j = 0; j < held; j++) {
        const b = rowEntities[start + j] as number;
        if ((labelRank[b] as number) <= (labelRank[a] as number)) continue;
        const low = Math.min(i, j);
        const high = Math.max(i, j);
        pairRows[(slots[row] as number) + low * held - (low * (low + 1)) / 2 + (high - low - 1)] = pairOf[b] as number;
      }
      if (breathe.due(held)) await breathe.now();
    }
  }
  await breathe.now();
  return { first, second, frequency: ranked.frequency, ...withoutDropped(slots, pairRows, lengths) };
}

/** Position of each text in ascending code point order. */
function ranksBy(texts: readonly string[]): Uint32Array {
  return inverse(Uint32Array.from([...texts.keys()].sort((a, b) => compareCodePoints(texts[a] as string, texts[b] as string))));
}

function inverse(permutation: Uint32Array): Uint32Array {
  const result = new Uint32Array(permutation.length);
  for (let i = 0; i < permutation.length; i++) result[permutation[i] as number] = i;
  return result;
}

/** Ranks by descending frequency; pairs come in name order, so a stable counting sort breaks ties by name. */
function rankPairs(
  found: GrowingArray,
  minFrequency: number,
): { readonly rank: Uint32Array; readonly frequency: Uint32Array; readonly count: number } {
  let most = 0;
  for (let k = 0; k < found.length; k++) most = Math.max(most, found.at(k));
  const pairsWith = new Uint32Array(most + 2);
  for (let k = 0; k < found.length; k++) pairsWith[found.at(k)] = (pairsWith[found.at(k)] as number) + 1;
  const next = new Uint32Array(most + 2);
  const least = Math.max(1, minFrequency);
  let count = 0;
  for (let f = most; f >= least; f--) {
    next[f] = count;
    count += pairsWith[f] as number;
  }
  const rank = new Uint32Array(found.length).fill(dropped);
  const frequency = new Uint32Array(count);
  for (let k = 0; k < found.length; k++) {
    const f = found.at(k);
    if (f < least) continue;
    const at = next[f] as number;
    next[f] = at + 1;
    rank[k] = at;
    frequency[at] = f;
  }
  return { rank, frequency, count };
}

function withoutDropped(
  slots: Offsets,
  pairRows: Uint32Array,
  lengths: Uint32Array,
): { readonly rowOffsets: Offsets; readonly rowEntities: Uint32Array } {
  let write = 0;
  for (let row = 0; row < lengths.length; row++) {
    const from = write;
    for (let i = slots[row] as number; i < (slots[row + 1] as number); i++) {
      const pair = pairRows[i] as number;
      if (pair !== dropped) pairRows[write++] = pair;
    }
    lengths[row] = write - from;
  }
  return write === pairRows.length
    ? { rowOffsets: slots, rowEntities: pairRows }
    : { rowOffsets: offsetsOf(lengths), rowEntities: pairRows.subarray(0, write) };
}

function breather(job: JobContext): { due(elements: number): boolean; now(): Promise<void> } {
  let since = 0;
  return {
    due: (elements) => {
      since += elements;
      return since >= breathElements;
    },
    now: async () => {
      since = 0;
      await yieldToLoop();
      throwIfCancelled(job);
    },
  };
}
