import type { ScoreCut } from '../../protocol/select.ts';

/**
 * Places of the ascending order that a cut keeps, `from` to `to` - 1 (COINCIDE specification 4): `bottom` the first `size`, `top` the last,
 * `middle` those from floor(n / 2) - floor(size / 2).
 */
export function cutRange(n: number, size: number, cut: ScoreCut): { readonly from: number; readonly to: number } {
  const from = cut === 'bottom' ? 0 : cut === 'top' ? n - size : Math.floor(n / 2) - Math.floor(size / 2);
  return { from, to: from + size };
}

/** Positions by ascending value, equal ones in their own order. */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
}
