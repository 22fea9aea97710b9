import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectInspection } from '../../../src/extension/datasets/collectInspection.ts';
import {
  isCandidateName,
  looksLikeJsonDataset,
  looksLikeParquetDataset,
  sniffBytes,
} from '../../../src/extension/datasets/detectDataset.ts';
import { formatBytes } from '../../../src/extension/datasets/formatBytes.ts';
import { problemLabel } from '../../../src/extension/datasets/problemLabels.ts';
import { type InspectReport, problemCodes } from '../../../src/protocol/dataset.ts';
import { english } from './english.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const isDataset = (text: string): boolean => looksLikeJsonDataset(bytes(text).subarray(0, sniffBytes));
const turns = '[{"from": "human", "value": "What?"}, {"from": "gpt", "value": "That."}]';

describe('looksLikeJsonDataset', () => {
  it.each([
    ['LLaVA', `[{"id": "1", "image": "a.jpg", "conversations": ${turns}}]`],
    ['JSON lines', `{"id": 1, "conversations": ${turns}}\n{"id": 2, "conversations": ${turns}}\n`],
    ['BOM, CRLF and indents', `\uFEFF[\r\n\t{\r\n\t\t"id" : "1",\r\n\t\t"conversations" : ${turns}\r\n\t}\r\n]`],
    ['OpenAI messages', '{"messages": [{"role": "user", "content": "What?"}], "images": ["a.jpg"]}'],
    ['ms-swift', '[{"query": "What?", "response": "That.", "history": []}]'],
    ['ms-swift conversation', '[{"conversation": [{"human": "What?", "assistant": "That."}]}]'],
    ['instruction and output', '{"id": 1, "image": "a.jpg", "instruction": "What?", "output": "That."}'],
    ['data-juicer', '{"images": ["a.jpg"], "text": "<__dj__image> a cat"}'],
    ['keys after a nested object', `[{"meta": {"a": [{"b": "}"}], "c": "\\"{"}, "conversations": ${turns}}]`],
    ['a record longer than the sample', `[{"conversations": [{"from": "human", "value": "${'x'.repeat(2 * sniffBytes)}"}]}]`],
    ['a first record that is broken later', '[{"id": "1", "conversations": [}}, {}]'],
  ])('knows %s', (_name, text) => expect(isDataset(text)).toBe(true));

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['an array of numbers', '[1, 2, 3]'],
    ['an empty array', '[]'],
    ['other objects', '[{"name": "red"}, {"name": "blue"}]'],
    ['the key deeper down only', '{"run": {"conversations": []}}'],
    ['the key as a value', '{"kind": "conversations", "list": ["messages"]}'],
    ['a tsconfig', '{\n  // comment\n  "compilerOptions": { "strict": true }\n}'],
    ['COCO annotations', '{"info": {}, "images": [{"id": 1}], "annotations": []}'],
    ['text and images without marks', '{"text": "a cat", "images": []}'],
    ['binary', '\u0000\u0001\u0002{"conversations": 1}'],
    ['Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n'],
  ])('passes over %s', (_name, text) => expect(isDataset(text)).toBe(false));

  it("passes over the project's own configuration", () => {
    const names = readdirSync(root).filter((name) => name.endsWith('.json'));
    expect(names).toContain('package.json');
    expect(names.filter((name) => isDataset(readFileSync(path.join(root, name), 'utf8')))).toEqual([]);
  });

  it('finds the key wherever it stands among other members, and never throws on cut or random bytes', () => {
    const members = fc.dictionary(
      fc.string().filter((key) => !['conversations', 'messages', 'conversation', 'query', 'instruction', 'text'].includes(key)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(members, members, (before, after) => {
        const record = JSON.stringify({ ...before, conversations: [], ...after });
        expect(isDataset(`[${record}]`)).toBe(true);
        const { conversations: _, ...rest } = JSON.parse(record) as Record<string, unknown>;
        expect(isDataset(JSON.stringify([rest]))).toBe(false);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (random) => typeof looksLikeJsonDataset(random) === 'boolean'));
  });
});

describe('looksLikeParquetDataset', () => {
  it('looks for the magic number and a column with turns', () => {
    expect(looksLikeParquetDataset(bytes('...schema id conversations list...PAR1'))).toBe(true);
    expect(looksLikeParquetDataset(bytes('...schema id label...PAR1'))).toBe(false);
    expect(looksLikeParquetDataset(bytes('...conversations...'))).toBe(false);
    expect(looksLikeParquetDataset(new Uint8Array())).toBe(false);
  });
});

describe('isCandidateName', () => {
  it.each(['train.json', 'TRAIN.JSONL', 'part-0.parquet', 'llava_v1_5_mix665k.json'])('takes %s', (name) =>
    expect(isCandidateName(name)).toBe(true),
  );
  it.each([
    'package.json',
    'tsconfig.base.json',
    'train.rebalanced.json.manifest.json',
    'train.ballast-plan.json',
    'train.csv',
    'json',
    'vite.config.json',
  ])('leaves %s', (name) => expect(isCandidateName(name)).toBe(false));
});

const report: InspectReport = {
  dataset: { path: '/d/train.json', bytes: 10, sha256: '', format: 'json', variant: 'llava' },
  instances: 1398,
  records: 1400,
  turns: 2800,
  withImage: 1200,
  textOnly: 198,
  multiImage: 0,
  withVideo: 0,
  distinctImages: 1100,
  distinctIds: 1400,
  problems: [
    { code: 'record.emptyTurn', ordinal: 4, byteStart: 5, byteEnd: 6, line: 12, message: 'turn 2 is empty' },
    { code: 'record.emptyTurn', ordinal: 9, byteStart: 50, byteEnd: 60, line: 40, message: 'turn 1 is empty' },
  ],
  problemCounts: { 'record.invalidJson': 2, 'record.emptyTurn': 7, 'file.trailingComma': 0 },
  reused: false,
};

describe('collectInspection', () => {
  it('gives one row per fact, and the problems by number', () => {
    const rows = collectInspection(report, english, 'en');
    expect(rows.map((row) => `${row.label}: ${row.value}`)).toEqual([
      'Variant: llava, json',
      'Instances: 1,398 usable of 1,400 records',
      'Turns: 2,800',
      'Images: 1,100 distinct, on 1,200 instances',
      'Problems: 9',
    ]);
    const problems = rows.at(-1);
    expect(problems?.kind === 'problems' && problems.rows).toEqual([
      { code: 'record.emptyTurn', count: 7, line: 12, message: 'turn 2 is empty', file: undefined },
      { code: 'record.invalidJson', count: 2, line: undefined, message: undefined, file: undefined },
    ]);
  });

  it('says none for a clean dataset without images, and counts the files of a mixture', () => {
    const parts = [{ path: 'a.jsonl', instances: 5, variant: 'llava' as const }];
    const rows = collectInspection({ ...report, records: 1398, withImage: 0, problems: [], problemCounts: {}, parts }, english, 'de');
    expect(rows.map((row) => `${row.label}: ${row.value}`)).toEqual([
      'Variant: llava, json',
      'Instances: 1.398',
      'Turns: 2.800',
      'Images: none',
      'Files: 1',
      'Problems: none',
    ]);
  });
});

it('every problem code has a label of its own', () => {
  const labels = problemCodes.map((code) => problemLabel(code, english));
  expect(new Set(labels).size).toBe(problemCodes.length);
});

it.each([
  [0, '0 kB'],
  [1, '0.1 kB'],
  [238, '0.2 kB'],
  [1000, '1 kB'],
  [604_888, '604.9 kB'],
  [65_350_067, '65.4 MB'],
  [1_100_000_000, '1.1 GB'],
])('formats %i bytes', (size, text) => expect(formatBytes(size, 'en')).toBe(text));
