import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readRecord } from '../../../src/engine/dataset/readRecord.ts';
import { createParquetStore } from '../../../src/engine/runtime/parquetStore.ts';
import { DatasetFolder } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
  folder.parquet = createParquetStore();
});
afterEach(() => folder[Symbol.dispose]());

async function makeParquet(name: string, rows: number): Promise<string> {
  const path = folder.at(name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 12345678901234567 + i AS id, {'bytes': NULL::BLOB, 'path': 'p/' || i || '.jpg'} AS image,
    [{'from': 'human', 'value': '<image>q' || i}, {'from': 'gpt', 'value': 'größe 🙂'}] AS conversations FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

test('rows are instances in order; a selection keeps the rows; everything is the identical file', async () => {
  const path = await makeParquet('data.json', 300); // the name does not matter
  const dataset = await folder.open(path);
  expect(dataset.summary).toMatchObject({ format: 'parquet', variant: 'llava', path });
  expect([dataset.instances, dataset.records, dataset.problems]).toEqual([300, 300, []]);
  expect((await readRecord(dataset, 7)).view).toEqual({
    id: '12345678901234574',
    media: [{ kind: 'image', path: 'p/7.jpg' }],
    turns: [
      { role: 'human', text: '<image>q7' },
      { role: 'gpt', text: 'größe 🙂' },
    ],
  });

  const kept = [0, 5, 6, 299];
  const { outputs } = await folder.write(dataset, kept, folder.at('out.parquet'));
  expect(outputs[0]?.bytes).toBe(readFileSync(folder.at('out.parquet')).length);
  const again = await folder.open(folder.at('out.parquet'));
  const ids = await Promise.all(kept.map(async (_ordinal, i) => (await readRecord(again, i)).view.id));
  expect(ids).toEqual(kept.map((ordinal) => String(12345678901234567n + BigInt(ordinal))));

  await folder.write(
    dataset,
    Array.from({ length: 300 }, (_, i) => i),
    folder.at('all.parquet'),
  );
  expect(readFileSync(folder.at('all.parquet')).equals(readFileSync(path))).toBe(true);
  expect((await folder.open(path)).reused).toBe(true);
});

test('a part of a mixture may be Parquet', async () => {
  await makeParquet('a.parquet', 3);
  const dataset = await folder.open(folder.file('mix.yaml', 'datasets:\n  - json_path: a.parquet\n    sampling_strategy: "end:2"\n'));
  expect(dataset.instances).toBe(2);
  await folder.write(dataset, [1], folder.at('out.yaml'));
  expect((await readRecord(await folder.open(folder.at('out.yaml')), 0)).view.id).toBe('12345678901234569');
});
