import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeMarkdown, plainPickText, plainText } from '../../../src/extension/plainText.ts';

describe('plainText', () => {
  it.each([
    ['a plain label', 'traffic light', 'traffic light'],
    ['line breaks and tabs', 'one\r\ntwo\tthree', 'one two three'],
    ['control characters', 'a\u0000\u001b[31mb', 'a\ufffd[31mb'],
    ['a turned direction', 'abc\u202egpj.exe', 'abc\ufffdgpj.exe'],
    ['what cannot be seen', 'ca\u200bt\ufeff', 'ca\ufffdt\ufffd'],
    ['markup, which is no markup here', '<b>&amp;</b> [x](command:y)', '<b>&amp;</b> [x](command:y)'],
  ])('shows %s readably', (_name, text, shown) => expect(plainText(text)).toBe(shown));

  it('cuts long text and says so, never in the middle of a character', () => {
    expect(plainText('x'.repeat(1_000_000))).toBe(`${'x'.repeat(200)}…`);
    expect(plainText('\u{1F9AD}'.repeat(9), 5)).toBe('\u{1F9AD}\u{1F9AD}…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = plainText(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit + 1);
        expect(line).not.toMatch(/[\r\n\u202e]/);
      }),
    );
  });

  it('makes no icon of data in a quick pick', () => expect(plainPickText('$(trash) price $5')).toBe('\\$(trash) price $5'));
});

describe('escapeMarkdown', () => {
  it('leaves nothing that Markdown could read as a mark, and nothing out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const escaped = escapeMarkdown([text]);
        // Every ASCII mark stands behind a backslash of its own; taken away, the plain text is left.
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, '')).not.toMatch(/[!-/:-@[-`{-~]/);
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(plainText(text, 500));
      }),
    );
  });

  it('keeps lines apart by breaks of its own only', () => {
    expect(escapeMarkdown(['a\n# b', '[c](command:x)'])).toBe('a \\# b  \n\\[c\\]\\(command\\:x\\)');
  });
});
