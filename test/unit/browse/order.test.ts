import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalKey } from '../../../src/engine/dataset/browse/partColumns.ts';
import { keyless, sortedBy } from '../../../src/engine/dataset/browse/rowOrder.ts';
import { cutText } from '../../../src/engine/dataset/browse/shortText.ts';
import { compareNaturally } from './literalBrowser.ts';

describe('rows in order of a key', () => {
  it('are those of a stable sort, without a key last', () => {
    const key = fc.oneof(fc.nat(5), fc.nat(0xffff_fffe), fc.constantFrom(0, keyless - 1, keyless, 2047, 2048, 1 << 22));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), fc.boolean(), fc.infiniteStream(fc.boolean()), (keys, descending, coins) => {
        const ordinals = [...keys.keys()].filter(() => coins.next().value);
        const sorted = sortedBy(Uint32Array.from(ordinals), Uint32Array.from(keys), descending);
        const keyOf = (ordinal: number): number => keys[ordinal] as number;
        const literal = ordinals.toSorted((a, b) => {
          const [x, y] = [keyOf(a), keyOf(b)];
          if (x === keyless || y === keyless) return Number(x === keyless) - Number(y === keyless);
          return descending ? y - x : x - y;
        });
        expect([...sorted]).toEqual(literal);
      }),
    );
  });
});

describe('ids in natural order', () => {
  it('compare by their keys as piece by piece', () => {
    const id = fc
      .array(fc.constantFrom('0', '00', '1', '9', '10', '010', 'a', 'ab', 'B', '-', '_', '.', '/', ':', 'é', '日'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(id, id, (a, b) => {
        const [x, y] = [naturalKey(a), naturalKey(b)];
        expect(x < y ? -1 : x > y ? 1 : 0).toBe(Math.sign(compareNaturally(a, b)));
      }),
      { numRuns: 3000 },
    );
  });

  it('are as people count', () => {
    const ids = ['img10', 'img9', 'img1', 'IMG2', '000000000139', '139a', '25', 'img09b', 'img', ''];
    const compare = (a: string, b: string): number => (naturalKey(a) < naturalKey(b) ? -1 : 1);
    expect(ids.toSorted(compare)).toEqual(['', '25', '000000000139', '139a', 'IMG2', 'img', 'img1', 'img9', 'img09b', 'img10']);
  });
});

describe('a cut text', () => {
  it('is the beginning, and never ends in half of a character', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '\ud83d\ude00', '\ud83d', '\ude00'), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 12 }), (whole, limit) => {
        const cut = cutText(whole, limit);
        expect(whole.startsWith(cut)).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.length).toBeGreaterThanOrEqual(Math.min(whole.length, limit - 1));
        // The cut splits no pair: what follows begins a code point of its own.
        expect([...cut, ...whole.slice(cut.length)].join('|')).toBe([...whole].join('|'));
      }),
    );
  });
});
