import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createParquetStore } from '../../../src/engine/runtime/parquetStore.ts';
import { RuntimeUnavailable } from '../../../src/engine/runtime/runtimeUnavailable.ts';
import { UnreadableParquet } from '../../../src/engine/runtime/unreadableParquet.ts';

const signal = new AbortController().signal;
const native = createParquetStore();
const fallback = createParquetStore(() => Promise.reject(new RuntimeUnavailable('@duckdb/node-api', 'to test', new Error('absent'))));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-parquet-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function runSql(...statements: string[]): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let rows: readonly (readonly unknown[])[] = [];
  for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const sqlPath = (path: string) => `'${path.replaceAll("'", "''")}'`;

async function makeParquet(name: string, query: string, options = ''): Promise<string> {
  const path = join(folder, name);
  await runSql(`COPY (${query}) TO ${sqlPath(path)} (FORMAT parquet${options})`);
  return path;
}

async function rowsOf(store: typeof native, path: string): Promise<{ lines: string[]; reader: string }> {
  const output = join(folder, `rows-${Math.random()}.jsonl`);
  const { rows, reader } = await store.toJsonl(path, output, signal);
  const text = await readFile(output, 'utf8');
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  expect(lines.length).toBe(rows);
  return { lines, reader };
}

/** Reads with both readers and checks that they agree, key order included. */
async function bothReaders(path: string): Promise<unknown[]> {
  const [a, b] = [await rowsOf(native, path), await rowsOf(fallback, path)];
  expect([a.reader, b.reader]).toEqual(['duckdb', 'hyparquet']);
  const normal = (lines: string[]) => lines.map((line) => JSON.stringify(JSON.parse(line)));
  expect(normal(b.lines)).toEqual(normal(a.lines));
  return a.lines.map((line) => JSON.parse(line) as unknown);
}

const conversations = `SELECT 'id-' || i AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE 'images/' || i || '.jpg' END AS image,
  [{'from': 'human', 'value': '<image>' || chr(10) || 'What "is" this \\ ' || i || '? é 猫 👩‍👩‍👧'}, {'from': 'gpt', 'value': 'It is ' || i}] AS conversations
  FROM range(5000) t(i)`;

describe('conversations', () => {
  test('every row becomes a line, in order, with its text exact', async () => {
    const path = await makeParquet('conversations.parquet', conversations, ', ROW_GROUP_SIZE 2048, COMPRESSION zstd');
    const rows = await bothReaders(path);
    expect(rows.length).toBe(5000);
    expect(rows.map((row) => (row as { id: string }).id)).toEqual(Array.from({ length: 5000 }, (_, i) => `id-${i}`));
    expect(rows[1]).toEqual({
      id: 'id-1',
      image: 'images/1.jpg',
      conversations: [
        { from: 'human', value: '<image>\nWhat "is" this \\ 1? é 猫 👩‍👩‍👧' },
        { from: 'gpt', value: 'It is 1' },
      ],
    });
  });

  test('a column without a value is left out of its row', async () => {
    const path = await makeParquet('nulls.parquet', conversations);
    const rows = await bothReaders(path);
    expect(Object.keys(rows[0] as object)).toEqual(['id', 'conversations']);
    expect(Object.keys(rows[1] as object)).toEqual(['id', 'image', 'conversations']);
  });

  test.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'uncompressed'])('%s', async (codec) => {
    const path = await makeParquet(`codec-${codec}.parquet`, `SELECT * FROM (${conversations}) LIMIT 100`, `, COMPRESSION ${codec}`);
    expect((await bothReaders(path)).length).toBe(100);
  });

  test('a file without rows gives no lines', async () => {
    const path = await makeParquet('none.parquet', `SELECT * FROM (${conversations}) LIMIT 0`);
    expect(await bothReaders(path)).toEqual([]);
  });
});

describe('types', () => {
  test('numbers are exact, NaN and infinities become null', async () => {
    const path = await makeParquet(
      'numbers.parquet',
      `SELECT 18446744073709551615::UBIGINT AS u, (-9223372036854775808)::BIGINT AS b, 4294967295::UINTEGER AS ui, (-128)::TINYINT AS ti,
        1.50::DECIMAL(9,2) AS d9, 1234567890123456.78::DECIMAL(18,2) AS d18, -1234567890123456789012345.1234567::DECIMAL(38,7) AS d38,
        7::DECIMAL(4,0) AS d4, 0.1::DOUBLE AS f, 0.5::FLOAT AS g, 'nan'::DOUBLE AS n, [1.5::DOUBLE, 'inf'::DOUBLE, NULL] AS l, true AS t`,
    );
    const exact = ['18446744073709551615', '-9223372036854775808', '1234567890123456.78', '-1234567890123456789012345.1234567'];
    for (const store of [native, fallback]) {
      const line = (await rowsOf(store, path)).lines[0] ?? '';
      for (const number of exact) expect(line).toContain(`:${number},`);
    }
    const [row] = await bothReaders(path);
    expect(row).toMatchObject({ ui: 4294967295, ti: -128, d9: 1.5, d4: 7, f: 0.1, g: 0.5, l: [1.5, null, null], t: true });
    expect(row).not.toHaveProperty('n');
  });

  test('times are spelled like DuckDB spells them', async () => {
    const path = await makeParquet(
      'times.parquet',
      `SELECT TIMESTAMP '2024-01-02 03:04:05.123456' AS t, TIMESTAMP '1969-12-31 23:59:59.5' AS early, TIMESTAMPTZ '2024-01-02 03:04:05+02' AS tz,
        TIMESTAMP_NS '2024-01-02 03:04:05.123456789' AS ns, TIMESTAMP_MS '2024-01-02 03:04:05.120' AS ms, DATE '1931-05-06' AS d, TIME '01:02:03.5' AS tm`,
    );
    expect(await bothReaders(path)).toEqual([
      {
        t: '2024-01-02 03:04:05.123456',
        early: '1969-12-31 23:59:59.5',
        tz: '2024-01-02 01:04:05+00',
        ns: '2024-01-02 03:04:05.123456789',
        ms: '2024-01-02 03:04:05.12',
        d: '1931-05-06',
        tm: '01:02:03.5',
      },
    ]);
  });

  test('nested lists, structs, maps, JSON, UUID and enum', async () => {
    const path = await makeParquet(
      'nested.parquet',
      `SELECT [[1, NULL], [], NULL, [2]] AS ll, {'a': {'b': [{'c': 'x', 'd': NULL}]}, 'we"ird \\ name': 1} AS s, MAP {'k': 1.5, 'n': NULL} AS m,
        '{"a": [1, "x"]}'::JSON AS j, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS u, 'red'::ENUM('red', 'blue') AS e, []::INTEGER[] AS empty
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL`,
    );
    expect(await bothReaders(path)).toEqual([
      {
        ll: [[1, null], [], null, [2]],
        s: { a: { b: [{ c: 'x', d: null }] }, 'we"ird \\ name': 1 },
        m: { k: 1.5, n: null },
        j: { a: [1, 'x'] },
        u: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        e: 'red',
        empty: [],
      },
      {},
    ]);
  });

  test('columns with hostile names stay columns', async () => {
    const path = await makeParquet(
      'names.parquet',
      `SELECT 1 AS "a""b", 2 AS "c'd", 3 AS "e\\f", 4 AS parquet_source, 5 AS "); DROP TABLE x; --", 'x'::BLOB AS "it's", 6 AS file_row_number`,
    );
    expect(await bothReaders(path)).toEqual([
      { 'a"b': 1, "c'd": 2, 'e\\f': 3, parquet_source: 4, '); DROP TABLE x; --': 5, "it's": "row-000000-it's-0", file_row_number: 6 },
    ]);
  });
});

describe('embedded pictures', () => {
  const query = `SELECT i AS id,
      CASE WHEN i = 1 THEN NULL ELSE {'bytes': ('picture ' || i)::BLOB, 'path': CASE WHEN i = 0 THEN 'a/b.png' WHEN i = 2 THEN '' ELSE NULL END} END AS image,
      [{'bytes': ('one ' || i)::BLOB, 'path': NULL::VARCHAR}, {'bytes': NULL::BLOB, 'path': 'on/disk.jpg'}, NULL, {'bytes': ('two ' || i)::BLOB, 'path': NULL}] AS images,
      ('raw ' || i)::BLOB AS raw, [('x' || i)::BLOB, ('y' || i)::BLOB] AS list
    FROM range(200) t(i)`;

  test('become paths or names in the text', async () => {
    const rows = await bothReaders(await makeParquet('pictures.parquet', query));
    expect(rows[0]).toEqual({
      id: 0,
      image: 'a/b.png',
      images: ['row-000000-images-0', 'on/disk.jpg', null, 'row-000000-images-3'],
      raw: 'row-000000-raw-0',
      list: ['row-000000-list-0', 'row-000000-list-1'],
    });
    expect(rows[1]).not.toHaveProperty('image');
    expect(rows[2]).toHaveProperty('image', 'row-000002-image-0');
    expect(rows[199]).toHaveProperty('image', 'row-000199-image-0');
  });

  test('are read row by row', async () => {
    const path = await makeParquet('pictures2.parquet', query, ', ROW_GROUP_SIZE 50');
    const texts = async (row: number) => (await native.embeddedImages(path, row)).map((bytes) => Buffer.from(bytes).toString());
    expect(await texts(0)).toEqual(['picture 0', 'one 0', 'two 0', 'raw 0', 'x0', 'y0']);
    expect(await texts(1)).toEqual(['one 1', 'two 1', 'raw 1', 'x1', 'y1']);
    expect(await texts(63)).toContain('picture 63');
    expect(await texts(64)).toContain('picture 64');
    expect(await texts(199)).toContain('picture 199');
    await expect(native.embeddedImages(path, 200)).rejects.toThrow(RangeError);
    await expect(native.embeddedImages(path, -1)).rejects.toThrow(RangeError);
  });

  test('are none where there is no blob column', async () => {
    expect(await native.embeddedImages(await makeParquet('plain.parquet', 'SELECT 1 AS a'), 0)).toEqual([]);
  });
});

describe('writeSubset', () => {
  test('keeps rows, order, columns, codec and the footer', async () => {
    const path = await makeParquet(
      'source.parquet',
      `SELECT *, 'same' AS source, 'same' AS copy, ('bytes ' || id)::BLOB AS b, 1.5::DECIMAL(5,2) AS d, 3::UTINYINT AS t FROM (${conversations})`,
      `, COMPRESSION gzip, ROW_GROUP_SIZE 2048, KV_METADATA {huggingface: '{"info": "it''s"}', 'ARROW:schema': 'layout'}`,
    );
    const chosen = Uint32Array.from(Array.from({ length: 5000 }, (_, i) => i).filter((i) => i % 7 === 3 || i > 4990));
    const output = join(folder, "sub'set.parquet");
    await native.writeSubset(path, chosen, output, signal);
    const [all, some] = [(await rowsOf(native, path)).lines, (await rowsOf(native, output)).lines];
    const withoutNames = (lines: (string | undefined)[]) => lines.map((line) => line?.replace(/row-\d+-b/, 'row-b'));
    expect(withoutNames(some)).toEqual(withoutNames(Array.from(chosen, (row) => all[row])));
    const describeTable = (file: string) => runSql(`DESCRIBE SELECT * FROM read_parquet(${sqlPath(file)})`);
    expect(await describeTable(output)).toEqual(await describeTable(path));
    expect(await runSql(`SELECT DISTINCT compression FROM parquet_metadata(${sqlPath(output)})`)).toEqual([['GZIP']]);
    expect(await runSql(`SELECT decode(key), decode(value) FROM parquet_kv_metadata(${sqlPath(output)})`)).toEqual([
      ['huggingface', '{"info": "it\'s"}'],
    ]);
  });

  test('many row groups and threads keep the order', async () => {
    const path = await makeParquet(
      'groups.parquet',
      `SELECT i, repeat('x', (hash(i) % 300)::INT) AS s FROM range(60000) t(i)`,
      ', ROW_GROUP_SIZE 2048',
    );
    const output = join(folder, 'groups-out.parquet');
    for (const step of [1, 3, 1000]) {
      const chosen = Uint32Array.from({ length: Math.floor(60_000 / step) }, (_, i) => i * step);
      await native.writeSubset(path, chosen, output, signal);
      const { lines } = await rowsOf(native, output);
      expect(lines.map((line) => (JSON.parse(line) as { i: number }).i)).toEqual([...chosen]);
    }
  });

  test('no rows give a file with the columns', async () => {
    const path = await makeParquet('source2.parquet', conversations);
    const output = join(folder, 'empty.parquet');
    await native.writeSubset(path, new Uint32Array(), output, signal);
    expect((await rowsOf(native, output)).lines).toEqual([]);
    expect((await runSql(`DESCRIBE SELECT * FROM read_parquet(${sqlPath(output)})`)).length).toBe(3);
  });

  test('refuses positions that are not ascending or not there', async () => {
    const path = await makeParquet('source3.parquet', conversations);
    const output = join(folder, 'never.parquet');
    await expect(native.writeSubset(path, Uint32Array.of(2, 1), output, signal)).rejects.toThrow(RangeError);
    await expect(native.writeSubset(path, Uint32Array.of(1, 1), output, signal)).rejects.toThrow(RangeError);
    await expect(native.writeSubset(path, Uint32Array.of(5000), output, signal)).rejects.toThrow(RangeError);
    await expect(stat(output)).rejects.toThrow('ENOENT');
  });

  test('needs DuckDB and says so', async () => {
    const path = await makeParquet('source4.parquet', conversations);
    await expect(fallback.writeSubset(path, Uint32Array.of(0), join(folder, 'x.parquet'), signal)).rejects.toThrow(RuntimeUnavailable);
    expect(await fallback.version()).toBeUndefined();
    expect(await native.version()).toMatch(/^v\d/);
  });
});

describe('paths', () => {
  test.each([
    "it's.parquet",
    'a "b".parquet',
    'we[1]*rd?.parquet',
    'back\\slash.parquet',
    '[0-9].parquet',
    'ünï 猫.parquet',
    '%41.parquet',
    '$HOME.parquet',
  ])('%s', async (name) => {
    const plain = await makeParquet('plain-name.parquet', `SELECT ${JSON.stringify(name).length} AS size`);
    const path = join(folder, name);
    await writeFile(path, await readFile(plain));
    expect(await bothReaders(path)).toEqual([{ size: JSON.stringify(name).length }]);
    const output = join(folder, `out-${name}`);
    await native.writeSubset(path, Uint32Array.of(0), output, signal);
    expect((await rowsOf(native, output)).lines.length).toBe(1);
  });

  test('folders that look like partitions add no columns', async () => {
    await mkdir(join(folder, 'year=2020'), { recursive: true });
    expect(await bothReaders(await makeParquet('year=2020/a.parquet', 'SELECT 1 AS a'))).toEqual([{ a: 1 }]);
  });
});

describe('failure and cancellation', () => {
  test.each([
    ['cut', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    [
      'damaged in the middle',
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(bytes.length >> 1, 0xff), bytes.subarray(40 + (bytes.length >> 1))]),
    ],
    ['without bytes', () => Buffer.alloc(0)],
    ['no Parquet', () => Buffer.from('{"a": 1}\n'.repeat(50))],
  ])('a file %s is reported with its path', async (name, damage) => {
    const path = join(folder, `bad ${name}.parquet`);
    await writeFile(path, damage(await readFile(await makeParquet('good.parquet', conversations))));
    for (const store of [native, fallback]) {
      const attempt = store.toJsonl(path, join(folder, 'bad.jsonl'), signal);
      await expect(attempt).rejects.toThrow(UnreadableParquet);
      await expect(attempt).rejects.toThrow(path);
    }
  });

  test('an aborted signal stops before anything is written', async () => {
    const path = await makeParquet('abort.parquet', conversations);
    const aborted = AbortSignal.abort(new Error('stop'));
    const output = join(folder, 'aborted.jsonl');
    for (const store of [native, fallback]) await expect(store.toJsonl(path, output, aborted)).rejects.toThrow('stop');
    await expect(stat(output)).rejects.toThrow('ENOENT');
  });

  test('an abort in the middle ends the work soon', async () => {
    const path = await makeParquet('long.parquet', `SELECT i, repeat('text ', 200) AS t FROM range(400000) t(i)`, ', ROW_GROUP_SIZE 20000');
    for (const store of [native, fallback]) {
      const output = join(folder, 'partial.jsonl');
      const controller = new AbortController();
      let abortedAt = 0;
      const watch = setInterval(() => {
        if (!existsSync(output) || statSync(output).size === 0) return;
        clearInterval(watch);
        abortedAt = performance.now();
        controller.abort(new Error('stop'));
      }, 2);
      await expect(store.toJsonl(path, output, controller.signal)).rejects.toThrow('stop');
      expect(performance.now() - abortedAt).toBeLessThan(2000);
      expect((await stat(output)).size).toBeLessThan(400_000 * 1000);
      await rm(output);
    }
  });

  test('no temporary folder is left', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('ballast-duckdb-'));
    await rowsOf(native, await makeParquet('temporary.parquet', conversations));
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('ballast-duckdb-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });
});
