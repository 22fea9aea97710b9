import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { inspectDataset } from '../../../src/engine/dataset/inspect.ts';
import { expandBraces } from '../../../src/engine/dataset/mixtures/pathPattern.ts';
import { parseSampling, sampledRange } from '../../../src/engine/dataset/mixtures/sampling.ts';
import { readRecord } from '../../../src/engine/dataset/readRecord.ts';
import { DatasetFolder, llava } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const records = (prefix: string, count: number): object[] => Array.from({ length: count }, (_, i) => llava(`${prefix}${i}`));
const lines = (prefix: string, count: number): string =>
  records(prefix, count)
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');
const read = (name: string): string => readFileSync(folder.at(name), 'utf8');
async function ids(dataset: Dataset): Promise<(string | null)[]> {
  return Promise.all(Array.from({ length: dataset.records }, async (_, i) => (await readRecord(dataset, i)).view.id));
}

describe('LLaVA-NeXT YAML', () => {
  const yaml = `# all of it
datasets:
  - json_path: data/a.json # the array
    sampling_strategy: "all"
  - json_path: data/b.jsonl
    sampling_strategy: "first:2"
  - json_path: data/c{x,y}.json
    sampling_strategy: "end:50%"
  - json_path: data/d.jsonl
    sampling_strategy: "random:1"
  - json_path: gone.json
`;
  function write(): string {
    folder.file('data/a.json', json(records('a', 3)));
    folder.file('data/b.jsonl', lines('b', 5));
    folder.file('data/cx.json', json(records('x', 3)));
    folder.file('data/cy.json', json(records('y', 2)));
    folder.file('data/d.jsonl', lines('d', 2));
    return folder.file('mix.yaml', yaml);
  }

  test('is one dataset of its files, cut as the strategies say', async () => {
    const dataset = await folder.open(write());
    expect(dataset.summary).toMatchObject({ format: 'mixture', variant: 'llava' });
    expect(await ids(dataset)).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'x1', 'x2', 'y1', 'd0', 'd1']);
    expect(dataset.problemCounts).toEqual({ 'mixture.sampling': 1, 'mixture.missingFile': 1 });
    expect(dataset.problems.find(({ code }) => code === 'mixture.missingFile')).toMatchObject({
      line: 11,
      message: expect.stringContaining('gone.json'),
    });
    expect(dataset.problems.find(({ code }) => code === 'mixture.sampling')?.message).toContain('random:1');
    const report = await inspectDataset(dataset);
    expect(report.parts?.map(({ instances }) => instances)).toEqual([3, 2, 2, 1, 2]);
    expect(report).toMatchObject({ instances: 10, distinctImages: 10, distinctIds: 10 });
  });

  test('a selection is a mixture of the same kind', async () => {
    const dataset = await folder.open(write());
    const { outputs } = await folder.write(dataset, [0, 2, 4, 5, 6, 9], folder.at('out/mix.yaml'));
    expect(outputs.map(({ path, role }) => [path.slice(folder.path.length + 1), role])).toEqual([
      ['out/mix.yaml', 'selection'],
      ['out/mix.parts/a.json', 'part'],
      ['out/mix.parts/b.jsonl', 'part'],
      ['out/mix.parts/cx.json', 'part'],
      ['out/mix.parts/d.jsonl', 'part'],
    ]);
    expect(parse(read('out/mix.yaml'))).toEqual({
      datasets: [
        { json_path: 'mix.parts/a.json', sampling_strategy: 'all' },
        { json_path: 'mix.parts/b.jsonl', sampling_strategy: 'all' },
        { json_path: 'mix.parts/cx.json', sampling_strategy: 'all' },
        { json_path: 'mix.parts/d.jsonl', sampling_strategy: 'random:1' },
      ],
    });
    expect(read('out/mix.yaml')).toContain('# the array');
    expect(read('out/mix.parts/a.json')).toBe(json([llava('a0'), llava('a2')]));
    expect(await ids(await folder.open(folder.at('out/mix.yaml')))).toEqual(['a0', 'a2', 'b1', 'x1', 'x2', 'd1']);
  });

  test('two files of one name do not meet', async () => {
    folder.file('p/a.json', json(records('p', 1)));
    folder.file('q/a.json', json(records('q', 1)));
    const dataset = await folder.open(
      folder.file('mix.yaml', 'datasets:\n  - json_path: p/a.json\n  - json_path: q/a.json\n  - json_path: p/a.json\n'),
    );
    await folder.write(dataset, [0, 1, 2], folder.at('o.yaml'));
    expect(await ids(await folder.open(folder.at('o.yaml')))).toEqual(['p0', 'q0', 'p0']);
  });

  test('the sources are never the output', async () => {
    const dataset = await folder.open(write());
    for (const output of ['mix.yaml', 'data/a.json'])
      await expect(folder.write(dataset, [0], folder.at(output))).rejects.toMatchObject({ code: 'output.wouldOverwriteSource' });
    expect(read('mix.yaml')).toBe(yaml);
  });
});

describe('InternVL meta', () => {
  const meta = {
    one: { root: 'images/one/', annotation: 'ann/one.jsonl', data_augment: false, repeat_time: 1, length: 3 },
    two: { root: 'images/two/', annotation: 'ann/two.jsonl', data_augment: false, repeat_time: 0.3, length: 2, extra: { keep: [1] } },
    gone: { root: 'images/', annotation: 'ann/gone.jsonl', repeat_time: 1, length: 9 },
  };
  function write(): string {
    for (const name of ['images/one', 'images/two']) mkdirSync(folder.at(name), { recursive: true });
    folder.file('ann/one.jsonl', lines('i', 3));
    folder.file('ann/two.jsonl', lines('i', 2));
    return folder.file('meta.json', JSON.stringify(meta));
  }

  test('is read, each part with its root; equal paths under other roots are other images', async () => {
    const dataset = await folder.open(write());
    expect(dataset.instances).toBe(5);
    expect(dataset.parts.map(({ imageRoots }) => imageRoots)).toEqual([
      [folder.at('images/one'), folder.path],
      [folder.at('images/two'), folder.path],
    ]);
    expect(dataset.problemCounts).toEqual({ 'mixture.sampling': 1, 'mixture.missingFile': 1 });
    expect(await inspectDataset(dataset)).toMatchObject({ distinctImages: 5, distinctIds: 3 });
  });

  test('its root opens no folder that was not declared', async () => {
    folder.file('ann/one.jsonl', lines('i', 1));
    mkdirSync(folder.at('inside'));
    symlinkSync('/', folder.at('inside/up'));
    for (const root of ['/', '/etc', '../..', 'inside/up', 'inside/up/etc']) {
      const dataset = await folder.open(
        folder.file('meta.json', JSON.stringify({ one: { root, annotation: 'ann/one.jsonl', length: 1 } })),
      );
      expect(dataset.parts[0]?.imageRoots).toEqual([folder.path]);
    }
  });

  test('a selection keeps every field but the paths and the length', async () => {
    const dataset = await folder.open(write());
    await folder.write(dataset, [1, 3, 4], folder.at('out/sub.json'));
    expect(JSON.parse(read('out/sub.json'))).toEqual({
      one: { ...meta.one, root: '../images/one/', annotation: 'sub.parts/one.jsonl', length: 1 },
      two: { ...meta.two, root: '../images/two/', annotation: 'sub.parts/two.jsonl', length: 2 },
    });
    expect(read('out/sub.parts/two.jsonl')).toBe(lines('i', 2));
  });
});

test('Ovis datainfo', async () => {
  folder.file('m/a.json', json(records('a', 2)));
  const dataset = await folder.open(
    folder.file('info.json', json({ a: { meta_file: 'm/a.json', storage_type: 'hybrid', data_format: 'conversation', image_dir: 'm' } })),
  );
  expect([dataset.instances, dataset.parts[0]?.imageRoots[0]]).toEqual([2, folder.at('m')]);
  await folder.write(dataset, [1], folder.at('out.json'));
  expect(JSON.parse(read('out.json'))).toEqual({
    a: { meta_file: 'out.parts/a.json', storage_type: 'hybrid', data_format: 'conversation', image_dir: 'm' },
  });
});

describe('LLaMA-Factory dataset_info.json', () => {
  const info = {
    talk: {
      file_name: 'talk.json',
      formatting: 'sharegpt',
      columns: { messages: 'chat', images: 'pics' },
      tags: { role_tag: 'r', content_tag: 'c', user_tag: 'u', assistant_tag: 'a' },
    },
    hub: { hf_hub_url: 'someone/something' },
    missing: { file_name: 'missing.json' },
    several: { file_name: 'folder' },
  };
  function write(): string {
    folder.file(
      'talk.json',
      json([
        {
          chat: [
            { r: 'u', c: '<image>q' },
            { r: 'a', c: 'x' },
          ],
          pics: ['p.jpg'],
        },
      ]),
    );
    folder.file('folder/1.json', json(records('f', 1)));
    folder.file('folder/2.jsonl', lines('g', 2));
    return folder.file('dataset_info.json', json(info));
  }

  test('a name picks a file and its columns', async () => {
    const dataset = await folder.open(`${write()}#talk`);
    expect(dataset.summary).toMatchObject({ format: 'json', variant: 'sharegpt', path: folder.at('talk.json') });
    expect(dataset.problems).toEqual([]);
    expect((await readRecord(dataset, 0)).view).toEqual({
      id: null,
      media: [{ kind: 'image', path: 'p.jpg' }],
      turns: [
        { role: 'human', text: '<image>q' },
        { role: 'gpt', text: 'x' },
      ],
    });
    await folder.write(dataset, [0], folder.at('out.json'));
    expect(read('out.json')).toBe(read('talk.json'));
  });

  test('a folder is several files', async () => {
    const dataset = await folder.open(`${write()}#several`);
    expect(await ids(dataset)).toEqual(['f0', 'g0', 'g1']);
    await folder.write(dataset, [0, 2], folder.at('out.json'));
    expect(await ids(await folder.open(folder.at('out.json')))).toEqual(['f0', 'g1']);
  });

  test('without a name the names are listed; other mistakes say what to do', async () => {
    const path = write();
    await expect(folder.open(path)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('talk, hub, missing, several'),
    });
    await expect(folder.open(`${path}#nothing`)).rejects.toMatchObject({
      code: 'dataset.notFound',
      message: expect.stringContaining('talk'),
    });
    await expect(folder.open(`${path}#hub`)).rejects.toMatchObject({
      code: 'dataset.notADataset',
      message: expect.stringContaining('someone/something'),
    });
    await expect(folder.open(`${path}#missing`)).rejects.toMatchObject({
      code: 'dataset.notFound',
      message: expect.stringContaining('missing.json'),
    });
    await expect(folder.open(`${folder.at('talk.json')}#talk`)).rejects.toMatchObject({ code: 'dataset.notADataset' });
  });

  test('a file may have # in its name', async () => {
    expect((await folder.openText(json(records('a', 1)), 'a#b.json')).instances).toBe(1);
  });
});

test('a pointer, an empty file and a mixture inside a mixture are findings; the rest is read', async () => {
  folder.file('a.json', json(records('a', 1)));
  folder.file('lfs.json', 'version https://git-lfs.github.com/spec/v1\n');
  folder.file('empty.json', '');
  folder.file('other.yaml', 'datasets:\n  - json_path: a.json\n');
  const dataset = await folder.open(
    folder.file(
      'mix.yaml',
      `datasets:\n${['a.json', 'lfs.json', 'empty.json', 'other.yaml'].map((name) => `  - json_path: ${name}\n`).join('')}`,
    ),
  );
  expect([dataset.instances, dataset.problemCounts]).toEqual([1, { 'mixture.missingFile': 3 }]);
  expect(dataset.problems[0]?.message).toContain('git lfs pull');
});

test('problems of a part name its file and count on in ordinals', async () => {
  folder.file('a.json', json(records('a', 2)));
  folder.file('b.jsonl', `${lines('b', 1)}{"id": NaN}\n`);
  const dataset = await folder.open(folder.file('mix.yaml', 'datasets:\n  - json_path: a.json\n  - json_path: b.jsonl\n'));
  expect(dataset.problems).toMatchObject([{ code: 'record.invalidJson', ordinal: 3, line: 2, file: folder.at('b.jsonl') }]);
});

test('braces', () => {
  expect(expandBraces('p{a,b}.json')).toEqual(['pa.json', 'pb.json']);
  expect(expandBraces('{a,b}/{1, 2}.json')).toEqual(['a/1.json', 'a/2.json', 'b/1.json', 'b/2.json']);
  expect(expandBraces('a{b}.json')).toEqual(['a{b}.json']);
});

test.each([
  ['all', 10, 0, 10],
  ['first:3', 10, 0, 3],
  ['first:30', 10, 0, 10],
  ['first:25%', 10, 0, 3],
  ['first:0', 10, 0, 0],
  ['end:3', 10, 7, 10],
  ['end:1%', 1000, 990, 1000],
  ['end:0', 10, 0, 10],
  ['random:3', 10, 0, 10],
  ['often', 10, 0, 10],
])('sampling %s of %i', (text, count, from, to) => {
  expect(sampledRange(parseSampling(text), count)).toEqual([from, to]);
});

test('nothing is left beside the output', async () => {
  folder.file('a.json', json(records('a', 2)));
  const dataset = await folder.open(folder.file('mix.yaml', 'datasets:\n  - json_path: a.json\n'));
  await folder.write(dataset, [], folder.at('out.yaml'));
  expect(existsSync(join(folder.path, 'out.parts', 'a.json'))).toBe(true);
  expect(JSON.parse(read('out.parts/a.json'))).toEqual([]);
});
