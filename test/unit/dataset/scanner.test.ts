import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { LineScanner } from '../../../src/engine/dataset/lineScanner.ts';
import { type Framing, RecordScanner } from '../../../src/engine/dataset/scanner.ts';

/** Every opened file is flushed to disk several times: slow where many tests share one. */
vi.setConfig({ testTimeout: 60_000 });

interface Found {
  readonly elements: (readonly [kind: string, start: number, end: number])[];
  readonly findings: (readonly [code: string, at: number])[];
  readonly closed: boolean;
  readonly openAt: number;
}

/** Scans with the given chunk lengths, the last one repeated; `offset` is where the bytes lie in the file. */
function scan(bytes: Buffer, framing: Framing, chunks: readonly number[], offset = 0): Found {
  const found: { elements: Found['elements']; findings: Found['findings'] } = { elements: [], findings: [] };
  const scanner = new RecordScanner(framing, {
    element: (kind, start, end) => found.elements.push([kind, start, end]),
    finding: (code, at) => found.findings.push([code, at]),
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const to = Math.min(bytes.length, at + (chunks[Math.min(i, chunks.length - 1)] ?? bytes.length));
    // Each chunk is a buffer of its own: nothing before or behind it can be looked at.
    const chunk = Buffer.from(bytes.subarray(at, to));
    scanner.push(chunk, 0, chunk.length, offset + at);
    at = to;
  }
  const openAt = scanner.openAt;
  scanner.end(offset + bytes.length);
  return { ...found, closed: scanner.closed, openAt };
}

/** Strings full of what a scanner may stumble over. */
const nasty = fc
  .array(
    fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', 'a', 'é', '🙂', ' ', '\\"', 'x'.repeat(23), 'y'.repeat(40), '\u0000'),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    nasty,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(nasty, tie('any'), { maxKeys: 4 }),
  ),
}));
const record = fc.dictionary(nasty, value.any, { maxKeys: 4 }).map((object) => ({ ...object }));
const text = fc.tuple(record, fc.constantFrom(undefined, 1, 2, '\t')).map(([object, indent]) => JSON.stringify(object, null, indent));
const space = fc.array(fc.constantFrom(' ', '\n', '\r\n', '\t'), { maxLength: 3 }).map((parts) => parts.join(''));
const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

/** Puts texts together and remembers where each one lies, in bytes. */
function join(parts: readonly { readonly text: string; readonly element?: boolean }[]): {
  bytes: Buffer;
  ranges: (readonly [number, number])[];
} {
  const buffers = parts.map((part) => Buffer.from(part.text));
  const ranges: (readonly [number, number])[] = [];
  let at = 0;
  parts.forEach((part, i) => {
    const length = buffers[i]?.length ?? 0;
    if (part.element) ranges.push([at, at + length]);
    at += length;
  });
  return { bytes: Buffer.concat(buffers), ranges };
}

describe('against the places remembered when the text was made', () => {
  test('arrays', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.array(space, { minLength: 14, maxLength: 14 }), chunks, (texts, spaces, cuts) => {
        const { bytes, ranges } = join([
          { text: spaces[0] ?? '' },
          ...texts.flatMap((one, i) => [
            { text: one, element: true },
            { text: `${spaces[i + 1]}${i < texts.length - 1 ? ',' : ''}${spaces[i + 7] ?? ''}` },
          ]),
          { text: `]${spaces[13]}` },
        ]);
        const found = scan(bytes, 'array', cuts);
        expect(found.elements.map(([, start, end]) => [start, end])).toEqual(ranges);
        expect(found.findings).toEqual([]);
        expect([found.closed, found.openAt]).toEqual([true, -1]);
      }),
      { numRuns: 400 },
    );
  });

  test('concatenated records', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), space, chunks, (texts, between, cuts) => {
        const { bytes, ranges } = join(texts.flatMap((one) => [{ text: one, element: true }, { text: between }]));
        const found = scan(bytes, 'concatenated', cuts);
        expect(found.elements.map(([, start, end]) => [start, end])).toEqual(ranges);
        expect(found.findings).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('records as values of an object', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(nasty, text), { maxLength: 5 }), space, chunks, (pairs, between, cuts) => {
        const { bytes, ranges } = join([
          ...pairs.flatMap(([key, one], i) => [
            { text: `${between}${JSON.stringify(key)}${between}: ` },
            { text: one, element: true },
            { text: `${between}${i < pairs.length - 1 ? ',' : ''}` },
          ]),
          { text: '}\n' },
        ]);
        const found = scan(bytes, 'keyed', cuts);
        expect(found.elements.map(([, start, end]) => [start, end])).toEqual(ranges);
        expect(found.findings).toEqual([]);
        expect(found.closed).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('an array inside an object ends where the object goes on', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 4 }),
        fc.constantFrom('}', '\n}\n', ', "more": [1, {"a": 2}], "x": "]"}', ',"k":{}}'),
        chunks,
        (texts, behind, cuts) => {
          const { bytes, ranges } = join([
            ...texts.flatMap((one, i) => [{ text: one, element: true }, { text: i < texts.length - 1 ? ', ' : '' }]),
            { text: `]${behind}` },
          ]);
          const found = scan(bytes, 'wrapped', cuts);
          expect(found.elements.map(([, start, end]) => [start, end])).toEqual(ranges);
          expect(found.findings).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('scalars and arrays between records', () => {
    const scalar = fc.oneof(
      fc.constantFrom('null', 'true', '-1.5e3', '0', '[]', '[[1],{"a":2}]'),
      nasty.map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(text, scalar), { minLength: 1, maxLength: 6 }), chunks, (texts, cuts) => {
        const { bytes, ranges } = join([
          ...texts.flatMap((one, i) => [{ text: one, element: true }, { text: i < texts.length - 1 ? ' , ' : ' ' }]),
          { text: ']' },
        ]);
        const found = scan(bytes, 'array', cuts);
        expect(found.elements.map(([, start, end]) => [start, end])).toEqual(ranges);
        expect(found.elements.map(([kind]) => kind)).toEqual(
          texts.map((one) => (one.startsWith('{') ? 'object' : one.startsWith('[') ? 'array' : 'text')),
        );
        expect(found.findings).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('any bytes at all: chunk borders change nothing', () => {
    const soup = fc
      .array(fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', 'a', '1', ' ', 'x'.repeat(30), 'é'), { maxLength: 60 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(
        soup,
        fc.constantFrom('array', 'concatenated', 'keyed', 'wrapped') as fc.Arbitrary<Framing>,
        chunks,
        (bytes, framing, cuts) => {
          expect(scan(bytes, framing, cuts)).toEqual(scan(bytes, framing, [bytes.length || 1]));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('every single split of a hard text', () => {
  const hard = `${JSON.stringify({ 'a"b\\': `${'q'.repeat(23)}\\\\\\"{[`, b: [`${'w'.repeat(60)}"`, '\\'.repeat(9)], c: { d: '🙂' } })} , ${JSON.stringify({ e: `${'"'.repeat(20)}` })} ]`;
  const bytes = Buffer.from(hard);
  const whole = scan(bytes, 'array', [bytes.length]);

  test('two chunks', () => {
    expect(whole.elements).toHaveLength(2);
    for (let cut = 1; cut < bytes.length; cut++) expect(scan(bytes, 'array', [cut, bytes.length])).toEqual(whole);
  });

  test('chunks of every length', () => {
    for (let length = 1; length < 70; length++) expect(scan(bytes, 'array', [length])).toEqual(whole);
  });
});

test('offsets behind 4 GiB and 2^48 are exact', () => {
  const bytes = Buffer.from('{"a":1}, {"b":"x"} ]');
  for (const offset of [2 ** 32 - 5, 2 ** 32, 7 * 2 ** 40 + 3]) {
    const found = scan(bytes, 'array', [3], offset);
    expect(found.elements).toEqual([
      ['object', offset, offset + 7],
      ['object', offset + 9, offset + 18],
    ]);
  }
});

describe('findings', () => {
  test.each([
    ['a comma behind the last record', '{},{},]', [['file.trailingComma', 5]]],
    [
      'a missing comma',
      '{}{} {},{}]',
      [
        ['file.missingComma', 2],
        ['file.missingComma', 5],
      ],
    ],
    ['two commas', '{},,{}]', [['file.extraComma', 2]]],
    ['a comma before the first record', ',{}]', [['file.extraComma', 0]]],
    ['a stray bracket', '{}],{}]', [['file.strayCloser', 2]]],
    ['a stray brace', '{}},{}]', [['file.strayCloser', 2]]],
    ['a bracket behind the end', '{}]]', [['file.strayCloser', 2]]],
  ])('%s', (_name, content, findings) => {
    expect(scan(Buffer.from(content), 'array', [1]).findings).toEqual(findings);
  });

  test('a record that a square bracket closes tells its closer', () => {
    const closers: number[] = [];
    const scanner = new RecordScanner('array', {
      element: (_kind, _start, _end, closer) => closers.push(closer),
      finding: () => undefined,
    });
    scanner.push(Buffer.from('{"a":1}, {"b":[1] ]'), 0, 19, 0);
    expect(closers).toEqual([0x7d, 0x5d]);
  });
});

describe('lines', () => {
  const lines = (bytes: Buffer, cuts: readonly number[]): (readonly [number, number])[] => {
    const found: (readonly [number, number])[] = [];
    const scanner = new LineScanner((start, end) => found.push([start, end]));
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const to = Math.min(bytes.length, at + (cuts[Math.min(i, cuts.length - 1)] ?? 1));
      const chunk = Buffer.from(bytes.subarray(at, to));
      scanner.push(chunk, 0, chunk.length, at);
      at = to;
    }
    scanner.end();
    return found;
  };

  test('are what splitting and trimming gives, whatever the chunks', () => {
    const soup = fc
      .array(fc.constantFrom('{"a":1}', ' ', '\t', '\r', '\n', '\r\n', 'é', 'x'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(soup, chunks, (content, cuts) => {
        const expected: [number, number][] = [];
        let at = 0;
        for (const line of content.split('\n')) {
          const trimmed = line.replace(/^[ \t\r]+/, '');
          const start = at + Buffer.byteLength(line) - Buffer.byteLength(trimmed);
          const body = trimmed.replace(/[ \t\r]+$/, '');
          if (body) expected.push([start, start + Buffer.byteLength(body)]);
          at += Buffer.byteLength(line) + 1;
        }
        expect(lines(Buffer.from(content), cuts)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
