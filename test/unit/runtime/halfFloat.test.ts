import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatsToHalves, halvesToFloats } from '../../../src/engine/runtime/onnx/halfFloat.ts';

/** JavaScript's own halves, which the engine cannot use: the editor's Node has none. */
function literal(values: readonly number[]): Uint16Array {
  const halves = Float16Array.from(values);
  return new Uint16Array(halves.buffer);
}

describe('half precision', () => {
  it('is read exactly, all 65,536 numbers', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    expect(halvesToFloats(bits)).toEqual(Float32Array.from(new Float16Array(bits.buffer)));
  });

  it('is written as it was read', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0);
    expect(floatsToHalves(halvesToFloats(bits))).toEqual(bits);
  });

  it('is rounded to the nearest, half to even', () => {
    const edges = [
      0,
      -0,
      2 ** -24,
      2 ** -25,
      3 * 2 ** -25,
      -(2 ** -25),
      2 ** -14,
      2 ** -14 - 2 ** -25,
      65504,
      65519.99,
      65520,
      65536,
      1e30,
      Number.POSITIVE_INFINITY,
    ];
    expect(floatsToHalves(edges)).toEqual(literal(edges.map(Math.fround)));
    expect((floatsToHalves([Number.NaN])[0] ?? 0) & 0x7fff).toBeGreaterThan(0x7c00);
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(floatsToHalves([value])).toEqual(literal([value]));
      }),
      { numRuns: 2000 },
    );
  });
});
