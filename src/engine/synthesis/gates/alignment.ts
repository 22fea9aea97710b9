/**
 * How much of a picture another one explains: the correlation of their details after the best crop, shift and change of brightness.
 *
 * A duplicate is what training cannot tell from its original: saved again, brightened, cropped or shifted by up to `largestInset` of a
 * side. Plain correlation of two photographs stays high when one is turned, since most of it is light and dark areas; therefore fine
 * detail is compared (differences from the neighbourhood), and every edge of the picture may move on its own.
 */

/** Pixels on a side that `alignedCorrelation` wants. */
export const alignmentSide = 64;
/** How far each edge of one picture may lie inside or outside of the other, as a share of the side. */
export const largestInset = 0.16;

/** Coarse to fine: side, step of the search in shares of the side, rounds of descent. */
const levels = [
  { side: 16, step: 0.08, rounds: 0 },
  { side: 32, step: 0.04, rounds: 6 },
  { side: 64, step: 0.02, rounds: 6 },
] as const;
/** Edge positions tried at the coarsest level. */
const coarseInsets = [-0.16, -0.08, 0, 0.08, 0.16];
/** Best coarse alignments that are refined. */
const beams = 4;
/** At the middle level no copy is as bad as this. */
const hopeless = 0.4;
/** Standard deviation of detail, of 255, below which a picture has none: its compression noise must not decide. */
const leastDetail = 0.75;

/** Left, top, right and bottom edge of the candidate in the other picture, which spans 0 to 1. */
export type Alignment = readonly [left: number, top: number, right: number, bottom: number];

export interface AlignedCorrelation {
  /** -1 to 1. */
  readonly correlation: number;
  readonly alignment: Alignment;
}

/** Brightness and its detail at every level of the search. */
export interface AlignmentPyramid {
  readonly levels: readonly { readonly side: number; readonly values: Float32Array }[];
  /** False: flat or smooth, so the levels hold the brightness itself. */
  readonly hasDetail: boolean;
}

/** @param grey 64 x 64 bytes, row by row */
export function alignmentPyramid(grey: Uint8Array): AlignmentPyramid {
  const full = Float32Array.from(grey);
  const detail = standardDeviation(detailOf(full, alignmentSide));
  const hasDetail = detail >= leastDetail;
  return {
    hasDetail,
    levels: levels.map(({ side }) => {
      const small = shrink(full, alignmentSide, side);
      return { side, values: hasDetail ? detailOf(small, side) : small };
    }),
  };
}

/** Best correlation of a candidate's details with another picture's, over crops and shifts up to `largestInset`. */
export function alignedCorrelation(candidate: AlignmentPyramid, other: AlignmentPyramid): AlignedCorrelation {
  const at = (level: number, alignment: Alignment): number => {
    const a = candidate.levels[level];
    const b = other.levels[level];
    return a && b ? correlationAt(a.values, b.values, a.side, alignment) : -1;
  };
  let found: AlignedCorrelation[] = [];
  for (const left of coarseInsets)
    for (const top of coarseInsets)
      for (const right of coarseInsets)
        for (const bottom of coarseInsets) {
          const alignment: Alignment = [left, top, 1 - right, 1 - bottom];
          found.push({ alignment, correlation: at(0, alignment) });
        }
  // The untouched position is always refined: fine patterns may vanish at the coarsest level.
  const identity: Alignment = [0, 0, 1, 1];
  found.sort((a, b) => b.correlation - a.correlation);
  found = [{ alignment: identity, correlation: at(0, identity) }, ...found.slice(0, beams)];
  for (let level = 1; level < levels.length; level++) {
    const { step, rounds } = levels[level] as (typeof levels)[number];
    found = found.map((one) =>
      descend({ ...one, correlation: at(level, one.alignment) }, step, rounds, (alignment) => at(level, alignment)),
    );
    found.sort((a, b) => b.correlation - a.correlation);
    found = found.slice(0, level === 1 ? 2 : 1);
    if ((found[0]?.correlation ?? -1) < hopeless) break;
  }
  return found[0] ?? { alignment: identity, correlation: -1 };
}

/** Moves one edge, or two opposite ones together, as long as that helps; the step is halved when nothing does. */
function descend(
  start: AlignedCorrelation,
  firstStep: number,
  rounds: number,
  correlation: (alignment: Alignment) => number,
): AlignedCorrelation {
  let best = start;
  let step = firstStep;
  for (let round = 0; round < rounds; round++) {
    const before = best.correlation;
    for (const move of moves) {
      const alignment = best.alignment.map((edge, i) => clampEdge(edge + (move[i] as number) * step, i)) as unknown as Alignment;
      const value = correlation(alignment);
      if (value > best.correlation) best = { alignment, correlation: value };
    }
    if (best.correlation <= before) {
      step /= 2;
      if (step < 0.0025) break;
    }
  }
  return best;
}

const moves: readonly Alignment[] = [
  [1, 0, 0, 0],
  [-1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, -1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, -1, 0],
  [0, 0, 0, 1],
  [0, 0, 0, -1],
  [1, 0, 1, 0],
  [-1, 0, -1, 0],
  [0, 1, 0, 1],
  [0, -1, 0, -1],
  [1, 1, -1, -1],
  [-1, -1, 1, 1],
];

function clampEdge(value: number, edge: number): number {
  const rest = edge < 2 ? 0 : 1;
  return Math.min(rest + largestInset, Math.max(rest - largestInset, value));
}

/** Where each column of the candidate falls in the other picture: used again by every call. */
const columnStart = new Int32Array(alignmentSide);
const columnShare = new Float64Array(alignmentSide);

/** Correlation of the candidate's pixels with the other picture's under them; pixels that fall outside of it do not count. */
function correlationAt(a: Float32Array, b: Float32Array, side: number, [left, top, right, bottom]: Alignment): number {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  const last = side - 1;
  // Columns map alike in every row.
  let from = side;
  let to = 0;
  for (let u = 0; u < side; u++) {
    const x = (left + ((u + 0.5) / side) * (right - left)) * side - 0.5;
    if (x < 0 || x > last) continue;
    const x0 = Math.min(last - 1, Math.floor(x));
    columnStart[u] = x0;
    columnShare[u] = x - x0;
    if (u < from) from = u;
    to = u + 1;
  }
  for (let v = 0; v < side; v++) {
    const y = (top + ((v + 0.5) / side) * (bottom - top)) * side - 0.5;
    if (y < 0 || y > last) continue;
    const y0 = Math.min(last - 1, Math.floor(y));
    const fy = y - y0;
    for (let u = from; u < to; u++) {
      const fx = columnShare[u] as number;
      const at = y0 * side + (columnStart[u] as number);
      const first = b[at] as number;
      const third = b[at + side] as number;
      const upper = first + ((b[at + 1] as number) - first) * fx;
      const lower = third + ((b[at + side + 1] as number) - third) * fx;
      const other = upper + (lower - upper) * fy;
      const own = a[v * side + u] as number;
      n++;
      sumA += own;
      sumB += other;
      sumAA += own * own;
      sumBB += other * other;
      sumAB += own * other;
    }
  }
  if (n === 0) return -1;
  const varianceA = sumAA - (sumA * sumA) / n;
  const varianceB = sumBB - (sumB * sumB) / n;
  // Two even areas are the same picture of nothing.
  if (varianceA < n * 1e-6 || varianceB < n * 1e-6) return varianceA < n * 1e-6 && varianceB < n * 1e-6 ? 1 : 0;
  return (sumAB - (sumA * sumB) / n) / Math.sqrt(varianceA * varianceB);
}

/** A slightly softened picture less its surroundings. */
function detailOf(values: Float32Array, side: number): Float32Array {
  const soft = boxBlur(values, side, 1);
  const wide = boxBlur(boxBlur(values, side, 3), side, 3);
  return soft.map((value, i) => value - (wide[i] as number));
}

/** Mean over (2 radius + 1)² pixels, edges repeated. */
function boxBlur(values: Float32Array, side: number, radius: number): Float32Array {
  const pass = (source: Float32Array, stride: number, other: number): Float32Array => {
    const target = new Float32Array(source.length);
    const size = 2 * radius + 1;
    for (let line = 0; line < side; line++) {
      const start = line * other;
      let sum = 0;
      for (let k = -radius; k <= radius; k++) sum += source[start + Math.min(side - 1, Math.max(0, k)) * stride] as number;
      for (let i = 0; i < side; i++) {
        target[start + i * stride] = sum / size;
        const out = Math.max(0, i - radius);
        const next = Math.min(side - 1, i + radius + 1);
        sum += (source[start + next * stride] as number) - (source[start + out * stride] as number);
      }
    }
    return target;
  };
  return pass(pass(values, 1, side), side, 1);
}

function shrink(values: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return values;
  const factor = from / to;
  const small = new Float32Array(to * to);
  for (let y = 0; y < to; y++)
    for (let x = 0; x < to; x++) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy++)
        for (let dx = 0; dx < factor; dx++) sum += values[(y * factor + dy) * from + x * factor + dx] as number;
      small[y * to + x] = sum / (factor * factor);
    }
  return small;
}

function standardDeviation(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}
