import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameMatcher } from '../../../src/engine/entities/nameMatcher.ts';
import { pairName } from '../../../src/engine/entities/pairName.ts';
import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';
import { Breath } from '../../../src/engine/jobs/breath.ts';
import { missingEntities } from '../../../src/engine/reports/missingEntities.ts';
import { indexOf } from '../selection/indexOf.ts';

const breath = new Breath({ signal: new AbortController().signal });

/** Pairs as a loaded index has them: labels in an order of its own, first and second label per entity. */
function pairIndex(pairs: readonly (readonly [string, string])[], labels: readonly string[]): PerspectiveIndex {
  const names = pairs.map((pair) => pairName(...pair));
  return {
    ...indexOf('cooccurrence', [names]),
    entities: pairs.length,
    nameOf: (id) => names[id] ?? '',
    pairOf: (id) => pairs[id],
    pairs: {
      labels: labels.length,
      labelOf: (label) => labels[label] ?? '',
      first: Uint32Array.from(pairs, ([first]) => labels.indexOf(first)),
      second: Uint32Array.from(pairs, ([, second]) => labels.indexOf(second)),
    },
  };
}

const label = fc.constantFrom('bus', 'cat', 'dog', 'hat', 'tree', 'wa,x', 'é', '"');
const pair = fc
  .uniqueArray(label, { minLength: 2, maxLength: 2 })
  .map((two) => [...two].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))) as [string, string]);
const side = fc.record({
  pairs: fc.uniqueArray(pair, { maxLength: 20, selector: (two) => two.join('\0') }),
  extra: fc.array(label),
  order: fc.infiniteStream(fc.nat()),
});

describe('missingEntities', () => {
  it('finds names that the other side has not, in the order of the ids', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.uniqueArray(fc.string(), { maxLength: 30 }), async (a, b) => {
        const index = indexOf('token', [a]);
        const found = await missingEntities(index, indexOf('token', [b]), breath);
        const names = Array.from({ length: index.entities }, (_, id) => index.nameOf(id));
        expect(Array.from(found, (id) => index.nameOf(id))).toEqual(names.filter((name) => !b.includes(name)));
      }),
    );
  });

  it('finds pairs likewise, whatever numbers the labels have on either side', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, async (a, b) => {
        const index = (one: typeof a): PerspectiveIndex => {
          const labels = [...new Set([...one.pairs.flat(), ...one.extra])];
          const keyed = labels.map((text) => [one.order.next().value ?? 0, text] as const).sort(([x], [y]) => x - y);
          return pairIndex(
            one.pairs,
            keyed.map(([, text]) => text),
          );
        };
        const theirs = new Set(b.pairs.map((two) => two.join('\0')));
        const expected = a.pairs.flatMap((two, id) => (theirs.has(two.join('\0')) ? [] : [id]));
        expect([...(await missingEntities(index(a), index(b), breath))]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('nameMatcher', () => {
  it('finds the pairs whose name holds a text, as spelling every name would', () => {
    const wanted = fc.constantFrom('', 'b', 'a', 'at', ',', 'a,', '"', 'wa,x', '""', 'é', 't,h');
    fc.assert(
      fc.property(side, wanted, (one, text) => {
        const labels = [...new Set([...one.pairs.flat(), ...one.extra])];
        const index = pairIndex(one.pairs, labels);
        const isWanted = nameMatcher(index, text);
        for (let id = 0; id < index.entities; id++) expect(isWanted(id)).toBe(index.nameOf(id).toLowerCase().includes(text));
      }),
    );
  });
});
