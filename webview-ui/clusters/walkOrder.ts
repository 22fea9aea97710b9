/** Points in the order of one of their coordinates: along it every point is reached, however they lie. */
export class WalkOrder {
  readonly #order: Int32Array;
  readonly #place: Int32Array;

  /** Points without a coordinate are left out. */
  constructor(values: Float64Array) {
    const known = Int32Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]));
    this.#order = known.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
    this.#place = new Int32Array(values.length).fill(-1);
    for (const [place, point] of this.#order.entries()) this.#place[point] = place;
  }

  get first(): number {
    return this.#order[0] ?? -1;
  }

  get last(): number {
    return this.#order.at(-1) ?? -1;
  }

  /** The point `by` places away, at most the first or last; the first one from none. */
  from(point: number, by: number): number {
    const place = this.#place[point] ?? -1;
    if (place < 0) return this.first;
    return this.#order[Math.min(this.#order.length - 1, Math.max(0, place + by))] ?? -1;
  }
}

/** The point that a key leads to: left and right along x, down and up along y, Home and End to the ends of x; undefined for another key. */
export function walk(x: WalkOrder, y: WalkOrder, from: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return x.from(from, 1);
    case 'ArrowLeft':
      return x.from(from, -1);
    case 'ArrowUp':
      return y.from(from, 1);
    case 'ArrowDown':
      return y.from(from, -1);
    case 'PageUp':
      return x.from(from, -10);
    case 'PageDown':
      return x.from(from, 10);
    case 'Home':
      return x.first;
    case 'End':
      return x.last;
    default:
      return undefined;
  }
}

/** The nearest of the points whose mark, or a place of 8 pixels around its middle, holds the place; -1 for none. */
export function pointAt(x: Float64Array, y: Float64Array, radius: Float64Array | number, px: number, py: number): number {
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    const distance = Math.hypot((x[i] ?? Number.NaN) - px, (y[i] ?? Number.NaN) - py);
    const reach = Math.max(8, typeof radius === 'number' ? radius : (radius[i] ?? 0));
    if (distance <= reach && distance < bestDistance) {
      bestDistance = distance;
      best = i;
    }
  }
  return best;
}
