import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { chooseSynthetic } from '../../../src/engine/synthesis/composing/chooseSynthetic.ts';
import { deficits, fillDeficits } from '../../../src/engine/synthesis/planning/deficitQuota.ts';
import { rarestScarce, scarceEntitiesOf, type WantedPerspective } from '../../../src/engine/synthesis/planning/scarcity.ts';
import { indexOf } from '../selection/indexOf.ts';

const entity = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const rows = fc.array(fc.array(entity, { maxLength: 5 }), { minLength: 1, maxLength: 25 });

function wanted(token: readonly string[][], object: readonly string[][], want: number): WantedPerspective[] {
  return [
    { index: indexOf('token', token), tau: want, want },
    { index: indexOf('object', object), tau: want + 1.5, want: want + 1.5 },
  ];
}

describe('scarce instances', () => {
  it('are those of the reference: the largest tau / f over all entities is strictly above 1', () => {
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 1, max: 6 }), (token, object, want) => {
        const size = Math.min(token.length, object.length);
        const [a, b] = [token.slice(0, size), object.slice(0, size)];
        const perspectives = wanted(a, b, want);
        const rarest = rarestScarce(perspectives, size);
        for (let x = 0; x < size; x++) {
          const ratios: number[] = [];
          for (const { rows: list, tau } of [
            { rows: a, tau: want },
            { rows: b, tau: want + 1.5 },
          ])
            for (const name of list[x] ?? []) ratios.push(tau / list.filter((row) => row.includes(name)).length);
          expect((rarest[x] as number) > 0).toBe(ratios.length > 0 && Math.max(...ratios) > 1);
        }
      }),
    );
  });

  it('leave out an entity with exactly tau instances', () => {
    const index = indexOf('token', [['a'], ['a'], ['b']]);
    expect([...rarestScarce([{ index, tau: 2, want: 2 }], 3)]).toEqual([0, 0, 1]);
  });
});

describe('the quota of the deficit', () => {
  it('is never exceeded by any scarce entity, and stops only where none can be served', () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (token, want, perParent, cap) => {
          const perspectives: WantedPerspective[] = [{ index: indexOf('token', token), tau: want, want }];
          const scarce = rarestScarce(perspectives, token.length);
          const parents = Uint32Array.from([...scarce.keys()].filter((x) => (scarce[x] as number) > 0));
          const capacity = new Uint8Array(parents.length).fill(perParent);
          const { picks, remaining } = fillDeficits({ perspectives, parents, capacity, entityCap: cap, limit: Number.POSITIVE_INFINITY });
          const { index } = perspectives[0] as WantedPerspective;
          const quota = deficits(perspectives[0] as WantedPerspective, cap);
          const made = new Map<string, number>();
          for (const { ordinal } of picks) for (const name of new Set(token[ordinal])) made.set(name, (made.get(name) ?? 0) + 1);
          for (let e = 0; e < index.entities; e++) {
            const gap = Math.max(0, want - (index.frequency[e] as number));
            expect(quota[e]).toBe(Math.min(gap, cap));
            if (gap > 0) expect(made.get(index.nameOf(e)) ?? 0).toBeLessThanOrEqual(quota[e] as number);
            if (gap > 0) expect(remaining[0]?.[e]).toBe((quota[e] as number) - (made.get(index.nameOf(e)) ?? 0));
          }
          const times = new Map<number, number>();
          for (const { ordinal, copy } of picks) {
            expect(copy).toBe(times.get(ordinal) ?? 0);
            times.set(ordinal, copy + 1);
          }
          for (const ordinal of parents) {
            if ((times.get(ordinal) ?? 0) === perParent) continue;
            const room = scarceEntitiesOf(perspectives, ordinal).every((one) => (remaining[0]?.[one.entity] ?? 0) > 0);
            // A parent that was passed over in one round may only have had no room then.
            if ((times.get(ordinal) ?? 0) === 0) expect(room).toBe(false);
          }
        },
      ),
    );
  });

  it('rounds a real threshold up, since instances are whole', () => {
    expect([...deficits({ index: indexOf('token', [['a'], ['b', 'a']]), tau: 2.2, want: 2.2 })]).toEqual([1, 2]);
  });

  it('keeps to the limit', () => {
    const perspectives = [{ index: indexOf('token', [['a'], ['b'], ['c']]), tau: 9, want: 9 }];
    const call = { perspectives, parents: Uint32Array.of(2, 0, 1), capacity: Uint8Array.of(2, 2, 2), entityCap: 9, limit: 4 };
    expect(fillDeficits(call).picks).toEqual([
      { ordinal: 2, copy: 0 },
      { ordinal: 0, copy: 0 },
      { ordinal: 1, copy: 0 },
      { ordinal: 2, copy: 1 },
    ]);
  });
});

describe('the volume of a composition', () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{16}$/), { maxLength: 60 });

  it('is exact wherever it is feasible, whatever order the candidates come in', () => {
    fc.assert(
      fc.property(ids, fc.nat(500), fc.nat(60), fc.integer(), (accepted, kept, extra, seed) => {
        const volume = kept + Math.min(extra, accepted.length);
        const chosen = chooseSynthetic(accepted, kept, volume, seed);
        expect(kept + chosen.length).toBe(volume);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chosen.every((id) => accepted.includes(id))).toBe(true);
        expect(chooseSynthetic([...accepted].reverse(), kept, volume, seed)).toEqual(chosen);
      }),
    );
  });

  it('is refused with the largest feasible one where it is not', () => {
    fc.assert(
      fc.property(ids, fc.nat(500), fc.integer({ min: 1, max: 1000 }), (accepted, kept, beyond) => {
        for (const volume of [kept + accepted.length + beyond, kept - beyond]) {
          try {
            chooseSynthetic(accepted, kept, volume, 1);
            expect.unreachable();
          } catch (error) {
            expect(error).toMatchObject({ code: 'compose.infeasible', data: { largest: kept + accepted.length, smallest: kept } });
            expect((error as EngineError).message).toContain(String(kept + accepted.length));
          }
        }
      }),
    );
  });

  it('grows by adding: a larger volume keeps the smaller one', () => {
    const accepted = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(16, '0'));
    expect(chooseSynthetic(accepted, 5, 20, 7).slice(0, 8)).toEqual(chooseSynthetic(accepted, 5, 13, 7));
    expect(chooseSynthetic(accepted, 5, 20, 8)).not.toEqual(chooseSynthetic(accepted, 5, 20, 7));
  });
});
