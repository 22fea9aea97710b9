import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { ViewSpec } from '../../../src/engine/dataset/dataset.ts';
import { summarizeRecord } from '../../../src/engine/dataset/summarizeRecord.ts';
import { detectVariant, viewRecord } from '../../../src/engine/dataset/views/viewTable.ts';
import { DatasetFolder } from './datasetFolder.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

const plain: ViewSpec = { variant: 'unknown' };
const human = (text: string) => ({ role: 'human', text });
const gpt = (text: string) => ({ role: 'gpt', text });
const image = (path: string) => ({ kind: 'image', path });
const findings = (record: object, spec = plain) =>
  summarizeRecord(record as { readonly [key: string]: unknown }, spec).findings.map(({ code }) => code);

/** One row of the table of variants: shape, what it is called, what is seen in it. */
interface Row {
  readonly name: string;
  readonly record: object;
  readonly variant: string;
  readonly id?: string | null;
  readonly media?: readonly object[];
  readonly turns: readonly object[];
  readonly findings?: readonly string[];
  readonly spec?: ViewSpec;
}

const turns = [
  { from: 'human', value: '<image>\nWhat?' },
  { from: 'gpt', value: 'A cat.' },
];
const seen = [human('<image>\nWhat?'), gpt('A cat.')];

const rows: readonly Row[] = [
  {
    name: 'LLaVA 1.5',
    record: { id: 'a', image: 'x.jpg', conversations: turns },
    variant: 'llava',
    id: 'a',
    media: [image('x.jpg')],
    turns: seen,
  },
  {
    name: 'text-only',
    record: {
      id: 'a',
      model: '',
      conversations: [
        { from: 'human', value: 'Hi' },
        { from: 'gpt', value: 'Hello' },
      ],
    },
    variant: 'llava',
    id: 'a',
    turns: [human('Hi'), gpt('Hello')],
  },
  { name: 'no id', record: { image: 'x.jpg', conversations: turns }, variant: 'llava', id: null, media: [image('x.jpg')], turns: seen },
  {
    name: 'integer id',
    record: { id: 0, image: 'x.jpg', conversations: turns },
    variant: 'llava',
    id: '0',
    media: [image('x.jpg')],
    turns: seen,
  },
  {
    name: 'image list with sizes',
    record: {
      id: 1,
      image: ['a.jpg', 'b.jpg'],
      width_list: [1, 2],
      height_list: [3, 4],
      conversations: [
        { from: 'human', value: 'Image-1: <image>\nImage-2: <image>\nCompare.' },
        { from: 'gpt', value: 'Same.' },
      ],
    },
    variant: 'llava',
    id: '1',
    media: [image('a.jpg'), image('b.jpg')],
    turns: [human('Image-1: <image>\nImage-2: <image>\nCompare.'), gpt('Same.')],
  },
  {
    name: 'XComposer',
    record: {
      id: '1',
      image: ['a.jpg'],
      conversations: [
        { from: 'user', value: '<ImageHere>Look' },
        { from: 'assistant', value: 'Yes' },
      ],
    },
    variant: 'llava',
    id: '1',
    media: [image('a.jpg')],
    turns: [human('<ImageHere>Look'), gpt('Yes')],
  },
  {
    name: "InternVL's text for value",
    record: {
      id: 0,
      image: 'a.jpg',
      conversations: [
        { from: 'human', value: '<image>\nq' },
        { from: 'gpt', text: 'answer' },
      ],
    },
    variant: 'llava',
    id: '0',
    media: [image('a.jpg')],
    turns: [human('<image>\nq'), gpt('answer')],
  },
  {
    name: 'MiniCPM-V',
    record: {
      id: '0',
      image: { '<image_00>': 'a.jpg', '<image_01>': 'b.jpg' },
      conversations: [
        { role: 'user', content: '<image_00>\n<image_01>\nCompare' },
        { role: 'assistant', content: 'Done' },
      ],
    },
    variant: 'minicpm',
    id: '0',
    media: [image('a.jpg'), image('b.jpg')],
    turns: [human('<image_00>\n<image_01>\nCompare'), gpt('Done')],
  },
  {
    name: 'video',
    record: {
      id: 'v',
      video: 'a.mp4',
      conversations: [
        { from: 'human', value: '<video>\nWhat?' },
        { from: 'gpt', value: 'A dog.' },
      ],
    },
    variant: 'llava',
    id: 'v',
    media: [{ kind: 'video', path: 'a.mp4' }],
    turns: [human('<video>\nWhat?'), gpt('A dog.')],
  },
  {
    name: 'video list',
    record: {
      video: ['a.mp4', 'b.mp4'],
      conversations: [
        { from: 'human', value: '<video><video>?' },
        { from: 'gpt', value: 'x' },
      ],
    },
    variant: 'llava',
    id: null,
    media: [
      { kind: 'video', path: 'a.mp4' },
      { kind: 'video', path: 'b.mp4' },
    ],
    turns: [human('<video><video>?'), gpt('x')],
  },
  {
    name: 'ShareGPT with tools',
    record: {
      conversations: [
        { from: 'human', value: 'q' },
        { from: 'function_call', value: '{}' },
        { from: 'observation', value: '1' },
        { from: 'gpt', value: 'a' },
      ],
      system: 's',
      tools: '[]',
    },
    variant: 'sharegpt',
    id: null,
    turns: [human('q'), { role: 'function_call', text: '{}' }, { role: 'observation', text: '1' }, gpt('a')],
  },
  {
    name: 'ShareGPT with images',
    record: { conversations: turns, images: ['a.jpg'] },
    variant: 'sharegpt',
    id: null,
    media: [image('a.jpg')],
    turns: seen,
  },
  {
    name: 'renamed columns and tags',
    spec: {
      variant: 'sharegpt',
      columns: { messages: 'talk', images: 'pics' },
      tags: { role_tag: 'who', content_tag: 'says', user_tag: 'me', assistant_tag: 'it' },
    },
    record: {
      talk: [
        { who: 'me', says: '<image>q' },
        { who: 'it', says: 'a' },
      ],
      pics: ['a.jpg'],
    },
    variant: 'sharegpt',
    id: null,
    media: [image('a.jpg')],
    turns: [human('<image>q'), gpt('a')],
  },
  {
    name: 'renamed alpaca columns',
    spec: { variant: 'alpaca', columns: { prompt: 'question', query: 'extra', response: 'reply' } },
    record: { question: 'q', extra: 'e', reply: 'r' },
    variant: 'alpaca',
    id: null,
    turns: [human('q\ne'), gpt('r')],
  },
  {
    name: 'OpenAI messages',
    record: {
      messages: [
        { role: 'user', content: '<image>Who?' },
        { role: 'assistant', content: 'Him.' },
      ],
      images: ['1.jpg'],
    },
    variant: 'messages',
    id: null,
    media: [image('1.jpg')],
    turns: [human('<image>Who?'), gpt('Him.')],
  },
  {
    name: 'content blocks with image_url objects',
    record: {
      id: 1,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'a.jpg', image_wh: [1, 2] } },
            { type: 'text', text: 'Who?' },
          ],
        },
        { role: 'assistant', content: 'Him.' },
      ],
    },
    variant: 'content-blocks',
    id: '1',
    media: [image('a.jpg')],
    turns: [human('Who?'), gpt('Him.')],
  },
  {
    name: 'content blocks with bare strings',
    record: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: 'a.jpg' },
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    },
    variant: 'content-blocks',
    id: null,
    media: [image('a.jpg')],
    turns: [human('a\nb')],
  },
  {
    name: 'content blocks with a data URL',
    record: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'text', text: 'q' },
          ],
        },
      ],
    },
    variant: 'content-blocks',
    id: null,
    media: [{ kind: 'image', embedded: true, data: 'data:image/png;base64,AAAA' }],
    turns: [human('q')],
  },
  {
    name: 'content blocks of LLaMA-Factory v1',
    record: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', value: '1.jpg' },
            { type: 'text', value: 'Who?' },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', value: 'Him.' }] },
      ],
    },
    variant: 'content-blocks',
    id: null,
    media: [image('1.jpg')],
    turns: [human('Who?'), gpt('Him.')],
  },
  {
    name: 'content blocks of ms-swift',
    record: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: 'a.jpg' },
            { type: 'video', video: 'b.mp4' },
            { type: 'text', text: 'q' },
          ],
        },
      ],
    },
    variant: 'content-blocks',
    id: null,
    media: [image('a.jpg'), { kind: 'video', path: 'b.mp4' }],
    turns: [human('q')],
  },
  {
    name: 'ms-swift query, response, history',
    record: { query: '<image>q2', response: 'a2', history: [['q1', 'a1']], images: ['a.jpg'] },
    variant: 'query-response',
    id: null,
    media: [image('a.jpg')],
    turns: [human('q1'), gpt('a1'), human('<image>q2'), gpt('a2')],
  },
  {
    name: "ms-swift's aliases",
    record: { question: 'q', answer: 'a' },
    variant: 'query-response',
    id: null,
    turns: [human('q'), gpt('a')],
  },
  {
    name: 'human, assistant',
    record: {
      conversation: [
        { human: 'q1', assistant: 'a1' },
        { human: 'q2', assistant: 'a2' },
      ],
      system: 's',
    },
    variant: 'human-assistant',
    id: null,
    turns: [human('q1'), gpt('a1'), human('q2'), gpt('a2')],
  },
  { name: 'Alpaca', record: { instruction: 'i', input: 'n', output: 'o' }, variant: 'alpaca', id: null, turns: [human('i\nn'), gpt('o')] },
  {
    name: 'Alpaca without input',
    record: { instruction: 'i', input: '', output: 'o' },
    variant: 'alpaca',
    id: null,
    turns: [human('i'), gpt('o')],
  },
  {
    name: 'instruction, output',
    record: { id: '5', image: 'c.jpg', instruction: 'q', output: 'a', type: 'conv' },
    variant: 'instruction-output',
    id: '5',
    media: [image('c.jpg')],
    turns: [human('q'), gpt('a')],
  },
  {
    name: 'Qwen-VL inline',
    record: {
      id: 'i',
      conversations: [
        { from: 'user', value: 'Picture 1: <img>a/b.jpg</img>\nand <img>c.jpg</img>' },
        { from: 'assistant', value: 'x' },
      ],
    },
    variant: 'qwen-inline',
    id: 'i',
    media: [image('a/b.jpg'), image('c.jpg')],
    turns: [human('Picture 1: <img>a/b.jpg</img>\nand <img>c.jpg</img>'), gpt('x')],
  },
  {
    name: 'data-juicer',
    record: { id: 'd', text: '<__dj__image> a bus <|__dj__eoc|>', images: ['a.jpg'] },
    variant: 'data-juicer',
    id: 'd',
    media: [image('a.jpg')],
    turns: [{ role: 'text', text: '<__dj__image> a bus <|__dj__eoc|>' }],
  },
  {
    name: 'Hugging Face image struct',
    record: { id: 'h', image: { bytes: null, path: 'a.jpg' }, conversations: turns },
    variant: 'llava',
    id: 'h',
    media: [image('a.jpg')],
    turns: seen,
  },
  { name: 'nothing known', record: { id: 'n', foo: 1 }, variant: 'unknown', id: 'n', turns: [], findings: ['record.noTurns'] },
  {
    name: 'image null or empty',
    record: {
      id: 'n',
      image: '',
      images: null,
      conversations: [
        { from: 'human', value: 'q' },
        { from: 'gpt', value: 'a' },
      ],
    },
    variant: 'llava',
    id: 'n',
    turns: [human('q'), gpt('a')],
  },
];

describe('variants', () => {
  for (const row of rows) {
    test(row.name, () => {
      const spec = row.spec ?? plain;
      expect(viewRecord(row.record, spec)).toEqual({ id: row.id ?? null, media: row.media ?? [], turns: row.turns });
      expect(detectVariant([row.record], spec)).toBe(row.variant);
      expect(findings(row.record, spec)).toEqual(row.findings ?? []);
    });
  }

  test('the table holds every variant', () => {
    const named = new Set(rows.map(({ variant }) => variant));
    for (const variant of [
      'llava',
      'sharegpt',
      'messages',
      'content-blocks',
      'qwen-inline',
      'minicpm',
      'query-response',
      'human-assistant',
      'alpaca',
      'instruction-output',
      'data-juicer',
      'unknown',
    ])
      expect(named).toContain(variant);
  });

  test('records of several shapes are read one by one', () => {
    const mixed = [rows[0]?.record, rows.find(({ variant }) => variant === 'messages')?.record];
    expect(detectVariant(mixed)).toBe('mixed');
    expect(mixed.map((record) => viewRecord(record, { variant: 'mixed' }).turns.length)).toEqual([2, 2]);
  });

  test('text-only records do not make a file mixed', () => {
    expect(detectVariant([rows[0]?.record, rows[1]?.record])).toBe('llava');
    expect(detectVariant([rows[1]?.record, rows.find(({ variant }) => variant === 'qwen-inline')?.record])).toBe('qwen-inline');
  });

  test('no value at all breaks the view', () => {
    for (const value of [
      null,
      1,
      'x',
      [],
      [{}],
      { conversations: [null, 1, [], {}] },
      { messages: [[]] },
      { conversations: {} },
      { image: 5, conversations: [{ from: 1, value: {} }] },
      { id: {} },
      { conversation: [null] },
    ]) {
      expect(() => viewRecord(value, plain)).not.toThrow();
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) expect(() => findings(value)).not.toThrow();
    }
  });
});

describe('placeholders are checked, never a reason to reject', () => {
  const record = (image: unknown, ...texts: string[]) => ({
    id: '1',
    image,
    conversations: texts.map((value, i) => ({ from: i % 2 ? 'gpt' : 'human', value })),
  });
  test.each([
    ['at the end', record('a.jpg', 'What is this? <image>', 'x'), []],
    ['in the middle of the dialogue', record('a.jpg', 'Hi', 'Hello', '<image> And this?', 'x'), []],
    ['missing', record('a.jpg', 'What?', 'x'), ['record.placeholderMissing']],
    ['one for two images', record(['a.jpg', 'b.jpg'], '<image> What?', 'x'), ['record.placeholderCount']],
    ['two for one image', record('a.jpg', '<image><image> What?', 'x'), ['record.placeholderCount']],
    ['without an image', record(undefined, '<image> What?', 'x'), ['record.placeholderCount']],
    ['a tag that is none', record('a.jpg', '<image> a <b> and <imagery> < image>', 'x'), []],
    ['an empty turn', record('a.jpg', '<image>', ' \n'), ['record.emptyTurn']],
    ['no turn', record('a.jpg'), ['record.noTurns']],
  ])('%s', (_name, value, expected) => {
    expect(findings(value)).toEqual(expected);
  });

  test('an unknown role', () => {
    expect(
      findings({
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'narrator', value: 'a' },
        ],
      }),
    ).toEqual(['record.unknownRole']);
  });
});

/** Real files, where they are at hand beside the project; their shapes are in the table above. */
const real = process.env.BALLAST_REAL_DATA ?? '';
describe.skipIf(!existsSync(join(real, 'variants')) || real === '')('real files', () => {
  test.each([
    ['variants/llama-factory/mllm_demo.json', 6, 'messages', 'json'],
    ['variants/llama-factory/dataset_info.json#mllm_demo', 6, 'sharegpt', 'json'],
    ['variants/llama-factory/v1_multimodal_demo.jsonl', 24, 'content-blocks', 'jsonl'],
    ['variants/coco2014_val_gpt4_qa_30x3.jsonl', 90, 'instruction-output', 'jsonl'],
    ['variants/internvl/internvl_1_2_finetune.json', 0, 'unknown', 'mixture'],
    ['variants/llava-next/single_image.yaml', 0, 'unknown', 'mixture'],
    ['mathv/mathv_llava.json', 379, 'llava', 'json'],
  ])('%s', async (path, instances, variant, format) => {
    using folder = new DatasetFolder();
    const dataset = await folder.open(join(real, path), { runDir: folder.at('run') });
    expect([dataset.instances, dataset.summary.variant, dataset.summary.format]).toEqual([instances, variant, format]);
  });
});
