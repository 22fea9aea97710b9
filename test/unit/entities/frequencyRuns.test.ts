import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionSummary, tailShares, tailStart, tauOfMass } from '../../../src/engine/entities/distribution.ts';
import {
  entitiesOf,
  postingsOf,
  runsOfFrequencies,
  runsOfHistogram,
  runsOfSorted,
  sharesOfRuns,
  summaryOfRuns,
  tailRun,
  thresholdOfRuns,
} from '../../../src/engine/entities/frequencyRuns.ts';

/** Long runs and single values alike. */
const frequencies = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 400_000 })), fc.integer({ min: 1, max: 40 })), {
    maxLength: 25,
  })
  .map((runs) =>
    Uint32Array.from(runs.flatMap(([value, count]) => new Array<number>(count).fill(value)))
      .sort()
      .reverse(),
  );
const mass = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75, 0.9, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const tau = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.double({ min: 1e-3, max: 500_000, noNaN: true }));

describe('runs of equal frequency', () => {
  it('are the same from sorted and unsorted frequencies and from a histogram', () => {
    fc.assert(
      fc.property(frequencies, fc.nat(3), (sorted, zeros) => {
        const runs = runsOfSorted(sorted);
        const expanded = Array.from(runs.values, (value, i) =>
          new Array<number>((runs.starts[i + 1] ?? 0) - (runs.starts[i] ?? 0)).fill(value),
        ).flat();
        expect(expanded).toEqual([...sorted]);
        expect(runs.values.every((value, i) => i === 0 || value < (runs.values[i - 1] ?? 0))).toBe(true);
        expect(entitiesOf(runs)).toBe(sorted.length);
        expect(postingsOf(runs)).toBe(sorted.reduce((total, f) => total + f, 0));
        const shuffled = Uint32Array.from([
          ...sorted.slice(sorted.length >> 1),
          ...new Array<number>(zeros).fill(0),
          ...sorted.slice(0, sorted.length >> 1),
        ]);
        expect(runsOfFrequencies(shuffled)).toEqual(runs);
        const entitiesWith = new Uint32Array((sorted[0] ?? 0) + 3);
        for (const f of sorted) entitiesWith[f] = (entitiesWith[f] ?? 0) + 1;
        entitiesWith[0] = zeros;
        expect(runsOfHistogram(entitiesWith)).toEqual(runs);
      }),
      { numRuns: 200 },
    );
  });

  it('have the threshold of a mass and the shares of a tau, to the last bit', () => {
    fc.assert(
      fc.property(frequencies, mass, tau, (sorted, m, t) => {
        const runs = runsOfSorted(sorted);
        expect(thresholdOfRuns(runs, m)).toEqual(tauOfMass(sorted, m));
        expect(sharesOfRuns(runs, { mass: m })).toEqual(tailShares(sorted, { mass: m }));
        expect(sharesOfRuns(runs, { mass: m, tau: t })).toEqual(tailShares(sorted, { mass: m, tau: t }));
        expect(runs.starts[tailRun(runs, t)]).toBe(tailStart(sorted, t));
      }),
      { numRuns: 500 },
    );
  });

  it('are summed up as entity by entity', () => {
    fc.assert(
      fc.property(frequencies, fc.option(tau), (sorted, t) => {
        const { entropy, gini, ...rest } = summaryOfRuns(runsOfSorted(sorted), t);
        const expected = distributionSummary(sorted, t);
        expect(rest).toEqual({ ...expected, entropy: undefined, gini: undefined });
        expect(gini).toBeCloseTo(expected.gini, 12);
        expect(entropy).toBeCloseTo(expected.entropy, 9);
      }),
      { numRuns: 300 },
    );
  });
});
