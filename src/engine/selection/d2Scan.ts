import { PriorityQueue } from './priorityQueue.ts';

/** Directed neighbour lists: `count` per row, flat. */
export interface NeighbourLists {
  readonly count: number;
  readonly ids: Uint32Array;
  /** Squared distance, or cosine, of each. */
  readonly values: Float64Array;
}

/** Scores below this count as this: a row without any value still has neighbours to speak for it. */
const leastScore = 1e-7;

export interface D2Picks {
  /** Rows in order of picking. */
  readonly picks: Uint32Array;
  /** Value of each row before the scan: its own score and its neighbours'. */
  readonly initial: Float64Array;
  /** Value of each pick when it was picked, in order of picking. */
  readonly atPick: Float64Array;
}

/**
 * D2 pruning (COINCIDE specification 4.2): message passing forward over the neighbours, then the reference's lazy scan. Rows are visited in
 * the fixed order of their initial value; one that fell behind its successor waits, and the best waiting one goes first as soon as it is at
 * least as good as the row at the pointer. Each pick lowers its neighbours by its own value, weighted by exp(-gamma * distance).
 *
 * @param neighbours by squared distance @param gamma reverse weight, at least 0
 */
export function d2Scan(scores: ArrayLike<number>, neighbours: NeighbourLists, size: number, gamma: number): D2Picks {
  const n = scores.length;
  const { count, ids, values } = neighbours;
  const value = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = Math.max(scores[i] as number, leastScore);
    for (let t = i * count; t < (i + 1) * count; t++)
      sum += Math.exp(-(values[t] as number)) * Math.max(scores[ids[t] as number] as number, leastScore);
    value[i] = sum;
  }
  const initial = value.slice();
  const order = Uint32Array.from(initial, (_, i) => i).sort((a, b) => (initial[b] as number) - (initial[a] as number) || a - b);
  const rank = new Uint32Array(n); // also the order of joining the waiting list
  for (let t = 0; t < n; t++) rank[order[t] as number] = t;
  const waiting = new PriorityQueue(rank);
  const at = (t: number): number => (t < n ? (value[order[t] as number] as number) : Number.NEGATIVE_INFINITY);
  const picks = new Uint32Array(Math.min(size, n));
  const atPick = new Float64Array(picks.length);
  let pointer = 0;
  for (let m = 0; m < picks.length; ) {
    const best = waiting.peek();
    let pick: number;
    if (best && best.key >= at(pointer)) {
      waiting.pop();
      pick = best.item;
    } else {
      pick = order[pointer] as number;
      const isBehind = at(pointer) < at(pointer + 1);
      pointer++;
      if (isBehind) {
        waiting.put(pick, value[pick] as number);
        continue;
      }
    }
    const own = value[pick] as number;
    picks[m] = pick;
    atPick[m++] = own;
    for (let t = pick * count; t < (pick + 1) * count; t++) {
      const other = ids[t] as number;
      value[other] = (value[other] as number) - own * Math.exp(-gamma * (values[t] as number));
      if (waiting.has(other)) waiting.put(other, value[other] as number);
    }
  }
  return { picks, initial, atPick };
}
