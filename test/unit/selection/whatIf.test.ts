import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dataset, recordFlags } from '../../../src/engine/dataset/dataset.ts';
import { obtainInstanceKeys } from '../../../src/engine/dataset/instanceKeys.ts';
import { EngineError } from '../../../src/engine/jobs/engineError.ts';
import { HotData } from '../../../src/engine/requests/hotData.ts';
import { openSource } from '../../../src/engine/requests/openSource.ts';
import { type PreparedRebalance, prepareRebalance } from '../../../src/engine/requests/prepareRebalance.ts';
import { StageLog } from '../../../src/engine/requests/stageLog.ts';
import { WhatIfs } from '../../../src/engine/requests/whatIf/whatIfs.ts';
import { nextDown, nextUp } from '../../../src/engine/selection/nextDouble.ts';
import { contentOf } from '../../../src/engine/selection/overrides.ts';
import { rebalance } from '../../../src/engine/selection/rebalance.ts';
import { HashDraws, instanceCounters, labelPrefix, PerspectiveDraws } from '../../../src/engine/selection/samplers/hashSampler.ts';
import { fillCriticalTaus } from '../../../src/engine/selection/whatIf/criticalTau.ts';
import { entityNames, fillEntityKeys } from '../../../src/engine/selection/whatIf/entityKeys.ts';
import { type Perspective, perspectives } from '../../../src/protocol/perspectives.ts';
import type { DistributionSummary, LengthSummary, RebalancePerspective } from '../../../src/protocol/reports.ts';
import type { WhatIfReport, WhatIfRequest } from '../../../src/protocol/whatIf.ts';
import { indexOf } from './indexOf.ts';
import { quietJob, type TestInstance, testDeps, WhatIfDataset } from './whatIfDataset.ts';

const words = (...list: string[]) => fc.array(fc.constantFrom(...list), { maxLength: 5 });
const instance: fc.Arbitrary<TestInstance> = fc.record({
  token: words('cat', 'dog', 'bus', 'sky', 'sea', 'épée', '猫', 'tie', 'oven', 'zebra', 'kiwi', 'lamp'),
  object: words('car', 'bus', 'salt, pepper', 'épée', 'zebra', '😀', 'cup'),
  interrogation: words('what', 'how many', 'describe', 'why'),
  image: fc.option(fc.constantFrom('coco/a.jpg', 'coco/deep/b.jpg', 'vg/c.jpg', 'plain.jpg'), { nil: undefined }),
  turns: fc.integer({ min: 1, max: 7 }),
  tag: fc.constantFrom('a', 'b', 'b, c'),
  content: fc.nat(1000),
});

type Settings = Omit<WhatIfRequest, 'dataset' | 'entities' | 'overrides'> & {
  readonly force: readonly (readonly [number, 'keep' | 'drop'])[];
};

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const byPerspective = (value: fc.Arbitrary<number>) =>
  fc.dictionary(fc.constantFrom(...perspectives), value, { noNullPrototype: true }) as fc.Arbitrary<Partial<Record<Perspective, number>>>;
/** Most steps change few things, as a drag does; the defaults are what is left out. */
const settings: fc.Arbitrary<Settings> = fc
  .record({
    perspectives: fc.option(fc.shuffledSubarray([...perspectives], { minLength: 1 }), { nil: undefined, freq: 1 }),
    tau: some(byPerspective(fc.oneof(fc.integer({ min: 1, max: 6 }), real(0.05, 12)))),
    mass: some(byPerspective(fc.oneof(fc.constantFrom(0, 1), real(0, 1)))),
    minPerspectives: fc.integer({ min: 1, max: 4 }),
    alpha: some(fc.oneof(fc.constantFrom(0, 1), real(0, 1))),
    seed: fc.constantFrom(42, 42, 7),
    target: some(
      fc.oneof(
        fc.record({ kind: fc.constant('percent' as const), value: real(1, 100) }),
        fc.record({ kind: fc.constant('count' as const), value: real(0.5, 30) }),
      ),
    ),
    targetBy: fc.constantFrom('tau' as const, 'mass' as const, 'alpha' as const),
    protect: some(fc.subarray([{ kind: 'text-only' as const }, { kind: 'field' as const, field: 'tag', value: 'b' }])),
    minFrequency: fc.constantFrom(1, 1, 1, 2),
    sampler: fc.constantFrom('hash' as const, 'hash' as const, 'hash' as const, 'python' as const),
    force: fc.uniqueArray(fc.tuple(fc.nat(40), fc.constantFrom('keep' as const, 'drop' as const)), {
      maxLength: 3,
      selector: ([at]) => at,
    }),
  })
  .map(({ minPerspectives, ...rest }) => ({
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as unknown as Settings),
    minPerspectives: Math.min(minPerspectives, rest.perspectives?.length ?? 4),
  }));

/** A request with its overrides made out for the dataset: positions behind the end name instances that are not there. */
async function requestOf({ force, ...rest }: Settings, set: WhatIfDataset, dataset: Dataset): Promise<WhatIfRequest> {
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: '' }, quietJob);
  const overrides = force.map(([at, verdict]) => ({
    ordinal: at,
    content: set.instances[at] ? contentOf(keys, at) : `${'0'.repeat(30)}${String(at).padStart(2, '0')}`,
    duplicate: set.instances[at] ? (duplicates[at] ?? 0) : 0,
    verdict,
    reason: 'test',
  }));
  return { dataset: set.path, entities: set.entities, ...rest, ...(overrides.length > 0 ? { overrides } : {}) };
}

type Outcome = WhatIfReport | { readonly code: string };

async function ask(whatIfs: WhatIfs, request: WhatIfRequest): Promise<Outcome> {
  try {
    return await whatIfs.answer(request, quietJob);
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code };
    throw error;
  }
}

async function prepare(request: WhatIfRequest, dataset: Dataset): Promise<PreparedRebalance | { readonly code: string }> {
  try {
    return await prepareRebalance(dataset, request, testDeps, quietJob, new StageLog());
  } catch (error) {
    if (error instanceof EngineError) return { code: error.code };
    throw error;
  }
}

/** Everything but times and what was loaded for it. */
function figures(outcome: Outcome): unknown {
  if ('code' in outcome) return outcome;
  const { milliseconds, loaded, seconds, reused, ...rest } = outcome;
  return rest;
}

function holders(set: WhatIfDataset, perspective: Perspective, ordinals: Iterable<number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const ordinal of ordinals)
    for (const entity of set.entitiesOf(ordinal, perspective)) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  return counts;
}

function expectSummary(got: DistributionSummary | undefined, counts: readonly number[], boundary: number | null): void {
  const sorted = [...counts].sort((a, b) => b - a);
  const n = sorted.length;
  const total = sorted.reduce((sum, f) => sum + f, 0);
  const tail = sorted.filter((f) => boundary !== null && f <= boundary);
  let difference = 0;
  for (const a of sorted) for (const b of sorted) difference += Math.abs(a - b);
  expect(got?.entities).toBe(n);
  expect(got?.postings).toBe(total);
  expect(got?.gini).toBeCloseTo(n > 0 ? difference / (2 * n * total) : 0, 9);
  expect(got?.entropy).toBeCloseTo(
    sorted.reduce((sum, f) => sum - (f / total) * Math.log2(f / total), 0),
    9,
  );
  expect(got?.tailEntityShare).toBeCloseTo(n > 0 ? tail.length / n : 0, 12);
  expect(got?.tailMassShare).toBeCloseTo(total > 0 ? tail.reduce((sum, f) => sum + f, 0) / total : 0, 12);
  expect(got?.curve.map(({ rank, frequency }) => [rank, frequency])).toEqual(got?.curve.map(({ rank }) => [rank, sorted[rank]]));
  if (n > 0) expect([got?.curve[0]?.rank, got?.curve.at(-1)?.rank]).toEqual([0, n - 1]);
  expect(got?.lorenz?.length).toBeLessThanOrEqual(101);
  const ascending = [...sorted].reverse();
  for (const [entities, postings] of got?.lorenz ?? []) {
    const count = Math.round(entities * n);
    expect(entities).toBeCloseTo(count / n, 12);
    expect(postings).toBeCloseTo(ascending.slice(0, count).reduce((sum, f) => sum + f, 0) / total, 12);
  }
}

function expectShares(
  before: Map<string, number>,
  after: Map<string, number>,
  boundary: number | null,
  tail: unknown,
  head: unknown,
): void {
  for (const [side, got] of [
    [(f: number) => f <= (boundary ?? 0), tail],
    [(f: number) => f > (boundary ?? 0), head],
  ] as const) {
    const names = boundary === null ? [] : [...before].filter(([, f]) => side(f)).map(([name]) => name);
    const all = names.reduce((sum, name) => sum + (before.get(name) ?? 0), 0);
    if (all === 0) expect(got).toBeUndefined();
    else expect(got).toBeCloseTo(names.reduce((sum, name) => sum + (after.get(name) ?? 0), 0) / all, 12);
  }
}

function expectPerspective(
  set: WhatIfDataset,
  got: RebalancePerspective | undefined,
  perspective: Perspective,
  minFrequency: number,
  kept: readonly number[],
  byChance: readonly number[],
): void {
  const frequent = (counts: Map<string, number>): Map<string, number> =>
    new Map([...counts].filter(([name]) => (all.get(name) ?? 0) >= minFrequency));
  const all = holders(set, perspective, set.instances.keys());
  const before = frequent(all);
  const after = frequent(holders(set, perspective, kept));
  const control = frequent(holders(set, perspective, byChance));
  const boundary = got?.boundary ?? null;
  expectSummary(got?.before, [...before.values()], boundary);
  expectSummary(got?.after, [...after.values()], boundary);
  expectSummary(got?.control, [...control.values()], boundary);
  expectShares(before, after, boundary, got?.tailKept, got?.headKept);
  expectShares(before, control, boundary, got?.controlTailKept, got?.controlHeadKept);
  const lost = [...before]
    .filter(([name]) => !after.has(name))
    .sort(([a, f], [b, g]) => g - f || Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(got?.lostEntities).toBe(lost.length);
  expect(got?.lostSample?.map(({ entity, frequency }) => [entity, frequency])).toEqual(lost.slice(0, 20));
  expect(got?.controlLostEntities).toBe(before.size - control.size);
}

function literalLengths(dataset: Dataset, ordinals: readonly number[]): LengthSummary {
  const mean = (values: readonly number[]): number =>
    values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  const middle = (values: readonly number[]): number => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = sorted.length / 2;
    return ((sorted[Math.ceil(at) - 1] ?? 0) + (sorted[Math.floor(at)] ?? 0)) / 2;
  };
  const turns = ordinals.map((ordinal) => dataset.turns[ordinal] ?? 0);
  const bytes = ordinals.map((ordinal) => (dataset.end[ordinal] ?? 0) - (dataset.start[ordinal] ?? 0));
  return { meanTurns: mean(turns), medianTurns: middle(turns), meanBytes: mean(bytes), medianBytes: middle(bytes) };
}

/** The control by sorting all draws. */
function literalControl(prepared: PreparedRebalance, size: number): number[] {
  const { input, overrides } = prepared;
  const draws = new HashDraws(input.seed, input.counters);
  const [a, b] = draws.key('control', '');
  const usable = [...input.instances.keys()].filter(
    (ordinal) => input.instances[ordinal] && overrides.byOrdinal.get(ordinal)?.verdict !== 'drop',
  );
  const isFixed = (ordinal: number): boolean =>
    overrides.byOrdinal.get(ordinal)?.verdict === 'keep' || input.protectedInstances[ordinal] !== 0;
  const fixed = usable.filter(isFixed);
  const free = usable.filter((ordinal) => !isFixed(ordinal)).sort((x, y) => draws.draw(a, b, x) - draws.draw(a, b, y));
  return [...fixed, ...free.slice(0, size - fixed.length)].sort((x, y) => x - y);
}

function literalSources(set: WhatIfDataset, kept: readonly number[], byChance: readonly number[]): Record<string, number[]> {
  const sourceOf = (ordinal: number): string => {
    const image = set.instances[ordinal]?.image;
    return image === undefined ? 'text-only' : image.includes('/') ? (image.split('/')[0] ?? '') : '.';
  };
  const usable = [...set.instances.keys()].filter((ordinal) => set.instances[ordinal]);
  const sources: Record<string, number[]> = {};
  for (const [column, ordinals] of [usable, kept, byChance].entries())
    for (const ordinal of ordinals) {
      const row = sources[sourceOf(ordinal)] ?? [0, 0, 0];
      row[column] = (row[column] ?? 0) + 1;
      sources[sourceOf(ordinal)] = row;
    }
  return sources;
}

function expectReport(
  set: WhatIfDataset,
  dataset: Dataset,
  request: WhatIfRequest,
  report: WhatIfReport,
  prepared: PreparedRebalance,
): void {
  const { input, volume, boundary, mass, overrides, target } = prepared;
  expect(report.expected).toBe(volume.expected);
  expect(report.standardDeviation).toBe(Math.sqrt(volume.variance));
  expect(report.alpha).toBe(input.alpha ?? 1);
  expect(report.target).toEqual(target && { ...target, unreachable: false });
  expect(report.overrides).toEqual({ kept: overrides.kept, dropped: overrides.dropped, unmatched: overrides.unmatched });
  expect(report.protectedInstances).toBe(
    [...input.instances.keys()].filter((i) => input.instances[i] && input.protectedInstances[i]).length,
  );
  for (const { index, tau } of input.composed)
    expect(report.perspectives[index.perspective]).toMatchObject({
      tau,
      boundary: boundary[index.perspective],
      mass: mass[index.perspective],
    });
  if (request.sampler === 'python') {
    expect(report).toMatchObject({ kept: 0, dropped: 0, sources: [] });
    expect(report.selectionHash).toBeUndefined();
    expect(report.lengths).toBeUndefined();
    for (const one of Object.values(report.perspectives)) expect(one.after).toBeUndefined();
    return;
  }
  const selection = rebalance(input);
  const kept = [...selection.kept];
  const byChance = literalControl(prepared, kept.length);
  expect(byChance).toHaveLength(kept.length);
  expect(report.selectionHash).toBe(selection.hash);
  expect(report.kept).toBe(kept.length);
  expect(report.dropped).toBe(dataset.instances - kept.length);
  for (const { index } of input.composed)
    expectPerspective(set, report.perspectives[index.perspective], index.perspective, request.minFrequency ?? 1, kept, byChance);
  const usable = [...dataset.flags.keys()].filter((ordinal) => (dataset.flags[ordinal] ?? 0) & recordFlags.usable);
  expect(report.lengths).toEqual({
    before: literalLengths(dataset, usable),
    after: literalLengths(dataset, kept),
    control: literalLengths(dataset, byChance),
  });
  expect(Object.fromEntries(report.sources.map(({ source, before, after, control }) => [source, [before, after, control]]))).toEqual(
    literalSources(set, kept, byChance),
  );
}

describe('what-if', () => {
  it('answers every change of a long session as a rebalancing from nothing would, number by number', async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(instance, { minLength: 4, maxLength: 40 }),
        fc.array(settings, { minLength: 6, maxLength: 14 }),
        async (instances, steps) => {
          using set = new WhatIfDataset(instances);
          const dataset = await openSource({ dataset: set.path }, testDeps, quietJob);
          await using session = new WhatIfs(testDeps, new HotData(testDeps));
          for (const step of steps) {
            const request = await requestOf(step, set, dataset);
            const got = await ask(session, request);
            const prepared = await prepare(request, dataset);
            if ('code' in prepared || 'code' in got) {
              expect(figures(got)).toEqual('code' in prepared ? prepared : { code: 'none' });
              continue;
            }
            answers++;
            expectReport(set, dataset, request, got, prepared);
          }
          const last = await requestOf(steps.at(-1) as Settings, set, dataset);
          await using fresh = new WhatIfs(testDeps, new HotData(testDeps));
          expect(figures(await ask(session, last))).toEqual(figures(await ask(fresh, last)));
        },
      ),
      { numRuns: 12, interruptAfterTimeLimit: 60_000 },
    );
    expect(answers).toBeGreaterThan(20);
  }, 300_000);
});

describe('a drag', () => {
  it('gives at every step what a fresh session gives there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(instance, { minLength: 30, maxLength: 40, size: 'max' }),
        fc.constantFrom(...perspectives),
        fc.constantFrom([0.3, 1.15] as const, [4, 0.8] as const),
        async (instances, perspective, [from, factor]) => {
          // Entities of one instance decide where the threshold goes below 1.
          const own = instances.map((one, i) => ({
            ...one,
            [i % 2 ? 'token' : 'interrogation']: [...one.token, `only ${i}`],
            object: [...one.object, `${i >> 1}`],
          }));
          using set = new WhatIfDataset(own);
          await using session = new WhatIfs(testDeps, new HotData(testDeps));
          for (let step = 0; step < 14; step++) {
            const request = {
              dataset: set.path,
              entities: set.entities,
              minPerspectives: 2,
              tau: { [perspective]: from * factor ** step },
            };
            await using fresh = new WhatIfs(testDeps, new HotData(testDeps));
            expect(figures(await ask(session, request)), `step ${step}`).toEqual(figures(await ask(fresh, request)));
          }
        },
      ),
      { numRuns: 8, interruptAfterTimeLimit: 60_000 },
    );
  }, 300_000);
});

describe('critical taus', () => {
  const entity = fc.constantFrom('cat', 'dog', 'bus', 'épée', '猫', 'a,b', 'tie', 'oven', 'zebra', 'sea');
  const rows = fc.array(fc.array(entity, { maxLength: 6 }), { minLength: 1, maxLength: 40 });

  it('are the smallest doubles at which the sampler says yes', () => {
    fc.assert(
      fc.property(rows, fc.integer(), real(0.05, 20), fc.boolean(), (lists, seed, other, distinct) => {
        const index = indexOf('token', distinct ? lists.map((list) => [...new Set(list)]) : lists);
        const keys = new Uint8Array(lists.length * 16);
        for (let i = 0; i < keys.length; i++) keys[i] = (i * 131 + (i >> 4) * 71) & 255;
        const counters = instanceCounters(keys, new Uint32Array(lists.length));
        const draws = new HashDraws(seed, counters);
        const passes = (tau: number, ordinal: number): boolean =>
          new PerspectiveDraws({ index, tau, counting: 'instances' }, draws).passes(ordinal);
        const entityKeys = new Uint32Array(index.entities * 2);
        fillEntityKeys(entityNames(index, index.entities), labelPrefix(seed, 'token'), 0, index.entities, entityKeys);
        const drawn = { ...index, rowOffsets: index.rowOffsets, frequency: index.frequency, keys: entityKeys, counters };
        const exact = new Float64Array(lists.length);
        const floored = new Float64Array(lists.length);
        fillCriticalTaus(drawn, 0, lists.length, 0, exact);
        fillCriticalTaus(drawn, 0, lists.length, 2, floored);
        for (const [ordinal, list] of lists.entries()) {
          const critical = exact[ordinal] as number;
          if (list.length === 0) {
            expect(critical).toBe(Number.POSITIVE_INFINITY);
            expect(passes(1e300, ordinal)).toBe(false);
            continue;
          }
          expect(passes(critical, ordinal)).toBe(true);
          expect(passes(nextDown(critical), ordinal)).toBe(false);
          for (const tau of [other, nextUp(critical), Math.floor(other) + 1]) {
            expect(passes(tau, ordinal)).toBe(tau >= critical);
            if (tau >= 2) expect(tau >= (floored[ordinal] as number)).toBe(tau >= critical);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
