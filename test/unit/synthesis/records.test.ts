import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViewSpec } from '../../../src/engine/dataset/dataset.ts';
import { viewRecord } from '../../../src/engine/dataset/views/viewTable.ts';
import { jsonSpans } from '../../../src/engine/synthesis/records/jsonSpans.ts';
import { syntheticRecord, turnsCanBecome, UnwritableRecord } from '../../../src/engine/synthesis/records/syntheticRecord.ts';

const spec: ViewSpec = { variant: 'unknown' };
const candidate = '0123456789abcdef';
const image = { from: 'a/1.jpg', to: 'out.synthetic/0123456789abcdef.jpg' };

function made(text: string, change: Omit<Parameters<typeof syntheticRecord>[2], 'candidate'>, own: ViewSpec = spec): string {
  return syntheticRecord(Buffer.from(text), own, { candidate, ...change }).toString('utf8');
}

describe('jsonSpans', () => {
  it('names the place of every value of any JSON text', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        const check = (span: ReturnType<typeof jsonSpans>, value: unknown): void => {
          expect(JSON.parse(text.slice(span.start, span.end))).toEqual(value);
          if (span.kind === 'array') for (const [i, item] of span.items.entries()) check(item, (value as unknown[])[i]);
          if (span.kind === 'object')
            for (const { key, value: member } of span.members) {
              expect(Object.keys(value as object)).toContain(key);
              check(member, (value as Record<string, unknown>)[key]);
            }
        };
        check(jsonSpans(text), JSON.parse(text));
      }),
    );
  });
});

const variants: readonly { readonly name: string; readonly record: string; readonly spec?: ViewSpec; readonly list: boolean }[] = [
  {
    name: 'llava',
    record:
      '{\n  "id": "x/1",\n  "image": "a/1.jpg",\n  "conversations": [\n    {"from": "human", "value": "<image>\\nWhat is it?"},\n    {"from": "gpt", "value": "A cat."}\n  ],\n  "odd": 1.0e5, "big": 12345678901234567890\n}',
    list: true,
  },
  {
    name: 'messages',
    record:
      '{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"<image>Who?"},{"role":"assistant","content":"Ann"}],"images":["a/1.jpg"]}',
    list: true,
  },
  {
    name: 'content blocks',
    record:
      '{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"a/1.jpg"}},{"type":"text","text":"Who?"}]},{"role":"assistant","content":[{"type":"text","text":"Ann"}]}]}',
    list: true,
  },
  {
    name: 'qwen inline',
    record:
      '{"id":"q","conversations":[{"from":"user","value":"Picture 1: <img>a/1.jpg</img>\\nWho?"},{"from":"assistant","value":"Ann"}]}',
    list: true,
  },
  { name: 'query and response', record: '{"query":"<image>Who?","response":"Ann","images":["a/1.jpg"]}', list: false },
  { name: 'pairs', record: '{"conversation":[{"human":"<image>Who?","assistant":"Ann"}],"image":"a/1.jpg"}', list: false },
  { name: 'instruction', record: '{"id":7,"instruction":"Who?","output":"Ann","image":"a/1.jpg"}', list: false },
  {
    name: 'renamed columns and tags',
    record: '{"talk":[{"who":"u","says":"<image>Who?"},{"who":"m","says":"Ann"}],"pics":["a/1.jpg"]}',
    spec: {
      variant: 'sharegpt',
      columns: { messages: 'talk', images: 'pics' },
      tags: { role_tag: 'who', content_tag: 'says', user_tag: 'u', assistant_tag: 'm' },
    },
    list: true,
  },
];

describe('a synthetic record', () => {
  it.each(variants)('of $name has another picture and nothing else changed', ({ record, spec: own }) => {
    const result = made(record, { image }, own);
    const [before, after] = [viewRecord(JSON.parse(record), own ?? spec), viewRecord(JSON.parse(result), own ?? spec)];
    expect(after.media).toEqual([{ kind: 'image', path: image.to }]);
    expect(after.turns.map(({ text }) => text.replace(image.to, image.from))).toEqual(before.turns.map(({ text }) => text));
    // Outside of id and path every byte is the parent's.
    const undone = result.replaceAll(image.to, image.from).replace(`_ballast_${candidate}`, '');
    if (before.id === null || !/^\d+$/.test(before.id)) expect(undone).toBe(record);
  });

  it.each(variants)('of $name has other words', ({ record, spec: own }) => {
    const view = viewRecord(JSON.parse(record), own ?? spec);
    const turns = view.turns.map(({ role, text }) => ({
      role,
      text: text.replace(/Who|What/, 'Quote "\\ und Ümlaut\n').replace('Ann', 'Bob'),
    }));
    const result = JSON.parse(made(record, { turns }, own));
    expect(viewRecord(result, own ?? spec).turns).toEqual(turns);
  });

  it.each(variants)('of $name has more turns where its list allows', ({ record, spec: own, list }) => {
    const view = viewRecord(JSON.parse(record), own ?? spec);
    const turns = [...view.turns, { role: 'human', text: 'And then?' }, { role: 'gpt', text: 'Nothing.' }];
    expect(turnsCanBecome(Buffer.from(record), own ?? spec, turns.length)).toBe(list);
    if (list) expect(viewRecord(JSON.parse(made(record, { turns }, own)), own ?? spec).turns).toEqual(turns);
    else expect(() => made(record, { turns }, own)).toThrow(UnwritableRecord);
  });

  it('keeps spelling, order and indent, and gets an id of its own kind', () => {
    const [llava, , , , , , instruction] = variants;
    const text = made(llava?.record ?? '', { image });
    expect(text).toContain('"odd": 1.0e5, "big": 12345678901234567890\n}');
    expect(JSON.parse(text)).toMatchObject({ id: `x/1_ballast_${candidate}`, image: image.to });
    const numbered = JSON.parse(made(instruction?.record ?? '', { image })) as { id: unknown };
    expect(Number.isSafeInteger(numbered.id)).toBe(true);
    expect(numbered.id).not.toBe(7);
  });

  it('is refused where a turn is made of several fields', () => {
    const record = '{"instruction":"Sum up.","input":"Some text","output":"Short."}';
    const turns = [
      { role: 'human', text: 'Other' },
      { role: 'gpt', text: 'Short.' },
    ];
    expect(turnsCanBecome(Buffer.from(record), spec, 'same')).toBe(false);
    expect(() => made(record, { turns })).toThrow(UnwritableRecord);
  });
});
