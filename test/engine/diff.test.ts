import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../src/engine/createEngine.ts';
import type { JobContext } from '../../src/engine/jobs/jobContext.ts';
import { nodeEngineDeps } from '../../src/engine/nodeEngineDeps.ts';
import type { DiffInstance, DiffRow, DiffSide } from '../../src/protocol/diff.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';
import type { Progress } from '../../src/protocol/progress.ts';
import type { DiffReport, EntityFrequency } from '../../src/protocol/reports.ts';
import { enginePath, temporaryFolder } from './ballast.ts';

interface Record {
  readonly id?: string;
  readonly image?: string;
  readonly conversations: readonly { readonly from: string; readonly value: string }[];
}

const things = ['bus', 'cat', 'lighthouse', 'hat', 'tree', 'zebra', 'boat', 'table'];

/** What the picture shows, in the way of LLaVA. */
function record(id: string | undefined, shown: readonly string[], image = 'coco/1.jpg'): Record {
  return {
    ...(id === undefined ? {} : { id }),
    image,
    conversations: [
      { from: 'human', value: '<image>\nWhat is in the picture?' },
      { from: 'gpt', value: `There is ${shown.map((thing) => `a ${thing}`).join(' and ')}.` },
    ],
  };
}

const folder = temporaryFolder('diff');
let engine: Engine;
let stages: Progress[];

function job(): JobContext {
  stages = [];
  return {
    signal: new AbortController().signal,
    threads: 1,
    report: (progress) => stages.push(progress),
    log: () => undefined,
  };
}

function write(name: string, records: readonly Record[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(records, null, 1));
  return path;
}

beforeAll(() => {
  engine = createEngine(nodeEngineDeps(dirname(enginePath)));
});

async function allRows(pair: { readonly a: string; readonly b: string }, side: DiffSide, size: number): Promise<DiffRow[]> {
  const rows: DiffRow[] = [];
  for (;;) {
    const page = await engine.diffInstances({ ...pair, side, offset: rows.length, limit: size }, job());
    expect([page.side, page.offset]).toEqual([side, rows.length]);
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) {
      expect(rows).toHaveLength(page.total);
      return rows;
    }
  }
}

async function allEntities(
  pair: { readonly a: string; readonly b: string },
  perspective: (typeof perspectives)[number],
  side: 'lost' | 'gained',
): Promise<EntityFrequency[]> {
  const rows: EntityFrequency[] = [];
  for (;;) {
    const page = await engine.diffEntities({ ...pair, perspective, side, offset: rows.length, limit: 3 }, job());
    rows.push(...page.rows);
    if (page.rows.length === 0) {
      expect([page.total, page.matches]).toEqual([rows.length, rows.length]);
      return rows;
    }
  }
}

describe('a comparison', () => {
  it('lists exactly what it counts, page by page, whatever the two datasets are', async () => {
    const one = fc.record({
      id: fc.option(fc.constantFrom('p', 'q', 'r', 's', 't'), { nil: undefined }),
      shown: fc.uniqueArray(fc.constantFrom(...things), { minLength: 1, maxLength: 3 }),
    });
    const set = fc.array(one, { minLength: 1, maxLength: 12 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(set, set, fc.integer({ min: 1, max: 5 }), async (listA, listB, size) => {
        run++;
        const [recordsA, recordsB] = [listA, listB].map((list) => list.map(({ id, shown }) => record(id, shown))) as [Record[], Record[]];
        const pair = { a: write(`a${run}.json`, recordsA), b: write(`b${run}.json`, recordsB) };
        const report = await engine.diff(pair, job());
        const rows: { [S in DiffSide]: DiffRow[] } = {
          removed: await allRows(pair, 'removed', size),
          added: await allRows(pair, 'added', size),
          changed: await allRows(pair, 'changed', size),
        };
        // Multisets of contents: what is left of each side when equal records are taken away in pairs.
        const textsB = recordsB.map((each) => JSON.stringify(each));
        const removed = recordsA
          .map((each) => JSON.stringify(each))
          .filter((text) => {
            const at = textsB.indexOf(text);
            if (at >= 0) textsB.splice(at, 1);
            return at < 0;
          });
        const textOf = (records: readonly Record[], instance: DiffInstance | null): string =>
          JSON.stringify(records[instance?.ordinal ?? -1]);
        expect(rows.removed.map(({ a }) => textOf(recordsA, a)).sort()).toEqual(removed.sort());
        expect(rows.added.map(({ b }) => textOf(recordsB, b)).sort()).toEqual(textsB.sort());
        expect([report.removed, report.added]).toEqual([rows.removed.length, rows.added.length]);
        expect(report.common + report.removed).toBe(recordsA.length);
        expect(report.common + report.added).toBe(recordsB.length);
        // Pairs are made of removed and added ones, each at most once, and are told on either list.
        const pairs = rows.changed.map(({ a, b }) => [a?.ordinal, b?.ordinal]);
        expect(report.changedOrdinals).toEqual(pairs.slice(0, 20));
        expect(report.changed.id + report.changed.image).toBe(pairs.length);
        expect(rows.removed.filter(({ b }) => b).map(({ a, b }) => [a?.ordinal, b?.ordinal])).toEqual(pairs);
        expect(
          rows.added
            .filter(({ a }) => a)
            .map(({ a, b }) => [a?.ordinal, b?.ordinal])
            .sort(),
        ).toEqual([...pairs].sort());
        for (const { a, b, by } of rows.changed) {
          expect(a?.id).toBe(b?.id);
          expect(a?.content).not.toBe(b?.content);
          if (by === 'id') expect(rows.removed.filter((row) => row.a?.id === a?.id)).toHaveLength(1);
        }
        await checkEntities(pair, report, recordsA, recordsB);
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  async function checkEntities(
    pair: { readonly a: string; readonly b: string },
    report: DiffReport,
    recordsA: readonly Record[],
    recordsB: readonly Record[],
  ): Promise<void> {
    const shownIn = (records: readonly Record[], thing: string): number =>
      records.filter(({ conversations }) => conversations[1]?.value.includes(` ${thing}`)).length;
    for (const perspective of perspectives) {
      const lost = await allEntities(pair, perspective, 'lost');
      const gained = await allEntities(pair, perspective, 'gained');
      expect([lost.length, gained.length]).toEqual([
        report.perspectives[perspective]?.entitiesLost,
        report.perspectives[perspective]?.entitiesGained,
      ]);
      expect(report.perspectives[perspective]?.lost).toEqual(lost.slice(0, 20));
      for (const list of [lost, gained])
        expect(list.map(({ frequency }) => frequency)).toEqual(list.map(({ frequency }) => frequency).sort((x, y) => y - x));
      if (perspective !== 'object') continue;
      const expected = (from: readonly Record[], against: readonly Record[]) =>
        things
          .flatMap((thing) => (shownIn(from, thing) > 0 && shownIn(against, thing) === 0 ? [`${thing} ${shownIn(from, thing)}`] : []))
          .sort();
      const spelled = (list: readonly EntityFrequency[]) => list.map(({ entity, frequency }) => `${entity} ${frequency}`).sort();
      expect(spelled(lost)).toEqual(expected(recordsA, recordsB));
      expect(spelled(gained)).toEqual(expected(recordsB, recordsA));
    }
  }

  it('is remembered for its pages, and made again when the engine is a new one or a file has changed', async () => {
    const pair = {
      a: write('kept.json', [record('1', ['bus']), record('2', ['cat']), record('3', ['hat'])]),
      b: write('changing.json', [record('1', ['bus']), record('2', ['zebra'])]),
    };
    const report = await engine.diff(pair, job());
    expect(report).toMatchObject({ common: 1, removed: 2, added: 1, changed: { id: 1, image: 0 }, changedOrdinals: [[1, 1]] });
    const page = { ...pair, side: 'removed', offset: 1, limit: 1, of: { a: report.a.sha256, b: report.b.sha256 } } as const;
    const rows = await engine.diffInstances(page, job());
    expect(stages).toEqual([]);
    expect(rows).toMatchObject({
      total: 2,
      rows: [{ a: { ordinal: 2, id: '3', turns: 2, begin: '<image>\nWhat is in the picture?' }, b: null, by: null }],
    });

    const fresh = createEngine(nodeEngineDeps(dirname(enginePath)));
    expect(await fresh.diffInstances(page, job())).toEqual(rows);
    expect(stages.length).toBeGreaterThan(0);

    writeFileSync(pair.b, readFileSync(pair.b, 'utf8').replace('zebra', 'tree'));
    await expect(engine.diffInstances(page, job())).rejects.toMatchObject({ code: 'dataset.changed', data: { path: pair.b } });
    const { of: _of, ...current } = page;
    expect((await engine.diffInstances(current, job())).total).toBe(2);
    rmSync(pair.b);
    await expect(engine.diffInstances(page, job())).rejects.toMatchObject({ code: 'dataset.notFound' });
  });

  it('finds lost entities by a part of their name', async () => {
    const pair = {
      a: write('full.json', [record('1', ['bus', 'tree']), record('2', ['cat', 'boat'])]),
      b: write('less.json', [record('1', ['bus', 'tree'])]),
    };
    const found = await engine.diffEntities(
      { ...pair, perspective: 'cooccurrence', side: 'lost', filter: 'BOAT', offset: 0, limit: 10 },
      job(),
    );
    expect(found).toEqual({
      perspective: 'cooccurrence',
      side: 'lost',
      total: 1,
      matches: 1,
      offset: 0,
      rows: [{ entity: 'boat,cat', frequency: 1, pair: ['boat', 'cat'] }],
    });
    expect(
      (await engine.diffEntities({ ...pair, perspective: 'object', side: 'lost', filter: 'bus', offset: 0, limit: 10 }, job())).matches,
    ).toBe(0);
  });

  it('holds for datasets without a usable instance, and for one file twice', async () => {
    const full = write('same.json', [record('1', ['bus'])]);
    const empty = join(folder, 'empty.json');
    writeFileSync(empty, '[]');
    expect(await engine.diff({ a: full, b: full }, job())).toMatchObject({ common: 1, removed: 0, added: 0, changed: { id: 0, image: 0 } });
    const report = await engine.diff({ a: full, b: empty }, job());
    expect(report).toMatchObject({ common: 0, removed: 1, added: 0, lengths: { b: { meanTurns: 0 } } });
    expect(report.perspectives.object).toMatchObject({ entitiesLost: 1, after: { entities: 0, gini: 0, curve: [] } });
  });

  it.each([
    [{ offset: -1, limit: 1 }, 'offset'],
    [{ offset: 0, limit: 0 }, 'limit'],
    [{ offset: 0, limit: 1001 }, 'limit'],
  ])('refuses a page that is none: %j', async (page, option) => {
    const request = { a: join(folder, 'none'), b: join(folder, 'none'), ...page };
    await expect(engine.diffInstances({ ...request, side: 'added' }, job())).rejects.toMatchObject({ code: 'usage', data: { option } });
    await expect(engine.diffEntities({ ...request, side: 'lost', perspective: 'token' }, job())).rejects.toMatchObject({ code: 'usage' });
  });
});
