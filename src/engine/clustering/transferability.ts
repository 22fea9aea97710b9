import { dotTile } from './dotTile.ts';
import { cosineOf, Panels, squaredNorms } from './panels.ts';
import type { RowSource } from './rowSource.ts';

/** Which of the two published forms of the method runs (COINCIDE specification 0.1). */
export type Preset = 'repo' | 'paper';

/** Centroids more similar than this are left out of the mean of the `repo` preset. */
const nearDuplicate = 0.9;
/** Related clusters listed per cluster (the reference saves as many). */
export const relatedClusters = 4;

export interface Transferability {
  /** Mean cosine with the other centroids, one per row of the range; 0 where the mean has no term. */
  readonly transferability: Float64Array;
  /** The most similar other clusters, `relatedClusters` per row, descending (ties: lower id); -1 where there are fewer. */
  readonly related: Int32Array;
  readonly relatedSimilarity: Float64Array;
}

/**
 * Transferability of the clusters `from` to `to` - 1 (COINCIDE specification 3.1), in tiles: memory grows with the number of clusters.
 * `repo`: mean over every j (self included, which its similarity of 1 drops) with cosine <= 0.9. `paper`: mean over every other j.
 * A zero vector has cosine 0 with everything, itself included. The sum runs over j ascending, in double precision.
 *
 * @param centroids for `repo` the language half where there is one, else whole centroids
 */
export function transferabilityOf(centroids: RowSource, preset: Preset, from = 0, to = centroids.rows): Transferability {
  const panels = new Panels(centroids);
  const own = new Panels(
    centroids,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );
  const squares = squaredNorms(panels);
  const n = to - from;
  const sum = new Float64Array(n);
  const terms = new Uint32Array(n);
  const nearest = new Nearest(n, relatedClusters);
  const dots = new Float64Array(panels.panelRows * panels.panelRows);
  for (let a = 0; a < own.count; a++) {
    const left = own.at(a);
    for (let b = 0; b < panels.count; b++) {
      const right = panels.at(b);
      dotTile(left.values, left.count, right.values, right.count, panels.dimensions, dots);
      for (let i = 0; i < left.count; i++) {
        const row = left.first + i;
        for (let j = 0; j < right.count; j++) {
          const other = right.first + j;
          const isSelf = other === from + row;
          const cosine = cosineOf(dots[i * right.count + j] as number, squares[from + row] as number, squares[other] as number);
          if (!isSelf) nearest.offer(row, other, cosine);
          if (preset === 'paper' ? isSelf : cosine > nearDuplicate) continue;
          sum[row] = (sum[row] as number) + cosine;
          terms[row] = (terms[row] as number) + 1;
        }
      }
    }
  }
  const transferability = sum.map((total, row) => (terms[row] === 0 ? 0 : total / (terms[row] as number)));
  return { transferability, related: nearest.ids, relatedSimilarity: nearest.similarity };
}

/** The few most similar others of each row. */
class Nearest {
  readonly ids: Int32Array;
  readonly similarity: Float64Array;
  readonly #size: number;

  constructor(rows: number, size: number) {
    this.#size = size;
    this.ids = new Int32Array(rows * size).fill(-1);
    this.similarity = new Float64Array(rows * size).fill(Number.NEGATIVE_INFINITY);
  }

  /** Others must be offered in ascending order: on a tie the earlier one stays ahead. */
  offer(row: number, id: number, similarity: number): void {
    const first = row * this.#size;
    let at = first + this.#size - 1;
    if (similarity <= (this.similarity[at] as number) && this.ids[at] !== -1) return;
    while (at > first && (this.ids[at - 1] === -1 || similarity > (this.similarity[at - 1] as number))) {
      this.ids[at] = this.ids[at - 1] as number;
      this.similarity[at] = this.similarity[at - 1] as number;
      at--;
    }
    this.ids[at] = id;
    this.similarity[at] = similarity;
  }
}
