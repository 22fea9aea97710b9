import type { NeighbourLists } from './d2Scan.ts';
import { PriorityQueue } from './priorityQueue.ts';

export interface SelfFilterInput {
  readonly difficulty: ArrayLike<number>;
  /** By cosine, nearest first: at least `neighbours` per row where there are so many, better several times as many. */
  readonly nearest: NeighbourLists;
  /** Remaining neighbours that each pick lowers. */
  readonly neighbours: number;
  /** Weight of the penalty. */
  readonly gamma: number;
  /** Cosines of a row with all rows, asked for when too few of its listed neighbours remain. */
  readonly cosines: (row: number) => Float64Array;
}

export interface SelfFilterPicks {
  readonly picks: Uint32Array;
  /** Difficulty of each pick when it was picked. */
  readonly atPick: Float64Array;
}

/**
 * Second stage of Self-Filter (COINCIDE specification 4.3): take the most difficult row (ties: lowest), then lower the difficulty of its
 * most similar remaining rows by the taken difficulty times cosine^2 times gamma.
 */
export function selfFilterScan(input: SelfFilterInput, size: number): SelfFilterPicks {
  const n = input.difficulty.length;
  const difficulty = Float64Array.from(input.difficulty);
  const remaining = new PriorityQueue(Uint32Array.from({ length: n }, (_, i) => i));
  for (let i = 0; i < n; i++) remaining.put(i, difficulty[i] as number);
  const picks = new Uint32Array(Math.min(size, n));
  const atPick = new Float64Array(picks.length);
  for (let m = 0; m < picks.length; m++) {
    const { item: pick, key } = remaining.pop() as { item: number; key: number };
    picks[m] = pick;
    atPick[m] = key;
    const wanted = Math.min(input.neighbours, n - m - 1);
    for (const { row, cosine } of remainingNearest(input, pick, wanted, (row) => remaining.has(row))) {
      difficulty[row] = (difficulty[row] as number) - key * cosine * cosine * input.gamma;
      remaining.put(row, difficulty[row] as number);
    }
  }
  return { picks, atPick };
}

interface Neighbour {
  readonly row: number;
  readonly cosine: number;
}

/** The nearest `wanted` rows of those that remain: the listed ones are the nearest of all, so the first that remain are the answer. */
function remainingNearest(
  { nearest, cosines }: SelfFilterInput,
  pick: number,
  wanted: number,
  remains: (row: number) => boolean,
): Neighbour[] {
  const found: Neighbour[] = [];
  const end = (pick + 1) * nearest.count;
  for (let t = pick * nearest.count; t < end && found.length < wanted; t++) {
    const row = nearest.ids[t] as number;
    if (remains(row)) found.push({ row, cosine: nearest.values[t] as number });
  }
  if (found.length === wanted) return found;
  return scan(cosines(pick), wanted, remains);
}

function scan(cosines: Float64Array, wanted: number, remains: (row: number) => boolean): Neighbour[] {
  const best: Neighbour[] = []; // descending; a tie stays behind the lower row
  for (let row = 0; row < cosines.length; row++) {
    const cosine = cosines[row] as number;
    if (!remains(row) || (best.length === wanted && cosine <= (best[wanted - 1] as Neighbour).cosine)) continue;
    let at = best.length;
    while (at > 0 && cosine > (best[at - 1] as Neighbour).cosine) at--;
    best.splice(at, 0, { row, cosine });
    if (best.length > wanted) best.pop();
  }
  return best;
}
