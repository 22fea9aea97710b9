import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/engine/dataset/dataset.ts';
import { exportEntities } from '../../../src/engine/entities/exportEntities.ts';
import { importEntities } from '../../../src/engine/entities/importEntities.ts';
import { loadPerspective } from '../../../src/engine/entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';
import { entityOrdinals, obtainReverseIndex } from '../../../src/engine/entities/reverseIndex.ts';
import { emptyStopList } from '../../../src/engine/entities/stopList.ts';
import type { Perspective } from '../../../src/protocol/perspectives.ts';
import type { HygieneSwitch } from '../../../src/protocol/requests.ts';
import { type LiteralIndex, literalIndex, literalPairs } from './literalIndex.ts';
import { llavaRecord, temporaryFolder, testJob, writeDataset } from './testDataset.ts';

interface Line {
  readonly token: readonly string[];
  readonly object: readonly string[];
  readonly interrogation: readonly string[];
}

async function indexOf(
  dataset: Dataset,
  importPath: string,
  options: { readonly minFrequency?: number; readonly hygiene?: readonly HygieneSwitch[] } = {},
): Promise<Map<Perspective, PerspectiveIndex>> {
  const job = testJob();
  const lists = await importEntities({ path: importPath, dataset, job });
  const perspectives: Perspective[] = lists.perspectives.includes('object')
    ? [...lists.perspectives, 'cooccurrence']
    : [...lists.perspectives];
  const index = await obtainReverseIndex({
    runDir: dataset.runDir,
    lists: new Map(lists.perspectives.map((p) => [p, lists])),
    perspectives,
    hygiene: options.hygiene,
    stopList: emptyStopList,
    minFrequency: options.minFrequency ?? 1,
    job,
  });
  return new Map(await Promise.all([...index].map(async ([p, artifact]) => [p, await loadPerspective(artifact)] as const)));
}

function plain(index: PerspectiveIndex): LiteralIndex {
  const names = Array.from({ length: index.entities }, (_, id) => index.nameOf(id));
  const rows = Array.from({ length: index.records }, (_, x) =>
    [...index.rowEntities.subarray(index.rowOffsets[x], index.rowOffsets[x + 1])].map((id) => names[id] ?? '?'),
  );
  return {
    names,
    rows,
    instances: new Map(names.map((name, id) => [name, [...entityOrdinals(index, id)]])),
    mentions: new Map(names.map((name, id) => [name, index.mentionFrequency[id] ?? 0])),
  };
}

function expectEqual(index: PerspectiveIndex | undefined, oracle: LiteralIndex): void {
  if (!index) throw new Error('index missing');
  const got = plain(index);
  expect(got.names).toEqual(oracle.names);
  expect(got.rows).toEqual(oracle.rows);
  expect([...index.frequency]).toEqual(oracle.names.map((name) => oracle.instances.get(name)?.length));
  for (const [id, name] of oracle.names.entries()) {
    expect(got.instances.get(name)).toEqual(oracle.instances.get(name));
    expect(got.mentions.get(name)).toBe(oracle.mentions.get(name));
    expect(index.find(name)).toBe(id); // no look-up misses
  }
  expect(index.find('no such entity, surely')).toBe(-1);
  const distinct = oracle.rows.map((row) => new Set(row));
  expect(index.postingCount).toBe(distinct.reduce((total, row) => total + row.size, 0));
  expect(index.postingCount).toBe(index.frequency.reduce((total, f) => total + f, 0));
  expect([...index.rowMinFrequency]).toEqual(
    distinct.map((row) => (row.size === 0 ? 0 : Math.min(...[...row].map((name) => oracle.instances.get(name)?.length ?? 0)))),
  );
  expect(index.hasRepeats).toBe(oracle.rows.some((row) => new Set(row).size < row.length));
}

const name = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'cat',
      'dog',
      'table',
      'chair',
      'Cat',
      'cup',
      'salt, pepper',
      '6" pipe',
      'baseball player',
      'baseball',
      '猫',
      '😀',
      '\uFF5E',
      'a!',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `x${text}`) },
);
const line: fc.Arbitrary<Line> = fc.record({ token: fc.array(name), object: fc.array(name), interrogation: fc.array(name) });

describe('reverse index of imported lists', () => {
  it('equals a literal oracle in every perspective, and survives export and import', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3 }), async (lines, minFrequency) => {
        using folder = temporaryFolder();
        const dataset = writeDataset(
          folder.path,
          lines.map(() => llavaRecord('hello')),
        );
        const path = join(folder.path, 'entities.jsonl');
        writeFileSync(
          path,
          lines
            .map((entry, ordinal) => `${JSON.stringify({ ...entry, ordinal })}\n`)
            .reverse()
            .join(''),
        );
        const index = await indexOf(dataset, path, { minFrequency });
        expectEqual(
          index.get('token'),
          literalIndex(
            lines.map((l) => l.token),
            minFrequency,
          ),
        );
        expectEqual(
          index.get('object'),
          literalIndex(
            lines.map((l) => l.object),
            minFrequency,
          ),
        );
        expectEqual(
          index.get('interrogation'),
          literalIndex(
            lines.map((l) => l.interrogation),
            minFrequency,
          ),
        );
        expectEqual(index.get('cooccurrence'), literalIndex(literalPairs(lines.map((l) => l.object)), minFrequency));

        const exported = join(folder.path, 'again.jsonl');
        await exportEntities(exported, dataset, Object.fromEntries(index), testJob());
        const again = await indexOf(dataset, exported);
        for (const [perspective, first] of index) {
          const second = again.get(perspective);
          if (!second) throw new Error(`${perspective} was lost`);
          if (minFrequency === 1 || perspective !== 'cooccurrence') expect(plain(second)).toEqual(plain(first));
        }
      }),
      { numRuns: 15 },
    );
  }, 120_000); // each run writes some forty files and flushes them to the disk

  it('names pairs without ambiguity and gives the two labels back', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('a'), llavaRecord('b'), llavaRecord('c')]);
    const path = join(folder.path, 'entities.jsonl');
    writeFileSync(
      path,
      '{"ordinal":2,"object":["table","salt, pepper"]}\n{"ordinal":0,"object":["salt","pepper,table","salt","6\\" pipe"]}\n',
    );
    const index = (await indexOf(dataset, path)).get('cooccurrence');
    if (!index) throw new Error('index missing');
    expect(Array.from({ length: index.entities }, (_, id) => [index.nameOf(id), ...(index.pairOf(id) ?? [])])).toEqual([
      ['"6"" pipe","pepper,table"', '6" pipe', 'pepper,table'],
      ['"6"" pipe",salt', '6" pipe', 'salt'],
      ['"pepper,table",salt', 'pepper,table', 'salt'],
      ['"salt, pepper",table', 'salt, pepper', 'table'],
    ]);
    expect([...index.rowOffsets]).toEqual([0, 3, 3, 4]);
    expect([...index.rowEntities]).toEqual([2, 1, 0, 3]); // salt first, then the pairs of the row in listed order
    expect(index.find('"salt, pepper",table')).toBe(3);
    expect(index.find('salt, pepper,table')).toBe(-1);
  });

  it('applies each hygiene switch when asked, and only blanks by default', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('a'), llavaRecord('b')]);
    const path = join(folder.path, 'entities.jsonl');
    writeFileSync(
      path,
      '{"ordinal":0,"token":["Cat","cat","<image>","KaplanWhat","ballwhich","ball",""," "]}\n{"ordinal":1,"token":["cat","gpt","Kaplan"]}\n',
    );
    const frequencies = async (hygiene?: readonly HygieneSwitch[]): Promise<Record<string, number>> => {
      const index = (await indexOf(dataset, path, hygiene ? { hygiene } : {})).get('token');
      return Object.fromEntries(
        Array.from({ length: index?.entities ?? 0 }, (_, id) => [index?.nameOf(id) ?? '', index?.frequency[id] ?? 0]),
      );
    };
    const raw = { cat: 2, Cat: 1, '<image>': 1, KaplanWhat: 1, ballwhich: 1, ball: 1, gpt: 1, Kaplan: 1 };
    expect(await frequencies()).toEqual(raw);
    expect(await frequencies([])).toEqual({ ...raw, '': 1, ' ': 1 });
    expect(await frequencies(['blanks', 'placeholders'])).toEqual({ cat: 2, Cat: 1, KaplanWhat: 1, ballwhich: 1, ball: 1, Kaplan: 1 });
    expect(await frequencies(['blanks', 'glued'])).toEqual({ cat: 2, Cat: 1, '<image>': 1, gpt: 1, Kaplan: 2, ball: 1 });
    expect(await frequencies(['blanks', 'case'])).toEqual({
      cat: 2,
      '<image>': 1,
      kaplanwhat: 1,
      ballwhich: 1,
      ball: 1,
      gpt: 1,
      kaplan: 1,
    });
    expect(await frequencies(['blanks', 'placeholders', 'glued', 'case'])).toEqual({ cat: 2, kaplan: 2, ball: 1 });
  });

  it('is found ready the second time, and built again for other rules only where they matter', async () => {
    using folder = temporaryFolder();
    const dataset = writeDataset(folder.path, [llavaRecord('a')]);
    const path = join(folder.path, 'entities.jsonl');
    writeFileSync(path, '{"ordinal":0,"token":["a"],"object":["b","c"]}\n');
    const job = testJob();
    const lists = await importEntities({ path, dataset, job });
    const request = {
      runDir: dataset.runDir,
      lists: new Map(lists.perspectives.map((p) => [p, lists] as const)),
      stopList: emptyStopList,
      job,
    } as const;
    const first = await obtainReverseIndex({ ...request, perspectives: ['cooccurrence', 'token'], minFrequency: 1 });
    expect([...first.entries()].map(([p, a]) => [p, a.reused])).toEqual([
      ['token', false],
      ['object', false],
      ['cooccurrence', false],
    ]);
    const second = await obtainReverseIndex({ ...request, perspectives: ['object', 'cooccurrence'], minFrequency: 1 });
    expect([...second.values()].every((artifact) => artifact.reused)).toBe(true);
    const third = await obtainReverseIndex({ ...request, perspectives: ['token'], minFrequency: 2 });
    expect(third.get('token')?.reused).toBe(false);
    expect((await loadPerspective(third.get('token') ?? lists.artifact)).entities).toBe(0);
  });
});
