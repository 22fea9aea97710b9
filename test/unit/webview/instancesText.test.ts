import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairName } from '../../../src/engine/entities/pairName.ts';
import { pairOf } from '../../../src/protocol/entities.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import { segmentsOf } from '../../../webview-ui/shared/segments.ts';
import { cutText, nameOfUnseen, textParts, visibleLine } from '../../../webview-ui/shared/unseen.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.constantFrom('a', 'é', '漢', '👩‍👩‍👧', '\u202e', '\u0000', '\ud83d', '\r\n', '\r', '\u{e0041}', '\ufeff'))
    .map((parts) => parts.join('')),
);

/** Independent of the list under test: categories of Unicode. */
const hidden = /[\p{Cc}\p{Cs}\p{Bidi_Control}]/u;

describe('segments', () => {
  const length = 60;
  const span = fc
    .record({
      start: fc.integer({ min: -5, max: 70 }),
      size: fc.integer({ min: 0, max: 40 }),
      perspective: fc.constantFrom(...perspectives),
    })
    .map(({ start, size, perspective }) => ({ start, end: start + size, perspective, entity: `${start}` }));

  it('fill the text once, and each unit knows exactly the spans that cover it', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const segments = segmentsOf(length, spans);
        let at = 0;
        for (const { start, end } of segments) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(length);
        for (let unit = 0; unit < length; unit++) {
          const segment = segments.find(({ start, end }) => start <= unit && unit < end);
          const wanted = spans
            .filter(({ start, end }) => start <= unit && unit < end)
            .map(({ entity, perspective, end }) => `${perspective}${entity}${Math.min(end, length)}`);
          expect(segment?.spans.map(({ entity, perspective, end }) => `${perspective}${entity}${end}`).sort()).toEqual(wanted.sort());
        }
      }),
    );
  });

  it('name the longest span first, so that it is the outer one', () => {
    const spans = [
      { start: 4, end: 8, perspective: 'token', entity: 'in' },
      { start: 0, end: 20, perspective: 'object', entity: 'out' },
    ] as const;
    expect(segmentsOf(20, spans).map(({ start, end, spans: own }) => [start, end, own.map(({ entity }) => entity)])).toEqual([
      [0, 4, ['out']],
      [4, 8, ['out', 'in']],
      [8, 20, ['out']],
    ]);
    expect(segmentsOf(0, [])).toEqual([]);
  });
});

describe('text parts', () => {
  it('lose nothing, and leave nothing unseen in what is shown as it is', () => {
    fc.assert(
      fc.property(text, (value) => {
        const parts = textParts(value);
        expect(parts.map((part) => ('text' in part ? part.text : String.fromCodePoint(part.code))).join('')).toBe(value);
        for (const part of parts) if ('text' in part) expect(part.text.replace(/[\t\n]|\r\n/g, '')).not.toMatch(hidden);
      }),
    );
  });

  it('mark controls, directions, tags and halves of pairs, and let joined emoji be', () => {
    const codes = (value: string): (string | number)[] => textParts(value).map((part) => ('text' in part ? part.text : part.code));
    expect(codes('a\u202eb')).toEqual(['a', 0x202e, 'b']);
    expect(codes('\u{e0041}')).toEqual([0xe0041]);
    expect(codes('x\ud83d')).toEqual(['x', 0xd83d]);
    expect(codes('👩‍👩‍👧 می‌خواهم')).toEqual(['👩‍👩‍👧 می‌خواهم']);
    expect(codes('a\r\nb\rc')).toEqual(['a\r\nb', 0x0d, 'c']);
    expect([0, 0x1b, 0x7f, 0x85, 0x202e].map(nameOfUnseen)).toEqual(['U+0000', 'U+001B', 'U+007F', 'U+0085', 'U+202E']);
  });
});

describe('visible line', () => {
  it('is one line of bounded length without unseen characters and without broken pairs', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 80 }), (value, limit) => {
        const line = visibleLine(value, limit);
        expect(line.length).toBeLessThanOrEqual(limit + 1);
        expect(line).not.toMatch(hidden);
        expect(line).not.toMatch(/[\t\r\n]/);
      }),
    );
  });

  it('says that it was cut', () => {
    expect(visibleLine('abc\n\n  def', 20)).toBe('abc   def');
    expect(visibleLine('a\u202eb', 20)).toBe('a‹U+202E›b');
    expect(visibleLine('x'.repeat(30), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(cutText('a👩', 2)).toBe('a');
  });
});

describe('pair of a cooccurrence', () => {
  it('is what the engine joined', () => {
    const label = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('a,b', '"', 'tea "pot"', '', ','));
    fc.assert(
      fc.property(label, label, (first, second) => {
        expect(pairOf(pairName(first, second))).toEqual([first, second]);
      }),
    );
    expect(pairOf('dog')).toBeUndefined();
  });
});
