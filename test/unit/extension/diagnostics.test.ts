import { describe, expect, it } from 'vitest';
import { collectDiagnostics } from '../../../src/extension/datasets/collectDiagnostics.ts';
import { isOpenable } from '../../../src/extension/datasets/openable.ts';
import type { InspectReport, Problem } from '../../../src/protocol/dataset.ts';
import { english } from './english.ts';

const problem: Problem = { code: 'record.invalidJson', ordinal: 7, byteStart: 10, byteEnd: 30, line: 3, message: 'unexpected }' };

function report(problems: readonly Problem[], counts: InspectReport['problemCounts'], format: 'json' | 'parquet' = 'json'): InspectReport {
  return {
    dataset: { path: '/d/train.json', bytes: 100, sha256: '', format, variant: 'llava' },
    instances: 9,
    records: 10,
    turns: 18,
    withImage: 0,
    textOnly: 9,
    multiImage: 0,
    withVideo: 0,
    distinctImages: 0,
    distinctIds: 9,
    problems,
    problemCounts: counts,
    reused: false,
  };
}

describe('collectDiagnostics', () => {
  it('keeps the place in bytes, and tells a lost record from a flaw', () => {
    const flaw: Problem = { ...problem, code: 'record.emptyTurn', ordinal: 8, message: 'turn 2 is empty' };
    const comma: Problem = { ...problem, code: 'file.trailingComma', ordinal: -1, byteStart: 90, byteEnd: 91, message: 'a comma' };
    const found = collectDiagnostics(
      report([problem, flaw, comma], { 'record.invalidJson': 1, 'record.emptyTurn': 1, 'file.trailingComma': 1 }),
      english,
      'en',
    );
    expect([...found]).toEqual([
      [
        '/d/train.json',
        [
          {
            code: 'record.invalidJson',
            severity: 'error',
            message: 'Record is not valid JSON (instance 7)\nunexpected }',
            byteStart: 10,
            byteEnd: 30,
          },
          {
            code: 'record.emptyTurn',
            severity: 'warning',
            message: 'Empty turn (instance 8)\nturn 2 is empty',
            byteStart: 10,
            byteEnd: 30,
          },
          { code: 'file.trailingComma', severity: 'warning', message: 'Comma after the last record\na comma', byteStart: 90, byteEnd: 91 },
        ],
      ],
    ]);
  });

  it('groups the problems of a mixture by its files', () => {
    const found = collectDiagnostics(report([{ ...problem, file: '/d/part.jsonl' }, problem], { 'record.invalidJson': 2 }), english, 'en');
    expect([...found.keys()]).toEqual(['/d/part.jsonl', '/d/train.json']);
  });

  it('says so when not every problem is listed', () => {
    const entries = collectDiagnostics(report([problem], { 'record.invalidJson': 12_345 }), english, 'en').get('/d/train.json');
    expect(entries?.at(-1)).toMatchObject({ severity: 'information', message: '1 of 12,345 problems are listed.', byteStart: 0 });
  });

  it('shows hostile text inert and short, and leaves Parquet out', () => {
    const hostile: Problem = { ...problem, code: 'image.missing', image: `\u202e${'x'.repeat(10_000)}` };
    const [entry] = collectDiagnostics(report([hostile], { 'image.missing': 1 }), english, 'en').get('/d/train.json') ?? [];
    expect(entry?.message.length).toBeLessThan(400);
    expect(entry?.message).not.toContain('\u202e');
    expect(collectDiagnostics(report([problem], { 'record.invalidJson': 1 }, 'parquet'), english, 'en').size).toBe(0);
  });
});

it.each([
  ['train.json', 50 * 1024 * 1024, true],
  ['train.json', 50 * 1024 * 1024 + 1, false],
  ['train.PARQUET', 10, false],
])('isOpenable(%s, %i) is %s', (name, size, openable) => expect(isOpenable(name, size)).toBe(openable));
