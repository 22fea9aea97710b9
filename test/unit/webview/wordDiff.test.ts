import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TurnDetail } from '../../../src/protocol/browse.ts';
import { alignTurns, foldEqual } from '../../../webview-ui/shared/alignTurns.ts';
import { commonWords, type TextPiece, wordDiff } from '../../../webview-ui/shared/wordDiff.ts';

/** Length of a longest common subsequence by the table of its definition. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      (table[i] as number[])[j] =
        a[i - 1] === b[j - 1] ? (table[i - 1]?.[j - 1] ?? 0) + 1 : Math.max(table[i - 1]?.[j] ?? 0, table[i]?.[j - 1] ?? 0);
  return table[a.length]?.[b.length] ?? 0;
}

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 24 });
const join = (pieces: readonly TextPiece[]): string => pieces.map(({ text }) => text).join('');
const kept = (pieces: readonly TextPiece[]): string =>
  pieces
    .filter(({ differs }) => !differs)
    .map(({ text }) => text)
    .join('');

describe('commonWords', () => {
  it('finds a longest common subsequence', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        const found = commonWords(a, b);
        expect(found.map(([i]) => a[i])).toEqual(found.map(([, j]) => b[j]));
        for (const [k, [i, j]] of found.entries()) {
          expect(i).toBeGreaterThan(found[k - 1]?.[0] ?? -1);
          expect(j).toBeGreaterThan(found[k - 1]?.[1] ?? -1);
        }
        expect(found).toHaveLength(longestCommon(a, b));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives up on texts that have little in common, instead of taking for ever', () => {
    const a = Array.from({ length: 30_000 }, (_, i) => `a${i}`);
    const b = Array.from({ length: 30_000 }, (_, i) => (i % 10 === 0 ? `a${i}` : `b${i}`));
    const started = performance.now();
    expect(commonWords(a, b)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('wordDiff', () => {
  it('cuts both texts completely, and what does not differ is the same on both sides', () => {
    const text = fc
      .array(fc.constantFrom('cat ', 'dog', ' ', '.', '猫', '犬が', "don't ", '\n', '🙂', '\u202e', 'é'), { maxLength: 20 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), fc.oneof(text, fc.string({ unit: 'binary' })), (a, b) => {
        const diff = wordDiff(a, b);
        expect([join(diff.a), join(diff.b)]).toEqual([a, b]);
        expect(kept(diff.a)).toBe(kept(diff.b));
        if (a === b) expect([...diff.a, ...diff.b].filter(({ differs }) => differs)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('does not compare white space where it is asked not to', () => {
    const record = { id: 1, conversations: [{ from: 'human', value: 'What is it?' }] };
    const other = { ...record, conversations: [{ from: 'human', value: 'What was it?' }] };
    const narrow = JSON.stringify(record, null, 1);
    const wide = JSON.stringify(other, null, 4);
    const marked = (pieces: readonly TextPiece[]): readonly string[] => pieces.filter(({ differs }) => differs).map(({ text }) => text);
    for (const text of [narrow, JSON.stringify(record)]) {
      const diff = wordDiff(text, wide, 'ignored');
      expect([join(diff.a), join(diff.b)]).toEqual([text, wide]);
      expect([marked(diff.a), marked(diff.b)]).toEqual([['is'], ['was']]);
    }
    expect(marked(wordDiff(narrow, wide).a).length).toBeGreaterThan(1);
  });

  it('marks words, not characters', () => {
    expect(wordDiff('There is a red bus.', 'There is a green bus on it.')).toEqual({
      a: [
        { text: 'There is a ', differs: false },
        { text: 'red', differs: true },
        { text: ' bus.', differs: false },
      ],
      b: [
        { text: 'There is a ', differs: false },
        { text: 'green', differs: true },
        { text: ' bus', differs: false },
        { text: ' on it', differs: true },
        { text: '.', differs: false },
      ],
    });
    expect(wordDiff('这是一只猫', '这是两只猫').b).toEqual([
      { text: '这是', differs: false },
      { text: '两', differs: true },
      { text: '只猫', differs: false },
    ]);
  });
});

describe('alignTurns', () => {
  const turn = (role: string, text: string): TurnDetail => ({ role, text, cut: false, spans: [] });
  const turns = fc.array(
    fc.tuple(fc.constantFrom('human', 'gpt'), fc.constantFrom('x', 'y', 'z')).map(([role, text]) => turn(role, text)),
    { maxLength: 8 },
  );

  it('shows each turn of both sides once, in order', () => {
    fc.assert(
      fc.property(turns, turns, (a, b) => {
        const rows = alignTurns(a, b);
        expect(rows.flatMap((row) => row.a ?? [])).toEqual(a.map((_, i) => i));
        expect(rows.flatMap((row) => row.b ?? [])).toEqual(b.map((_, i) => i));
        for (const row of rows) {
          if (row.a === null || row.b === null) expect(row.same).toBe(false);
          else {
            expect(a[row.a]?.role).toBe(b[row.b]?.role);
            if (row.same) expect(a[row.a]?.text).toBe(b[row.b]?.text);
          }
        }
        expect(rows.filter(({ same }) => same)).toHaveLength(
          longestCommon(
            a.map((t) => t.role + t.text),
            b.map((t) => t.role + t.text),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('folds equal turns away, but not those beside a differing one, and loses none', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (flags) => {
        const rows = flags.map((same, i) => ({ a: i, b: i, same }));
        const isFar = (i: number): boolean => [rows[i - 1], rows[i], rows[i + 1]].every((row) => row?.same !== false);
        const blocks = foldEqual(rows);
        expect(blocks.flatMap((block) => block.rows)).toEqual(rows);
        for (const { folded, rows: run } of blocks) {
          if (!folded) continue;
          expect(run.length).toBeGreaterThanOrEqual(3);
          for (const { a } of run) expect(isFar(a ?? -1)).toBe(true);
        }
        // What stays in sight for no reason: at most two equal turns in a row that are not beside a difference.
        const far = rows.filter(({ a }) => isFar(a));
        const folded = blocks.filter((block) => block.folded).flatMap((block) => block.rows);
        if (flags.includes(false)) expect(far.length - folded.length).toBeLessThanOrEqual(2 * blocks.length);
        else expect(folded).toEqual([]);
      }),
    );
  });

  it('keeps a question beside its changed wording when an exchange was put in before it', () => {
    const a = [turn('human', 'Who?'), turn('gpt', 'Me.'), turn('human', 'Where?'), turn('gpt', 'Here.')];
    const b = [turn('human', 'Hello.'), turn('gpt', 'Hi.'), ...a.slice(0, 3), turn('gpt', 'There.')];
    expect(alignTurns(a, b)).toEqual([
      { a: null, b: 0, same: false },
      { a: null, b: 1, same: false },
      { a: 0, b: 2, same: true },
      { a: 1, b: 3, same: true },
      { a: 2, b: 4, same: true },
      { a: 3, b: 5, same: false },
    ]);
  });
});
