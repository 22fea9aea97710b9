import { dotTile } from './dotTile.ts';
import { cosineOf, Panels, squaredNorms } from './panels.ts';
import type { RowSource } from './rowSource.ts';

export type NearnessMetric = 'squaredDistance' | 'cosine';

/** Neighbours of some rows: `ids[i * count + t]` is the t-th nearest of row i, `values` its squared distance or cosine. */
export interface NearestRows {
  readonly count: number;
  readonly ids: Uint32Array;
  readonly values: Float64Array;
}

/**
 * The exact nearest other rows of the rows `from` to `to` - 1, nearest first, ties by lower id; a row is never its own neighbour.
 * @param wanted neighbours per row; fewer when there are not so many rows
 */
export function nearestRows(source: RowSource, metric: NearnessMetric, wanted: number, from = 0, to = source.rows): NearestRows {
  const all = new Panels(source);
  const own = new Panels(
    source,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );
  const squares = squaredNorms(all);
  const count = Math.min(wanted, Math.max(0, source.rows - 1));
  const lists = new NearestLists(to - from, count);
  const dots = new Float64Array(all.panelRows * all.panelRows);
  for (let a = 0; a < own.count; a++) {
    const left = own.at(a);
    for (let b = 0; b < all.count; b++) {
      const right = all.at(b);
      dotTile(left.values, left.count, right.values, right.count, all.dimensions, dots);
      for (let i = 0; i < left.count; i++) {
        const row = left.first + i;
        for (let j = 0; j < right.count; j++) {
          const other = right.first + j;
          if (other === from + row) continue;
          const product = dots[i * right.count + j] as number;
          const squareA = squares[from + row] as number;
          const squareB = squares[other] as number;
          // Kept as "smaller is nearer".
          lists.offer(
            row,
            other,
            metric === 'cosine' ? -cosineOf(product, squareA, squareB) : Math.max(0, squareA + squareB - 2 * product),
          );
        }
      }
    }
  }
  const { ids, distance } = lists;
  return { count, ids, values: metric === 'cosine' ? distance.map((value) => -value) : distance };
}

/** A short ascending list per row, filled by insertion. */
class NearestLists {
  readonly ids: Uint32Array;
  readonly distance: Float64Array;
  readonly #size: number;

  constructor(rows: number, size: number) {
    this.#size = size;
    this.ids = new Uint32Array(rows * size);
    this.distance = new Float64Array(rows * size).fill(Number.POSITIVE_INFINITY);
  }

  /** Offered in ascending order of ids, so that on a tie the earlier one stays ahead. */
  offer(row: number, id: number, distance: number): void {
    const first = row * this.#size;
    let at = first + this.#size - 1;
    if (at < first || !(distance < (this.distance[at] as number))) return;
    while (at > first && distance < (this.distance[at - 1] as number)) {
      this.ids[at] = this.ids[at - 1] as number;
      this.distance[at] = this.distance[at - 1] as number;
      at--;
    }
    this.ids[at] = id;
    this.distance[at] = distance;
  }
}
