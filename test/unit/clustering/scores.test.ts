import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterKernel, prefixOrder } from '../../../src/engine/clustering/clusterKernel.ts';
import { dotTile } from '../../../src/engine/clustering/dotTile.ts';
import { languageHalf, memoryRows } from '../../../src/engine/clustering/rowSource.ts';
import { type Preset, transferabilityOf } from '../../../src/engine/clustering/transferability.ts';
import { mmd2 } from './literalCoincide.ts';
import { cosine, dot, matrices, squaredDistance } from './matrices.ts';

const presets: readonly Preset[] = ['repo', 'paper'];

describe('inner products in tiles', () => {
  it('are bit for bit those of a plain loop, wherever a row lies in its tile', () => {
    fc.assert(
      fc.property(matrices({ maxRows: 14, maxColumns: 9 }), ({ rows, columns, values }) => {
        const out = new Float64Array(rows.length ** 2);
        dotTile(values, rows.length, values, rows.length, columns, out);
        for (const [i, a] of rows.entries()) for (const [j, b] of rows.entries()) expect(out[i * rows.length + j]).toBe(dot(a, b));
      }),
      { numRuns: 200 },
    );
  });
});

/** Double loop over the definition. */
function literalTransferability(rows: readonly number[][], preset: Preset): number[] {
  return rows.map((a, i) => {
    let sum = 0;
    let terms = 0;
    rows.forEach((b, j) => {
      const s = cosine(a, b);
      const counts = preset === 'paper' ? i !== j : !(s > 0.9);
      if (!counts) return;
      sum += s;
      terms++;
    });
    return terms === 0 ? 0 : sum / terms;
  });
}

/** A cosine so near the mask's edge that rounding may decide: nothing to learn from it. */
const isEdge = (rows: readonly number[][]): boolean =>
  rows.some((a) => rows.some((b) => Math.abs(cosine(a, b) - 0.9) < 1e-12 || (cosine(a, b) !== 0 && Math.abs(dot(a, a)) < 1e-200)));

describe('transferability', () => {
  it.each(presets)('equals the double loop (%s)', (preset) => {
    fc.assert(
      fc.property(matrices({ maxRows: 20 }), ({ rows, columns, values }) => {
        fc.pre(!isEdge(rows));
        const { transferability } = transferabilityOf(memoryRows(values, columns), preset);
        for (const [i, expected] of literalTransferability(rows, preset).entries()) expect(transferability[i]).toBeCloseTo(expected, 12);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same bits for any cut into ranges, across panels', () => {
    const n = 700; // several panels
    const values = Float64Array.from({ length: n * 3 }, (_, i) => Math.sin(i * 12.9898) * 2);
    const whole = transferabilityOf(memoryRows(values, 3), 'repo');
    const parts = [0, 1, 257, 300, 700].flatMap((to, i, ends) =>
      i === 0 ? [] : [transferabilityOf(memoryRows(values, 3), 'repo', ends[i - 1], to)],
    );
    expect(parts.flatMap((part) => [...part.transferability])).toEqual([...whole.transferability]);
    expect(parts.flatMap((part) => [...part.related])).toEqual([...whole.related]);
  });

  it('masks strictly above 0.9', () => {
    // cos = 9 / (1 * 10) exactly 0.9 for the second; the third is above.
    const values = Float64Array.from([1, 0, 0, 0, 9, 3, 3, 1, 10, 1, 1, 1]);
    const { transferability } = transferabilityOf(memoryRows(values, 4), 'repo');
    expect(transferability[0]).toBe(0.9);
  });

  it('has no term left for copies of one vector, one for a zero vector (itself), none for a single cluster', () => {
    expect([...transferabilityOf(memoryRows([1, 2, 1, 2, 2, 4], 2), 'repo').transferability]).toEqual([0, 0, 0]);
    const withZero = transferabilityOf(memoryRows([0, 0, 1, 0, 0, 1], 2), 'repo').transferability;
    expect([...withZero]).toEqual([0, 0, 0]);
    // The zero vector counts in the others' means: (cos(b, zero) + cos(b, c)) / 2.
    const half = transferabilityOf(memoryRows([0, 0, 1, 0, 1, 1], 2), 'repo').transferability;
    expect(half[1]).toBeCloseTo(Math.SQRT1_2 / 2, 15);
    for (const preset of presets) expect([...transferabilityOf(memoryRows([3, 4], 2), preset).transferability]).toEqual([0]);
  });

  it('takes the language half layer by layer, not normalised again', () => {
    // Two layers of two visual and two language values.
    const rows = [
      [9, 9, 1, 0, 9, 9, 0, 2],
      [7, 1, 0, 1, 3, 3, 2, 0],
    ];
    const half = languageHalf(memoryRows(rows.flat(), 8), { layers: 2, half: 2 });
    const read = new Float64Array(4);
    half.read(1, read, 0);
    expect([...read]).toEqual([0, 1, 2, 0]);
    expect(half.dimensions).toBe(4);
  });

  it('lists the nearest other clusters, ties by lower id', () => {
    fc.assert(
      fc.property(matrices({ maxRows: 12 }), ({ rows, columns, values }) => {
        const { related, relatedSimilarity } = transferabilityOf(memoryRows(values, columns), 'paper');
        rows.forEach((a, i) => {
          const others = rows.flatMap((b, j) => (i === j ? [] : [cosine(a, b)])).sort((x, y) => y - x);
          for (let t = 0; t < 4; t++) {
            if (t >= others.length) expect(related[i * 4 + t]).toBe(-1);
            else expect(relatedSimilarity[i * 4 + t]).toBeCloseTo(others[t] ?? 0, 12);
          }
          const ids = [...related.subarray(i * 4, i * 4 + 4)].filter((id) => id >= 0);
          expect(new Set(ids).size).toBe(ids.length);
          expect(ids).not.toContain(i);
          for (let t = 1; t < ids.length; t++)
            if (relatedSimilarity[i * 4 + t] === relatedSimilarity[i * 4 + t - 1]) expect(ids[t]).toBeGreaterThan(ids[t - 1] ?? 0);
        });
      }),
      { numRuns: 100 },
    );
  });
});

const kernels: Readonly<Record<Preset, (d2: number) => number>> = { repo: (d2) => Math.exp(-d2 / 2), paper: (d2) => Math.exp(-d2) };

function literalGram(rows: readonly number[][], preset: Preset): number[][] {
  return rows.map((a) => rows.map((b) => kernels[preset](squaredDistance(a, b))));
}

describe('density', () => {
  it.each(presets)('equals the double loop (%s)', (preset) => {
    fc.assert(
      fc.property(matrices({ maxRows: 18 }), ({ rows, columns, values }) => {
        const n = rows.length;
        const gram = literalGram(rows, preset);
        const pairs = gram.flatMap((row, i) => row.filter((_, j) => preset === 'repo' || i !== j));
        const expected = n === 1 ? 1 : pairs.reduce((a, b) => a + b, 0) / pairs.length;
        const { density, rowMeans } = clusterKernel(memoryRows(values, columns), Uint32Array.from(rows.keys()), preset);
        expect(density).toBeCloseTo(expected, 12);
        for (const [j, row] of gram.entries()) expect(rowMeans[j]).toBeCloseTo(row.reduce((a, b) => a + b, 0) / n, 12);
      }),
      { numRuns: 200 },
    );
  });

  it('is 1 for a single instance and for copies of one', () => {
    for (const preset of presets) {
      expect(clusterKernel(memoryRows([5, 6], 2), Uint32Array.of(0), preset).density).toBe(1);
      expect(clusterKernel(memoryRows([5, 6, 5, 6, 5, 6], 2), Uint32Array.of(0, 1, 2), preset).density).toBe(1);
    }
  });
});

/** Far above what the sums' rounding can be, far below the margins of unrelated instances. */
const margin = 1e-11;

/** Each pick must be best by the definition; where another is within the margin it must not be a copy with a lower position. */
function checkGreedy(rows: readonly number[][], preset: Preset, order: Uint32Array): void {
  const gram = literalGram(rows, preset);
  const set: number[] = [];
  for (const pick of order) {
    const candidates = rows.flatMap((_, j) => (set.includes(j) ? [] : [{ j, value: mmd2(gram, [...set, j]) }]));
    const best = Math.min(...candidates.map(({ value }) => value));
    const chosen = candidates.find(({ j }) => j === pick);
    expect(chosen?.value).toBeLessThanOrEqual(best + margin);
    for (const { j } of candidates) if (j < pick) expect(rows[j]).not.toEqual(rows[pick]);
    set.push(pick);
  }
  expect(new Set(set).size).toBe(rows.length);
}

describe('greedy MMD order', () => {
  it.each(presets)('is the literal one, with copies and zero rows (%s)', (preset) => {
    fc.assert(
      fc.property(matrices({ maxRows: 12, maxColumns: 4 }), ({ rows, columns, values }) => {
        const { order } = clusterKernel(memoryRows(values, columns), Uint32Array.from(rows.keys()), preset);
        checkGreedy(rows, preset, order ?? new Uint32Array());
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['repo', 300, 60],
    ['paper', 120, 120],
  ] as const)('is exactly the literal one without near ties (%s, %i rows, %i picks)', (preset, n, picks) => {
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: 8 }, (_, k) => Math.fround(Math.sin((i + 1) * 78.233 * (k + 1)) / 2)),
    );
    const gram = literalGram(rows, preset);
    const set: number[] = [];
    let narrowest = Number.POSITIVE_INFINITY;
    const constant = gram.flat().reduce((a, b) => a + b, 0) / n ** 2;
    while (set.length < picks) {
      const m = set.length + 1;
      const values = gram.map((_, j) => {
        if (set.includes(j)) return Number.POSITIVE_INFINITY;
        const chosen = [...set, j];
        let inside = 0;
        let cross = 0;
        for (const a of chosen) for (const b of chosen) inside += gram[a]?.[b] ?? 0;
        for (const row of gram) for (const a of chosen) cross += row[a] ?? 0;
        return constant + inside / m ** 2 - (2 * cross) / (n * m);
      });
      const sorted = [...values].sort((a, b) => a - b);
      if (m < n) narrowest = Math.min(narrowest, (sorted[1] ?? 0) - (sorted[0] ?? 0));
      set.push(values.indexOf(sorted[0] ?? 0));
    }
    expect(narrowest).toBeGreaterThan(1e-12); // else the comparison would prove nothing
    const { order } = clusterKernel(memoryRows(rows.flat(), 8), Uint32Array.from(rows.keys()), preset);
    expect([...(order ?? [])].slice(0, picks)).toEqual(set);
  });

  it('of a cluster too large for its Gram matrix is the same, pick by pick', () => {
    fc.assert(
      fc.property(matrices({ maxRows: 25, minRows: 2 }), fc.nat(25), ({ rows, columns, values }, length) => {
        const source = memoryRows(values, columns);
        const members = Uint32Array.from(rows.keys());
        const { order, rowMeans } = clusterKernel(source, members, 'repo');
        const wanted = Math.min(length, rows.length);
        expect([...prefixOrder(source, members, 'repo', rowMeans, wanted)]).toEqual([...(order ?? [])].slice(0, wanted));
      }),
      { numRuns: 100 },
    );
  });
});
