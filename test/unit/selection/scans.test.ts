import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earlierSimilarity } from '../../../src/engine/clustering/earlierSimilarity.ts';
import { nearestRows } from '../../../src/engine/clustering/nearestRows.ts';
import { memoryRows } from '../../../src/engine/clustering/rowSource.ts';
import { d2Scan } from '../../../src/engine/selection/d2Scan.ts';
import { ascendingOrder, cutRange } from '../../../src/engine/selection/scoreCut.ts';
import { selfFilterScan } from '../../../src/engine/selection/selfFilterScan.ts';
import { semdedupCut } from '../../../src/engine/selection/semdedupCut.ts';
import { cosine, dot, matrices, squaredDistance } from '../clustering/matrices.ts';

const score = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1, -1), fc.double({ min: -2, max: 2, noNaN: true }));
/** Matrix, one score per row, a size up to all rows. */
const scored = matrices({ maxRows: 16, minRows: 1 }).chain((matrix) =>
  fc.record({
    matrix: fc.constant(matrix),
    scores: fc.array(score, { minLength: matrix.rows.length, maxLength: matrix.rows.length }),
    size: fc.integer({ min: 0, max: matrix.rows.length }),
  }),
);

describe('nearest rows', () => {
  it('are the nearest, in order, without the row itself', () => {
    fc.assert(
      fc.property(matrices({ maxRows: 14 }), fc.integer({ min: 1, max: 6 }), ({ rows, columns, values }, wanted) => {
        const source = memoryRows(values, columns);
        for (const metric of ['squaredDistance', 'cosine'] as const) {
          const near = nearestRows(source, metric, wanted);
          expect(near.count).toBe(Math.min(wanted, rows.length - 1));
          rows.forEach((a, i) => {
            const others = rows.flatMap((b, j) => (i === j ? [] : [{ j, d: metric === 'cosine' ? -cosine(a, b) : squaredDistance(a, b) }]));
            others.sort((x, y) => x.d - y.d || x.j - y.j);
            const ids = [...near.ids.subarray(i * near.count, (i + 1) * near.count)];
            expect(ids).not.toContain(i);
            ids.forEach((id, t) => {
              const value = near.values[i * near.count + t] ?? Number.NaN;
              expect(metric === 'cosine' ? -value : value).toBeCloseTo(others[t]?.d ?? 0, 11);
              const own = others.find(({ j }) => j === id)?.d ?? Number.NaN;
              expect(own).toBeCloseTo(others[t]?.d ?? 0, 11);
              // Copies of one row are equally near: the lower id first.
              if (t > 0 && near.values[i * near.count + t - 1] === value) expect(id).toBeGreaterThan(ids[t - 1] ?? 0);
            });
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are the same for any range of rows', () => {
    const values = Float64Array.from({ length: 600 * 4 }, (_, i) => Math.cos(i * 3.7));
    const whole = nearestRows(memoryRows(values, 4), 'cosine', 5);
    const parts = [
      [0, 7],
      [7, 300],
      [300, 600],
    ].map(([from, to]) => nearestRows(memoryRows(values, 4), 'cosine', 5, from, to));
    expect(parts.flatMap(({ ids }) => [...ids])).toEqual([...whole.ids]);
    expect(parts.flatMap(({ values: v }) => [...v])).toEqual([...whole.values]);
  });
});

/** The reference's scan with lists that are searched anew each time; the waiting list keeps its order of joining. */
function literalD2(scores: readonly number[], near: ReturnType<typeof nearestRows>, size: number, gamma: number): number[] {
  const n = scores.length;
  const clipped = scores.map((s) => Math.max(s, 1e-7));
  const g = scores.map((_, i) => {
    let sum = clipped[i] ?? 0;
    for (let t = 0; t < near.count; t++)
      sum += Math.exp(-(near.values[i * near.count + t] ?? 0)) * (clipped[near.ids[i * near.count + t] ?? 0] ?? 0);
    return sum;
  });
  const order = g.map((_, i) => i).sort((a, b) => (g[b] ?? 0) - (g[a] ?? 0) || a - b);
  const value = (t: number): number => (t < n ? (g[order[t] ?? 0] ?? 0) : Number.NEGATIVE_INFINITY);
  const waiting: number[] = [];
  const picks: number[] = [];
  let t = 0;
  while (picks.length < size) {
    let chosen: number | undefined;
    if (waiting.length > 0) {
      const top = Math.max(...waiting.map((i) => g[i] ?? 0));
      if (top >= value(t))
        chosen = waiting.splice(
          waiting.findIndex((i) => g[i] === top),
          1,
        )[0];
    }
    if (chosen === undefined) {
      const next = order[t] ?? 0;
      if (value(t) < value(t + 1)) waiting.push(next);
      else chosen = next;
      t++;
    }
    if (chosen === undefined) continue;
    picks.push(chosen);
    const own = g[chosen] ?? 0;
    for (let k = 0; k < near.count; k++) {
      const other = near.ids[chosen * near.count + k] ?? 0;
      g[other] = (g[other] ?? 0) - own * Math.exp(-gamma * (near.values[chosen * near.count + k] ?? 0));
    }
  }
  return picks;
}

describe('D2', () => {
  it('is the literal lazy scan up to the full size', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, 0.4, 1), ({ matrix, scores, size }, k, gamma) => {
        const near = nearestRows(memoryRows(matrix.values, matrix.columns), 'squaredDistance', k);
        expect([...d2Scan(scores, near, size, gamma).picks]).toEqual(literalD2(scores, near, size, gamma));
      }),
      { numRuns: 1500 },
    );
  });

  it('lets a row that fell behind wait, and is not a priority queue', () => {
    // Row 0 is best; picking it costs row 1 nearly everything, so row 1 waits while 2 and 3 go.
    const near = { count: 1, ids: Uint32Array.of(1, 0, 3, 2), values: Float64Array.of(0, 0, 50, 50) };
    const { picks, initial } = d2Scan([5, 4, 3, 2], near, 4, 0.4);
    expect([...initial].map((value) => Math.round(value))).toEqual([9, 9, 3, 2]);
    expect([...picks]).toEqual([0, 2, 3, 1]);
  });
});

/** All remaining rows sorted by cosine at each step. */
function literalSelfFilter(
  difficulty: readonly number[],
  cosines: (row: number) => Float64Array,
  size: number,
  k: number,
  gamma: number,
): number[] {
  const d = [...difficulty];
  const remaining = new Set(d.keys());
  const picks: number[] = [];
  while (picks.length < size) {
    const pick = [...remaining].reduce((best, i) => ((d[i] ?? 0) > (d[best] ?? 0) ? i : best));
    picks.push(pick);
    remaining.delete(pick);
    const taken = d[pick] ?? 0;
    const near = [...remaining].map((i) => ({ i, c: cosines(pick)[i] ?? 0 })).sort((a, b) => b.c - a.c || a.i - b.i);
    for (const { i, c } of near.slice(0, k)) d[i] = (d[i] ?? 0) - taken * c * c * gamma;
  }
  return picks;
}

describe('Self-Filter, second stage', () => {
  it('is the literal one, also when the listed neighbours run out', () => {
    fc.assert(
      fc.property(
        scored,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(0.5, 1),
        ({ matrix, scores, size }, k, more, gamma) => {
          const source = memoryRows(matrix.values, matrix.columns);
          // One rounding of each cosine for both: rows that are equally near, or equally difficult, are so for both.
          const all = nearestRows(source, 'cosine', scores.length);
          const cosines = (row: number): Float64Array => {
            const of = new Float64Array(scores.length);
            for (let t = row * all.count; t < (row + 1) * all.count; t++) of[all.ids[t] ?? 0] = all.values[t] ?? Number.NaN;
            return of;
          };
          const nearest = nearestRows(source, 'cosine', k + more);
          const { picks } = selfFilterScan({ difficulty: scores, nearest, neighbours: k, gamma, cosines }, size);
          expect([...picks]).toEqual(literalSelfFilter(scores, cosines, size, k, gamma));
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('SemDeDup', () => {
  const clustered = matrices({ maxRows: 18, minRows: 1 }).chain((matrix) =>
    fc.record({
      matrix: fc.constant(matrix),
      clusters: fc.array(fc.nat(2), { minLength: matrix.rows.length, maxLength: matrix.rows.length }),
      size: fc.integer({ min: 0, max: matrix.rows.length }),
    }),
  );

  it('has the literal maxima, and cuts like the literal rule at the exact epsilon', () => {
    fc.assert(
      fc.property(clustered, ({ matrix, clusters, size }) => {
        const { rows, values, columns } = matrix;
        const source = memoryRows(values, columns);
        const groups = [0, 1, 2].map((c) => clusters.flatMap((own, i) => (own === c ? [i] : []))).filter((group) => group.length > 0);
        const parts = groups.map((group) => {
          const centroid = new Array<number>(columns).fill(0).map((_, k) => group.reduce((sum, i) => sum + (rows[i]?.[k] ?? 0), 0));
          const found = earlierSimilarity(source, Uint32Array.from(group), Float64Array.from(centroid));
          // Hard first: ascending similarity to the centroid; the order itself is checked up to rounding.
          const near = (i: number): number => {
            const row = rows[i] ?? [];
            return dot(row, row) === 0 ? 0 : dot(row, centroid) / Math.sqrt(dot(row, row));
          };
          expect([...found.rows].sort((a, b) => a - b)).toEqual(group);
          for (let t = 1; t < found.rows.length; t++) {
            const [a, b] = [found.rows[t - 1] ?? 0, found.rows[t] ?? 0];
            expect(near(a)).toBeLessThanOrEqual(near(b) + 1e-12);
            if (JSON.stringify(rows[a]) === JSON.stringify(rows[b])) expect(a).toBeLessThan(b);
          }
          found.rows.forEach((row, t) => {
            const earlier = [...found.rows].slice(0, t).map((i) => cosine(rows[i] ?? [], rows[row] ?? []));
            expect(found.maximum[t]).toBeCloseTo(Math.max(0, ...earlier), 12);
          });
          return found;
        });
        const offsets = [0];
        for (const { rows: members } of parts) offsets.push((offsets.at(-1) ?? 0) + members.length);
        const input = {
          offsets: Uint32Array.from(offsets),
          rows: Uint32Array.from(parts.flatMap((part) => [...part.rows])),
          maximum: Float64Array.from(parts.flatMap((part) => [...part.maximum])),
        };
        const literalKept = (threshold: number): number[] => [...input.rows].filter((_, i) => (input.maximum[i] ?? 0) <= threshold);
        const repo = semdedupCut(input, size, 'repo');
        expect(repo.survivors).toBe(literalKept(repo.threshold).length);
        expect(repo.survivors).toBeGreaterThanOrEqual(size);
        // No other epsilon comes closer from above.
        for (const other of input.maximum) {
          const kept = literalKept(other).length;
          if (kept >= size) expect(kept).toBeGreaterThanOrEqual(repo.survivors);
        }
        expect([...repo.picks]).toEqual(literalKept(repo.threshold).slice(0, size));
        const fair = semdedupCut(input, size, 'proportional');
        expect(fair.picks.length).toBe(size);
        expect(new Set(fair.picks).size).toBe(size);
        parts.forEach((part) => {
          const kept = [...part.rows].filter((row) => literalKept(repo.threshold).includes(row));
          const taken = kept.filter((row) => fair.picks.includes(row)).length;
          if (repo.survivors > 0) expect(Math.abs(taken - (size * kept.length) / repo.survivors)).toBeLessThan(1);
          expect(kept.slice(0, taken).every((row) => fair.picks.includes(row))).toBe(true);
        });
      }),
      { numRuns: 400 },
    );
  });

  it('never removes a singleton before a near copy', () => {
    const source = memoryRows([1, 0, 1, 0, 0, 1], 2);
    const twins = earlierSimilarity(source, Uint32Array.of(0, 1), Float64Array.of(1, 0));
    expect([...twins.maximum]).toEqual([0, 1]);
    expect([...twins.twin]).toEqual([0, 0]);
    const input = { offsets: Uint32Array.of(0, 2, 3), rows: Uint32Array.of(0, 1, 2), maximum: Float64Array.of(0, 1, 0) };
    expect([...semdedupCut(input, 2, 'repo').picks]).toEqual([0, 2]);
  });
});

describe('cut by score', () => {
  it('is a slice of the stable ascending order', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 20 }), fc.nat(20), (scores, wanted) => {
        const size = Math.min(wanted, scores.length);
        const n = scores.length;
        const ascending = scores.map((_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
        const middle = Math.floor(n / 2) - Math.floor(size / 2);
        const cut = (mode: 'top' | 'middle' | 'bottom'): number[] => {
          const { from, to } = cutRange(n, size, mode);
          return [...ascendingOrder(scores).slice(from, to)];
        };
        expect(cut('bottom')).toEqual(ascending.slice(0, size));
        expect(cut('top')).toEqual(ascending.slice(n - size));
        expect(cut('middle')).toEqual(ascending.slice(middle, middle + size));
      }),
    );
  });
});
