import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distributionSummary,
  entropy,
  gini,
  lorenzCurve,
  perspectiveReport,
  sampleRanks,
  tailShares,
  tailStart,
  tauOfMass,
} from '../../../src/engine/entities/distribution.ts';
import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';

/** Section 2.1 of the ADR specification, word for word. */
function literalTau(frequency: readonly number[], mass: number): { rank: number; tau: number } | undefined {
  const total = frequency.reduce((a, b) => a + b, 0);
  for (let i = 0; i < frequency.length; i++) {
    const reached = frequency.slice(0, i + 1).reduce((a, b) => a + b, 0);
    if (reached >= mass * total) return { rank: i, tau: frequency[i] ?? 0 };
  }
  return undefined;
}

/** Mean absolute difference over all ordered pairs, relative to twice the mean. */
function literalGini(frequency: readonly number[]): number {
  const n = frequency.length;
  const mean = frequency.reduce((a, b) => a + b, 0) / n;
  let difference = 0;
  for (const a of frequency) for (const b of frequency) difference += Math.abs(a - b);
  return difference / (2 * n * n * mean);
}

const descending = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 }).map((list) => list.sort((a, b) => b - a));
const mass = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true }));

describe('tauOfMass', () => {
  it('equals the literal rule, ties and edges included', () => {
    fc.assert(
      fc.property(descending, mass, (frequency, m) => {
        expect(tauOfMass(Uint32Array.from(frequency), m)).toEqual(literalTau(frequency, m));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the largest frequency for mass 0 and the smallest for mass 1', () => {
    const frequency = Uint32Array.of(9, 5, 5, 2, 1);
    expect(tauOfMass(frequency, 0)).toEqual({ rank: 0, tau: 9 });
    expect(tauOfMass(frequency, 1)).toEqual({ rank: 4, tau: 1 });
  });

  it('counts the rank that reaches the mass exactly as in', () => {
    const frequency = Uint32Array.of(5, 3, 1, 1); // 10 postings
    expect(tauOfMass(frequency, 0.5)).toEqual({ rank: 0, tau: 5 });
    expect(tauOfMass(frequency, 0.8)).toEqual({ rank: 1, tau: 3 });
    expect(tauOfMass(frequency, 0.81)).toEqual({ rank: 2, tau: 1 });
  });

  it('is undefined without entities', () => {
    expect(tauOfMass(new Uint32Array(0), 0.9)).toBeUndefined();
  });
});

describe('shares', () => {
  it('equal counting by hand, for masses and for any positive tau', () => {
    fc.assert(
      fc.property(descending, mass, fc.option(fc.double({ min: 0.01, max: 15, noNaN: true }), { nil: undefined }), (list, m, tau) => {
        const frequency = Uint32Array.from(list);
        const got = tailShares(frequency, { mass: m, tau });
        const threshold = tau ?? literalTau(list, m)?.tau ?? 0;
        const total = list.reduce((a, b) => a + b, 0);
        const tail = list.filter((f) => f <= threshold);
        expect(got.tau).toBe(threshold);
        expect(got.tailEntityShare).toBeCloseTo(tail.length / list.length, 12);
        expect(got.tailMassShare).toBeCloseTo(tail.reduce((a, b) => a + b, 0) / total, 12);
        expect(tailStart(frequency, threshold)).toBe(list.length - tail.length);
        // Ties at tau make the tail at least as large as the paper's %E.
        expect(got.tailEntityShare).toBeGreaterThanOrEqual(1 - (got.rank ?? 0) / list.length - 1e-12);
        if (tau === undefined) expect(got.mass).toBe(m);
        else expect(got.rank).toBe(list.length - tail.length);
      }),
      { numRuns: 500 },
    );
  });

  it('reproduces the %E of the published token index: 1 - 6745 / 512151', () => {
    const frequency = new Uint32Array(512_151).fill(1);
    frequency.fill(1000, 0, 6_745);
    expect(1 - (tailShares(frequency, { mass: 0, tau: 120 }).rank ?? 0) / frequency.length).toBeCloseTo(0.9868, 4);
  });
});

describe('gini, entropy, Lorenz', () => {
  it('gini equals the mean absolute difference', () => {
    fc.assert(
      fc.property(descending, (list) => {
        expect(gini(Uint32Array.from(list))).toBeCloseTo(literalGini(list), 10);
      }),
    );
    expect(gini(Uint32Array.of(4, 4, 4))).toBeCloseTo(0, 12);
    expect(gini(new Uint32Array(0))).toBe(0);
  });

  it('entropy is in bits', () => {
    expect(entropy(Uint32Array.of(1, 1, 1, 1))).toBeCloseTo(2, 12);
    expect(entropy(Uint32Array.of(7))).toBe(0);
    fc.assert(
      fc.property(descending, (list) => {
        const total = list.reduce((a, b) => a + b, 0);
        expect(entropy(Uint32Array.from(list))).toBeCloseTo(
          list.reduce((h, f) => h - (f / total) * Math.log2(f / total), 0),
          9,
        );
      }),
    );
  });

  it('every Lorenz point equals the share counted by hand, from (0, 0) to (1, 1), ascending', () => {
    fc.assert(
      fc.property(descending, (list) => {
        const points = lorenzCurve(Uint32Array.from(list), null);
        const ascending = [...list].reverse();
        const total = list.reduce((a, b) => a + b, 0);
        expect(points.at(0)).toEqual([0, 0]);
        expect(points.at(-1)).toEqual([1, 1]);
        for (const [i, [x, y]] of points.entries()) {
          const count = Math.round(x * list.length);
          expect(y).toBeCloseTo(ascending.slice(0, count).reduce((a, b) => a + b, 0) / total, 12);
          if (i > 0) expect(x).toBeGreaterThan(points[i - 1]?.[0] ?? 1);
        }
      }),
    );
  });
});

describe('sampleRanks', () => {
  it('keeps both ends and the given rank, ascends, and stays under 200 points', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (count, at) => {
        const keep = Math.floor(at * count);
        const ranks = sampleRanks(count, keep);
        expect(ranks[0]).toBe(0);
        expect(ranks.at(-1)).toBe(count - 1);
        expect(ranks).toContain(keep);
        expect(ranks.length).toBeLessThanOrEqual(200);
        expect(ranks.length).toBeGreaterThanOrEqual(Math.min(count, 100) / 2);
        for (let i = 1; i < ranks.length; i++) expect(ranks[i]).toBeGreaterThan(ranks[i - 1] ?? count);
      }),
    );
    expect(sampleRanks(0, null)).toEqual([]);
    expect(sampleRanks(1, 0)).toEqual([0]);
  });
});

describe('perspectiveReport', () => {
  const index: PerspectiveIndex = {
    perspective: 'object',
    entities: 4,
    records: 5,
    postingCount: 9,
    frequency: Uint32Array.of(4, 3, 1, 1),
    mentionFrequency: Uint32Array.of(4, 3, 1, 1),
    hasRepeats: false,
    rowOffsets: Uint32Array.of(0, 2, 4, 6, 9, 9),
    rowEntities: Uint32Array.of(0, 1, 0, 1, 0, 1, 0, 2, 3),
    rowMinFrequency: Uint32Array.of(3, 3, 3, 1, 0),
    postOffsets: Uint32Array.of(0, 4, 7, 8, 9),
    postings: Uint32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 3),
    nameOf: (id) => ['man', 'hat', 'axe', 'bee'][id] ?? '',
    pairOf: () => undefined,
    find: () => -1,
  };

  it('fills every field', () => {
    expect(perspectiveReport(index, { mass: 0.5, top: 2 })).toEqual({
      entities: 4,
      postings: 9,
      tau: 3,
      rank: 1,
      mass: 0.5,
      tailEntityShare: 0.75,
      tailMassShare: 5 / 9,
      rankEntityShare: 0.75,
      gini: gini(index.frequency),
      entropy: entropy(index.frequency),
      head: [
        { entity: 'man', frequency: 4 },
        { entity: 'hat', frequency: 3 },
      ],
      tailSample: [
        { entity: 'axe', frequency: 1 },
        { entity: 'bee', frequency: 1 },
      ],
      scarceInstances: 1,
      tailInstances: 4,
      coveredInstances: 4,
      curve: [4, 3, 1, 1].map((frequency, rank) => ({ rank, frequency })),
      lorenz: [0, 1, 2, 5, 9].map((postings, entities) => [entities / 4, postings / 9]),
    });
  });

  it('takes tau as given, fractions too', () => {
    const report = perspectiveReport(index, { mass: 0.5, tau: 0.5 });
    expect(report).toMatchObject({
      tau: 0.5,
      rank: 4,
      mass: 1,
      tailEntityShare: 0,
      rankEntityShare: 0,
      scarceInstances: 0,
      tailInstances: 0,
    });
  });

  it('of no entities has no threshold', () => {
    const none = new Uint32Array(0);
    const empty = {
      ...index,
      entities: 0,
      postingCount: 0,
      frequency: none,
      mentionFrequency: none,
      rowEntities: none,
      rowMinFrequency: new Uint32Array(5),
    };
    expect(perspectiveReport(empty, { mass: 0.9 })).toMatchObject({
      tau: null,
      rank: null,
      tailEntityShare: 0,
      gini: 0,
      entropy: 0,
      head: [],
      tailSample: [],
      curve: [],
      lorenz: [],
      coveredInstances: 0,
    });
  });
});

describe('distributionSummary', () => {
  it('takes frequencies in any order and leaves lost entities out', () => {
    const summary = distributionSummary(Uint32Array.of(0, 1, 5, 0, 3), 3);
    expect(summary).toMatchObject({ entities: 3, postings: 9, tailEntityShare: 2 / 3, tailMassShare: 4 / 9 });
    expect(summary.gini).toBeCloseTo(gini(Uint32Array.of(5, 3, 1)), 12);
  });
});
