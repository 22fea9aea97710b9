import type { LengthSummary } from '../../protocol/reports.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { Breath } from '../jobs/breath.ts';

/** Instances between two looks at the clock. */
const breathEvery = 1 << 13;

/** Number of the given instances that hold each entity. */
export function frequenciesIn(index: PerspectiveIndex, ordinals: Uint32Array): Uint32Array {
  const tally = newTally(index);
  countHolders(index, ordinals, 0, ordinals.length, tally);
  return tally.counts;
}

/** The same, with messages let in on the way. @throws EngineError `run.cancelled` */
export async function frequenciesAmong(index: PerspectiveIndex, ordinals: Uint32Array, breath: Breath): Promise<Uint32Array> {
  const tally = newTally(index);
  for (let from = 0; from < ordinals.length; from += breathEvery) {
    if (breath.isDue) await breath.take();
    countHolders(index, ordinals, from, Math.min(from + breathEvery, ordinals.length), tally);
  }
  return tally.counts;
}

interface Tally {
  readonly counts: Uint32Array;
  /** Per entity, 1 + the position of the instance that counted it last; only where an instance can list an entity twice. */
  readonly seenBy: Uint32Array | undefined;
}

function newTally({ entities, hasRepeats }: PerspectiveIndex): Tally {
  return { counts: new Uint32Array(entities), seenBy: hasRepeats ? new Uint32Array(entities) : undefined };
}

function countHolders({ rowOffsets, rowEntities }: PerspectiveIndex, ordinals: Uint32Array, from: number, to: number, tally: Tally): void {
  const { counts, seenBy } = tally;
  for (let i = from; i < to; i++) {
    const ordinal = ordinals[i] as number;
    const end = rowOffsets[ordinal + 1] as number;
    for (let j = rowOffsets[ordinal] as number; j < end; j++) {
      const entity = rowEntities[j] as number;
      if (seenBy) {
        if (seenBy[entity] === i + 1) continue;
        seenBy[entity] = i + 1;
      }
      counts[entity] = (counts[entity] as number) + 1;
    }
  }
}

/** Ids of entities that had instances and have none left, ascending: the most frequent of the index first. */
export function lostEntities(before: Uint32Array, after: Uint32Array): Uint32Array {
  let count = 0;
  for (let entity = 0; entity < before.length; entity++) if ((before[entity] as number) > 0 && after[entity] === 0) count++;
  const lost = new Uint32Array(count);
  let write = 0;
  for (let entity = 0; write < count; entity++) if ((before[entity] as number) > 0 && after[entity] === 0) lost[write++] = entity;
  return lost;
}

/** Share of the postings kept among entities with frequency <= tau (tail) and above it (head); undefined where there are none. */
export function keptShares(before: Uint32Array, after: Uint32Array, tau: number): { readonly tail?: number; readonly head?: number } {
  const sums = { tail: [0, 0], head: [0, 0] };
  for (let entity = 0; entity < before.length; entity++) {
    const side = (before[entity] ?? 0) <= tau ? sums.tail : sums.head;
    side[0] = (side[0] ?? 0) + (before[entity] ?? 0);
    side[1] = (side[1] ?? 0) + (after[entity] ?? 0);
  }
  const share = ([all = 0, kept = 0]: number[]): number | undefined => (all > 0 ? kept / all : undefined);
  const tail = share(sums.tail);
  const head = share(sums.head);
  return { ...(tail === undefined ? {} : { tail }), ...(head === undefined ? {} : { head }) };
}

/** Mean and median length of the given instances, in turns and in bytes of the record. */
export function lengthSummary(dataset: Pick<Dataset, 'turns' | 'start' | 'end'>, ordinals: Uint32Array): LengthSummary {
  const turns = Float64Array.from(ordinals, (ordinal) => dataset.turns[ordinal] ?? 0).sort();
  const bytes = Float64Array.from(ordinals, (ordinal) => (dataset.end[ordinal] ?? 0) - (dataset.start[ordinal] ?? 0)).sort();
  return { meanTurns: mean(turns), medianTurns: median(turns), meanBytes: mean(bytes), medianBytes: median(bytes) };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length > 0 ? sum / values.length : 0;
}

/** @param sorted ascending */
function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
