import { cosineOfPi } from './exactMath.ts';

/**
 * What a picture looks like, in 256 numbers of length 1 from its 64 x 64 pixels:
 * - 64: share of the pixels in each cell of the RGB cube cut 4 x 4 x 4;
 * - 128: strength of the edges in 4 x 4 parts of the picture, by 8 directions;
 * - 64: the 8 x 8 lowest frequencies of the brightness (DCT-II), without the mean.
 * Each block holds square roots (with their sign), so that much of one thing does not hide the rest, and has the same length; a block
 * without anything, as the edges of an even picture, is zero. Only exact and fixed-order arithmetic: the same bits on every machine.
 */
export const visualDimensions = 256;
/** Pixels on a side that the descriptor wants. */
export const pictureSide = 64;

const colourCells = 64;
const parts = 4;
const directions = 8;
const edgeValues = parts * parts * directions;
const lowSide = 8;
/** The brightness is halved to this side before its frequencies are taken. */
const smallSide = pictureSide / 2;
/** Coefficients of an even picture are 0 up to rounding; their noise must not become a pattern. */
const noise = 1e-6;

/** tan(11.25°) and tan(33.75°): where one of 8 directions ends and the next begins, up to 45 degrees. */
const tangents = [0.198912367379658, 0.6681786379192989] as const;

/** basis[u * 32 + x] = cos((2x + 1) u pi / 64) */
const basis = new Float64Array(lowSide * smallSide);
for (let u = 0; u < lowSide; u++) for (let x = 0; x < smallSide; x++) basis[u * smallSide + x] = cosineOfPi((2 * x + 1) * u, 2 * smallSide);

/** @param rgb 64 x 64 pixels, row by row @param target receives `visualDimensions` values */
export function describePicture(rgb: Uint8Array, target: Float64Array): void {
  target.fill(0);
  const colours = target.subarray(0, colourCells);
  const edges = target.subarray(colourCells, colourCells + edgeValues);
  const frequencies = target.subarray(colourCells + edgeValues);
  const brightness = new Int32Array(pictureSide * pictureSide);
  for (let i = 0; i < brightness.length; i++) {
    const r = rgb[3 * i] as number;
    const g = rgb[3 * i + 1] as number;
    const b = rgb[3 * i + 2] as number;
    const cell = (r >> 6) * 16 + (g >> 6) * 4 + (b >> 6);
    colours[cell] = (colours[cell] as number) + 1;
    brightness[i] = 77 * r + 150 * g + 29 * b; // 256 times the luma
  }
  addEdges(brightness, edges);
  addFrequencies(brightness, frequencies);
  for (const block of [colours, edges, frequencies]) evenOut(block);
  normalize(target);
}

function addEdges(brightness: Int32Array, edges: Float64Array): void {
  for (let y = 1; y < pictureSide - 1; y++) {
    for (let x = 1; x < pictureSide - 1; x++) {
      const at = y * pictureSide + x;
      const gx = (brightness[at + 1] as number) - (brightness[at - 1] as number);
      const gy = (brightness[at + pictureSide] as number) - (brightness[at - pictureSide] as number);
      if (gx === 0 && gy === 0) continue;
      const part = ((y * parts) >> 6) * parts + ((x * parts) >> 6);
      const bin = part * directions + directionOf(gx, gy);
      edges[bin] = (edges[bin] as number) + Math.sqrt(gx * gx + gy * gy);
    }
  }
}

/** The nearest of 8 directions a half turn apart from each other's end, 0 along x; opposite gradients are the same edge. */
function directionOf(gx: number, gy: number): number {
  const isSame = gx >= 0 === gy >= 0;
  const a = Math.abs(gx);
  const b = Math.abs(gy);
  // Steps of 22.5° from the x axis: 0 to 4, the last being the y axis.
  let steps: number;
  if (b <= a) steps = b < a * tangents[0] ? 0 : b < a * tangents[1] ? 1 : 2;
  else steps = a < b * tangents[0] ? 4 : a < b * tangents[1] ? 3 : 2;
  return isSame ? steps : (directions - steps) % directions;
}

function addFrequencies(brightness: Int32Array, frequencies: Float64Array): void {
  const rows = new Float64Array(smallSide * lowSide);
  for (let y = 0; y < smallSide; y++) {
    for (let u = 0; u < lowSide; u++) {
      let sum = 0;
      for (let x = 0; x < smallSide; x++) sum += quad(brightness, x, y) * (basis[u * smallSide + x] as number);
      rows[y * lowSide + u] = sum;
    }
  }
  for (let v = 0; v < lowSide; v++) {
    for (let u = v === 0 ? 1 : 0; u < lowSide; u++) {
      let sum = 0;
      for (let y = 0; y < smallSide; y++) sum += (rows[y * lowSide + u] as number) * (basis[v * smallSide + y] as number);
      frequencies[v * lowSide + u] = Math.abs(sum) < noise ? 0 : sum;
    }
  }
}

/** Sum of 2 x 2 pixels. */
function quad(brightness: Int32Array, x: number, y: number): number {
  const at = 2 * y * pictureSide + 2 * x;
  return (
    (brightness[at] as number) +
    (brightness[at + 1] as number) +
    (brightness[at + pictureSide] as number) +
    (brightness[at + pictureSide + 1] as number)
  );
}

/** Square roots with their sign, then length 1. */
function evenOut(block: Float64Array): void {
  for (let i = 0; i < block.length; i++) {
    const value = block[i] as number;
    block[i] = value < 0 ? -Math.sqrt(-value) : Math.sqrt(value);
  }
  normalize(block);
}

/** Scales to length 1; zero stays zero. */
export function normalize(values: Float64Array): void {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] as number) * (values[i] as number);
  if (squares === 0) return;
  const length = Math.sqrt(squares);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) / length;
}
