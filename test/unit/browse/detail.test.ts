import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { obtainInstanceKeys } from '../../../src/engine/dataset/instanceKeys.ts';
import { openDataset } from '../../../src/engine/dataset/openDataset.ts';
import { createRuntime } from '../../../src/engine/runtime/createRuntime.ts';
import { BrowseFolder, BrowseParts, noParts, testJob } from './browseFolder.ts';
import { frameRecords, framings, literalRows, recordSet } from './recordSets.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let parts: BrowseParts;
beforeAll(async () => {
  parts = await BrowseParts.make();
});
afterAll(() => parts[Symbol.dispose]());

const said = (...texts: string[]): object[] => texts.map((value, i) => ({ from: i % 2 === 0 ? 'human' : 'gpt', value }));

describe('the detail of an instance', () => {
  it('is its record, place, turns, problems and copies', async () => {
    await fc.assert(
      fc.asyncProperty(
        recordSet(true, 10),
        fc.nat(4),
        fc.constantFrom(...framings.slice(0, 2)),
        fc.boolean(),
        async (some, repeated, framing, keyedBefore) => {
          using folder = new BrowseFolder(noParts);
          const copies = some.slice(0, repeated).map(({ text, row }) => ({ text: text.replace(/^\{/, '{ '), row }));
          const records = [...some, ...copies];
          const content = frameRecords(records, framing);
          const dataset = folder.file('set.json', content);
          if (keyedBefore) await makeKeys(dataset);
          const rows = literalRows(records, framing);
          for (const { ordinal, usable, id, texts, problems, images, video } of rows) {
            const detail = await folder.engine.instanceDetail({ dataset, instance: ordinal }, testJob());
            const { text } = records[ordinal] as (typeof records)[number];
            expect(detail).toMatchObject({ ordinal, usable, id, file: dataset, text, cut: false, bytes: Buffer.byteLength(text) });
            const { byteStart, byteEnd, line } = detail.range as NonNullable<typeof detail.range>;
            const bytes = Buffer.from(content);
            expect(bytes.toString('utf8', byteStart, byteEnd)).toBe(text);
            expect(line).toBe(bytes.toString('utf8', 0, byteStart).split('\n').length);
            expect(detail.turns.map((turn) => turn.text)).toEqual(texts);
            expect(detail.turns.map(({ role }) => role)).toEqual(texts.map((_, i) => (i % 2 === 0 ? 'human' : 'gpt')));
            expect(detail.problems.map(({ code }) => code).sort()).toEqual([...problems].sort());
            for (const problem of detail.problems) expect(problem).toMatchObject({ ordinal, byteStart, line });
            expect(detail.media.map(({ path }) => path)).toEqual([...images, ...(video ? ['clips/1.mp4'] : [])]);
            const same = usable ? rows.filter((other) => other.usable && sameValue(records[other.ordinal]?.text, text)) : [];
            expect(detail.copies).toBe(same.length);
            if (usable) expect(detail.instanceKey.duplicate).toBe(same.findIndex((other) => other.ordinal === ordinal));
            expect(detail.instanceKey.content).toMatch(/^[0-9a-f]{32}$/);
            expect('leftOut' in detail || 'entities' in detail).toBe(false);
          }
          await expect(folder.engine.instanceDetail({ dataset, instance: rows.length }, testJob())).rejects.toMatchObject({
            code: 'instance.notFound',
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('counts copies among instances that look alike, and lines in each file of a mixture', async () => {
    using folder = new BrowseFolder(noParts);
    const [a, b] = [{ conversations: said('one') }, { conversations: said('two') }];
    folder.file('a.json', JSON.stringify([a, b, a, b, b], null, 2));
    folder.file('b.jsonl', `${JSON.stringify(b)}\n\n${JSON.stringify(a)}\n`);
    const dataset = folder.file(
      'mix.json',
      JSON.stringify({ one: { root: '.', annotation: 'a.json' }, two: { root: '.', annotation: 'b.jsonl' } }),
    );
    const seen = [];
    for (let instance = 0; instance < 7; instance++) {
      const { copies, instanceKey, range } = await folder.engine.instanceDetail({ dataset, instance }, testJob());
      seen.push([copies, instanceKey.duplicate, range?.line]);
    }
    expect(seen).toEqual([
      [3, 0, 2],
      [4, 0, 10],
      [3, 1, 18],
      [4, 1, 26],
      [4, 2, 34],
      [4, 3, 1],
      [3, 2, 3],
    ]);
  });

  it('marks the entities that the index names, where they stand', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file(
      'set.json',
      JSON.stringify([
        { id: 1, conversations: said('<image>\nWhat color is the Dog near the fire hydrant?', 'Brown dogs, Maria says.') },
        { id: 2, conversations: said('Where?', 'There.') },
      ]),
    );
    await folder.engine.analyze({ dataset }, testJob());
    const { turns, entities } = await folder.engine.instanceDetail({ dataset, instance: 0 }, testJob());
    const marked = turns.map(({ text, spans }) =>
      spans.map(({ start, end, perspective, entity }) => [text.slice(start, end), perspective, entity]),
    );
    expect(marked).toEqual([
      [
        ['What color', 'interrogation', 'what color'],
        ['color', 'token', 'color'],
        ['Dog', 'token', 'dog'],
        ['Dog', 'object', 'dog'],
        ['fire', 'token', 'fire'],
        ['fire hydrant', 'object', 'fire hydrant'],
        ['hydrant', 'token', 'hydrant'],
      ],
      [
        ['dogs', 'token', 'dog'],
        ['dogs', 'object', 'dog'],
        ['Maria', 'token', 'maria'],
      ],
    ]);
    expect(entities?.cooccurrence?.map(({ entity }) => entity)).toEqual(['dog,fire hydrant']);
    expect((await folder.engine.instanceDetail({ dataset, instance: 1 }, testJob())).turns.map(({ spans }) => spans.length)).toEqual([
      1, 0,
    ]);
  });

  it('stays small whatever the record holds', async () => {
    using folder = new BrowseFolder(noParts);
    const long = 'wörd \ud83d\ude00 '.repeat(150_000);
    const records = [
      { id: 'x'.repeat(10_000), conversations: said(long, 'short') },
      { id: 'many', conversations: said(...Array.from({ length: 20_000 }, (_, i) => `turn ${i}`)) },
      { id: 'all', conversations: said(...Array.from({ length: 60 }, () => long.slice(0, 100_000))) },
      {
        id: 'media',
        image: Array.from({ length: 3000 }, (_, i) => `${i}/${'y'.repeat(i === 0 ? 100_000 : 1)}.jpg`),
        conversations: said('<image>'),
      },
    ];
    const dataset = folder.file('set.jsonl', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const details = await Promise.all(records.map((_, instance) => folder.engine.instanceDetail({ dataset, instance }, testJob())));
    for (const detail of details) expect(Buffer.byteLength(JSON.stringify(detail))).toBeLessThan(4_000_000);
    const [first, many, all, media] = details as [(typeof details)[0], (typeof details)[0], (typeof details)[0], (typeof details)[0]];
    expect(first.id).toBe('x'.repeat(1000));
    expect([first.cut, Buffer.byteLength(first.text) <= 256 * 1024, isWellFormed(first.text)]).toEqual([true, true, true]);
    expect(first.turns.map(({ text, cut }) => [text.length <= 65_536, text.length >= 65_535, cut])).toEqual([
      [true, true, true],
      [true, false, false],
    ]);
    expect(isWellFormed(first.turns[0]?.text ?? '')).toBe(true);
    expect(many.turns.length + (many.leftOut?.turns ?? 0)).toBe(20_000);
    expect(all.turns.length + (all.leftOut?.turns ?? 0)).toBe(60);
    expect(media.media.length + (media.leftOut?.media ?? 0)).toBe(3000);
    expect(media.media[0]).toMatchObject({ state: 'refused', path: `0/${'y'.repeat(4094)}` });
  });

  it('names problems that the list of problems has no room for', async () => {
    using folder = new BrowseFolder(noParts);
    const count = 10_020;
    const lines = Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? `{"id": ${i}}` : `{"id": ${i}, "id": 0, "conversations": [{"from": "human", "value": "q"}]}`,
    );
    const extra = Array.from({ length: count }, () => '{"conversations": []}');
    const dataset = folder.file('set.jsonl', `${[...lines, ...extra].join('\n')}\n`);
    const { facets, matches } = await folder.engine.browseQuery({ dataset, filter: { problems: ['record.noTurns'] } }, testJob());
    expect(matches).toBe(count / 2 + count);
    expect(facets.find(({ name }) => name === 'problem')?.values).toEqual([
      { value: 'any', count: count * 2 },
      { value: 'record.noTurns', count: count / 2 + count },
      { value: 'record.duplicateKey', count: count / 2 },
    ]);
    const { problems } = await folder.engine.instanceDetail({ dataset, instance: 2 * count - 1 }, testJob());
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'record.noTurns',
        ordinal: 2 * count - 1,
        line: 2 * count,
        message: 'The conversation has no turn.',
      }),
    ]);
  });
});

describe('pictures', () => {
  const picture = (width: number, height: number): ReturnType<typeof sharp> =>
    sharp({ create: { width, height, channels: 3, background: '#336699' } });

  it('come small, through the image folders, or with the reason why not', async () => {
    using folder = new BrowseFolder(noParts);
    folder.file('images/wide.png', await picture(300, 100).png().toBuffer());
    folder.file('images/turned.jpg', await picture(200, 100).jpeg().withMetadata({ orientation: 6 }).toBuffer());
    folder.file('images/page.jpg', '<html></html>');
    folder.file('images/nothing.jpg', '');
    folder.file('images/half.png', (await picture(300, 100).png().toBuffer()).subarray(0, 40));
    folder.file('secret.png', await picture(10, 10).png().toBuffer());
    const embedded = (await picture(40, 20).png().toBuffer()).toString('base64');
    const cases: readonly (readonly [image: unknown, state: string, answer: object])[] = [
      ['wide.png', 'present', { ok: true, width: 96, height: 32 }],
      ['turned.jpg', 'present', { ok: true, width: 48, height: 96 }],
      ['page.jpg', 'present', { ok: false, reason: 'unsupported' }],
      ['nothing.jpg', 'present', { ok: false, reason: 'empty' }],
      ['half.png', 'present', { ok: false, reason: 'undecodable' }],
      ['gone.png', 'missing', { ok: false, reason: 'missing' }],
      ['../secret.png', 'refused', { ok: false, reason: 'refused' }],
      ['https://example.org/x.png', 'refused', { ok: false, reason: 'refused' }],
      [`data:image/png;base64,${embedded}`, 'embedded', { ok: true, width: 40, height: 20 }],
      [{ bytes: embedded }, 'embedded', { ok: true, width: 40, height: 20 }],
      ['data:image/png;base64,!!!!', 'embedded', { ok: false, reason: 'empty' }],
      ['data:image/png,%zz', 'embedded', { ok: false, reason: 'undecodable' }],
      ['data:nothing', 'embedded', { ok: false, reason: 'undecodable' }],
      [{ bytes: [1, 2, 3] }, 'embedded', { ok: false, reason: 'unsupported' }],
    ];
    const records = [
      ...cases.map(([image], id) => ({ id, image, conversations: said('<image>') })),
      { id: 'clip', video: 'wide.png', conversations: said('q') },
      { id: 'none', conversations: said('q') },
    ];
    const dataset = folder.file('set.json', JSON.stringify(records));
    const images = [folder.at('images')];
    for (const fromHead of [true, false]) {
      if (fromHead) await folder.engine.browseFirst({ dataset, images, limit: 100 }, testJob());
      else await folder.engine.browseQuery({ dataset, images }, testJob());
      for (const [instance, [image, state, answer]] of cases.entries()) {
        const asked = { dataset, images, instance, side: 96 };
        const first = await folder.engine.instanceImage(asked, testJob());
        expect(first, JSON.stringify(image).slice(0, 60)).toMatchObject(answer);
        expect(await folder.engine.instanceImage(asked, testJob())).toEqual(first);
        if (first.ok)
          expect(await sharp(Buffer.from(first.jpeg, 'base64')).metadata()).toMatchObject({
            format: 'jpeg',
            width: first.width,
            height: first.height,
          });
        if (!fromHead)
          expect((await folder.engine.instanceDetail({ dataset, images, instance }, testJob())).media).toMatchObject([
            { kind: 'image', state },
          ]);
      }
      const of = (instance: number, index = 0) => folder.engine.instanceImage({ dataset, images, instance, index, side: 96 }, testJob());
      expect(await of(cases.length)).toEqual({ ok: false, reason: 'unsupported' });
      expect(await of(cases.length + 1)).toEqual({ ok: false, reason: 'none' });
      expect(await of(0, 1)).toEqual({ ok: false, reason: 'none' });
    }
    // A picture that was exchanged is made anew.
    folder.file('images/wide.png', await picture(100, 300).png().toBuffer());
    expect(await folder.engine.instanceImage({ dataset, images, instance: 0, side: 96 }, testJob())).toMatchObject({
      width: 32,
      height: 96,
    });
    await expect(folder.engine.instanceImage({ dataset, images, instance: 0, side: 15 }, testJob())).rejects.toMatchObject({
      code: 'usage',
    });
  });

  it('come from the columns of Parquet', async () => {
    using folder = new BrowseFolder(noParts);
    const path = folder.at('set.parquet');
    const pictures = [await picture(30, 10).png().toBuffer(), await picture(10, 30).png().toBuffer()];
    const hex = (bytes: Buffer | undefined): string => (bytes ? `'${bytes.toString('hex')}'` : 'NULL');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const rows = [
      `(0, {'bytes': unhex(${hex(pictures[0])}), 'path': NULL::VARCHAR})`,
      `(1, {'bytes': unhex(${hex(pictures[1])}), 'path': 'named.png'})`,
      `(2, {'bytes': NULL::BLOB, 'path': 'gone.png'})`,
      `(3, NULL)`,
    ];
    await connection.run(
      `COPY (SELECT id, image, [{'from': 'human', 'value': 'q' || id}] AS conversations FROM (VALUES ${rows.join(', ')}) t(id, image)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const detail = (ordinal: number) => folder.engine.instanceDetail({ dataset: path, instance: ordinal }, testJob());
    expect((await detail(0)).range).toBeNull();
    expect((await detail(0)).media).toEqual([{ kind: 'image', path: null, state: 'embedded' }]);
    expect((await detail(1)).media).toEqual([{ kind: 'image', path: 'named.png', state: 'embedded' }]);
    expect((await detail(2)).media).toEqual([{ kind: 'image', path: 'gone.png', state: 'missing' }]);
    expect((await detail(3)).media).toEqual([]);
    const image = (ordinal: number) => folder.engine.instanceImage({ dataset: path, instance: ordinal, side: 64 }, testJob());
    expect(await image(0)).toMatchObject({ ok: true, width: 30, height: 10 });
    expect(await image(1)).toMatchObject({ ok: true, width: 10, height: 30 });
    expect(await image(2)).toEqual({ ok: false, reason: 'missing' });
    expect(await image(3)).toEqual({ ok: false, reason: 'none' });
  });
});

/** Equal JSON values with their keys in the same order: what an exact copy is, however it is spelled. */
function sameValue(a: string | undefined, b: string): boolean {
  return a !== undefined && JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

/** No half of a surrogate pair in it: those become other characters in UTF-8. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

/** Makes the keys of all instances, as a rebalancing does before anything is looked at. */
async function makeKeys(path: string): Promise<void> {
  const { parquet } = createRuntime('no compute process');
  const workerScript = noParts.scripts.dataset;
  await obtainInstanceKeys(await openDataset(path, {}, { parquet, workerScript }, testJob()), { workerScript }, testJob());
}
