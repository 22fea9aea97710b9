import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runsOfSorted } from '../../../src/engine/entities/frequencyRuns.ts';
import { drain, planCounting, planTallies } from '../../../src/engine/selection/whatIf/countTasks.ts';
import { createHolderCounts, heldDistribution } from '../../../src/engine/selection/whatIf/holderCounts.ts';
import { part } from '../../../src/engine/selection/whatIf/liveSelection.ts';
import { indexOf } from './indexOf.ts';

/** Some frequent entities and many that one row holds. */
const entity = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 400 })).map((n) => `e${n}`);
const row = fc.array(entity, { maxLength: 6, size: 'max' });
/** Rows that change their verdict: mostly a few, as in a drag, now and then most of them. */
const change = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })), { maxLength: 60, size: 'max' });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 })), { maxLength: 3 }) },
    { weight: 1, arbitrary: change },
  ),
  {
    minLength: 1,
    maxLength: 12,
  },
);

describe('holder counts', () => {
  it('follow every change of a selection and its control, however few or many rows it touches', () => {
    const seen = { shift: 0, recount: 0 };
    let singles = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 30, maxLength: 60, size: 'max' }), steps, fc.nat(40), (rows, changes, head) => {
        const index = indexOf('token', rows);
        const counts = createHolderCounts(index, runsOfSorted(index.frequency));
        const { starts } = runsOfSorted(index.frequency);
        const headEnd = starts[head % starts.length] ?? 0;
        singles += index.entities - counts.singlesFrom;
        let before: Uint8Array | undefined;
        for (const flips of changes) {
          const verdicts = before?.slice() ?? new Uint8Array(rows.length);
          for (const [at, bits] of flips) verdicts[at % rows.length] = (verdicts[at % rows.length] ?? 0) ^ bits;
          const counting = planCounting([counts], [before], verdicts);
          for (const { kind } of counting.tasks) if (kind !== 'tally') seen[kind]++;
          drain(counting);
          drain(planTallies([counts], [headEnd], verdicts));
          before = verdicts;
          for (const which of ['selection', 'control'] as const) {
            const held = new Map<string, number>();
            for (const [ordinal, list] of rows.entries())
              if ((verdicts[ordinal] ?? 0) & part[which]) for (const entity of new Set(list)) held.set(entity, (held.get(entity) ?? 0) + 1);
            const { runs, lost, lostSample, headPostings } = heldDistribution(counts, which);
            const sorted = [...held.values()].sort((a, b) => b - a);
            expect(Array.from(runs.values, (value, i) => [value, (runs.starts[i + 1] ?? 0) - (runs.starts[i] ?? 0)])).toEqual(
              [...new Set(sorted)].map((value) => [value, sorted.filter((f) => f === value).length]),
            );
            const gone = Array.from({ length: index.entities }, (_, id) => id).filter((id) => !held.has(index.nameOf(id)));
            expect(lost).toBe(gone.length);
            expect(lostSample).toEqual(gone.slice(0, 20));
            let ofHead = 0;
            for (let id = 0; id < headEnd; id++) ofHead += held.get(index.nameOf(id)) ?? 0;
            expect(headPostings).toBe(ofHead);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(singles).toBeGreaterThan(500);
    expect(seen.shift).toBeGreaterThan(300);
    expect(seen.recount).toBeGreaterThan(100);
  });
});
