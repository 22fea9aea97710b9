import { dot, dotTile } from './dotTile.ts';
import { cosineOf, Panels, squaredNorms } from './panels.ts';
import type { RowSource } from './rowSource.ts';

/** One cluster as SemDeDup sees it (COINCIDE specification 4.1). */
export interface EarlierSimilarity {
  /** Members from the least to the most similar to their centroid (hard ones first); ties in the order given. */
  readonly rows: Uint32Array;
  /** Per member in that order: the largest cosine with an earlier one, at least 0. */
  readonly maximum: Float64Array;
  /** The earlier member with that cosine (the first on a tie), as a row; the row itself where the maximum is 0 without one. */
  readonly twin: Uint32Array;
}

/** @param rows members, ascending @param centroid of any length */
export function earlierSimilarity(source: RowSource, rows: Uint32Array, centroid: Float64Array): EarlierSimilarity {
  const sorted = hardFirst(source, rows, centroid);
  const panels = new Panels(source, sorted);
  const squares = squaredNorms(panels);
  const maximum = new Float64Array(rows.length);
  const twin = sorted.slice();
  const dots = new Float64Array(panels.panelRows * panels.panelRows);
  for (let a = 0; a < panels.count; a++) {
    const earlier = panels.at(a);
    for (let b = a; b < panels.count; b++) {
      const later = panels.at(b);
      dotTile(earlier.values, earlier.count, later.values, later.count, panels.dimensions, dots);
      for (let i = 0; i < earlier.count; i++) {
        for (let j = b === a ? i + 1 : 0; j < later.count; j++) {
          const first = earlier.first + i;
          const second = later.first + j;
          const cosine = cosineOf(dots[i * later.count + j] as number, squares[first] as number, squares[second] as number);
          if (cosine <= (maximum[second] as number)) continue;
          maximum[second] = cosine;
          twin[second] = sorted[first] as number;
        }
      }
    }
  }
  return { rows: sorted, maximum, twin };
}

function hardFirst(source: RowSource, rows: Uint32Array, centroid: Float64Array): Uint32Array {
  const d = source.dimensions;
  const row = new Float64Array(d);
  const similarity = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    source.read(rows[i] as number, row, 0);
    const square = dot(row, 0, row, 0, d);
    similarity[i] = square === 0 ? 0 : dot(row, 0, centroid, 0, d) / Math.sqrt(square);
  }
  const order = Uint32Array.from(rows, (_, i) => i).sort((a, b) => (similarity[a] as number) - (similarity[b] as number) || a - b);
  return order.map((i) => rows[i] as number);
}
