import type { Sharp } from 'sharp';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createImageDecoder } from '../../../src/engine/runtime/imageDecoder.ts';
import { hammingDistance, phash } from '../../../src/engine/runtime/phash.ts';
import { picture } from './pictures.ts';

const decoder = createImageDecoder();

async function hashOf(image: Sharp): Promise<string> {
  const result = await decoder.check(await image.png().toBuffer());
  if (!result.ok) throw new Error(result.detail);
  return result.phash;
}

/** Literal definition: every coefficient as a double sum, median of the 64, bits in reading order. */
function oracle(grey: Uint8Array): string {
  const coefficients: number[] = [];
  for (let v = 0; v < 8; v += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let y = 0; y < 32; y += 1) {
        for (let x = 0; x < 32; x += 1) {
          sum += (grey[32 * y + x] ?? 0) * Math.cos((Math.PI * u * (2 * x + 1)) / 64) * Math.cos((Math.PI * v * (2 * y + 1)) / 64);
        }
      }
      coefficients.push(sum);
    }
  }
  const sorted = [...coefficients].sort((a, b) => a - b);
  const median = ((sorted[31] ?? 0) + (sorted[32] ?? 0)) / 2;
  const bits = coefficients.map((coefficient) => (coefficient > median ? '1' : '0')).join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

test('agrees with the definition', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const grey = await picture(32, 32, seed).greyscale().toColourspace('b-w').raw().toBuffer();
    expect(phash(grey)).toBe(oracle(grey));
  }
});

test('a flat picture has no noise bits', () => {
  const hashes = [0, 1, 77, 128, 255].map((level) => phash(new Uint8Array(1024).fill(level)));
  expect(hashes).toEqual(['0000000000000000', '8000000000000000', '8000000000000000', '8000000000000000', '8000000000000000']);
});

test('refuses another size', () => {
  expect(() => phash(new Uint8Array(1000))).toThrow(RangeError);
});

test('distance counts differing bits', () => {
  expect(hammingDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
  expect(hammingDistance('f000000000000001', 'f000000000000000')).toBe(1);
});

describe('distances', () => {
  const seeds = [11, 12, 13, 14, 15, 16];

  test('copies lie within 10 bits', async () => {
    for (const seed of seeds) {
      const original = await hashOf(picture(400, 300, seed));
      const png = await picture(400, 300, seed).png().toBuffer();
      const resized = await hashOf(sharp(png).resize(150, 112));
      const recompressed = await hashOf(sharp(await sharp(png).jpeg({ quality: 40 }).toBuffer()));
      expect(hammingDistance(original, resized)).toBeLessThanOrEqual(8);
      expect(hammingDistance(original, recompressed)).toBeLessThanOrEqual(8);
    }
  });

  test('different pictures, flips and rotations lie farther', async () => {
    const hashes = await Promise.all(seeds.map((seed) => hashOf(picture(400, 300, seed))));
    for (const [i, a] of hashes.entries()) {
      for (const b of hashes.slice(i + 1)) expect(hammingDistance(a, b)).toBeGreaterThan(10);
      const png = await picture(400, 300, seeds[i] ?? 0)
        .png()
        .toBuffer();
      expect(hammingDistance(a, await hashOf(sharp(png).flop()))).toBeGreaterThan(10);
      expect(hammingDistance(a, await hashOf(sharp(png).rotate(90)))).toBeGreaterThan(10);
    }
  });
});
