import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairOfState, stateOfPair } from '../../../src/extension/diff/datasetPair.ts';
import { diffStrings } from '../../../src/extension/diff/diffStrings.ts';
import { markdownSummary } from '../../../src/extension/diff/markdownSummary.ts';
import type { DiffPerspective, DiffReport, DistributionSummary } from '../../../src/protocol/reports.ts';
import { english } from './english.ts';

const chinese = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../media/l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Record<
  string,
  string
>;

const distribution = (entities: number, gini: number): DistributionSummary => ({
  entities,
  postings: entities * 10,
  gini,
  entropy: 1,
  tailEntityShare: 0.5,
  tailMassShare: 0.1,
  curve: [],
});

function perspective(change: Partial<DiffPerspective> = {}): DiffPerspective {
  return {
    tau: 58,
    before: distribution(59_912, 0.854_359_7),
    after: distribution(59_710, 0.840_624_8),
    entitiesLost: 202,
    entitiesGained: 0,
    lost: [
      { entity: 'zeppelin', frequency: 1200 },
      { entity: 'quoin', frequency: 3 },
    ],
    gained: [],
    ...change,
  };
}

function report(change: Partial<DiffReport> = {}): DiffReport {
  const summary = { format: 'json', variant: 'llava' } as const;
  return {
    a: { ...summary, path: '/d/a.json', bytes: 1_005_431_746, sha256: 'a'.repeat(64), instances: 665_298 },
    b: { ...summary, path: '/d/b.json', bytes: 703_898_674, sha256: 'b'.repeat(64), instances: 404_661 },
    common: 391_621,
    added: 13_040,
    removed: 273_677,
    addedOrdinals: [],
    removedOrdinals: [],
    changed: { id: 6196, image: 1844 },
    changedOrdinals: [],
    sources: [
      { kind: 'folder', folder: 'coco', a: 365_386, b: 232_191 },
      { kind: 'textOnly', folder: '', a: 40_955, b: 38_925 },
    ],
    moreSources: 0,
    lengths: {
      a: { meanTurns: 10.630_24, medianTurns: 10, meanBytes: 1507.25, medianBytes: 1321 },
      b: { meanTurns: 11.157_9, medianTurns: 10, meanBytes: 1755.22, medianBytes: 1566.5 },
    },
    perspectives: { token: perspective() },
    ...change,
  };
}

const names = { a: 'train.json', b: 'train.rebalanced.json' };

describe('markdownSummary', () => {
  it('gives the exact numbers as tables', () => {
    expect(markdownSummary(report(), names, english, 'en')).toBe(
      [
        '## train\\.rebalanced\\.json compared with train\\.json',
        '',
        '|  | A | B |',
        '| --- | ---: | ---: |',
        '| File | train\\.json | train\\.rebalanced\\.json |',
        '| Instances | 665,298 | 404,661 |',
        '| Bytes | 1,005,431,746 | 703,898,674 |',
        `| SHA-256 | \`${'a'.repeat(64)}\` | \`${'b'.repeat(64)}\` |`,
        '',
        '391,621 instances are in both, 273,677 only in A (removed), 13,040 only in B (added). 8,040 removed and added ones are pairs of a changed instance: 6,196 by id, 1,844 by image.',
        '',
        '| Perspective | Entities in A | Entities in B | Lost | Gained | Occurrences in A | Occurrences in B | Gini of A | Gini of B |',
        '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
        '| Token | 59,912 | 59,710 | 202 | 0 | 599,120 | 597,100 | 0.8544 | 0.8406 |',
        '',
        '- Token, most frequent lost: zeppelin (1,200), quoin (3)',
        '',
        '| Length of the instances | A | B |',
        '| --- | ---: | ---: |',
        '| Turns, mean | 10.63 | 11.16 |',
        '| Turns, median | 10 | 10 |',
        '| Bytes, mean | 1,507.25 | 1,755.22 |',
        '| Bytes, median | 1,321 | 1,566.5 |',
        '',
        '| First image folder | A | B |',
        '| --- | ---: | ---: |',
        '| coco | 365,386 | 232,191 |',
        '| Text only | 40,955 | 38,925 |',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what there is not: changed pairs, lost entities, sources, perspectives', () => {
    const text = markdownSummary(
      report({ changed: { id: 0, image: 0 }, sources: [], perspectives: { token: perspective({ lost: [], entitiesLost: 0 }) } }),
      names,
      english,
      'en',
    );
    expect(text).not.toContain('pairs');
    expect(text).not.toContain('most frequent');
    expect(text).not.toContain('First image folder');
    expect(text.split('\n').filter((line) => line.startsWith('| Object'))).toEqual([]);
  });

  it('says that more sources and entities exist than it names', () => {
    const sources = Array.from({ length: 14 }, (_, i) => ({ kind: 'folder' as const, folder: `f${i}`, a: 20 - i, b: 0 }));
    const lost = Array.from({ length: 20 }, (_, i) => ({ entity: `e${i}`, frequency: 20 - i }));
    const text = markdownSummary(report({ sources, moreSources: 3, perspectives: { token: perspective({ lost }) } }), names, english, 'en');
    expect(text).toContain('7 more sources are not listed.');
    expect(text).toContain('e4 (16)');
    expect(text).not.toContain('e5 (');
  });

  it('writes numbers and sentences of the language', () => {
    const german = markdownSummary(report(), names, english, 'de');
    expect(german).toContain('| Token | 59.912 | 59.710 |');
    expect(german).toContain('0,8544');
    const translate = (message: string, ...values: (string | number)[]): string => english(chinese[message] ?? `?${message}`, ...values);
    const translated = markdownSummary(report(), names, translate, 'zh-cn');
    expect(translated).toContain('391,621 个样例共有');
    expect(translated).not.toContain('?');
  });

  it('lets no name mean anything in Markdown, break a table or hide', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (hostile) => {
        const named = (name: string): readonly string[] =>
          markdownSummary(
            report({
              sources: [{ kind: 'folder', folder: name, a: 1, b: 2 }],
              perspectives: { token: perspective({ lost: [{ entity: name, frequency: 1 }] }) },
            }),
            { a: name, b: name },
            english,
            'en',
          ).split('\n');
        const lines = named(hostile);
        const bars = (line: string): number => line.replace(/\\./g, '').split('|').length;
        expect(lines.map(bars)).toEqual(named('x').map(bars));
        const title = (lines[0] ?? '').slice(3).replace(/\\./g, '');
        expect(title).not.toMatch(/[[\]<>`*_#|~!&]/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what may not come through
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('state of a comparison', () => {
  it('comes back as it was kept', () => {
    const pair = { a: '/d/a.json', b: '/d/dataset_info.json#mine' };
    expect(pairOfState(JSON.parse(JSON.stringify(stateOfPair(pair))))).toEqual(pair);
  });

  it.each([
    undefined,
    null,
    1,
    {},
    { version: 2, a: '/a', b: '/b' },
    { version: 1, a: '/a' },
    { version: 1, a: 'a', b: '/b' },
    { version: 1, a: 1, b: 2 },
  ])('is refused when it is none: %j', (state) => {
    expect(pairOfState(state)).toBeUndefined();
  });
});

describe('words of the page', () => {
  it('are all there, in both languages, with the same places', () => {
    const all = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value as object).flatMap(all));
    const plain = (message: string): string => message;
    const translate = (message: string): string => chinese[message] ?? '';
    const [words, translated] = [all(diffStrings(plain)), all(diffStrings(translate))];
    const places = (text: string): string => [...new Set(text.match(/\{\d\}/g) ?? [])].sort().join('');
    expect(words.length).toBeGreaterThan(120);
    expect(translated.filter((text) => text === '')).toEqual([]);
    expect(translated.map(places)).toEqual(words.map(places));
  });
});
