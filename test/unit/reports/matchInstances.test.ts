import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breath } from '../../../src/engine/jobs/breath.ts';
import { matchInstances } from '../../../src/engine/reports/matchInstances.ts';

const breath = new Breath({ signal: new AbortController().signal });

/** 16-byte keys of few different contents; `spread` decides how many of them begin with the same word. */
function keysOf(contents: readonly number[], spread: number): Uint8Array {
  const keys = new Uint8Array(contents.length * 16);
  const words = new Uint32Array(keys.buffer);
  for (const [i, content] of contents.entries()) words.set([content % spread, content, 0, content >>> 1], i * 4);
  return keys;
}

/** By definition: each instance of B takes the first instance of A with its content that is left. */
function literalMatch(a: readonly (readonly [number, number])[], b: readonly (readonly [number, number])[]) {
  const left = [...a];
  const common: [number, number][] = [];
  const added: number[] = [];
  for (const [ordinal, content] of b) {
    const at = left.findIndex(([, other]) => other === content);
    if (at < 0) added.push(ordinal);
    else common.push([left.splice(at, 1)[0]?.[0] ?? -1, ordinal]);
  }
  return { common, added, removed: left.map(([ordinal]) => ordinal) };
}

const contents = fc.array(fc.nat(12), { maxLength: 60 });

describe('matchInstances', () => {
  it('pairs equal contents once each, the earliest first', async () => {
    await fc.assert(
      fc.asyncProperty(contents, contents, fc.integer({ min: 1, max: 13 }), fc.nat(3), async (a, b, spread, skip) => {
        // Every `skip`-th position holds no instance.
        const listed = (all: readonly number[]) =>
          all.map((content, i) => [i, content] as const).filter(([i]) => skip === 0 || i % (skip + 1) !== 0);
        const [listA, listB] = [listed(a), listed(b)];
        const expected = literalMatch(listA, listB);
        const found = await matchInstances(
          { keys: keysOf(a, spread), ordinals: Uint32Array.from(listA, ([ordinal]) => ordinal) },
          { keys: keysOf(b, spread), ordinals: Uint32Array.from(listB, ([ordinal]) => ordinal) },
          breath,
        );
        expect(Array.from(found.commonA, (ordinal, i) => [ordinal, found.commonB[i]])).toEqual(expected.common);
        expect([...found.added]).toEqual(expected.added);
        expect([...found.removed]).toEqual(expected.removed);
      }),
      { numRuns: 300 },
    );
  });

  it('takes keys that do not lie on the border of a word', async () => {
    const shifted = new Uint8Array(33);
    shifted.set(keysOf([7, 8], 1), 1);
    const found = await matchInstances(
      { keys: shifted.subarray(1), ordinals: Uint32Array.of(0, 1) },
      { keys: keysOf([8], 1), ordinals: Uint32Array.of(0) },
      breath,
    );
    expect([[...found.commonA], [...found.removed]]).toEqual([[1], [0]]);
  });
});
