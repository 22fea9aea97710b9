import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type BrowseQuery, browseSorts, mediaKinds, type Verdict } from '../../../src/protocol/browse.ts';
import { BrowseFolder, noParts, testJob } from './browseFolder.ts';
import { type LiteralRow, literalAnswer } from './literalBrowser.ts';
import { frameRecords, framings, literalRows, manifestText, recordSet, words } from './recordSets.ts';

/** Every opened file is flushed to disk several times. */
vi.setConfig({ testTimeout: 120_000 });

const filter = fc.record(
  {
    text: fc.oneof(
      fc.constantFrom(
        '',
        'bus',
        'BUS',
        '1',
        '1e',
        '100',
        'ö',
        'σ',
        'ς',
        '"',
        '\\',
        '/',
        'r/o',
        '\t',
        '\n',
        'x\ny',
        'k',
        '日',
        'e+21',
        'STRASSE',
        'inf',
        'img_',
        '\ud83d',
      ),
      fc
        .constantFrom(...words)
        .chain((word) => fc.nat(word.length).chain((from) => fc.nat(word.length).map((to) => word.slice(from, from + to)))),
    ),
    verdict: fc.constantFrom<Verdict>('kept', 'dropped'),
    problems: fc.subarray([
      'any',
      'record.noTurns',
      'record.emptyTurn',
      'record.placeholderMissing',
      'record.notAnObject',
      'record.unclosed',
    ] as const),
    media: fc.subarray([...mediaKinds]),
    fields: fc.dictionary(
      fc.constantFrom('folder', 'field:source', 'field:score', 'field:checked', 'field:nothing'),
      fc.subarray(['coco', 'vg', '.', 'abs', 'web', 'book', 'null', '1', '0.5', 'true', 'other']),
    ),
  },
  { requiredKeys: [] },
);
const sort = fc.option(fc.record({ by: fc.constantFrom(...browseSorts.filter((by) => by !== 'rarest')), descending: fc.boolean() }), {
  nil: undefined,
});
const query = fc.record({ filter, sort }).map(
  ({ filter: wanted, sort: order }): Pick<BrowseQuery, 'filter' | 'sort'> => ({
    filter: wanted,
    ...(order ? { sort: order } : {}),
  }),
);

async function expectAnswer(folder: BrowseFolder, rows: readonly LiteralRow[], request: BrowseQuery): Promise<void> {
  const wanted = literalAnswer(rows, request);
  const result = await folder.engine.browseQuery(request, testJob());
  expect(result.records).toBe(rows.length);
  expect(result.instances).toBe(rows.filter(({ usable }) => usable).length);
  expect(result.matches).toBe(wanted.ordinals.length);
  const shown = await folder.rows(request, 7);
  expect(shown.map(({ ordinal }) => ordinal)).toEqual(wanted.ordinals);
  for (const row of shown) {
    const literal = rows[row.ordinal] as LiteralRow;
    expect(row).toMatchObject({
      usable: literal.usable,
      id: literal.id,
      turns: literal.texts.length,
      bytes: literal.bytes,
      images: literal.images.length,
      problems: literal.problems,
    });
    expect(row.verdict).toBe(literal.verdict);
  }
  for (const [position, ordinal] of wanted.ordinals.entries())
    if (position % 5 === 0) expect(await folder.engine.browseFind({ ...request, ordinal }, testJob())).toEqual({ position });
  const left = rows.find(({ ordinal }) => !wanted.ordinals.includes(ordinal));
  if (left) expect(await folder.engine.browseFind({ ...request, ordinal: left.ordinal }, testJob())).toEqual({ position: -1 });

  expect(result.facets.map(({ name }) => name).sort()).toEqual([...wanted.facets.keys()].sort());
  for (const { name, values, more } of result.facets) {
    const counts = wanted.facets.get(name);
    expect(more).toBe(0);
    expect(new Map(values.filter(({ count }) => count > 0).map(({ value, count }) => [value, count])), name).toEqual(counts);
    expect(values.map(({ count }) => count)).toEqual(values.map(({ count }) => count).sort((a, b) => b - a));
    for (const { value, count } of values) if (count === 0) expect(chosenValues(request, name)).toContain(value);
  }
}

function chosenValues({ filter: wanted = {} }: BrowseQuery, facet: string): readonly string[] {
  if (facet === 'media') return wanted.media ?? [];
  if (facet === 'verdict') return wanted.verdict ? [wanted.verdict] : [];
  if (facet === 'problem') return wanted.problems ?? [];
  return wanted.fields?.[facet] ?? [];
}

describe('a query', () => {
  it('gives what looking at every record gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        recordSet(true),
        fc.constantFrom('array', 'jsonl'),
        fc.array(query, { minLength: 4, maxLength: 6 }),
        fc.infiniteStream(fc.boolean()),
        async (records, framing, queries, coins) => {
          using folder = new BrowseFolder(noParts);
          const content = Buffer.from(frameRecords(records, framing as 'array'));
          const dataset = folder.file('set.json', content);
          const verdicts = records.map((): Verdict => (coins.next().value ? 'kept' : 'dropped'));
          const kept = [...records.keys()].filter((ordinal) => verdicts[ordinal] === 'kept' && records[ordinal]?.row.usable);
          const manifest = folder.file('out.json.manifest.json', manifestText('set.json', content, records.length, kept));
          for (const [i, request] of queries.entries()) {
            const withRun = i % 2 === 1;
            const rows = literalRows(records, framing as 'array', withRun ? verdicts : undefined);
            await expectAnswer(folder, rows, { dataset, ...request, ...(withRun ? { manifest } : {}) });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does so for records one after another on several lines', async () => {
    await fc.assert(
      fc.asyncProperty(recordSet(false), query, async (records, request) => {
        using folder = new BrowseFolder(noParts);
        const dataset = folder.file('set.json', frameRecords(records, 'concatenated'));
        await expectAnswer(folder, literalRows(records, 'concatenated'), { dataset, ...request });
      }),
      { numRuns: 10 },
    );
  });

  it('does so for a mixture, whose files are a facet', async () => {
    await fc.assert(
      fc.asyncProperty(
        recordSet(true, 8),
        recordSet(true, 8),
        fc.constantFrom(...framings.slice(0, 2)),
        query,
        fc.subarray(['a.json', 'deep/b.jsonl']),
        async (a, b, framing, request, parts) => {
          using folder = new BrowseFolder(noParts);
          folder.file('a.json', frameRecords(a, framing));
          folder.file('deep/b.jsonl', frameRecords(b, 'jsonl'));
          const dataset = folder.file(
            'mix.json',
            JSON.stringify({ one: { root: '.', annotation: 'a.json' }, two: { root: '.', annotation: 'deep/b.jsonl' } }),
          );
          const first = literalRows(a, framing).map((row) => ({ ...row, part: 'a.json' }));
          const second = literalRows(b, 'jsonl').map((row) => ({ ...row, ordinal: row.ordinal + a.length, part: 'deep/b.jsonl' }));
          const fields = { ...request.filter?.fields, part: parts };
          await expectAnswer(folder, [...first, ...second], { dataset, ...request, filter: { ...request.filter, fields } });
        },
      ),
      { numRuns: 10 },
    );
  });

  it('looks for whole characters, however the file spells them', async () => {
    using folder = new BrowseFolder(noParts);
    const turns = ['\u{1f68c}', '\\ud83d\\ude8c', '\\ud83d alone'];
    const dataset = folder.file(
      'set.jsonl',
      turns.map((value) => `{"conversations":[{"from":"human","value":"${value}"},{"from":"gpt","value":"x"}]}\n`).join(''),
    );
    // The half first: what it found is no place to look for the whole in.
    for (const [text, ordinals] of [
      ['\ud83d', [2]],
      ['\u{1f68c}', [0, 1]],
    ] as const)
      expect((await folder.rows({ dataset, filter: { text } }, 7)).map(({ ordinal }) => ordinal)).toEqual(ordinals);
  });
});
