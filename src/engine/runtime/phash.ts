/**
 * 64-bit perceptual hash: signs of the 8 x 8 lowest frequencies of a 32 x 32 DCT-II against their median.
 * Copies that were resized or compressed again lie within 8 to 10 bits of each other; flips and rotations do not.
 */

/** Side of the grey picture that the hash is computed from. */
export const phashSide = 32;
const lowSide = 8;
/** Coefficients of a flat picture are 0 up to rounding; their noise must not become bits. */
const noise = 1e-6;

/** basis[u * 32 + x] = cos((2x + 1) u pi / 64) */
const basis = new Float64Array(lowSide * phashSide);
for (let u = 0; u < lowSide; u += 1) {
  for (let x = 0; x < phashSide; x += 1) basis[u * phashSide + x] = Math.cos(((2 * x + 1) * u * Math.PI) / (2 * phashSide));
}

/**
 * @param grey 32 x 32 bytes, row by row.
 * @returns 16 hex digits; the first bit is the mean, the next ones go along the horizontal frequencies.
 */
export function phash(grey: Uint8Array): string {
  if (grey.length !== phashSide * phashSide) throw new RangeError(`pHash needs ${phashSide * phashSide} grey values, not ${grey.length}`);
  const rows = new Float64Array(phashSide * lowSide);
  for (let y = 0; y < phashSide; y += 1) {
    for (let u = 0; u < lowSide; u += 1) {
      let sum = 0;
      for (let x = 0; x < phashSide; x += 1) sum += (grey[y * phashSide + x] ?? 0) * (basis[u * phashSide + x] ?? 0);
      rows[y * lowSide + u] = sum;
    }
  }
  const low = new Float64Array(lowSide * lowSide);
  for (let v = 0; v < lowSide; v += 1) {
    for (let u = 0; u < lowSide; u += 1) {
      let sum = 0;
      for (let y = 0; y < phashSide; y += 1) sum += (rows[y * lowSide + u] ?? 0) * (basis[v * phashSide + y] ?? 0);
      low[v * lowSide + u] = Math.abs(sum) < noise ? 0 : sum;
    }
  }
  const sorted = Float64Array.from(low).sort();
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  let hex = '';
  for (let i = 0; i < low.length; i += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) digit = digit * 2 + ((low[i + bit] ?? 0) > median ? 1 : 0);
    hex += digit.toString(16);
  }
  return hex;
}

/** Differing bits of two hashes, 0 to 64. */
export function hammingDistance(a: string, b: string): number {
  let different = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; different > 0n; different &= different - 1n) count += 1;
  return count;
}
