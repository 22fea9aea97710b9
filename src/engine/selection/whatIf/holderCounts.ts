import { distinctRows } from '../../entities/csr.ts';
import { entitiesOf, type FrequencyRuns, runsOfHistogram } from '../../entities/frequencyRuns.ts';
import type { Offsets, PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { part } from './liveSelection.ts';

/** Lost entities named in a report; their count is complete. */
export const lostSampleSize = 20;

/** Which of the two counted selections. */
export type Counted = keyof typeof part;

/**
 * How many instances of the selection, and of its random control, hold each entity of one perspective. Entities that one instance holds
 * are most of a long tail and need no counter: they are there when their instance is. Arrays lie on shared memory, so that threads can
 * count side by side.
 */
export interface HolderCounts {
  readonly runs: FrequencyRuns;
  readonly rowOffsets: Offsets;
  /** Each entity once per row. */
  readonly rowEntities: Uint32Array;
  readonly postings: Uint32Array;
  /** Entities from here on are held by one instance. */
  readonly singlesFrom: number;
  /** Per row the number of its entities that no other row holds. */
  readonly singles: Uint32Array;
  /** Holders of the entities below `singlesFrom`. */
  readonly selection: Uint32Array;
  readonly control: Uint32Array;
  readonly tallies: Readonly<Record<Counted, Tally>>;
}

/** The counts of one selection, summed up. */
interface Tally {
  /** Entities by how many instances of the selection hold them, those that none holds included. */
  readonly entitiesWith: Uint32Array;
  /** One element: postings of the head. */
  readonly totals: Float64Array;
  /** The most frequent entities that no instance holds. */
  readonly lost: Uint32Array;
}

export function createHolderCounts(index: PerspectiveIndex, runs: FrequencyRuns): HolderCounts {
  const rows = index.hasRepeats
    ? distinctRows(index.rowOffsets, index.rowEntities, index.entities)
    : { offsets: index.rowOffsets, entities: index.rowEntities };
  const { values, starts } = runs;
  const singlesFrom = values.at(-1) === 1 ? (starts[values.length - 1] as number) : index.entities;
  const counters = (): Uint32Array => new Uint32Array(new SharedArrayBuffer(singlesFrom * 4));
  return {
    runs,
    rowOffsets: rows.offsets,
    rowEntities: rows.entities,
    postings: index.postings,
    singlesFrom,
    singles: singlesPerRow(index, singlesFrom, runs),
    selection: counters(),
    control: counters(),
    tallies: { selection: emptyTally(values[0] ?? 0), control: emptyTally(values[0] ?? 0) },
  };
}

function emptyTally(mostFrequent: number): Tally {
  return {
    entitiesWith: new Uint32Array(new SharedArrayBuffer(Math.max(2, mostFrequent + 1) * 4)),
    totals: new Float64Array(new SharedArrayBuffer(8)),
    lost: new Uint32Array(new SharedArrayBuffer(lostSampleSize * 4)),
  };
}

function singlesPerRow({ postings, records }: PerspectiveIndex, singlesFrom: number, runs: FrequencyRuns): Uint32Array {
  const singles = new Uint32Array(records);
  const from = singlesPosting(runs, singlesFrom);
  for (let i = from; i < postings.length; i++) singles[postings[i] as number] = (singles[postings[i] as number] as number) + 1;
  return singles;
}

/** Where the postings of single-held entities begin: they have one each, in order of their ids. */
function singlesPosting(runs: FrequencyRuns, singlesFrom: number): number {
  const last = runs.values.length - 1;
  return (singlesFrom < entitiesOf(runs) ? runs.postings[last] : runs.postings[last + 1]) as number;
}

/** Counts the entities [from, to) anew, both selections in one pass over their postings. Runs in any thread. */
export function recount({ runs, postings, selection, control }: HolderCounts, verdicts: Uint8Array, from: number, to: number): void {
  const { values, starts } = runs;
  for (let run = 0; run < values.length; run++) {
    const first = Math.max(from, starts[run] as number);
    const last = Math.min(to, starts[run + 1] as number);
    if (first >= last) continue;
    const frequency = values[run] as number;
    let at = (runs.postings[run] as number) + (first - (starts[run] as number)) * frequency;
    for (let entity = first; entity < last; entity++) {
      let inSelection = 0;
      let inControl = 0;
      for (const end = at + frequency; at < end; at++) {
        const verdict = verdicts[postings[at] as number] as number;
        inSelection += verdict & 1;
        inControl += verdict >> 1;
      }
      selection[entity] = inSelection;
      control[entity] = inControl;
    }
  }
}

/** Brings one selection's counts from before to after a change of these rows, whose verdicts are the new ones. Runs in any thread. */
export function shift(counts: HolderCounts, which: Counted, verdicts: Uint8Array, rows: Uint32Array): void {
  const { rowOffsets, rowEntities, singlesFrom } = counts;
  const holders = counts[which];
  const bit = part[which];
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r] as number;
    const step = (verdicts[row] as number) & bit ? 1 : -1;
    const end = rowOffsets[row + 1] as number;
    for (let i = rowOffsets[row] as number; i < end; i++) {
      const entity = rowEntities[i] as number;
      if (entity < singlesFrom) holders[entity] = (holders[entity] as number) + step;
    }
  }
}

/** Sums up one selection's counts into its tally. @param headEnd first entity that is not head. Runs in any thread. */
export function tally(counts: HolderCounts, which: Counted, verdicts: Uint8Array, headEnd: number): void {
  const { singlesFrom } = counts;
  const holders = counts[which];
  const { entitiesWith, totals, lost } = counts.tallies[which];
  entitiesWith.fill(0);
  for (let entity = 0; entity < singlesFrom; entity++) {
    const count = holders[entity] as number;
    entitiesWith[count] = (entitiesWith[count] as number) + 1;
  }
  const singlesHeld = heldSingles(counts, verdicts, part[which] >> 1);
  let headPostings = headEnd > singlesFrom ? singlesHeld : 0;
  for (let entity = 0; entity < Math.min(headEnd, singlesFrom); entity++) headPostings += holders[entity] as number;
  lost.set(mostFrequentLost(counts, which, verdicts, entitiesWith[0] as number, singlesHeld));
  entitiesWith[0] = (entitiesWith[0] as number) + singlesOf(counts) - singlesHeld;
  entitiesWith[1] = (entitiesWith[1] as number) + singlesHeld;
  totals[0] = headPostings;
}

/** Entities of one instance that the selection holds: row by row, or one by one where they are few. */
function heldSingles(counts: HolderCounts, verdicts: Uint8Array, shiftBy: number): number {
  const { runs, singlesFrom, singles, postings } = counts;
  let held = 0;
  if (singlesOf(counts) < singles.length) {
    for (let i = singlesPosting(runs, singlesFrom); i < postings.length; i++)
      held += ((verdicts[postings[i] as number] as number) >> shiftBy) & 1;
    return held;
  }
  for (let row = 0; row < singles.length; row++) held += (singles[row] as number) * (((verdicts[row] as number) >> shiftBy) & 1);
  return held;
}

/** Entities that one instance holds. */
function singlesOf({ runs, singlesFrom }: HolderCounts): number {
  return entitiesOf(runs) - singlesFrom;
}

function mostFrequentLost(counts: HolderCounts, which: Counted, verdicts: Uint8Array, lostCounted: number, singlesHeld: number): number[] {
  const { runs, singlesFrom, postings } = counts;
  const holders = counts[which];
  const sample: number[] = [];
  for (let entity = 0; sample.length < Math.min(lostSampleSize, lostCounted); entity++) if (holders[entity] === 0) sample.push(entity);
  const size = Math.min(lostSampleSize, lostCounted + singlesOf(counts) - singlesHeld);
  const firstPosting = singlesPosting(runs, singlesFrom);
  for (let i = 0; sample.length < size; i++)
    if (((verdicts[postings[firstPosting + i] as number] as number) & part[which]) === 0) sample.push(singlesFrom + i);
  return sample;
}

/** The distribution of one selection, and what it lost. */
export interface HeldDistribution {
  readonly runs: FrequencyRuns;
  readonly lost: number;
  /** Ids of the most frequent lost entities. */
  readonly lostSample: readonly number[];
  /** Postings of the head. */
  readonly headPostings: number;
}

/** What the last `tally` found. */
export function heldDistribution({ tallies }: HolderCounts, which: Counted): HeldDistribution {
  const { entitiesWith, totals, lost } = tallies[which];
  const count = entitiesWith[0] as number;
  return {
    runs: runsOfHistogram(entitiesWith),
    lost: count,
    lostSample: Array.from(lost.subarray(0, Math.min(count, lostSampleSize))),
    headPostings: totals[0] as number,
  };
}
