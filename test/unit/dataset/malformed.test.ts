import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { inspectDataset } from '../../../src/engine/dataset/inspect.ts';
import { readRecord } from '../../../src/engine/dataset/readRecord.ts';
import { DatasetFolder, type FramingName, fiveTexts, frame, framings, indentOf, llava } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

const framed = (framing: FramingName): string => frame(fiveTexts(indentOf(framing)), framing);
const codes = (dataset: Dataset): string[] => dataset.problems.map(({ code }) => code);
/** Ids of the usable records, in order. */
async function ids(dataset: Dataset): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (let i = 0; i < dataset.records; i++) if ((dataset.flags[i] ?? 0) & 1) found.push((await readRecord(dataset, i)).view.id);
  return found;
}

describe('well-formed files of every framing', () => {
  for (const framing of framings) {
    for (const [ending, name] of [
      ['\n', 'LF'],
      ['\r\n', 'CRLF'],
    ] as const) {
      for (const mark of ['', '\ufeff']) {
        test(`${framing}, ${name}${mark && ', byte order mark'}`, async () => {
          const dataset = await folder.openText(mark + framed(framing).replaceAll('\n', ending));
          expect(dataset.instances).toBe(5);
          expect(dataset.problems).toEqual([]);
          expect(dataset.summary.format).toBe(framing === 'jsonl' ? 'jsonl' : framing === 'concatenated' ? 'concatenated' : 'json');
          expect(await ids(dataset)).toEqual(['1', '2', '3', '4', '5']);
        });
      }
    }
  }

  test('JSONL, CRLF, no final line end', async () => {
    const dataset = await folder.openText(fiveTexts().join('\r\n'));
    expect([dataset.instances, dataset.problems.length]).toEqual([5, 0]);
  });

  test('records one after another without anything between', async () => {
    const dataset = await folder.openText(fiveTexts(1).join(''));
    expect([dataset.instances, codes(dataset)]).toEqual([5, []]);
  });

  test('the name does not matter: JSON lines in a .json file, an array in a .jsonl file', async () => {
    expect((await folder.openText(framed('jsonl'), 'a.json')).summary.format).toBe('jsonl');
    expect((await folder.openText(framed('array'), 'b.jsonl')).summary.format).toBe('json');
  });

  test('pretty-printed records with compact turns are not lines', async () => {
    const text = `{\n  "id": "1",\n  "conversations": [\n    {"from": "human", "value": "a"},\n    {"from": "gpt", "value": "b"}\n  ]\n}\n`;
    const dataset = await folder.openText(text + text);
    expect([dataset.instances, dataset.summary.format, codes(dataset)]).toEqual([2, 'concatenated', []]);
  });
});

describe('truncated: the last record is open', () => {
  for (const framing of framings) {
    test(framing, async () => {
      const text = framed(framing);
      const open = text.lastIndexOf('{', text.lastIndexOf('"id"'));
      const dataset = await folder.openText(text.slice(0, text.lastIndexOf('"from"')));
      expect(dataset.instances).toBe(4);
      expect(codes(dataset)).toEqual(['record.unclosed']);
      expect(dataset.problems[0]?.byteStart).toBe(open);
      expect(dataset.problems[0]?.message).toContain(`ecord open at byte ${open}`);
    });
  }

  test('inside a string, inside a character', async () => {
    const bytes = Buffer.from(frame([...fiveTexts().slice(0, 4), JSON.stringify(llava('5', 'größe 🙂 x'))], 'array'));
    for (let cut = 1; cut < 70; cut += cut < 3 ? 1 : 5) {
      const dataset = await folder.openText(bytes.subarray(0, bytes.length - cut), `cut-${cut}.json`);
      // The file ends with `}]\n`: up to two bytes less leave the records whole.
      expect([cut, dataset.instances, codes(dataset)]).toEqual(
        cut < 2 ? [cut, 5, []] : cut < 3 ? [cut, 5, ['file.unclosedArray']] : [cut, 4, ['record.unclosed']],
      );
    }
  });
});

describe('commas', () => {
  test('one behind the last record', async () => {
    for (const [text, name] of [
      [framed('array').replace(/\]\n$/, ',]\n'), 'array'],
      [framed('pretty array').replace(/\n\]\n$/, ',\n]\n'), 'pretty'],
    ] as const) {
      const dataset = await folder.openText(text, `${name}.json`);
      expect([dataset.instances, codes(dataset)]).toEqual([5, ['file.trailingComma']]);
      expect(dataset.problems[0]).toMatchObject({ ordinal: -1, byteStart: text.lastIndexOf(',') });
    }
  });

  test('missing between records', async () => {
    for (const text of [`[${fiveTexts().join(' ')}]`, `[\n${fiveTexts(2).join('\n')}\n]\n`, `[${fiveTexts().join('')}]`]) {
      const dataset = await folder.openText(text);
      expect([dataset.instances, codes(dataset)]).toEqual([5, ['file.missingComma']]);
      expect(dataset.problems[0]?.message).toContain('3 more places');
    }
  });

  test('too many', async () => {
    const dataset = await folder.openText(`[${fiveTexts().join(',,')}]`);
    expect([dataset.instances, codes(dataset)]).toEqual([5, ['file.extraComma']]);
  });

  test('in JSON lines', async () => {
    for (const text of [fiveTexts().join(',\n'), `${fiveTexts().join(',\r\n')},\r\n`]) {
      const dataset = await folder.openText(text);
      expect(dataset.instances).toBe(5);
      expect(new Set(codes(dataset))).toEqual(new Set(['file.extraComma']));
    }
  });
});

describe('one broken record of five', () => {
  for (const framing of framings) {
    test(`${framing}: an invalid UTF-8 byte`, async () => {
      const bytes = Buffer.from(framed(framing));
      const at = bytes.indexOf('picture 3');
      bytes[at] = 0xff;
      const dataset = await folder.openText(bytes);
      expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.invalidUtf8']]);
      expect(dataset.problems[0]?.ordinal).toBe(2);
      expect(await ids(dataset)).toEqual(['1', '2', '4', '5']);
    });

    test(`${framing}: an overlong or surrogate encoding`, async () => {
      for (const bad of [
        [0xc0, 0xaf],
        [0xed, 0xa0, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
      ]) {
        const bytes = Buffer.from(framed(framing));
        bytes.set(bad, bytes.indexOf('picture 3'));
        const dataset = await folder.openText(bytes);
        expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.invalidUtf8']]);
      }
    });

    test(`${framing}: NaN as a value`, async () => {
      const dataset = await folder.openText(framed(framing).replace(/"id": ?"3"/, '"id": NaN'));
      expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.invalidJson']]);
      expect(dataset.problems[0]?.ordinal).toBe(2);
    });

    test(`${framing}: single quotes`, async () => {
      const texts = fiveTexts(indentOf(framing));
      texts[2] = (texts[2] ?? '').replaceAll('"', "'");
      const dataset = await folder.openText(frame(texts, framing));
      expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.invalidJson']]);
    });

    test(`${framing}: a raw line end in a string`, async () => {
      const dataset = await folder.openText(framed(framing).replace('picture 3', 'picture\n3'));
      expect(dataset.instances).toBe(4);
      expect(dataset.problems.length).toBe(framing === 'jsonl' ? 2 : 1);
      expect(await ids(dataset)).toEqual(['1', '2', '4', '5']);
    });

    test(`${framing}: closing braces missing`, async () => {
      for (const missing of [1, 2, 3]) {
        const texts = fiveTexts(indentOf(framing));
        let text = texts[2] ?? '';
        for (let k = 0; k < missing; k++) text = text.slice(0, Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))).trimEnd();
        texts[2] = text;
        const content = frame(texts, framing);
        const dataset = await folder.openText(content, `missing-${missing}.json`);
        expect([missing, dataset.instances, codes(dataset)]).toEqual([missing, 4, ['record.unclosed']]);
        expect(await ids(dataset)).toEqual(['1', '2', '4', '5']);
        expect(dataset.problems[0]).toMatchObject({ ordinal: 2, byteStart: content.lastIndexOf('{', content.search(/"id": ?"3"/)) });
      }
    });

    for (const [where, spoil] of [
      ['the first value', (text: string) => text.replace(/("id": ?"3)"/, '$1')],
      ['a key', (text: string) => text.replace('"conversations"', '"conversations')],
      ['the question', (text: string) => text.replace('picture 3?"', 'picture 3?')],
      ['the last value', (text: string) => text.replace('bus."', 'bus.')],
      ['the opening quote of a value', (text: string) => text.replace('"A red', 'A red')],
    ] as const) {
      test(`${framing}: a quote missing at ${where}`, async () => {
        const texts = fiveTexts(indentOf(framing));
        texts[2] = spoil(texts[2] ?? '');
        const dataset = await folder.openText(frame(texts, framing));
        expect(await ids(dataset)).toEqual(['1', '2', '4', '5']);
        expect(codes(dataset)).toHaveLength(1);
        expect(dataset.problems[0]?.ordinal).toBe(2);
      });
    }

    test(`${framing}: the last record has no closing brace`, async () => {
      const texts = fiveTexts(indentOf(framing));
      texts[4] = (texts[4] ?? '').slice(0, -1).trimEnd();
      const dataset = await folder.openText(frame(texts, framing));
      expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.unclosed']]);
    });

    test(`${framing}: the first record is open`, async () => {
      const texts = fiveTexts(indentOf(framing));
      texts[0] = (texts[0] ?? '').slice(0, -1).trimEnd();
      const dataset = await folder.openText(frame(texts, framing));
      expect([dataset.instances, codes(dataset)]).toEqual([4, ['record.unclosed']]);
    });

    for (const stray of ['}', ']', '}}']) {
      test(`${framing}: a stray ${stray} behind a record`, async () => {
        const texts = fiveTexts(indentOf(framing));
        texts[2] += stray;
        const dataset = await folder.openText(frame(texts, framing));
        expect(dataset.instances).toBe(5);
        expect(new Set(codes(dataset))).toEqual(new Set(['file.strayCloser']));
        expect(dataset.problems).toHaveLength(stray.length);
      });
    }
  }
});

describe('several broken records', () => {
  for (const framing of framings) {
    test(`${framing}: open ones in a row are a finding each`, async () => {
      const texts = fiveTexts(indentOf(framing)).map((text, i) => (i > 0 && i < 4 ? text.slice(0, -1).trimEnd() : text));
      const dataset = await folder.openText(frame(texts, framing));
      expect([dataset.instances, codes(dataset)]).toEqual([2, ['record.unclosed', 'record.unclosed', 'record.unclosed']]);
      expect(dataset.records).toBe(5);
      expect(await ids(dataset)).toEqual(['1', '5']);
    });

    test(`${framing}: all are open`, async () => {
      const texts = fiveTexts(indentOf(framing)).map((text) => text.slice(0, -1).trimEnd());
      const dataset = await folder.openText(frame(texts, framing));
      expect(dataset.instances).toBe(0);
      expect(new Set(codes(dataset))).toEqual(new Set(['record.unclosed']));
    });
  }

  test('a whole record inside a record is none of its own', async () => {
    const texts = fiveTexts(2);
    texts[2] = JSON.stringify({ ...llava('3'), original: llava('inner') }, null, 2);
    const dataset = await folder.openText(frame(texts, 'pretty array'));
    expect([dataset.instances, codes(dataset)]).toEqual([5, []]);
  });
});

describe('ids and keys', () => {
  test('duplicate ids, integer id, no id, null id, a key twice: all kept', async () => {
    const texts = [
      JSON.stringify(llava('1')),
      JSON.stringify(llava('1')),
      JSON.stringify(llava(7)),
      JSON.stringify({ ...llava('x'), id: undefined }),
      JSON.stringify(llava(null)),
      JSON.stringify(llava('2')).replace('{', '{"id":"0",'),
    ];
    const dataset = await folder.openText(frame(texts, 'jsonl'));
    expect([dataset.instances, dataset.problems.map(({ code, ordinal }) => [code, ordinal])]).toEqual([6, [['record.duplicateKey', 5]]]);
    expect(await ids(dataset)).toEqual(['1', '1', '7', null, null, '2']);
    expect((await inspectDataset(dataset)).distinctIds).toBe(3);
  });

  test('a key twice is found in every framing, and only at the top', async () => {
    const twice = ['{"a":1,"a":2}', '{"a":"x","b":1,"a":"x"}', '{"a":{"b":1},"\\u0061":[]}', '{"__proto__":1,"__proto__":"x"}'];
    const once = [
      '{"a":{"b":1,"b":2},"b":"a"}',
      '{}',
      '{"a":["a","a"],"b":"{\\"a\\"}"}',
      '{"__proto__":"a"}',
      '{"":""}',
      '{"1":"1","01":1}',
    ];
    for (const framing of ['array', 'jsonl'] as const) {
      const dataset = await folder.openText(frame([...once, ...twice], framing));
      expect(dataset.problems.filter(({ code }) => code === 'record.duplicateKey').map(({ ordinal }) => ordinal)).toEqual([6, 7, 8, 9]);
      expect(dataset.instances).toBe(10);
    }
  });

  test('numbers keep their spelling', async () => {
    const spellings = ['12345678901234567890', '1.0', '1e5', '-0', '9007199254740993'];
    const dataset = await folder.openText(`[${spellings.map((id) => JSON.stringify(llava('@')).replace('"@"', ` ${id} `)).join(',')}]`);
    expect(await ids(dataset)).toEqual(spellings);
    expect((await inspectDataset(dataset)).distinctIds).toBe(5);
  });
});

describe('what is no record', () => {
  for (const framing of ['array', 'pretty array', 'jsonl'] as const) {
    test(`${framing}: scalars and arrays take an ordinal`, async () => {
      const texts = fiveTexts();
      texts.splice(1, 0, 'null', '12', '"text, with {brackets}"', 'true', '[1, 2]');
      const dataset = await folder.openText(frame(texts, framing));
      expect([dataset.instances, dataset.records]).toEqual([5, 10]);
      expect(codes(dataset)).toEqual(Array(5).fill('record.notAnObject'));
      expect(dataset.problems.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5]);
      expect((await readRecord(dataset, 6)).view.id).toBe('2');
    });
  }

  test('concatenated scalars', async () => {
    const texts = fiveTexts(2);
    texts.splice(2, 0, 'null');
    const dataset = await folder.openText(texts.join('\n'));
    expect([dataset.instances, dataset.records, codes(dataset)]).toEqual([5, 6, ['record.notAnObject']]);
  });

  test('a comment is text between records', async () => {
    const dataset = await folder.openText(`[\n// made by hand\n${fiveTexts(2).join(',\n')}\n]`);
    expect([dataset.instances, dataset.records, codes(dataset)]).toEqual([5, 5, ['file.strayText']]);
  });

  test('a lone quote costs its line', async () => {
    const dataset = await folder.openText(`[\n"\n${fiveTexts(2).join(',\n')}\n]`);
    expect(dataset.instances).toBe(5);
  });
});

describe('wrapped and columnar', () => {
  test('an object around the array is named and read through', async () => {
    for (const [before, behind] of [
      ['{"data": ', '}'],
      ['{"version": "1.0", "info": {"x": [1]}, "data": ', ', "license": "none"}\n'],
      ['{\n  "train": ', ',\n  "n": 5\n}\n'],
    ]) {
      for (const indent of [undefined, 2]) {
        const dataset = await folder.openText(`${before}[${fiveTexts(indent).join(',\n')}]${behind}`);
        expect([dataset.instances, codes(dataset)]).toEqual([5, ['file.wrapper']]);
        expect(dataset.problems[0]?.message).toContain(before?.includes('data') ? '"data"' : '"train"');
      }
    }
  });

  test('an object of records is named and read', async () => {
    for (const indent of [undefined, 2]) {
      const dataset = await folder.openText(
        `{${fiveTexts(indent)
          .map((text, i) => `"${i}": ${text}`)
          .join(',\n')}}\n`,
      );
      expect([dataset.instances, codes(dataset)]).toEqual([5, ['file.wrapper']]);
      expect(await ids(dataset)).toEqual(['1', '2', '3', '4', '5']);
    }
  });

  test('columns are refused, saying what to do', async () => {
    await expect(folder.openText('{"id": {"0": "1", "1": "2"}, "conversations": {"0": [], "1": []}}')).rejects.toMatchObject({
      code: 'dataset.notADataset',
      message: expect.stringContaining('orient="records"'),
    });
  });
});

describe('files that are no dataset', () => {
  const refused: readonly (readonly [string, string | Buffer, string, RegExp])[] = [
    ['UTF-16 little-endian', Buffer.from(`\ufeff${framed('array')}`, 'utf16le'), 'dataset.encoding', /UTF-16LE/],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${framed('array')}`, 'utf16le').swap16(), 'dataset.encoding', /UTF-16BE/],
    ['UTF-16 without a mark', Buffer.from(framed('jsonl'), 'utf16le'), 'dataset.encoding', /UTF-16LE/],
    ['Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n', 'dataset.lfsPointer', /git lfs pull/],
    ['empty', '', 'dataset.empty', /empty/],
    ['white space', ' \n\t\r\n', 'dataset.empty', /white space/],
    ['a mark alone', '\ufeff', 'dataset.empty', /white space/],
    ['number', '42', 'dataset.notADataset', /number/],
    ['string', '"hello"', 'dataset.notADataset', /string/],
    ['null', 'null', 'dataset.notADataset', /null/],
    ['HTML', '<!DOCTYPE html><html></html>', 'dataset.notADataset', /HTML/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'dataset.notADataset', /gzip/],
    ['prose', 'Dear reader,\nthis is no dataset.', 'dataset.notADataset', /Dear reader/],
  ];
  for (const [name, content, code, message] of refused) {
    test(name, async () => {
      await expect(folder.openText(content)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    });
  }

  test('missing, folder', async () => {
    await expect(folder.open(folder.at('nothing.json'))).rejects.toMatchObject({ code: 'dataset.notFound' });
    await expect(folder.open(folder.path)).rejects.toMatchObject({
      code: 'dataset.notADataset',
      message: expect.stringContaining('folder'),
    });
  });

  test('an empty array has no instances and no problem', async () => {
    for (const text of ['[]', ' [ \n ]\n', '{"data": []}']) {
      const dataset = await folder.openText(text);
      expect([dataset.instances, dataset.records]).toEqual([0, 0]);
      expect(dataset.problems.filter(({ code }) => code !== 'file.wrapper')).toEqual([]);
    }
  });
});

test('lines and byte ranges of findings', async () => {
  const text = framed('pretty array').replace('"id": "4"', '"id": NaN');
  const dataset = await folder.openText(text);
  const bytes = readFileSync(folder.at('data.json'));
  const [problem] = dataset.problems;
  expect(problem?.line).toBe(text.slice(0, problem?.byteStart).split('\n').length);
  expect(bytes.toString('utf8', problem?.byteStart, problem?.byteEnd)).toMatch(/^\{\s+"id": NaN.*\}$/s);
});
