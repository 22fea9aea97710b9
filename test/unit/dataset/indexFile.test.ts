import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IndexBuilder } from '../../../src/engine/dataset/indexBuilder.ts';
import { indexFile } from '../../../src/engine/dataset/indexFile.ts';
import { imageReferences, inspectDataset } from '../../../src/engine/dataset/inspect.ts';
import { obtainInstanceKeys } from '../../../src/engine/dataset/instanceKeys.ts';
import { DatasetFolder, fiveTexts, frame, llava, quietJob } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

/** Indexes records of an array with limits of the test's own, and says how many bytes were scanned. */
async function work(content: string | Buffer, recordBytes = 64 * 1024 * 1024) {
  const path = folder.file('work.json', content);
  await using handle = await open(path, 'r');
  const bytes = Buffer.byteLength(content);
  mkdirSync(folder.at('index'), { recursive: true });
  await using builder = await IndexBuilder.create(folder.at('index'));
  const rules = { view: { variant: 'llava' as const }, firstKeys: ['id'], lines: false, recordBytes };
  const { bytesScanned } = await indexFile({ handle, bytes, recordsFrom: 1, framing: 'array', rules }, builder, undefined, quietJob());
  const { problems, counts } = await builder.finish();
  return { records: builder.records, problems, counts, bytesScanned, bytes };
}

describe('the cost of broken records is bounded', () => {
  const many = 10_000;
  const record = (i: number): string => JSON.stringify(llava(String(i), 'A long answer. '.repeat(5)));

  test('10,000 open records, one behind the other', async () => {
    const { records, counts, bytesScanned, bytes } = await work(
      `[${Array.from({ length: many }, (_, i) => record(i).slice(0, -1)).join(',\n')},\n${record(many)}]`,
    );
    expect(records).toBe(many + 1);
    expect(counts).toEqual({ 'record.unclosed': many });
    expect(bytesScanned / bytes).toBeLessThan(4);
  }, 60_000);

  test('10,000 open records between good ones', async () => {
    const { records, counts, bytesScanned, bytes } = await work(
      `[${Array.from({ length: many }, (_, i) => `${record(2 * i)},\n${record(2 * i + 1).slice(0, -1)}`).join(',\n')},\n${record(2 * many)}]`,
    );
    expect(records).toBe(2 * many + 1);
    expect(counts).toEqual({ 'record.unclosed': many });
    expect(bytesScanned / bytes).toBeLessThan(16);
  }, 60_000);

  test('10,000 records with a quote missing', async () => {
    const { records, counts, bytesScanned, bytes } = await work(
      `[${Array.from({ length: many }, (_, i) => `${record(2 * i)},${record(2 * i + 1).replace('"image"', '"image')}`).join(',')},${record(2 * many)}]`,
    );
    expect(records).toBe(2 * many + 1);
    expect(counts).toEqual({ 'record.unclosed': many });
    expect(bytesScanned / bytes).toBeLessThan(16);
  }, 60_000);

  test('a well-formed file is scanned once', async () => {
    const { bytesScanned, bytes, counts } = await work(`[${Array.from({ length: 20_000 }, (_, i) => record(i)).join(',\n')}]`);
    expect(counts).toEqual({});
    expect(bytesScanned).toBe(bytes - 1);
  }, 60_000);

  test('candidates nested in candidates', async () => {
    const depth = 20_000;
    const { counts, bytesScanned, bytes } = await work(`[${record(1)},${'{"id":'.repeat(depth)}NaN${'}'.repeat(depth)},${record(2)}]`);
    expect(counts).toEqual({ 'record.invalidJson': 1 });
    expect(bytesScanned / bytes).toBeLessThan(4);
  }, 60_000);
});

describe('large records', () => {
  test('beyond the limit: given up, the next ones are read', async () => {
    const large = JSON.stringify(llava('large', 'x'.repeat(9_000_000)));
    const { records, problems } = await work(`[${JSON.stringify(llava('1'))},${large},${JSON.stringify(llava('2'))}]`, 5_000_000);
    expect(records).toBe(3);
    expect(problems.map(({ code, ordinal }) => [code, ordinal])).toEqual([['record.tooLarge', 1]]);
    expect((problems[0]?.byteEnd ?? 0) - (problems[0]?.byteStart ?? 0)).toBe(large.length);
  });

  test('within it, across many chunks, also behind a resync', async () => {
    const large = JSON.stringify(llava('large', 'ü'.repeat(7_000_000)));
    const { records, problems } = await work(
      `[${JSON.stringify(llava('0')).slice(0, -1)},${JSON.stringify(llava('1'))},${large},${JSON.stringify(llava('2'))}]`,
    );
    expect(records).toBe(4);
    expect(problems.map(({ code, ordinal }) => [code, ordinal])).toEqual([['record.unclosed', 0]]);
  }, 60_000);

  test('a line beyond the limit costs that line', async () => {
    const dataset = await folder.openText(
      `${JSON.stringify(llava('1'))}\n{"id":"x","y":"${'z'.repeat(70_000_000)}"}\n${JSON.stringify(llava('2'))}\n`,
    );
    expect([dataset.instances, dataset.problems.map(({ code, ordinal }) => [code, ordinal])]).toEqual([2, [['record.tooLarge', 1]]]);
  }, 60_000);
});

describe('threads', () => {
  /** 30 MB with records of all sizes and some broken ones: enough for several batches and a few restarts. */
  function content(): Buffer {
    const texts: string[] = [];
    let bytes = 0;
    for (let i = 0; bytes < 30_000_000; i++) {
      const text = JSON.stringify(llava(i % 7 === 0 ? i : String(i % 5000), `${'word é🙂 '.repeat((i * 7919) % 300)}end`), null, i % 3);
      texts.push(i === 9000 ? text.slice(0, -1) : i % 4001 === 4000 ? text.replace('"end', 'NaN') : i % 5003 === 5002 ? `${text}]` : text);
      bytes += Buffer.byteLength(text);
    }
    return Buffer.from(`[${texts.join(',\n')}\n]`);
  }

  test('one and two give the same index, keys and counts; so does a line per record', async () => {
    await folder.bundleWorker();
    const bytes = content();
    const lines = Buffer.from(
      bytes
        .toString()
        .slice(1, -1)
        .replaceAll(/\n\s*(?!\{"id)/g, ' ')
        .replaceAll('},{', '}\n{'),
    );
    for (const [name, file] of [
      ['array', bytes],
      ['lines', lines],
    ] as const) {
      const path = folder.file(`${name}.json`, file);
      const results: unknown[] = [];
      for (const threads of [1, 2]) {
        folder.threads = threads;
        const dataset = await folder.open(path, { runDir: folder.at(`run-${name}-${threads}`) });
        const { keys, duplicates, artifact } = await obtainInstanceKeys(dataset, { workerScript: folder.workerScript }, quietJob(threads));
        const indexFolder = dataset.parts[0]?.indexFolder ?? '';
        const files = [
          'start.npy',
          'end.npy',
          'flags.npy',
          'turns.npy',
          'imageCounts.npy',
          'ids.utf8',
          'ids.offsets.npy',
          'images.utf8',
          'images.offsets.npy',
          'index.json',
        ];
        const hashes = files.map((file) => [
          file,
          createHash('sha256')
            .update(readFileSync(`${indexFolder}/${file}`))
            .digest('hex'),
        ]);
        const { reused, ...report } = await inspectDataset(dataset);
        results.push({
          hashes,
          report,
          keys: createHash('sha256').update(keys).digest('hex'),
          duplicates: createHash('sha256').update(duplicates).digest('hex'),
          reused,
          same: artifact.inputHash,
        });
      }
      expect(results[1]).toEqual(results[0]);
    }
  }, 120_000);
});

describe('identity', () => {
  const text = frame(fiveTexts(2), 'pretty array');
  const old = new Date(Date.now() - 3_600_000);

  test('an unchanged file is neither read nor indexed again; a touched one is hashed; a changed one is indexed', async () => {
    const path = folder.file('data.json', text);
    const first = await folder.open(path);
    expect(first.reused).toBe(false);
    const again = await folder.open(path);
    expect([again.reused, again.identity, again.summary.sha256]).toEqual([
      true,
      first.identity,
      createHash('sha256').update(text).digest('hex'),
    ]);
    utimesSync(path, old, old);
    expect((await folder.open(path)).reused).toBe(true);
    // The same size and time stamps, but another content: the change time tells.
    writeFileSync(path, text.replace('picture 3', 'picture 9'));
    utimesSync(path, old, old);
    const changed = await folder.open(path);
    expect([changed.reused, changed.identity === first.identity]).toEqual([false, false]);
  });

  test('the same content elsewhere is the same dataset', async () => {
    const a = await folder.open(folder.file('a.json', text), { runDir: folder.at('run') });
    const b = await folder.open(folder.file('b.json', text), { runDir: folder.at('run') });
    expect([b.reused, b.identity]).toEqual([true, a.identity]);
  });

  test('a file that changes while it is indexed is refused', async () => {
    const path = folder.file(
      'data.json',
      frame(
        Array.from({ length: 30_000 }, (_, i) => JSON.stringify(llava(String(i)))),
        'array',
      ),
    );
    let changed = false;
    const job = {
      ...quietJob(),
      report: () => {
        if (!changed) truncateSync(path, 1_000_000);
        changed = true;
      },
    };
    const { openDataset } = await import('../../../src/engine/dataset/openDataset.ts');
    await expect(openDataset(path, {}, { parquet: folder.parquet, workerScript: '' }, job)).rejects.toMatchObject({
      code: 'dataset.changed',
    });
    expect((await folder.open(folder.file('other.json', text))).instances).toBe(5);
  });

  test('a cancelled indexing leaves nothing that counts as an index', async () => {
    const path = folder.file(
      'data.json',
      frame(
        Array.from({ length: 30_000 }, (_, i) => JSON.stringify(llava(String(i)))),
        'array',
      ),
    );
    const controller = new AbortController();
    const { openDataset } = await import('../../../src/engine/dataset/openDataset.ts');
    const job = { ...quietJob(), signal: controller.signal, report: () => controller.abort() };
    await expect(openDataset(path, {}, { parquet: folder.parquet, workerScript: '' }, job)).rejects.toMatchObject({
      code: 'run.cancelled',
    });
    const dataset = await folder.open(path);
    expect([dataset.instances, dataset.reused]).toEqual([30_000, false]);
  });
});

describe('instance keys', () => {
  const hex = (keys: Uint8Array, i: number): string => Buffer.from(keys.subarray(i * 16, i * 16 + 16)).toString('hex');

  test('depend on content only: not on indent, escapes and the spelling of numbers', async () => {
    const dataset = await folder.openText(
      '{"id":"1","n":1.0,"t":"\\u00e9"}\n{ "id": "1",  "n": 1e0, "t": "é" }\n{"n":1,"id":"1","t":"é"}\nnull\n{"id":"1","n":1,"t":"é"}\n',
    );
    const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: '' }, quietJob());
    expect(hex(keys, 0)).toBe(createHash('sha256').update('{"id":"1","n":1,"t":"é"}').digest('hex').slice(0, 32));
    expect(hex(keys, 1)).toBe(hex(keys, 0));
    expect(hex(keys, 2)).not.toBe(hex(keys, 0));
    expect(hex(keys, 3)).toBe('0'.repeat(32));
    expect([...duplicates]).toEqual([0, 1, 0, 0, 2]);
  });

  test('tell ids apart that a number rounds to one', async () => {
    const dataset = await folder.openText('{"id":12345678901234567890}\n{"id":12345678901234567891}\n{"id":12345678901234567890}\n');
    const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: '' }, quietJob());
    expect(hex(keys, 0)).not.toBe(hex(keys, 1));
    expect([...duplicates]).toEqual([0, 0, 1]);
  });
});

test('counts and image references', async () => {
  const texts = [
    llava('a'),
    llava('a'),
    { ...llava('b'), image: ['x.jpg', 'y.jpg'] },
    { id: 'c', conversations: [] },
    null,
    { ...llava('d'), video: 'v.mp4', image: undefined },
  ].map((value) => JSON.stringify(value));
  const dataset = await folder.openText(frame(texts, 'jsonl'));
  expect(await inspectDataset(dataset)).toMatchObject({
    instances: 5,
    records: 6,
    turns: 8,
    withImage: 3,
    textOnly: 1,
    multiImage: 1,
    withVideo: 1,
    distinctImages: 3,
    distinctIds: 4,
  });
  const references = [];
  for await (const { ordinal, image, line, byteStart } of imageReferences(dataset))
    references.push([ordinal, image, line, byteStart === dataset.start[ordinal]]);
  expect(references).toEqual([
    [0, 'coco/a.jpg', 1, true],
    [1, 'coco/a.jpg', 2, true],
    [2, 'x.jpg', 3, true],
    [2, 'y.jpg', 3, true],
  ]);
});
