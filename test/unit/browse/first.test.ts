import { existsSync, readdirSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { InstanceRow } from '../../../src/protocol/browse.ts';
import { BrowseFolder, noParts, testJob } from './browseFolder.ts';
import { frameRecords, framings, recordSet } from './recordSets.ts';

vi.setConfig({ testTimeout: 120_000 });

const record = (id: number, said = `What is ${id}?`): object => ({ id, conversations: [{ from: 'human', value: said }] });

describe('first rows', () => {
  it('are those of the index, up to the first damage, and nothing is written', async () => {
    await fc.assert(
      fc.asyncProperty(recordSet(true), fc.constantFrom(...framings), fc.integer({ min: 1, max: 40 }), async (all, framing, limit) => {
        using folder = new BrowseFolder(noParts);
        // Only lines keep their places through damage, and it stops no reading there.
        const records = framing === 'concatenated' ? all.filter(({ row }) => row.usable) : all;
        const dataset = folder.file('set.json', frameRecords(records, framing));
        const first = await folder.engine.browseFirst({ dataset, limit }, testJob());
        expect(readdirSync(folder.path)).toEqual(['set.json']);

        const stop = framing === 'array' ? records.findIndex(({ row }) => row.problems.includes('record.invalidJson')) : -1;
        const readable = stop < 0 ? records.length : stop;
        const rows = await folder.rows({ dataset });
        expect(first.rows).toEqual(rows.slice(0, Math.min(limit, readable)));
        expect(first.complete).toBe(stop < 0 && records.length <= limit);
        const { format, variant } = await folder.engine.browseQuery({ dataset }, testJob());
        expect(first).toMatchObject({ format, variant });
      }),
      { numRuns: 25 },
    );
  });

  it('come from the head of a file of any size', async () => {
    using folder = new BrowseFolder(noParts);
    const texts = Array.from({ length: 12_000 }, (_, i) => JSON.stringify(record(i, `What is ${i}? ${'word '.repeat(100)}`)));
    const dataset = folder.file('big.json', `[${texts.join(',\n')}]`);
    const { rows, complete, bytes } = await folder.engine.browseFirst({ dataset, limit: 1000 }, testJob());
    expect(bytes).toBeGreaterThan(6_000_000);
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
    expect(complete).toBe(false);
    const [only] = (await folder.engine.browseFirst({ dataset, limit: 1 }, testJob())).rows as [InstanceRow];
    expect(only).toEqual({
      ordinal: 0,
      usable: true,
      id: '0',
      begin: `What is 0? ${'word '.repeat(38)}`.slice(0, 200).trim(),
      turns: 1,
      bytes: texts[0]?.length,
      images: 0,
      problems: [],
    });
  });

  it('end before the first damage of an array', async () => {
    using folder = new BrowseFolder(noParts);
    const good = JSON.stringify(record(1));
    const dataset = folder.file('set.json', `[${good}, {"id": 2, "x" }, ${good}]`);
    const { rows, complete } = await folder.engine.browseFirst({ dataset, limit: 10 }, testJob());
    expect([rows.length, complete]).toEqual([1, false]);
  });

  it('end where the head ends inside a record', async () => {
    using folder = new BrowseFolder(noParts);
    const dataset = folder.file('set.json', JSON.stringify([record(1), record(2, 'x'.repeat(5_000_000)), record(3)]));
    const { rows, complete } = await folder.engine.browseFirst({ dataset, limit: 10 }, testJob());
    expect(rows.map(({ id }) => id)).toEqual(['1']);
    expect(complete).toBe(false);
  });

  it('of Parquet and of a mixture are those of the opened dataset', async () => {
    using folder = new BrowseFolder(noParts);
    const parquet = folder.at('set.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT i AS id, [{'from': 'human', 'value': 'q' || i}] AS conversations FROM range(20) t(i)) TO '${parquet}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const mixture = folder.file('mix.json', JSON.stringify({ all: { root: '.', annotation: 'set.parquet' } }));
    for (const dataset of [parquet, mixture]) {
      const first = await folder.engine.browseFirst({ dataset, limit: 5 }, testJob());
      expect(first.rows).toEqual((await folder.rows({ dataset })).slice(0, 5));
      expect(first.rows.map(({ begin }) => begin)).toEqual(['q0', 'q1', 'q2', 'q3', 'q4']);
      expect(first).toMatchObject({ format: dataset === parquet ? 'parquet' : 'mixture', complete: false });
      expect((await folder.engine.browseFirst({ dataset, limit: 20 }, testJob())).complete).toBe(true);
    }
  });

  it('says what is wrong with a file that is no dataset', async () => {
    using folder = new BrowseFolder(noParts);
    const first = (dataset: string) => folder.engine.browseFirst({ dataset, limit: 5 }, testJob());
    await expect(first(folder.at('gone.json'))).rejects.toMatchObject({ code: 'dataset.notFound' });
    await expect(first(folder.path)).rejects.toMatchObject({ code: 'dataset.notADataset' });
    await expect(first(folder.file('empty.json', ''))).rejects.toMatchObject({ code: 'dataset.empty' });
    await expect(first(folder.file('page.json', '<html></html>'))).rejects.toMatchObject({ code: 'dataset.notADataset' });
    await expect(folder.engine.browseFirst({ dataset: folder.at('x'), limit: 0 }, testJob())).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(folder.at('.ballast'))).toBe(false);
  });

  it('of an empty list are none, and complete', async () => {
    using folder = new BrowseFolder(noParts);
    const dataset = folder.file('set.json', '[]');
    expect(await folder.engine.browseFirst({ dataset, limit: 5 }, testJob())).toMatchObject({ rows: [], complete: true });
    expect(await folder.engine.browseQuery({ dataset }, testJob())).toMatchObject({ records: 0, instances: 0, matches: 0 });
    expect(await folder.rows({ dataset })).toEqual([]);
  });
});
