import type { Permutation } from '../../protocol/clustering.ts';
import { Mt19937 } from './mt19937.ts';

/**
 * The library's permutation of 0 to n - 1 (COINCIDE specification 2.2): place i is swapped with i + (u32 mod (n - i)), `mod`, or with
 * i + floor(u32 * (n - i) / 2^32), `mulshift`.
 */
export function permute(n: number, seed: number, kind: Permutation): Uint32Array {
  const permutation = Uint32Array.from({ length: n }, (_, i) => i);
  const generator = new Mt19937(seed);
  for (let i = 0; i + 1 < n; i++) {
    const left = n - i;
    const word = generator.next();
    const j = i + (kind === 'mod' ? word % left : multiplyShift(word, left));
    const kept = permutation[i] as number;
    permutation[i] = permutation[j] as number;
    permutation[j] = kept;
  }
  return permutation;
}

/** floor(word * n / 2^32): the product of two 32-bit numbers may pass 2^53, so its halves are multiplied apart, each exactly. */
function multiplyShift(word: number, n: number): number {
  const low = Math.floor(((word & 0xffff) * n) / 65536);
  return Math.floor(((word >>> 16) * n + low) / 65536);
}
