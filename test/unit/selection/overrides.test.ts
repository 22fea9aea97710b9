import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { expectedVolume } from '../../../src/engine/selection/expectedVolume.ts';
import { contentOf, forced, matchOverrides, standingOf } from '../../../src/engine/selection/overrides.ts';
import { PassProbabilities } from '../../../src/engine/selection/passProbabilities.ts';
import { randomControl } from '../../../src/engine/selection/randomControl.ts';
import { type RebalanceInput, rebalance } from '../../../src/engine/selection/rebalance.ts';
import { explainRebalance } from '../../../src/engine/selection/receipt.ts';
import { rowClassesOf } from '../../../src/engine/selection/rowClasses.ts';
import { instanceCounters } from '../../../src/engine/selection/samplers/hashSampler.ts';
import type { Override } from '../../../src/protocol/plan.ts';
import { indexOf } from './indexOf.ts';

/** Keys of instances by the number of their content; equal numbers are exact duplicates. */
function keyed(contents: readonly number[]): { keys: Uint8Array; duplicates: Uint32Array; instances: Uint8Array } {
  const keys = new Uint8Array(contents.length * 16);
  const duplicates = new Uint32Array(contents.length);
  for (const [i, content] of contents.entries()) {
    keys.fill(content + 1, i * 16, i * 16 + 15);
    duplicates[i] = contents.slice(0, i).filter((one) => one === content).length;
  }
  return { keys, duplicates, instances: new Uint8Array(contents.length).fill(1) };
}

const override = (set: ReturnType<typeof keyed>, ordinal: number, verdict: Override['verdict']): Override => ({
  ordinal,
  content: contentOf(set.keys, ordinal),
  duplicate: set.duplicates[ordinal] ?? 0,
  verdict,
  reason: '',
});

describe('overrides', () => {
  it('are about contents and their places among duplicates, whatever the order of the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        fc.array(fc.boolean()),
        (contents, random, verdicts) => {
          const set = keyed(contents);
          const overrides = verdicts.slice(0, contents.length).map((keep, ordinal) => override(set, ordinal, keep ? 'keep' : 'drop'));
          const own = matchOverrides(overrides, set);
          expect([own.kept + own.dropped, own.unmatched]).toEqual([overrides.length, 0]);
          for (const [ordinal, { verdict }] of overrides.entries()) {
            expect(own.verdicts[ordinal]).toBe(forced[verdict]);
            expect(own.byOrdinal.get(ordinal)?.verdict).toBe(verdict);
          }
          const shuffled = contents.map((content) => ({ content, at: random.next().value })).sort((a, b) => a.at - b.at);
          const moved = keyed(shuffled.map(({ content }) => content));
          const found = matchOverrides(overrides, moved);
          for (const [ordinal, verdict] of found.verdicts.entries()) {
            const name = override(moved, ordinal, 'keep');
            const meant = overrides.find((one) => one.content === name.content && one.duplicate === name.duplicate);
            expect(verdict).toBe(meant ? forced[meant.verdict] : forced.none);
          }
        },
      ),
    );
  });

  it('never touch a broken record, and count what is gone', () => {
    const set = keyed([1, 2, 3]);
    set.instances[1] = 0;
    const { verdicts, unmatched } = matchOverrides([override(set, 1, 'keep'), override(keyed([9]), 0, 'drop')], set);
    expect([[...verdicts], unmatched]).toEqual([[0, 0, 0], 2]);
  });

  it.each([
    ['keep', 'drop', /one says keep, the other drop|one says drop, the other keep/],
    ['drop', 'drop', /both say drop/],
  ] as const)('refuse %s and %s for one instance, naming it', (first, second, message) => {
    const set = keyed([1, 2]);
    const both = () => matchOverrides([override(set, 1, first), override(set, 1, second)], set);
    expect(both).toThrow(EngineError);
    expect(both).toThrow(message);
    expect(both).toThrow(/instance 1 \(content 0303/);
  });

  it('decide in the selection, in its control, in the volume and in the receipt', () => {
    const names = fc.array(fc.constantFrom('cat', 'dog', 'bus', 'sea', 'zebra'), { maxLength: 3 });
    const row = fc.record({
      entities: names,
      verdict: fc.constantFrom(...Object.values(forced)),
      isProtected: fc.boolean(),
      usable: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 25 }),
        fc.constantFrom('hash' as const, 'python' as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, sampler, alpha) => {
          const index = indexOf(
            'token',
            rows.map(({ entities, usable }) => (usable ? [...new Set(entities)] : [])),
          );
          const { keys, duplicates } = keyed(rows.map((_, i) => i));
          const input: RebalanceInput = {
            composed: [{ index, tau: index.entities > 0 ? 1.5 : null, counting: 'instances' }],
            minPerspectives: 1,
            alpha,
            seed: 3,
            sampler,
            instances: Uint8Array.from(rows, ({ usable }) => (usable ? 1 : 0)),
            protectedInstances: Uint8Array.from(rows, ({ isProtected }) => (isProtected ? 1 : 0)),
            verdicts: Uint8Array.from(rows, ({ verdict }) => verdict),
            counters: instanceCounters(keys, duplicates),
          };
          const drawn = new Set(
            rebalance({ ...input, protectedInstances: new Uint8Array(rows.length), verdicts: new Uint8Array(rows.length) }).kept,
          );
          const kept = new Set(rebalance(input).kept);
          const control = new Set(randomControl({ ...input, size: kept.size }).kept);
          expect(control.size).toBe(kept.size);
          const { instances, certain } = standingOf(input.instances, input.protectedInstances, input.verdicts);
          const q = [new PassProbabilities(input.composed[0] as RebalanceInput['composed'][number], rows.length, rowClassesOf(index))];
          let expected = 0;
          for (const [ordinal, { verdict, isProtected, usable }] of rows.entries()) {
            if (!usable) {
              expect(kept.has(ordinal) || control.has(ordinal)).toBe(false);
              continue;
            }
            const stays = verdict === forced.keep || (verdict === forced.none && isProtected);
            expect(kept.has(ordinal)).toBe(stays || (verdict === forced.none && drawn.has(ordinal)));
            if (stays) expect(control.has(ordinal)).toBe(true);
            if (verdict === forced.drop) expect(control.has(ordinal)).toBe(false);
            const decision = explainRebalance(input, ordinal);
            expect(decision.verdict === 'kept').toBe(kept.has(ordinal));
            if (verdict !== forced.none)
              expect([decision.keepProbability, decision.flip]).toEqual([verdict === forced.keep ? 1 : 0, undefined]);
            expected += decision.keepProbability;
          }
          expect(expectedVolume({ q, minPerspectives: 1, alpha, instances, protectedInstances: certain }).expected).toBeCloseTo(
            expected,
            9,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
