import type { TurnDetail } from '../../src/protocol/browse.ts';
import { commonWords } from './wordDiff.ts';

/** A row of the side by side view: turns that stand beside one another, by position; null where one side has none. */
export interface TurnPair {
  readonly a: number | null;
  readonly b: number | null;
  readonly same: boolean;
}

/** Equal turns that stay in sight beside a differing one. */
const context = 1;
/** Fewer equal turns than this are not worth a fold. */
const leastFold = 3;

/** Rows of the side by side view: some in sight, or a fold of equal ones. */
export interface TurnBlock {
  readonly folded: boolean;
  readonly rows: readonly TurnPair[];
}

/** Folds long runs of equal turns away, so that what differs is in sight; nothing when nothing differs. */
export function foldEqual(rows: readonly TurnPair[]): readonly TurnBlock[] {
  if (rows.every(({ same }) => same)) return [{ folded: false, rows }];
  const isNear = rows.map((_, i) => rows.slice(Math.max(0, i - context), i + context + 1).some(({ same }) => !same));
  const blocks: { folded: boolean; rows: TurnPair[] }[] = [];
  for (const [i, row] of rows.entries()) {
    const folded = !isNear[i];
    const last = blocks.at(-1);
    if (last?.folded === folded) last.rows.push(row);
    else blocks.push({ folded, rows: [row] });
  }
  return blocks.map(({ folded, rows: run }) => ({ folded: folded && run.length >= leastFold, rows: run }));
}

/**
 * Puts the turns of two conversations beside one another: equal ones as a longest common subsequence, what lies between two of them in
 * order, role with the same role where both sides have one left.
 */
export function alignTurns(a: readonly TurnDetail[], b: readonly TurnDetail[]): readonly TurnPair[] {
  const keyOf = ({ role, text }: TurnDetail): string => `${role}\n${text}`;
  const rows: TurnPair[] = [];
  let [i, j] = [0, 0];
  for (const [nextA, nextB] of [...commonWords(a.map(keyOf), b.map(keyOf)), [a.length, b.length] as const]) {
    rows.push(...between(a, b, [i, nextA], [j, nextB]));
    if (nextA < a.length && nextB < b.length) rows.push({ a: nextA, b: nextB, same: true });
    [i, j] = [nextA + 1, nextB + 1];
  }
  return rows;
}

/** Turns between two equal ones: each with the first of the same role on the other side, the others alone. */
function between(
  a: readonly TurnDetail[],
  b: readonly TurnDetail[],
  [fromA, toA]: readonly [number, number],
  [fromB, toB]: readonly [number, number],
): readonly TurnPair[] {
  const rows: TurnPair[] = [];
  let j = fromB;
  for (let i = fromA; i < toA; i++) {
    let partner = j;
    while (partner < toB && b[partner]?.role !== a[i]?.role) partner++;
    if (partner >= toB) {
      rows.push({ a: i, b: null, same: false });
      continue;
    }
    for (; j < partner; j++) rows.push({ a: null, b: j, same: false });
    rows.push({ a: i, b: partner, same: false });
    j = partner + 1;
  }
  for (; j < toB; j++) rows.push({ a: null, b: j, same: false });
  return rows;
}
