import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BrowseQuery } from '../../../src/protocol/browse.ts';
import { BrowseFolder, BrowseParts, type TestJob, testJob } from './browseFolder.ts';
import { manifestText } from './recordSets.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let parts: BrowseParts;
beforeAll(async () => {
  parts = await BrowseParts.make();
});
afterAll(() => parts[Symbol.dispose]());

const record = (id: unknown, said = `What is ${String(id)}?`, more: object = {}): object => ({
  id,
  ...more,
  conversations: [{ from: 'human', value: said }],
});
const lines = (records: readonly object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');

/** Enough bytes for the worker threads. */
function manyRecords(): string {
  const filler = 'the quick brown fox jumps over the lazy dog. '.repeat(24);
  return lines(
    Array.from({ length: 26_000 }, (_, i) =>
      record(`n${(i * 7919) % 26_000}`, `${i % 1000 === 7 ? 'Zebra' : 'horse'} ${filler}`, {
        image: `f${i % 5}/${i}.jpg`,
        source: i % 3,
        half: i < 13_000 ? 'a' : 'b',
      }),
    ),
  );
}

function artifactBytes(folder: BrowseFolder, stage: string): Record<string, string> {
  const artifacts = folder.at('.ballast/artifacts');
  const name = readdirSync(artifacts).find((one) => one.startsWith(`${stage}-`) && !one.includes('.')) as string;
  const files = readdirSync(join(artifacts, name)).filter((file) => file !== 'done.json'); // holds the seconds
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(artifacts, name, file)).toString('base64')]));
}

describe('the columns of a dataset', () => {
  it('are the same from threads, from one thread, and after a cancelled call that had done a part', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', manyRecords());
    const query: BrowseQuery = { dataset, filter: { fields: { folder: ['f3'], 'field:source': ['1'] } }, sort: { by: 'id' } };
    const whole = await folder.engine.browseQuery(query, testJob(2));
    const rows = await folder.rows(query);
    expect(rows).toHaveLength(whole.matches);
    expect(rows.map(({ id }) => Number(id?.slice(1)))).toEqual(rows.map(({ id }) => Number(id?.slice(1))).sort((a, b) => a - b));
    const columns = artifactBytes(folder, 'columns');

    rmSync(folder.at('.ballast/artifacts'), { recursive: true });
    expect((await folder.freshEngine().browseQuery(query, testJob(1))).facets).toEqual(whole.facets);
    expect(artifactBytes(folder, 'columns')).toEqual(columns);

    rmSync(folder.at('.ballast/artifacts'), { recursive: true });
    const shards = (): string[] => {
      const names = readdirSync(folder.at('.ballast/artifacts'), { recursive: true }).map(String);
      return names.filter((name) => /columns-.*shards.*\.bin$/.test(name)).sort();
    };
    await expect(folder.freshEngine().browseQuery(query, cancelledAt('columns', 1))).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(shards()).toHaveLength(1);
    await expect(folder.freshEngine().browseQuery(query, cancelledAt('columns', 2))).rejects.toMatchObject({ code: 'run.cancelled' });
    const [first, last] = shards() as [string, string];
    expect([first, last].map((name) => name.slice(-9))).toEqual(['00000.bin', '00001.bin']);
    // What is left is the end, and half a file.
    writeFileSync(folder.at(`.ballast/artifacts/${first}`), readFileSync(folder.at(`.ballast/artifacts/${first}`)).subarray(0, 1000));
    const again = testJob(2);
    expect((await folder.freshEngine().browseQuery(query, again)).facets).toEqual(whole.facets);
    expect(artifactBytes(folder, 'columns')).toEqual(columns);
  });

  it('are facets for short scalars only, at most 200 different ones and not all different', async () => {
    using folder = new BrowseFolder(parts);
    const records = Array.from({ length: 402 }, (_, i) =>
      record(i, 'q', {
        ok: i % 200,
        many: i % 201,
        unique: `u${i}`,
        mixed: i === 400 ? ['x'] : 'x',
        long: i === 400 ? 'x'.repeat(201) : 'x',
        rounded: i % 2 === 0 ? 1 : 2 ** 60,
        same: 'one',
        ...(i < 3 ? { rare: true } : {}),
        __proto__x: i % 2,
        'a.b "c"': i % 2,
      }),
    );
    const dataset = folder.file('set.jsonl', lines(records));
    const { facets } = await folder.engine.browseQuery({ dataset }, testJob());
    const fields = facets.filter(({ name }) => name.startsWith('field:'));
    expect(fields.map(({ name }) => name)).toEqual(['field:__proto__x', 'field:a.b "c"', 'field:ok', 'field:same', 'field:rare']);
    const ok = fields.find(({ name }) => name === 'field:ok');
    expect([ok?.values.length, ok?.more]).toEqual([50, 150]);
    expect(ok?.values[0]).toEqual({ value: '0', count: 3 });
    expect(await matches(folder, dataset, { 'a.b "c"': ['1'] })).toBe(201);
    expect(await matches(folder, dataset, { 'field:ok': ['0', '199'] })).toBe(5);
    // What is chosen stays listed although 50 others come before it.
    const chosen = await folder.engine.browseQuery({ dataset, filter: { fields: { 'field:ok': ['199'] } } }, testJob());
    const values = chosen.facets.find(({ name }) => name === 'field:ok')?.values;
    expect(values).toHaveLength(50);
    expect(values?.at(-1)).toEqual({ value: '199', count: 2 });
  });

  it('are none where the names of fields are data', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file(
      'set.jsonl',
      lines(Array.from({ length: 1200 }, (_, i) => record(i, 'q', { [`key${i}`]: 1, source: 'x' }))),
    );
    const { facets } = await folder.engine.browseQuery({ dataset }, testJob());
    expect(facets.map(({ name }) => name)).toEqual(['media']);
  });
});

function matches(folder: BrowseFolder, dataset: string, fields: Readonly<Record<string, readonly string[]>>): Promise<number> {
  return folder.engine.browseQuery({ dataset, filter: { fields } }, testJob()).then((result) => result.matches);
}

/** A job that is cancelled by its own n-th report of a stage. */
function cancelledAt(stage: string, nth: number, threads = 2): TestJob {
  const job = testJob(threads);
  let seen = 0;
  return {
    ...job,
    report: (step) => {
      job.progress.push(step);
      if (step.stage === stage && ++seen === nth) job.cancel();
    },
  };
}

describe('a cancelled request', () => {
  it('ends a search at once, and the next one is whole', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', manyRecords());
    const query: BrowseQuery = { dataset, filter: { text: 'zebra' } };
    await folder.engine.browseQuery({ dataset }, testJob(2));
    for (const threads of [1, 2]) {
      const started = performance.now();
      const job = cancelledAt('search', 1, threads);
      await expect(folder.engine.browseQuery(query, job)).rejects.toMatchObject({ code: 'run.cancelled' });
      expect(job.progress.filter(({ stage }) => stage === 'search').length).toBeLessThan(4);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
    const job = testJob(2);
    expect((await folder.engine.browseQuery(query, job)).matches).toBe(26);
    expect(job.progress.at(-1)).toMatchObject({ stage: 'search', done: 26_000, total: 26_000 });
    // The search is remembered: other conditions read nothing.
    const other = testJob(2);
    expect((await folder.engine.browseQuery({ ...query, filter: { text: 'ZEBRA', fields: { folder: ['f2'] } } }, other)).matches).toBe(26);
    expect(other.progress.some(({ stage }) => stage === 'search')).toBe(false);
  });

  it('answers before it begins', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', lines([record(1)]));
    const job = testJob();
    job.cancel();
    await expect(folder.engine.browseQuery({ dataset }, job)).rejects.toMatchObject({ code: 'run.cancelled' });
    await folder.engine.browseQuery({ dataset }, testJob());
    await expect(folder.engine.browseRows({ dataset, offset: 0, limit: 1 }, job)).rejects.toMatchObject({ code: 'run.cancelled' });
  });
});

describe('a changed file', () => {
  it('is read anew by the next request', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', lines([record('a'), record('b'), record('c')]));
    const sort = { by: 'id', descending: true } as const;
    expect((await folder.rows({ dataset, sort })).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    writeFileSync(dataset, lines([record('x'), record('y')]));
    expect((await folder.rows({ dataset, sort })).map(({ id }) => id)).toEqual(['y', 'x']);
    expect((await folder.engine.instanceDetail({ dataset, instance: 1 }, testJob())).id).toBe('y');
    rmSync(dataset);
    await expect(folder.engine.browseQuery({ dataset }, testJob())).rejects.toMatchObject({ code: 'dataset.notFound' });
  });

  it('that only got a new date keeps its rows', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', lines([record('a')]));
    expect(await folder.rows({ dataset })).toHaveLength(1);
    utimesSync(dataset, 1, 1);
    expect(await folder.rows({ dataset })).toHaveLength(1);
  });

  it('has no verdicts from a run on what it was', async () => {
    using folder = new BrowseFolder(parts);
    const content = Buffer.from(lines([record('a'), record('b')]));
    const dataset = folder.file('set.jsonl', content);
    const manifest = folder.file('out.manifest.json', manifestText('set.jsonl', content, 2, [1]));
    expect((await folder.rows({ dataset, manifest })).map(({ verdict }) => verdict)).toEqual(['dropped', 'kept']);
    // Another run under the same name.
    writeFileSync(manifest, manifestText('set.jsonl', content, 2, [0]));
    expect((await folder.rows({ dataset, manifest })).map(({ verdict }) => verdict)).toEqual(['kept', 'dropped']);
    writeFileSync(dataset, lines([record('a'), record('c')]));
    await expect(folder.engine.browseQuery({ dataset, manifest }, testJob())).rejects.toMatchObject({ code: 'dataset.changed' });
    expect((await folder.engine.browseQuery({ dataset }, testJob())).matches).toBe(2);
    const wrong = folder.file('wrong.manifest.json', manifestText('set.jsonl', readFileSync(dataset), 17, [0]));
    await expect(folder.engine.browseQuery({ dataset, manifest: wrong }, testJob())).rejects.toMatchObject({ code: 'manifest.invalid' });
    await expect(folder.engine.browseQuery({ dataset, manifest: folder.at('gone.manifest.json') }, testJob())).rejects.toMatchObject({
      code: 'manifest.notFound',
    });
  });
});

describe('hostile records', () => {
  it('are shown cut, and never break an answer', async () => {
    using folder = new BrowseFolder(parts);
    const records = [
      record('x'.repeat(999) + '\ud83d\ude00'.repeat(5000)),
      record('\u0000\u001b[31m\u202e'),
      record('\ud800'),
      record(null),
      record({ deep: true }),
      record(true),
      record(2 ** 60),
      record('big', `${'\ud83d\ude00'.repeat(500_000)}`),
      record('<script>alert(1)</script>', '<img src=x onerror=alert(1)>'),
      { id: 'no turns', conversations: 'text' },
      { id: 'odd', conversations: [null, 7, [], { from: 5, value: { a: 1 } }], image: { path: 5 }, __proto__: null, constructor: 'x' },
    ];
    const dataset = folder.file(
      'set.jsonl',
      `${lines(records)}\n{"id": "\\ud83d", "conversations": [{"from": "human", "value": "half \\ud83d"}]}\nnull\n{"broken\n`,
    );
    const rows = await folder.rows({ dataset });
    expect(rows).toHaveLength(records.length + 3);
    expect(rows.map(({ usable }) => usable)).toEqual([...records.map(() => true), true, false, false]);
    expect(rows[0]?.id).toBe('x'.repeat(999)); // the pair would have been cut in two
    for (const row of rows) {
      expect((row.id ?? '').length).toBeLessThanOrEqual(1000);
      expect(row.begin.length).toBeLessThanOrEqual(200);
    }
    expect(rows[7]?.begin).toBe('\ud83d\ude00'.repeat(100));
    expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThan(20_000);
    for (const sort of ['id', 'turns', 'bytes'] as const)
      expect(await folder.rows({ dataset, sort: { by: sort } })).toHaveLength(rows.length);
    for (const text of ['\ud83d', 'ONERROR', '\u0000', 'x'.repeat(2000)])
      await folder.engine.browseQuery({ dataset, filter: { text } }, testJob());
    expect((await folder.rows({ dataset, filter: { text: 'half \ud83d' } })).map(({ ordinal }) => ordinal)).toEqual([records.length]);
    const first = await folder.engine.browseFirst({ dataset, limit: 1000 }, testJob());
    expect(first.rows).toEqual(rows);
    for (let instance = 0; instance < rows.length; instance++) await folder.engine.instanceDetail({ dataset, instance }, testJob());
  });

  it('are usage where the request is wrong', async () => {
    using folder = new BrowseFolder(parts);
    const dataset = folder.file('set.jsonl', lines([record(1)]));
    const usage = { code: 'usage' };
    const rows = (offset: number, limit: number) => folder.engine.browseRows({ dataset, offset, limit }, testJob());
    await expect(rows(-1, 1)).rejects.toMatchObject(usage);
    await expect(rows(0.5, 1)).rejects.toMatchObject(usage);
    await expect(rows(0, 501)).rejects.toMatchObject(usage);
    expect(await rows(5, 10)).toEqual({ offset: 5, rows: [] });
    await expect(folder.engine.browseQuery({ dataset, sort: { by: 'color' as 'id' } }, testJob())).rejects.toMatchObject(usage);
    const entities = Array.from({ length: 101 }, (_, i) => ({ perspective: 'token', entity: `e${i}` }) as const);
    await expect(folder.engine.browseQuery({ dataset, filter: { entities } }, testJob())).rejects.toMatchObject(usage);
    for (const ordinal of [-1, 1, 0.5])
      await expect(folder.engine.browseFind({ dataset, ordinal }, testJob())).rejects.toMatchObject({ code: 'instance.notFound' });
    mkdirSync(folder.at('sub'));
    await expect(folder.engine.browseQuery({ dataset: folder.at('sub') }, testJob())).rejects.toMatchObject({
      code: 'dataset.notADataset',
    });
  });
});
