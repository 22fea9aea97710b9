import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { DatasetFolder, type FramingName, fiveTexts, frame, framings, indentOf, llava, usableTexts } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

let folder: DatasetFolder;
beforeEach(() => {
  folder = new DatasetFolder();
});
afterEach(() => folder[Symbol.dispose]());

const usable = (dataset: Dataset): number[] => Array.from(dataset.flags.keys()).filter((i) => (dataset.flags[i] ?? 0) & 1);
const out = (): string => readFileSync(folder.at('out.json'), 'utf8');
const odd = [
  '{"id":"a","n":1.0,"m":1e5,"k":-0,"unknown":{"x":[1,2,{"y":null}]},"conversations":[{"from":"human","value":"caf\\u00e9 \\/ \\ud83d\\ude42"}]}',
  '{ "id" : 12345678901234567890 , "conversations":[ ] }',
  '{"id":"a","id":"b","conversations":[{"from":"gpt","value":"größe 🙂 \u2028"}]}',
];
const framed = (framing: FramingName): string => frame([...fiveTexts(indentOf(framing)), ...odd], framing);

describe('everything selected gives the identical file', () => {
  const files: readonly (readonly [string, string])[] = [
    ...framings.flatMap((framing) => [
      [framing, framed(framing)] as const,
      [`${framing}, CRLF`, framed(framing).replaceAll('\n', '\r\n')] as const,
      [`${framing}, mark`, `\ufeff${framed(framing)}`] as const,
      [`${framing}, no final line end`, framed(framing).trimEnd()] as const,
    ]),
    ['trailing comma', frame(fiveTexts(), 'array').replace(']\n', ',\n]\n')],
    ['missing commas', `[${fiveTexts().join('\n')}]`],
    ['stray bracket', `[${fiveTexts().join('],')}]`],
    ['wrapper', `{"v": 1, "data": [${fiveTexts().join(',\n')}], "more": [1]}\n`],
    [
      'keyed',
      `{${fiveTexts()
        .map((text, i) => `"k${i}": ${text}`)
        .join(', ')}}`,
    ],
    ['tabs and blank lines', `\n\n[\t${fiveTexts().join('\t,\n\n\t')}\n\n]\n\n`],
    ['blank lines between lines', `${fiveTexts().join('\n\n\n')}\n\n`],
    ['empty array', '[ ]\n'],
  ];
  test.each(files)('%s', async (_name, content) => {
    const dataset = await folder.openText(content);
    const { outputs } = await folder.write(dataset, usable(dataset), folder.at('out.json'));
    expect(out()).toBe(content);
    expect(outputs).toEqual([
      {
        path: folder.at('out.json'),
        bytes: Buffer.byteLength(content),
        sha256: createHash('sha256').update(content).digest('hex'),
        role: 'selection',
      },
    ]);
  });
});

describe('a part selected', () => {
  for (const framing of framings) {
    test(`${framing}: what is written is read again with the same records`, async () => {
      const content = `\ufeff${framed(framing)}`;
      const dataset = await folder.openText(content);
      const texts = usableTexts(dataset, Buffer.from(content));
      for (const kept of [[0], [7], [1, 2, 3], [0, 7], [0, 2, 4, 6], [1, 3, 5, 7], [0, 1, 2, 3, 4, 5, 6]]) {
        await folder.write(dataset, kept, folder.at('out.json'));
        const again = await folder.open(folder.at('out.json'));
        expect(usableTexts(again, Buffer.from(out()))).toEqual(kept.map((i) => texts[i]));
        expect(again.problems.map(({ code }) => code).filter((code) => code.startsWith('file.'))).toEqual([]);
        expect(out().startsWith('\ufeff')).toBe(true);
        if (framing.includes('array')) expect(JSON.parse(out().slice(1))).toHaveLength(kept.length);
      }
    });
  }

  test('a diff of a pretty-printed array shows removed lines, and the one comma that JSON forbids', async () => {
    const content = framed('pretty array');
    const dataset = await folder.openText(content);
    await folder.write(dataset, [0, 2, 3, 7], folder.at('out.json'));
    expect(isSubsequence(out().split('\n'), content.split('\n'))).toBe(true);
    await folder.write(dataset, [0, 2, 3], folder.at('out.json'));
    const withoutComma = (text: string): string[] => text.split('\n').map((line) => line.replace(/^ {2}\},$/, '  }'));
    expect(isSubsequence(withoutComma(out()), withoutComma(content))).toBe(true);
  });

  test('a diff of JSON lines shows removed lines only', async () => {
    for (const content of [framed('jsonl'), framed('jsonl').replaceAll('\n', '\r\n'), framed('jsonl').trimEnd()]) {
      const dataset = await folder.openText(content);
      await folder.write(dataset, [1, 4, 5], folder.at('out.json'));
      expect(out()).toBe(
        content
          .split(/(?<=\n)/)
          .filter((_line, i) => [1, 4, 5].includes(i))
          .join('')
          .replace(/\r?\n$/, content.endsWith('\n') ? '$&' : ''),
      );
    }
  });

  test('nothing: an empty array in the source framing, an empty file of lines', async () => {
    for (const [content, expected] of [
      ['[\n  {"a": 1},\n  {"b": 2}\n]\n', '[]\n'],
      ['\ufeff[{"a": 1}]', '\ufeff[]'],
      ['{"a": 1}\n{"b": 2}\n', ''],
      ['{"x": 1, "data": [{"a": 1}], "y": [2]}\n', '{"x": 1, "data": [], "y": [2]}\n'],
    ] as const) {
      await folder.write(await folder.openText(content), [], folder.at('out.json'));
      expect(out()).toBe(expected);
    }
  });

  test('repairs what is wrong between records', async () => {
    for (const [content, kept, expected] of [
      ['[{"a":1},{"a":2},{"a":3},]', [0, 2], '[{"a":1},{"a":3}]'],
      ['[\n{"a":1}\n{"a":2}\n{"a":3}\n]', [0, 1], '[\n{"a":1},\n{"a":2}\n]'],
      ['[{"a":1}],{"a":2},,{"a":3}]', [0, 1], '[{"a":1},{"a":2}]'],
      ['[{"a":1}, null, {"a":2}]', [0, 2], '[{"a":1}, {"a":2}]'],
      ['[\n  {"a":1},\n  {"a":NaN},\n  {"a":3}\n]\n', [0, 2], '[\n  {"a":1},\n  {"a":3}\n]\n'],
      ['[{"a":1}, {"a":2}, {"a":', [0, 1], '[{"a":1}, {"a":2}\n]\n'],
      ['{"a":1},\n{"a":2},\n{"a":3}\n', [0, 2], '{"a":1}\n{"a":3}\n'],
      ['{"a":1}{"a":2}\n{"a":3}\n', [0, 1], '{"a":1}\n{"a":2}\n'],
      ['{"data": [{"a":1}, {"a":2},], "b": [3]}', [1], '{"data": [{"a":2}], "b": [3]}'],
    ] as const) {
      await folder.write(await folder.openText(content), kept, folder.at('out.json'));
      expect(out()).toBe(expected);
    }
  });

  test('columns keep their keys', async () => {
    const texts = fiveTexts();
    const dataset = await folder.openText(`{\n "a": ${texts[0]},\n "b,c": ${texts[1]},\n "d": ${texts[2]}\n}\n`);
    await folder.write(dataset, [1, 2], folder.at('out.json'));
    expect(out()).toBe(`{\n "b,c": ${texts[1]},\n "d": ${texts[2]}\n}\n`);
    await folder.write(dataset, [0, 2], folder.at('out.json'));
    expect(out()).toBe(`{\n "a": ${texts[0]},\n "d": ${texts[2]}\n}\n`);
  });

  test('a record lost between others is left out, the rest stays valid', async () => {
    for (const framing of ['array', 'pretty array'] as const) {
      const texts = fiveTexts(indentOf(framing));
      texts[2] = (texts[2] ?? '').slice(0, -1).trimEnd();
      const dataset = await folder.openText(frame(texts, framing));
      await folder.write(dataset, usable(dataset), folder.at('out.json'));
      expect(JSON.parse(out())).toEqual(['1', '2', '4', '5'].map((id) => llava(id)));
      texts.splice(2, 1);
      expect(out()).toBe(frame(texts, framing));
    }
  });
});

test('any records, any space, any selection', async () => {
  const text = fc
    .tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'))
    .map(([value, indent]) => JSON.stringify(value, null, indent));
  const space = fc.array(fc.constantFrom(' ', '\n', '\r\n', '\t'), { maxLength: 3 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(text, space, space, fc.boolean()), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('', '\ufeff'),
      space,
      async (parts, mark, end) => {
        const content = `${mark}[${parts.map(([one, before], i) => `${before}${one}${i < parts.length - 1 ? `${parts[i]?.[2] ?? ''},` : ''}`).join('')}${end}]${end}`;
        const dataset = await folder.openText(content);
        expect(dataset.instances).toBe(parts.length);
        const kept = parts.flatMap((part, i) => (part[3] ? [i] : []));
        await folder.write(dataset, kept, folder.at('out.json'));
        expect(JSON.parse(out().slice(mark.length))).toEqual(kept.map((i) => JSON.parse(parts[i]?.[0] ?? '')));
        const written = Buffer.from(out());
        let at = 0;
        for (const i of kept) {
          at = written.indexOf(Buffer.from(parts[i]?.[0] ?? ''), at);
          expect(at).toBeGreaterThanOrEqual(0);
        }
        if (kept.length === parts.length) expect(out()).toBe(content);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

describe('the source is never the output', () => {
  test('by name, through links, as a hard link, through a linked folder', async () => {
    const dataset = await folder.openText(frame(fiveTexts(), 'array'));
    const source = folder.at('data.json');
    symlinkSync(source, folder.at('link.json'));
    linkSync(source, folder.at('hard.json'));
    mkdirSync(folder.at('real'));
    symlinkSync(folder.path, folder.at('real/here'));
    for (const output of [
      source,
      folder.at('link.json'),
      folder.at('hard.json'),
      folder.at('real/here/data.json'),
      folder.at('x/../data.json'),
    ]) {
      await expect(folder.write(dataset, [0], output)).rejects.toMatchObject({ code: 'output.wouldOverwriteSource' });
    }
    expect(readFileSync(source, 'utf8')).toBe(frame(fiveTexts(), 'array'));
  });

  test('a source that changed since it was opened is not cut', async () => {
    const dataset = await folder.openText(frame(fiveTexts(), 'array'));
    utimesSync(folder.at('data.json'), new Date(), new Date(Date.now() - 5000));
    await expect(folder.write(dataset, [0], folder.at('out.json'))).rejects.toMatchObject({ code: 'dataset.changed' });
    writeFileSync(folder.at('data.json'), '[]');
    await expect(folder.write(dataset, [0], folder.at('out.json'))).rejects.toMatchObject({ code: 'dataset.changed' });
  });
});

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (part[at] === line) at++;
  return at === part.length;
}
