import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { Verdict } from '../../../src/protocol/browse.ts';
import type { ProblemCode } from '../../../src/protocol/dataset.ts';
import type { Manifest } from '../../../src/protocol/manifest.ts';
import type { Override } from '../../../src/protocol/plan.ts';
import type { LiteralRow } from './literalBrowser.ts';

/** One record as its text in the file, and the row that it must give. */
export interface WrittenRecord {
  readonly text: string;
  readonly row: Omit<LiteralRow, 'ordinal' | 'bytes'>;
}

export const framings = ['array', 'jsonl', 'concatenated'] as const;
export type FramingName = (typeof framings)[number];

const ids = ['a1', 'a10', 'a2', 'A2', '007', '7', 'img_12b', 'img_12', 'é', '', '000000000139', '9/9', '-1'];
const images: readonly (string | readonly string[] | undefined)[] = [
  undefined,
  'coco/train/1.jpg',
  'coco/2.jpg',
  'vg/x/1.png',
  'plain.jpg',
  '/abs/1.jpg',
  ['coco/1.jpg', 'gqa/2.jpg'],
];
export const words = [
  'The red Bus stops.',
  '<image>\nWhat color is it?',
  'a "quoted" word',
  'either/or',
  'tab\there',
  'ÄÖü straße',
  'ΣΊΣΥΦΟΣ και ο ΔΟΣ',
  '日本語',
  'back\\slash',
  'K for \u212aelvin',
  'x\ny',
  '  ',
  '100 buses',
  '\ud83d\ude8c',
];

/** Spells a value as one of several writers would. */
function spell(value: unknown, style: 'plain' | 'ascii' | 'slashes'): string {
  const text = JSON.stringify(value);
  if (style === 'slashes') return text.replaceAll('/', '\\/');
  if (style === 'plain') return text;
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const goodRecord: fc.Arbitrary<WrittenRecord> = fc
  .record({
    id: fc.option(fc.constantFrom<string | number>(...ids, 12, 3, 100), { nil: undefined }),
    image: fc.constantFrom(...images),
    video: fc.constantFrom(undefined, undefined, undefined, 'clips/1.mp4'),
    texts: fc.array(fc.constantFrom<string | number>(...words, 100, 1e21), { maxLength: 3 }),
    source: fc.constantFrom(undefined, 'web', 'book', null),
    score: fc.constantFrom(undefined, 1, 2, 0.5),
    checked: fc.constantFrom(undefined, true, false),
    tags: fc.constantFrom(undefined, ['a']),
    style: fc.constantFrom('plain', 'ascii', 'slashes'),
  })
  .map(({ id, image, video, texts, source, score, checked, tags, style }) => {
    const value = {
      ...(id === undefined ? {} : { id }),
      ...(image === undefined ? {} : { image }),
      ...(video === undefined ? {} : { video }),
      conversations: texts.map((text, i) => ({ from: i % 2 === 0 ? 'human' : 'gpt', value: text })),
      ...(source === undefined ? {} : { source }),
      ...(score === undefined ? {} : { score }),
      ...(checked === undefined ? {} : { checked }),
      ...(tags === undefined ? {} : { tags }),
    };
    const said = texts.map(String);
    const pictures = image === undefined ? [] : typeof image === 'string' ? [image] : image;
    const scalars = Object.entries({ source, score, checked }).filter(([, one]) => one !== undefined);
    return {
      text: spell(value, style as 'plain'),
      row: {
        usable: true,
        id: id === undefined ? null : String(id),
        texts: said,
        images: pictures,
        video: video !== undefined,
        fields: new Map(scalars.map(([name, one]) => [name, String(one)])),
        problems: problemsOf(said, pictures.length + (video === undefined ? 0 : 1)),
      },
    };
  });

/** What a LLaVA record with these texts and so many pictures has to be reported for. */
function problemsOf(texts: readonly string[], media: number): ProblemCode[] {
  if (texts.length === 0) return ['record.noTurns'];
  const problems: ProblemCode[] = [];
  if (texts.some((text) => text.trim() === '')) problems.push('record.emptyTurn');
  const marks = texts.join('\n').split('<image>').length - 1;
  if (media > 0 && marks === 0) problems.push('record.placeholderMissing');
  else if (media !== marks) problems.push('record.placeholderCount');
  return problems;
}

const nothing = { usable: false, id: null, texts: [], images: [], video: false, fields: new Map<string, string>() } as const;
const badRecord: fc.Arbitrary<WrittenRecord> = fc.constantFrom<WrittenRecord>(
  { text: 'null', row: { ...nothing, problems: ['record.notAnObject'] } },
  { text: '[1]', row: { ...nothing, problems: ['record.notAnObject'] } },
  { text: '{"id": 1, "x" }', row: { ...nothing, problems: ['record.invalidJson'] } },
);

/** Records, the first of them good, so that any file is known for what it is. */
export function recordSet(withBad: boolean, maxLength = 30): fc.Arbitrary<readonly WrittenRecord[]> {
  const rest = fc.array(withBad ? fc.oneof({ weight: 9, arbitrary: goodRecord }, { weight: 1, arbitrary: badRecord }) : goodRecord, {
    maxLength,
  });
  return fc.tuple(goodRecord, rest).map(([first, others]) => [first, ...others]);
}

export function frameRecords(records: readonly WrittenRecord[], framing: FramingName): string {
  const texts = records.map(({ text }) => text);
  switch (framing) {
    case 'array':
      return `[\n${texts.join(',\n')}\n]\n`;
    case 'jsonl':
      return `${texts.join('\n')}\n`;
    case 'concatenated':
      return texts.map((text) => text.replace(/^\{/, '{\n')).join('\n');
  }
}

export function literalRows(records: readonly WrittenRecord[], framing: FramingName, verdicts?: readonly Verdict[]): LiteralRow[] {
  return records.map(({ text, row }, ordinal) => {
    const verdict = row.usable ? verdicts?.[ordinal] : undefined;
    const bytes = Buffer.byteLength(text) + (framing === 'concatenated' ? 1 : 0);
    return { ...row, ordinal, bytes, ...(verdict ? { verdict } : {}) };
  });
}

/** A manifest as a rebalancing writes it, about any choice of instances. */
export function manifestText(
  dataset: string,
  content: Buffer,
  records: number,
  kept: readonly number[],
  overrides?: readonly Override[],
): string {
  const bits = new Uint8Array(Math.ceil(records / 8));
  for (const ordinal of kept) bits[ordinal >> 3] = (bits[ordinal >> 3] ?? 0) | (1 << (ordinal & 7));
  const manifest: Manifest = {
    ballastVersion: '0.1.0',
    command: 'rebalance',
    source: {
      path: dataset,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      format: 'json',
      variant: 'llava',
    },
    parameters: {
      perspectives: ['token'],
      mass: { token: 0.9 },
      tau: { token: 1 },
      minPerspectives: 1,
      alpha: null,
      protect: [],
      hygiene: null,
      minFrequency: 1,
      entities: null,
      lexicon: null,
      stopList: null,
      images: null,
      target: null,
      targetBy: null,
      overrides: overrides ?? null,
      plan: null,
    },
    seed: 42,
    sampler: 'hash',
    selectionHash: '',
    counts: { records, instances: records, kept: kept.length, dropped: records - kept.length, expected: kept.length },
    outputs: [],
    stages: [],
    kept: { records, deflatedBits: deflateRawSync(bits).toString('base64') },
    device: { requested: 'auto', used: 'cpu' },
    verbatim: true,
  };
  return JSON.stringify(manifest);
}
