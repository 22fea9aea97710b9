import { dot } from './dotTile.ts';
import type { RowSource } from './rowSource.ts';

/** Bytes of one panel of rows in double precision: a few of them stay in the processor's cache, and many of them in memory. */
const panelBytes = 4 * 1024 * 1024;
const mostPanelRows = 256;
/** Panels kept between visits; a larger matrix is read again for each pass over its pairs. */
const residentBytes = 256 * 1024 * 1024;

/** Consecutive rows of a list, in double precision. */
export interface Panel {
  /** Position in the list of the panel's first row. */
  readonly first: number;
  readonly count: number;
  readonly values: Float64Array;
}

/** Some rows of a matrix, cut into panels that fit in memory two at a time; kept when they fit all together. */
export class Panels {
  readonly length: number;
  readonly dimensions: number;
  readonly #source: RowSource;
  readonly #rows: Uint32Array | undefined;
  readonly #panelRows: number;
  readonly #kept: (Panel | undefined)[] | undefined;

  /**
   * @param rows the rows wanted, in this order; undefined for all
   * @param most bytes of panels to keep between visits
   */
  constructor(source: RowSource, rows?: Uint32Array, most = residentBytes) {
    this.#source = source;
    this.#rows = rows;
    this.length = rows?.length ?? source.rows;
    this.dimensions = source.dimensions;
    this.#panelRows = Math.max(4, Math.min(mostPanelRows, Math.floor(panelBytes / (8 * Math.max(1, source.dimensions)))));
    this.#kept = this.length * source.dimensions * 8 <= most ? [] : undefined;
  }

  get count(): number {
    return Math.ceil(this.length / this.#panelRows);
  }

  get panelRows(): number {
    return this.#panelRows;
  }

  at(index: number): Panel {
    const known = this.#kept?.[index];
    if (known) return known;
    const first = index * this.#panelRows;
    const count = Math.min(this.#panelRows, this.length - first);
    const values = new Float64Array(count * this.dimensions);
    for (let i = 0; i < count; i++) this.#source.read(this.#rows?.[first + i] ?? first + i, values, i * this.dimensions);
    const panel = { first, count, values };
    if (this.#kept) this.#kept[index] = panel;
    return panel;
  }
}

/** Inner product of each row with itself. */
export function squaredNorms(panels: Panels): Float64Array {
  const squares = new Float64Array(panels.length);
  const d = panels.dimensions;
  for (let p = 0; p < panels.count; p++) {
    const { first, count, values } = panels.at(p);
    for (let i = 0; i < count; i++) squares[first + i] = dot(values, i * d, values, i * d, d);
  }
  return squares;
}

/** Cosine from an inner product and two squared norms; 0 with a zero vector. One rounding for both norms: a row has exactly 1 with itself. */
export function cosineOf(product: number, squareA: number, squareB: number): number {
  if (squareA === 0 || squareB === 0) return 0;
  const norms = Math.sqrt(squareA * squareB);
  const isInRange = norms > 0 && norms < Number.POSITIVE_INFINITY;
  return product / (isInRange ? norms : Math.sqrt(squareA) * Math.sqrt(squareB));
}
