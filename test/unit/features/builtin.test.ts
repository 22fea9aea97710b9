import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';
import { cosineOfPi, ln } from '../../../src/engine/features/builtin/exactMath.ts';
import { toHalf } from '../../../src/engine/features/builtin/float16.ts';
import { describeText, textDimensions, textTerms } from '../../../src/engine/features/builtin/textDescriptor.ts';
import { describePicture, pictureSide, visualDimensions } from '../../../src/engine/features/builtin/visualDescriptor.ts';
import { MagnitudeHistogram } from '../../../src/engine/features/clip.ts';
import { normal, random } from '../clustering/noise.ts';

describe('exact mathematics', () => {
  it('agrees with the standard functions', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (x) => {
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(4e-16 * Math.max(1, Math.abs(Math.log(x))) * 4);
      }),
    );
    for (let n = -200; n < 200; n++) expect(cosineOfPi(n, 64)).toBeCloseTo(Math.cos((n * Math.PI) / 64), 14);
    expect(cosineOfPi(32, 64)).toBeCloseTo(0, 15);
    expect(cosineOfPi(0, 64)).toBe(1);
  });

  it('rounds to half precision as the engine itself does', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ min: -70000, max: 70000, noNaN: true }), fc.double({ min: -1e-4, max: 1e-4, noNaN: true })), (x) => {
        const bits = new Uint16Array(1);
        bits[0] = toHalf(x);
        expect(new Float16Array(bits.buffer)[0]).toBe(Math.f16round(x));
      }),
      { numRuns: 5000 },
    );
  });
});

/** A picture from a function of its pixels. */
function picture(colour: (x: number, y: number) => readonly [number, number, number]): Uint8Array {
  const rgb = new Uint8Array(pictureSide * pictureSide * 3);
  for (let y = 0; y < pictureSide; y++) for (let x = 0; x < pictureSide; x++) rgb.set(colour(x, y), (y * pictureSide + x) * 3);
  return rgb;
}

function descriptor(rgb: Uint8Array): Float64Array {
  const values = new Float64Array(visualDimensions);
  describePicture(rgb, values);
  return values;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
/** Strength of each of the 8 edge directions over the whole picture. */
function directions(values: Float64Array): number[] {
  const strength = new Array<number>(8).fill(0);
  for (let i = 0; i < 128; i++) strength[i % 8] = (strength[i % 8] as number) + (values[64 + i] as number) ** 2;
  return strength;
}

describe('visual descriptor', () => {
  it('has length 1', () => {
    const draw = random(1);
    expect(
      dot(
        ...([descriptor(picture(() => [draw() * 255, draw() * 255, draw() * 255]))].flatMap((d) => [d, d]) as [Float64Array, Float64Array]),
      ),
    ).toBeCloseTo(1, 12);
  });

  it('puts an even picture into one colour cell and nothing else', () => {
    const values = descriptor(picture(() => [200, 10, 100]));
    expect([...values].filter((value) => value !== 0)).toEqual([1]);
    expect(values[3 * 16 + 0 * 4 + 1]).toBe(1);
  });

  it('tells the directions of edges apart', () => {
    const stripes = (angle: number) =>
      descriptor(
        picture((x, y) => {
          const light = 128 + 100 * Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) / 3);
          return [light, light, light];
        }),
      );
    for (let step = 0; step < 8; step++) {
      const strength = directions(stripes((step * Math.PI) / 8));
      expect(strength.indexOf(Math.max(...strength))).toBe(step);
    }
  });

  it('finds the same picture more alike than another, also brighter and noisy', () => {
    const draw = random(4);
    const scene = (phase: number, lift: number, noise: number) =>
      descriptor(
        picture((x, y) => {
          const value = 120 + lift + 60 * Math.sin(phase + x / 9) + 40 * Math.cos(phase * 2 + y / 5) + noise * normal(draw);
          return [value, value * 0.7, 255 - value].map((each) => Math.max(0, Math.min(255, each))) as [number, number, number];
        }),
      );
    const original = scene(0, 0, 0);
    expect(dot(original, scene(0, 10, 4))).toBeGreaterThan(dot(original, scene(2, 0, 0)));
  });

  it('gives these bits, on every machine', () => {
    // A change here changes the features of every dataset: raise the versions in visualRows.ts and builtinFeatures.ts.
    const values = descriptor(picture((x, y) => [(x * 4) & 255, (y * 4) & 255, (x * y) & 255]));
    const bytes = Buffer.from(Uint16Array.from(values, toHalf).buffer);
    let hash = 0x811c9dc5;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    expect((hash >>> 0).toString(16)).toMatchInlineSnapshot(`"8ad18165"`);
  });
});

/** An index of `rows`, each a list of names; only what the descriptor reads. */
function index(perspective: 'token' | 'interrogation', rows: readonly (readonly string[])[]): PerspectiveIndex {
  const names = [...new Set(rows.flat())];
  const rowOffsets = new Uint32Array(rows.length + 1);
  for (const [i, row] of rows.entries()) rowOffsets[i + 1] = (rowOffsets[i] as number) + row.length;
  return {
    perspective,
    entities: names.length,
    frequency: Uint32Array.from(names, (name) => rows.filter((row) => row.includes(name)).length),
    rowOffsets,
    rowEntities: Uint32Array.from(rows.flat(), (name) => names.indexOf(name)),
    nameOf: (entity: number) => names[entity] ?? '',
  } as unknown as PerspectiveIndex;
}

function textOf(rows: readonly (readonly string[])[], ordinal: number): Float64Array {
  const values = new Float64Array(textDimensions);
  describeText([textTerms(index('token', rows), rows.length)], ordinal, values);
  return values;
}

describe('text descriptor', () => {
  const rows = [['dog', 'ball', 'park'], ['dog', 'ball', 'garden'], ['invoice', 'tax'], [], ['dog']];

  it('has length 1, or is zero without entities', () => {
    expect(dot(textOf(rows, 0), textOf(rows, 0))).toBeCloseTo(1, 12);
    expect(textOf(rows, 3).every((value) => value === 0)).toBe(true);
  });

  it('finds conversations that share words more alike', () => {
    expect(dot(textOf(rows, 0), textOf(rows, 1))).toBeGreaterThan(0.4);
    expect(Math.abs(dot(textOf(rows, 0), textOf(rows, 2)))).toBeLessThan(0.25);
  });

  it('keeps the inner product of the weighted sets, up to chance', () => {
    const draw = random(9);
    const many = Array.from({ length: 200 }, () => [
      ...new Set(Array.from({ length: 12 }, () => `word${Math.floor(draw() * draw() * 300)}`)),
    ]);
    const terms = index('token', many);
    const weight = (entity: number): number => ln(1 + many.length / (terms.frequency[entity] as number));
    const exact = (a: number, b: number): number => {
      const of = (row: number) =>
        new Map(Array.from(terms.rowEntities.slice(terms.rowOffsets[row], terms.rowOffsets[row + 1]), (e) => [e, weight(e)]));
      const [left, right] = [of(a), of(b)];
      const product = (x: Map<number, number>, y: Map<number, number>): number =>
        [...x].reduce((sum, [e, w]) => sum + w * (y.get(e) ?? 0), 0);
      return product(left, right) / Math.sqrt(product(left, left) * product(right, right));
    };
    let error = 0;
    for (let i = 0; i < 100; i++) error += Math.abs(dot(textOf(many, i), textOf(many, i + 100)) - exact(i, i + 100)) / 100;
    expect(error).toBeLessThan(0.08);
  });
});

describe('range of a byte', () => {
  it('costs nearly the least squared error that any range costs', () => {
    const draw = random(2);
    const values = Float32Array.from({ length: 20_000 }, () => 0.05 * normal(draw) * (draw() < 0.01 ? 8 : 1));
    const histogram = new MagnitudeHistogram();
    for (const value of values) histogram.add(value);
    const error = (clip: number): number =>
      values.reduce((sum, value) => {
        const step = clip / 127;
        return sum + (Math.max(-127, Math.min(127, Math.round(value / step))) * step - value) ** 2;
      }, 0);
    const best = Math.min(...Array.from({ length: 80 }, (_, i) => error(0.02 * (i + 1))));
    expect(error(histogram.clip())).toBeLessThan(best * 1.1);
  });

  it('is 0 for zeros and the value for one value', () => {
    const zeros = new MagnitudeHistogram();
    zeros.add(0);
    expect(zeros.clip()).toBe(0);
    const one = new MagnitudeHistogram();
    one.add(-0.5);
    expect(one.clip()).toBeGreaterThan(0.5);
    expect(one.clip()).toBeLessThan(0.51);
  });
});
