import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { scanShard } from '../../../src/engine/dataset/browse/textScan.ts';
import type { RecordShard } from '../../../src/engine/dataset/recordShard.ts';

const folder = mkdtempSync(join(tmpdir(), 'ballast-scan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pieces of texts, and of what is looked for: everything that JSON can spell in more ways than one, or that changes with its case. */
const pieces = [
  'a',
  'K',
  '\u212a',
  'İ',
  'i',
  'Σ',
  '\nΣ',
  'ς',
  'σ',
  'ß',
  'É',
  'é',
  '/',
  '\\',
  '"',
  '\n',
  '\t',
  '\u0001',
  '\u007f',
  ' ',
  '1',
  '.',
  'e',
  '+',
  '\ud800',
  '\ud83d\ude00',
  'u',
  'n',
  '日',
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''));
/** Numbers of turns, in a spelling that parsing loses, and as JavaScript spells them. */
const numbers = [
  ['1e2', '100'],
  ['1.50', '1.5'],
  ['12345678901234567890', '12345678901234567000'],
  ['1e999', 'Infinity'],
  ['-0', '0'],
  ['7', '7'],
] as const;
const turn = fc.oneof(
  { weight: 5, arbitrary: text.map((said) => ({ json: JSON.stringify(said), said })) },
  { weight: 1, arbitrary: fc.constantFrom(...numbers).map(([json, said]) => ({ json, said })) },
  // Content blocks, which are one text with line feeds between them.
  {
    weight: 1,
    arbitrary: fc.tuple(text, text).map(([a, b]) => ({
      json: JSON.stringify([
        { type: 'text', text: a },
        { type: 'text', text: b },
      ]),
      said: `${a}\n${b}`,
    })),
  },
);
/** Spellings of a record that mean the same. */
const spelling = fc.constantFrom<(json: string) => string>(
  (json) => json,
  (json) => json.replaceAll('/', '\\/'),
  (json) => json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  (json) => json.replace(/(?<!\\)a/g, '\\u0061'),
);
/** Short, so that many are found. */
const search = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 2 }).map((parts) => parts.join('')),
  fc.constantFrom('100', '1.5', '000', 'inf', 'e', '0', 'a/', '\n', 'a\n', 'σ', 'ς', '\\n', '\\u'),
);
const record = fc.record({ id: fc.option(text, { nil: undefined }), turns: fc.array(turn, { maxLength: 3 }), spell: spelling });

/** The records as lines of a file, as a worker gets them. */
function shardOf(lines: readonly string[]): RecordShard {
  const textPath = join(folder, 'set.jsonl');
  writeFileSync(textPath, lines.map((line) => `${line}\n`).join(''));
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? -1) + 1 + Buffer.byteLength(line));
  const start = Float64Array.from(ends, (_, i) => (i === 0 ? 0 : (ends[i - 1] as number) + 1));
  const usable = new Uint8Array(lines.length).fill(1);
  return { index: 0, textPath, view: { variant: 'messages' }, firstOrdinal: 0, start, end: Float64Array.from(ends), usable };
}

it('finds the texts and ids that hold the text in lower case, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 20 }),
      fc.array(search, { minLength: 12, maxLength: 12 }),
      (records, searches) => {
        const lines = records.map(({ id, turns, spell }) => {
          const list = turns.map(({ json }, i) => `{"role": "${i % 2 === 0 ? 'user' : 'assistant'}", "content": ${json}}`).join(', ');
          const plain = `{${id === undefined ? '' : `"id": ${JSON.stringify(id)}, `}"messages": [${list}]}`;
          // Names and roles must stay as they are: only texts may be spelled otherwise.
          return plain.replace(/("(?:id|content|text)": ?)("(?:[^"\\]|\\.)*")/g, (_, name: string, json: string) => name + spell(json));
        });
        const shard = shardOf(lines);
        for (const sought of searches) {
          const wanted = sought.toLowerCase();
          const literal = records.map(({ id, turns }) =>
            [id ?? '', ...turns.map(({ said }) => said)].some((one) => one.toLowerCase().includes(wanted)),
          );
          expect([...scanShard({ shard, wanted })].map(Boolean), JSON.stringify(sought)).toEqual(literal);
        }
      },
    ),
    { numRuns: 200 },
  );
});
