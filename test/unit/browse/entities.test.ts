import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowseQuery, InstanceRow } from '../../../src/protocol/browse.ts';
import { defaultMass, type Perspective, perspectives } from '../../../src/protocol/perspectives.ts';
import { BrowseFolder, BrowseParts, testJob } from './browseFolder.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const things = ['dog', 'cat', 'car', 'bench', 'umbrella', 'boat', 'clock', 'tree'];
const asks = ['What color is the', 'Where is the', 'How many of the', 'Is there a'];

/** Conversations about a few things, some much more often than others; every seventh says nothing, one is broken. */
function lines(): string[] {
  return Array.from({ length: 120 }, (_, i) => {
    if (i === 60) return '{"id": ';
    if (i % 7 === 3) return JSON.stringify({ id: i, conversations: [{ from: 'human', value: '123' }] });
    const thing = (k: number): string => things[Math.floor(((i * (k + 3) * 7919) % 97) / 97 ** 0.5) % things.length] as string;
    return JSON.stringify({
      id: i,
      conversations: [
        { from: 'human', value: `${asks[i % 3 === 0 ? 0 : i % asks.length]} ${thing(0)}?` },
        { from: 'gpt', value: `It is near the ${thing(1)}${i % 5 === 0 ? ` and a ${thing(2)}` : ''}.` },
      ],
    });
  });
}

/** Lists of the instances as `analyze` exports them, and everything that follows from them by counting. */
interface Literal {
  readonly held: readonly ReadonlyMap<Perspective, readonly string[]>[];
  readonly frequency: ReadonlyMap<Perspective, ReadonlyMap<string, number>>;
}

let parts: BrowseParts;
let folder: BrowseFolder;
let dataset: string;
beforeAll(async () => {
  parts = await BrowseParts.make();
});
afterAll(() => parts[Symbol.dispose]());
beforeEach(() => {
  folder = new BrowseFolder(parts);
  dataset = folder.file('set.jsonl', `${lines().join('\n')}\n`);
  return () => folder[Symbol.dispose]();
});

async function literal(): Promise<Literal> {
  const path = folder.at('entities.jsonl');
  await folder.freshEngine().analyze({ dataset, export: path }, testJob());
  const held = lines().map(() => new Map<Perspective, readonly string[]>());
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
    const { ordinal, ...lists } = JSON.parse(line) as { ordinal: number } & Partial<Record<Perspective, string[]>>;
    for (const [perspective, entities] of Object.entries(lists)) held[ordinal]?.set(perspective as Perspective, entities);
    const objects = [...(lists.object ?? [])].sort();
    held[ordinal]?.set(
      'cooccurrence',
      objects.flatMap((a, i) => objects.slice(i + 1).map((b) => `${a},${b}`)),
    );
  }
  const frequency = new Map<Perspective, Map<string, number>>();
  for (const perspective of perspectives) {
    const counts = new Map<string, number>();
    for (const row of held) for (const entity of row.get(perspective) ?? []) counts.set(entity, (counts.get(entity) ?? 0) + 1);
    frequency.set(perspective, counts);
  }
  return { held, frequency };
}

function tauOf(counts: ReadonlyMap<string, number>, mass: number): number {
  const sorted = [...counts.values()].sort((a, b) => b - a);
  const all = sorted.reduce((sum, one) => sum + one, 0);
  let reached = 0;
  for (const one of sorted) {
    reached += one;
    if (reached >= mass * all) return one;
  }
  return 0;
}

describe('entities in the browser', () => {
  it('are not there before they are extracted, and nothing but asking for them extracts', async () => {
    for (const query of [{}, { filter: { text: 'dog' } }, { sort: { by: 'id' } }] satisfies Omit<BrowseQuery, 'dataset'>[]) {
      expect((await folder.engine.browseQuery({ dataset, ...query }, testJob())).hasEntities).toBe(false);
      expect((await folder.rows({ dataset, ...query })).some((row) => 'entities' in row)).toBe(false);
    }
    expect((await folder.engine.instanceDetail({ dataset, instance: 0 }, testJob())).entities).toBeUndefined();
    const job = testJob();
    await folder.engine.browseQuery({ dataset, filter: { entities: [{ perspective: 'token', entity: 'dog' }] } }, job);
    expect(job.progress.some(({ stage }) => stage === 'extract')).toBe(true);
    expect((await folder.engine.browseQuery({ dataset }, testJob())).hasEntities).toBe(true);
    expect((await folder.rows({ dataset })).every((row) => 'entities' in row)).toBe(true);
  });

  it('are the rarest of each row, marked as tail at the default mass', async () => {
    const { held, frequency } = await literal();
    const rows = await folder.rows({ dataset });
    let some = 0;
    for (const row of rows) {
      const all = perspectives.flatMap((perspective, at) =>
        (held[row.ordinal]?.get(perspective) ?? []).map((entity) => {
          const counts = frequency.get(perspective) as ReadonlyMap<string, number>;
          const own = counts.get(entity) as number;
          return { at, perspective, entity, frequency: own, tail: own <= tauOf(counts, defaultMass[perspective]) };
        }),
      );
      all.sort((a, b) => a.frequency - b.frequency || a.at - b.at || (a.entity < b.entity ? -1 : 1));
      expect(row.entities, `row ${row.ordinal}`).toEqual(all.slice(0, 4).map(({ at: _, ...entity }) => entity));
      some += all.length;
    }
    expect(some).toBeGreaterThan(300);
    expect(rows.some(({ entities }) => entities?.some(({ tail }) => tail))).toBe(true);
    expect(rows.some(({ entities }) => entities?.some(({ tail }) => !tail))).toBe(true);
  });

  it('filter, all together, and sort by the rarest', async () => {
    const { held, frequency } = await literal();
    const choices = perspectives.flatMap((perspective) =>
      [...(frequency.get(perspective)?.keys() ?? [])].map((entity) => ({ perspective, entity })),
    );
    for (const [i, first] of choices.entries()) {
      const second = choices[(i * 5 + 1) % choices.length] as (typeof choices)[number];
      for (const entities of [[first], [first, second], [first, first]]) {
        const rows = await folder.rows({ dataset, filter: { entities } });
        const wanted = held.flatMap((row, ordinal) =>
          entities.every(({ perspective, entity }) => row.get(perspective)?.includes(entity)) ? [ordinal] : [],
        );
        expect(
          rows.map(({ ordinal }) => ordinal),
          JSON.stringify(entities),
        ).toEqual(wanted);
      }
    }
    expect(choices.length).toBeGreaterThan(20);
    expect(await folder.rows({ dataset, filter: { entities: [{ perspective: 'object', entity: 'no such thing' }] } })).toEqual([]);

    const rarest = held.map((row) => {
      const all = perspectives.flatMap((perspective) =>
        (row.get(perspective) ?? []).map((entity) => frequency.get(perspective)?.get(entity) as number),
      );
      return all.length === 0 ? undefined : Math.min(...all);
    });
    for (const descending of [false, true]) {
      const rows = await folder.rows({ dataset, sort: { by: 'rarest', descending } });
      const wanted = [...rarest.keys()].sort((a, b) => {
        const [x, y] = [rarest[a], rarest[b]];
        if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined) || a - b;
        return (descending ? y - x : x - y) || a - b;
      });
      expect(rows.map(({ ordinal }) => ordinal)).toEqual(wanted);
    }
  });

  it('stand in the detail, rarest first', async () => {
    const { held, frequency } = await literal();
    for (const instance of [0, 5, 13, 60, 119]) {
      const { entities } = await folder.engine.instanceDetail({ dataset, instance }, testJob());
      for (const perspective of perspectives) {
        const counts = frequency.get(perspective) as ReadonlyMap<string, number>;
        const wanted = (held[instance]?.get(perspective) ?? []).map((entity) => ({ entity, frequency: counts.get(entity) as number }));
        wanted.sort((a, b) => a.frequency - b.frequency || (a.entity < b.entity ? -1 : 1));
        expect(entities?.[perspective]?.map(({ tail: _, ...one }) => one)).toEqual(wanted);
      }
    }
  });
});

describe('verdicts in the browser', () => {
  it('are those of the run, forced ones marked', async () => {
    const detail = await folder.engine.instanceDetail({ dataset, instance: 4 }, testJob());
    const other = await folder.engine.instanceDetail({ dataset, instance: 8 }, testJob());
    const output = folder.at('out.jsonl');
    const report = await folder.engine.rebalance(
      {
        dataset,
        output,
        target: { kind: 'percent', value: 50 },
        overrides: [
          { ordinal: 4, ...detail.instanceKey, verdict: 'drop', reason: 'test' },
          { ordinal: 8, ...other.instanceKey, verdict: 'keep', reason: 'test' },
        ],
      },
      testJob(),
    );
    const manifest = report.manifest as string;
    const rows = await folder.rows({ dataset, manifest });
    const kept = readFileSync(output, 'utf8').trim().split('\n');
    expect(rows.filter(({ verdict }) => verdict === 'kept').map(({ id }) => id)).toEqual(
      kept.map((line) => String((JSON.parse(line) as { id: number }).id)),
    );
    expect(rows.filter(({ verdict }) => verdict === undefined).map(({ ordinal }) => ordinal)).toEqual([60]);
    const forced = (row: InstanceRow): boolean => row.forced === true;
    expect(rows.filter(forced).map(({ ordinal, verdict }) => [ordinal, verdict])).toEqual([
      [4, 'dropped'],
      [8, 'kept'],
    ]);
    for (const { ordinal, verdict } of rows.filter(({ usable }) => usable)) {
      const receipt = await folder.engine.explain({ dataset, instance: ordinal, manifest }, testJob());
      expect(receipt.verdict).toBe(verdict);
      if (ordinal % 40 === 0)
        expect(receipt).toEqual(await folder.freshEngine().explain({ dataset, instance: ordinal, manifest }, testJob()));
    }
    const { facets } = await folder.engine.browseQuery({ dataset, manifest, filter: { verdict: 'dropped' } }, testJob());
    expect(new Map(facets.find(({ name }) => name === 'verdict')?.values.map(({ value, count }) => [value, count]))).toEqual(
      new Map([
        ['kept', report.kept],
        ['dropped', report.dropped],
      ]),
    );
  });
});
