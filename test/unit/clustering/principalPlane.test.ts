import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalPlane } from '../../../src/engine/clustering/principalPlane.ts';
import { memoryRows } from '../../../src/engine/clustering/rowSource.ts';
import { symmetricEigen } from '../../../src/engine/clustering/symmetricEigen.ts';
import { Breath } from '../../../src/engine/jobs/breath.ts';

const breath = (): Breath => new Breath({ signal: new AbortController().signal });
const planeOf = (rows: readonly (readonly number[])[]) => principalPlane(memoryRows(rows.flat(), rows[0]?.length ?? 0), breath());
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0);

describe('symmetricEigen', () => {
  it('takes matrices apart into orthonormal directions', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 7 })
          .chain((n) =>
            fc.tuple(fc.constant(n), fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: n * n, maxLength: n * n })),
          ),
        ([n, values]) => {
          const matrix = Float64Array.from(values, (_, at) => {
            const [i, j] = [Math.floor(at / n), at % n];
            return ((values[i * n + j] ?? 0) + (values[j * n + i] ?? 0)) / 2;
          });
          const { values: eigen, vectors } = symmetricEigen(matrix, n);
          for (let a = 0; a < n; a++) {
            const own = vectors.subarray(a * n, (a + 1) * n);
            if (a > 0) expect(eigen[a]).toBeLessThanOrEqual(eigen[a - 1] ?? 0);
            for (let b = 0; b < n; b++) expect(dot(own, vectors.subarray(b * n, (b + 1) * n))).toBeCloseTo(a === b ? 1 : 0, 10);
            for (let i = 0; i < n; i++)
              expect(dot(matrix.subarray(i * n, (i + 1) * n), own)).toBeCloseTo((eigen[a] ?? 0) * (own[i] ?? 0), 9);
          }
        },
      ),
    );
  });
});

describe('principalPlane', () => {
  it('finds the axes of an ellipsoid, largest coordinate positive', async () => {
    // Points at plus and minus each axis of lengths 5, 3 and 1 around (1, 2, 3).
    const axes = [
      [0.6, 0.8, 0],
      [-0.8, 0.6, 0],
      [0, 0, 1],
    ];
    const rows = axes.flatMap((axis, i) => [1, -1].map((sign) => axis.map((value, k) => k + 1 + sign * ([5, 3, 1][i] ?? 0) * value)));
    const { mean, first, second } = await planeOf(rows);
    for (const [found, wanted] of [
      [mean, [1, 2, 3]],
      [first, [0.6, 0.8, 0]],
      [second, [0.8, -0.6, 0]],
    ] as const)
      for (const [k, value] of wanted.entries()) expect(found[k]).toBeCloseTo(value, 10);
  });

  it('leaves out what has no variance', async () => {
    const line = await planeOf([
      [1, 1],
      [2, 2],
      [4, 4],
    ]);
    expect(Array.from(line.first, (value) => value.toFixed(12))).toEqual(Array(2).fill(Math.SQRT1_2.toFixed(12)));
    expect([...line.second]).toEqual([0, 0]);
    const point = await planeOf([[3, 1, 2]]);
    expect([...point.first, ...point.second]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...(await planeOf([[5], [7]])).second]).toEqual([0]);
  });

  it('keeps at least as much variance as any two coordinates', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 12 }).chain((d) =>
          fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: d, maxLength: d }), {
            minLength: 2,
            maxLength: 30,
          }),
        ),
        async (rows) => {
          const { mean, first, second } = await planeOf(rows);
          expect(dot(first, second)).toBeCloseTo(0, 8);
          const centred = rows.map((row) => row.map((value, k) => value - (mean[k] ?? 0)));
          const along = (axis: ArrayLike<number>): number => centred.reduce((sum, row) => sum + dot(row, axis) ** 2, 0);
          const own =
            mean.length > 1
              ? [...mean.keys()].map((k) => centred.reduce((sum, row) => sum + (row[k] ?? 0) ** 2, 0)).sort((a, b) => b - a)
              : [];
          const kept = along(first) + along(second);
          expect(kept).toBeGreaterThanOrEqual(((own[0] ?? 0) + (own[1] ?? 0)) * (1 - 1e-3) - 1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });
});
