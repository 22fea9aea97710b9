import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRawLists } from '../../../src/engine/entities/entityLists.ts';
import { importEntities } from '../../../src/engine/entities/importEntities.ts';
import { readJsonLines } from '../../../src/engine/entities/jsonLines.ts';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { llavaRecord, temporaryFolder, testJob, writeDataset } from './testDataset.ts';

async function importOf(
  content: string | Buffer,
): Promise<{ token: string[][]; perspectives: readonly string[]; messages: readonly string[] }> {
  using folder = temporaryFolder();
  const dataset = writeDataset(folder.path, [llavaRecord('a'), llavaRecord('b'), undefined]);
  const path = join(folder.path, 'entities.jsonl');
  writeFileSync(path, content);
  const job = testJob();
  const lists = await importEntities({ path, dataset, job });
  const { names, rowOffsets, rowEntities } = await readRawLists(lists.artifact.folder, 'token');
  return {
    perspectives: lists.perspectives,
    messages: job.messages,
    token: [0, 1, 2].map((x) => [...rowEntities.subarray(rowOffsets[x], rowOffsets[x + 1])].map((id) => names.at(id))),
  };
}

describe('importEntities', () => {
  it('keeps order and repeats, takes lines in any order, and leaves missing instances empty', async () => {
    const { token, perspectives } = await importOf('\uFEFF{"token":["b","a","b"],"ordinal":1,"extra":{"x":1}}\r\n\r\n  \n');
    expect(token).toEqual([[], ['b', 'a', 'b'], []]);
    expect(perspectives).toEqual(['token']);
  });

  it('imports a perspective that some line names; lines without it are empty', async () => {
    const { token, perspectives } = await importOf('{"ordinal":0,"object":["x"]}\n{"ordinal":1,"token":["t"]}');
    expect(perspectives).toEqual(['token', 'object']);
    expect(token).toEqual([[], ['t'], []]);
  });

  it('ignores lists of positions that hold no instance, and says so', async () => {
    const { token, messages } = await importOf('{"ordinal":2,"token":["ghost"]}\n{"ordinal":0,"token":["a"]}\n');
    expect(token).toEqual([['a'], [], []]);
    expect(messages.join()).toContain('1 line(s)');
  });

  const good = '{"ordinal":0,"token":[]}\n'; // 25 bytes
  it.each([
    ['broken JSON', '{"ordinal":1,', 'no valid JSON'],
    ['no object', '[1]', 'must be an object'],
    ['no ordinal', '{"token":[]}', '"ordinal" must be an integer'],
    ['a fraction', '{"ordinal":0.5}', '"ordinal" must be an integer'],
    ['text as ordinal', '{"ordinal":"1"}', '"ordinal" must be an integer'],
    ['an ordinal out of range', '{"ordinal":3}', 'positions 0 to 2'],
    ['a negative ordinal', '{"ordinal":-1}', 'positions 0 to 2'],
    ['a duplicate ordinal', '{"ordinal":0}', 'given by line 1 already'],
    ['no list', '{"ordinal":1,"token":"cat"}', '"token" must be a list of strings'],
    ['null', '{"ordinal":1,"object":null}', '"object" must be a list of strings'],
    ['a list of numbers', '{"ordinal":1,"interrogation":["what",1]}', '"interrogation" must be a list of strings'],
  ])('refuses %s, naming line and byte', async (_name, line, reason) => {
    const error = await importOf(`${good}\n${line}\n`).catch((thrown: unknown) => thrown);
    if (!(error instanceof EngineError)) throw new Error('no EngineError was thrown');
    expect(error.code).toBe('entities.importInvalid');
    expect(error.message).toContain(reason);
    expect(error.message).toContain('line 3 (byte 26)');
    expect(error.data).toMatchObject({ line: 3, byteStart: 26 });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"ordinal":0,"token":["'), Buffer.of(0xff), Buffer.from('"]}\n')]);
    await expect(importOf(bytes)).rejects.toMatchObject({ code: 'entities.importInvalid', data: { line: 1, byteStart: 0 } });
  });

  it('refuses a file without lines', async () => {
    await expect(importOf('\n \n')).rejects.toMatchObject({ code: 'entities.importInvalid' });
  });

  it('keeps names that UTF-8 cannot hold as one name with the replacement character', async () => {
    expect((await importOf('{"ordinal":0,"token":["\\ud800","\\udc01"]}')).token[0]).toEqual(['\uFFFD', '\uFFFD']);
  });
});

describe('readJsonLines', () => {
  it('finds the lines that splitting the text finds, with their byte ranges', async () => {
    const text = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\t', '\r', '\n', '"') }), { maxLength: 30 })
      .map((pieces) => pieces.join('\n'));
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        using folder = temporaryFolder();
        const path = join(folder.path, 'lines.jsonl');
        const bytes = Buffer.from(content, 'utf8');
        writeFileSync(path, bytes);
        const got: [number, string][] = [];
        for await (const line of readJsonLines(path)) {
          got.push([line.number, line.bytes.toString('utf8')]);
          expect(bytes.toString('utf8', line.byteStart, line.byteStart + line.bytes.byteLength)).toBe(line.bytes.toString('utf8'));
        }
        const expected = content
          .split('\n')
          .flatMap((line, i): [number, string][] => (/^[ \t\r]*$/.test(line) ? [] : [[i + 1, line.replace(/\r$/, '')]]));
        expect(got).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('joins a line that passes many reads', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'long.jsonl');
    const long = 'x'.repeat(3_500_000);
    writeFileSync(path, `a\n${long}\nb`);
    const lines: [number, number, number][] = [];
    for await (const line of readJsonLines(path)) lines.push([line.number, line.byteStart, line.bytes.byteLength]);
    expect(lines).toEqual([
      [1, 0, 1],
      [2, 2, 3_500_000],
      [3, 3_500_003, 1],
    ]);
  });
});
