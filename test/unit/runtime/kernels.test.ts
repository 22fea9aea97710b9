import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Arena } from '../../../src/engine/runtime/contracts.ts';
import { arenaBytes, compileKernels, createArena } from '../../../src/engine/runtime/kernels/arena.ts';
import { random } from '../clustering/noise.ts';
import { kernelPath } from '../clustering/training.ts';

let module: object;
beforeAll(async () => {
  module = await compileKernels(readFileSync(kernelPath));
});

function arena(...blocks: number[]): Promise<Arena> {
  return createArena(module, arenaBytes(blocks));
}

const draw = random(11);
const floats = (length: number): Float32Array => Float32Array.from({ length }, () => draw() * 2 - 1);

describe('arena', () => {
  it('gives aligned blocks that do not overlap, and no more than it has', async () => {
    const memory = await arena(10, 1000);
    const [a, b] = [memory.allocate(10), memory.allocate(1000)];
    expect([a % 64, b % 64]).toEqual([0, 0]);
    expect(b).toBeGreaterThanOrEqual(a + 10 + 64);
    expect(() => memory.allocate(1 << 20)).toThrow(RangeError);
  });
});

describe('kernels', () => {
  it('turn every finite half into its float', async () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    const memory = await arena(halves.byteLength, halves.length * 4);
    const from = memory.allocate(halves.byteLength);
    const to = memory.allocate(halves.length * 4);
    memory.uint8(from, halves.byteLength).set(new Uint8Array(halves.buffer));
    memory.kernels.halvesToFloats(from, to, halves.length);
    const expected = Float32Array.from(new Float16Array(halves.buffer));
    expect(Buffer.from(memory.float32(to, halves.length).buffer, to, expected.byteLength)).toEqual(Buffer.from(expected.buffer));
  });

  it('make bytes of floats, half to even and cut off', async () => {
    const values = Float32Array.of(0, 0.5, 1.5, 2.5, -0.5, -1.5, 126.6, 127.4, 200, -200, -127, 1e9, -1e9, 3.49, 7, -3.51, 1);
    const memory = await arena(values.byteLength, 64);
    const from = memory.allocate(values.byteLength);
    const to = memory.allocate(64);
    memory.float32(from, values.length).set(values);
    memory.kernels.quantizeRows(from, to, values.length, 1);
    expect([...memory.uint8(to, values.length)].map((byte) => byte - 128)).toEqual([
      0, 0, 2, 2, 0, -2, 127, 127, 127, -127, -127, 127, -127, 3, 7, -4, 1,
    ]);
  });

  it.each([1, 3, 16, 37, 64])('add rows to their clusters in float32, in order (%i values)', async (dimensions) => {
    const rows = floats(50 * dimensions);
    const labels = Int32Array.from({ length: 50 }, () => Math.floor(draw() * 4));
    const memory = await arena(rows.byteLength, 200, 16 * dimensions);
    const [r, l, s] = [memory.allocate(rows.byteLength), memory.allocate(200), memory.allocate(16 * dimensions)];
    memory.float32(r, rows.length).set(rows);
    memory.int32(l, 50).set(labels);
    memory.kernels.addRows(r, l, 50, dimensions, s);
    const expected = new Float32Array(4 * dimensions);
    for (const [row, label] of labels.entries())
      for (let i = 0; i < dimensions; i++)
        expected[label * dimensions + i] = (expected[label * dimensions + i] as number) + (rows[row * dimensions + i] as number);
    expect(memory.float32(s, 4 * dimensions)).toEqual(expected);
  });

  it.each([1, 15, 16, 50])('move rows between integer sums (%i values)', async (dimensions) => {
    const rows = Uint8Array.from({ length: 30 * dimensions }, () => 1 + Math.floor(draw() * 255));
    const memory = await arena(rows.length, 120, 120, 12 * dimensions);
    const [r, l, p, s] = [memory.allocate(rows.length), memory.allocate(120), memory.allocate(120), memory.allocate(12 * dimensions)];
    memory.uint8(r, rows.length).set(rows);
    const previous = memory.int32(p, 30).fill(-1);
    for (let round = 0; round < 3; round++) {
      const labels = memory.int32(l, 30);
      for (let i = 0; i < 30; i++) if (round === 0 || draw() < 0.3) labels[i] = Math.floor(draw() * 3);
      const different = labels.filter((label, i) => label !== previous[i]).length;
      expect(memory.kernels.moveRows(r, l, p, 30, dimensions, s)).toBe(different);
      const expected = new Int32Array(3 * dimensions);
      for (const [row, label] of labels.entries())
        for (let i = 0; i < dimensions; i++)
          expected[label * dimensions + i] = (expected[label * dimensions + i] as number) + (rows[row * dimensions + i] as number) - 128;
      expect(memory.int32(s, 3 * dimensions)).toEqual(expected);
      expect(previous).toEqual(labels);
    }
  });

  it('write centers by rows and by columns alike', async () => {
    const [count, dimensions] = [19, 23];
    const rows = floats(count * dimensions);
    const memory = await arena(rows.byteLength, dimensions * 4, count * dimensions, count * dimensions);
    const [r, m, a, b] = [
      memory.allocate(rows.byteLength),
      memory.allocate(dimensions * 4),
      memory.allocate(count * dimensions),
      memory.allocate(count * dimensions),
    ];
    memory.float32(r, rows.length).set(rows);
    memory.kernels.meanRow(r, count, dimensions, m);
    const largest = memory.kernels.largestDeviation(r, count, dimensions, m);
    const mean = memory.float32(m, dimensions);
    expect(largest).toBe(Math.max(...rows.map((value, i) => Math.abs(Math.fround(value - (mean[i % dimensions] as number))))));
    memory.kernels.quantizeCenters(r, count, dimensions, m, 63 / largest, a, 0);
    memory.kernels.quantizeCenters(r, count, dimensions, m, 63 / largest, b, 1);
    const byRow = memory.int8(a, count * dimensions);
    const byColumn = memory.int8(b, count * dimensions);
    for (let k = 0; k < count; k++) for (let i = 0; i < dimensions; i++) expect(byColumn[i * count + k]).toBe(byRow[k * dimensions + i]);
    expect(Math.max(...byRow.map(Math.abs))).toBe(63);
  });

  it.each([1, 4, 7, 30])('measure lengths and products (%i values)', async (dimensions) => {
    const rows = floats(3 * dimensions);
    const memory = await arena(rows.byteLength, 64, 64);
    const [r, l, t] = [memory.allocate(rows.byteLength), memory.allocate(64), memory.allocate(64)];
    memory.float32(r, rows.length).set(rows);
    memory.int32(l, 1)[0] = 2;
    const dot = (a: number, b: number): number =>
      rows.slice(a * dimensions, (a + 1) * dimensions).reduce((sum, value, i) => sum + value * (rows[b * dimensions + i] as number), 0);
    expect(memory.kernels.squares(r, dimensions)).toBeCloseTo(dot(0, 0), 12);
    memory.kernels.similarities(r, l, 1, dimensions, r, t);
    expect(memory.float32(t, 1)[0]).toBeCloseTo(dot(0, 2), 5);
  });
});
