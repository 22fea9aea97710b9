import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { readRecord } from '../../../src/engine/dataset/readRecord.ts';
import { DatasetFolder, frame, llava } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

const eight = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'];
const layouts = [
  ['array', undefined],
  ['pretty array', 2],
] as const;
const codes = (dataset: Dataset): string[] => dataset.problems.map(({ code }) => code);

async function ids(dataset: Dataset): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (let i = 0; i < dataset.records; i++) if ((dataset.flags[i] ?? 0) & 1) found.push((await readRecord(dataset, i)).view.id);
  return found;
}

/** Eight records, one of them spoiled. */
function spoiled(framing: 'array' | 'pretty array', at: number, spoil: (text: string) => string): string {
  const indent = framing === 'array' ? undefined : 2;
  return frame(
    eight.map((id, i) => (i === at ? spoil(JSON.stringify(llava(id), null, indent)) : JSON.stringify(llava(id), null, indent))),
    framing,
  );
}

describe.each(layouts)('%s: the first key of one of eight records is broken', (framing) => {
  for (const at of [0, 3]) {
    for (const [name, spoil] of [
      ['not opened', (text: string) => text.replace('"id"', 'id"')],
      ['not closed', (text: string) => text.replace('"id"', '"id')],
    ] as const) {
      test(`record ${at}: ${name}`, async () => {
        const dataset = await folder.openText(spoiled(framing, at, spoil));
        expect(await ids(dataset)).toEqual(eight.filter((_, i) => i !== at));
        expect(dataset.problems).toHaveLength(1);
        expect(dataset.problems[0]?.ordinal).toBe(at);
      });
    }

    for (const stray of ['{', '[']) {
      test(`record ${at}: a stray ${stray} before it`, async () => {
        const dataset = await folder.openText(spoiled(framing, at, (text) => stray + text));
        expect(await ids(dataset)).toEqual(eight);
        expect(dataset.problems).toHaveLength(1);
      });
    }
  }
});

describe.each(layouts)('%s: a quote between records', (framing) => {
  for (const at of [0, 3]) {
    test(`behind record ${at}`, async () => {
      for (const stray of ['"', ' abc"']) {
        const dataset = await folder.openText(spoiled(framing, at, (text) => text + stray));
        expect(await ids(dataset)).toEqual(eight);
        expect(dataset.records).toBe(8);
        expect(codes(dataset)).toContain('file.strayText');
        expect(dataset.problems.length).toBeLessThanOrEqual(3);
      }
    });

    test(`before record ${at}`, async () => {
      const content = spoiled(framing, at, (text) => `"${text}`);
      const dataset = await folder.openText(content);
      expect(await ids(dataset)).toEqual(eight);
      expect(codes(dataset)).toEqual(['file.strayText']);
      expect(content.slice(dataset.problems[0]?.byteStart, dataset.problems[0]?.byteEnd)).toBe('"');
    });
  }
});

test('a text that closes its record early costs no other record', async () => {
  for (const at of [0, 3]) {
    const dataset = await folder.openText(spoiled('array', at, (text) => text.replace('picture', 'picture"}]}')));
    const found = await ids(dataset);
    expect(found.filter((id) => id !== `r${at}`)).toEqual(eight.filter((_, i) => i !== at));
    expect(codes(dataset)).toContain('file.strayText');
    expect(dataset.problems.length).toBeLessThanOrEqual(3);
  }
});

test('strings between records stay positions, whatever they end with', async () => {
  const texts = eight.map((id) => JSON.stringify(llava(id)));
  texts.splice(2, 0, '"hello"', '"abc {"', '"{"', '",{"');
  for (const separator of [', ', ' ,\n', ',']) {
    const dataset = await folder.openText(`[${texts.join(separator)}]`);
    expect([dataset.instances, dataset.records]).toEqual([8, 12]);
    expect(dataset.problems.map(({ code, ordinal }) => [code, ordinal])).toEqual([2, 3, 4, 5].map((at) => ['record.notAnObject', at]));
  }
});

describe.each(layouts)('%s: records that hold records', (framing, indent) => {
  const holder = (id: string): string =>
    JSON.stringify({ ...llava(id), examples: [llava('inner 1'), llava('inner 2')], original: llava('inner 3') }, null, indent);

  test('none is taken out of an intact record behind a broken one', async () => {
    const texts = [holder('0'), holder('1'), JSON.stringify(llava('2'), null, indent).replace('"gpt"', '"gpt'), holder('3'), holder('4')];
    const dataset = await folder.openText(frame(texts, framing));
    expect(await ids(dataset)).toEqual(['0', '1', '3', '4']);
    expect(dataset.problems.map(({ ordinal }) => ordinal)).toEqual([2]);
  });

  test('none is taken out of a record that does not parse', async () => {
    const texts = [holder('0'), holder('1').replace('"coco/1.jpg"', 'NaN'), holder('2')];
    const dataset = await folder.openText(frame(texts, framing));
    expect(await ids(dataset)).toEqual(['0', '2']);
    expect(dataset.problems.map(({ code, ordinal }) => [code, ordinal])).toEqual([['record.invalidJson', 1]]);
  });

  test('a list that never closes swallows nothing', async () => {
    const open = holder('1').slice(0, holder('1').indexOf('"original"')).trimEnd().slice(0, -2).trimEnd();
    const dataset = await folder.openText(frame([holder('0'), open, JSON.stringify(llava('2'), null, indent), holder('3')], framing));
    expect(await ids(dataset)).toEqual(expect.arrayContaining(['0', '2', '3']));
    expect(codes(dataset)).toContain('record.unclosed');
  });
});

test('a broken record in an object of records costs no other', async () => {
  for (const [, indent] of layouts) {
    const texts = eight.map((id) => `"${id}": ${JSON.stringify(llava(id), null, indent)}`);
    texts[3] = (texts[3] ?? '').replace('"gpt"', '"gpt');
    const dataset = await folder.openText(`{${texts.join(',\n')}}`);
    expect(await ids(dataset)).toEqual(eight.filter((id) => id !== 'r3'));
    expect(codes(dataset)).toContain('record.unclosed');
  }
});

test('a text full of beginnings of records is one broken stretch', async () => {
  for (const beginning of ['{"id": "q', '{"id": "q", "conversations": [{"a":[', '" {"id": "q", "conversations": [']) {
    const texts = ['0', '1', '2', '3', '4'].map((id) => JSON.stringify(llava(id)));
    texts[2] = (texts[2] ?? '').replace('A red', `A ${beginning.repeat(20_000)}`);
    const dataset = await folder.openText(frame(texts, 'array'));
    expect(await ids(dataset)).toEqual(['0', '1', '3', '4']);
    expect(dataset.problems.length).toBeLessThanOrEqual(2);
    expect(dataset.records).toBeLessThanOrEqual(6);
  }
});

test.skipIf(process.platform === 'win32')('a pipe is refused, not waited for', async () => {
  const path = folder.at('pipe.json');
  execFileSync('mkfifo', [path]);
  await expect(folder.open(path)).rejects.toMatchObject({ code: 'dataset.notADataset', message: expect.stringContaining('pipe') });
  await expect(folder.open(`${path}#name`)).rejects.toMatchObject({ code: 'dataset.notADataset' });
});
