import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterMembers, membersOf } from '../../../src/engine/clustering/clusterMembers.ts';
import { Mt19937 } from '../../../src/engine/clustering/mt19937.ts';
import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';
import { compareStrategies } from '../../../src/engine/reports/compareStrategies.ts';
import { criticalScales } from '../../../src/engine/selection/criticalScale.ts';
import { meetFloors } from '../../../src/engine/selection/floors.ts';
import { type RebalanceInput, rebalance } from '../../../src/engine/selection/rebalance.ts';
import { instanceCounters } from '../../../src/engine/selection/samplers/hashSampler.ts';
import { resolveParameters } from '../../../src/engine/selection/strategies/resolveParameters.ts';
import type { ScoredClusters, StrategyResult, StrategySources } from '../../../src/engine/selection/strategies/strategy.ts';
import { strategies, strategyOf } from '../../../src/engine/selection/strategies/table.ts';
import { type StrategyName, type StrategyParameters, strategyNames } from '../../../src/protocol/select.ts';
import { indexOf } from './indexOf.ts';

const declarations = strategies.map(({ declaration }) => declaration);

/** Only what a test gives is there. */
function sourcesOf(given: Partial<StrategySources>): StrategySources {
  const none = (): never => {
    throw new Error('not given');
  };
  const nothing = {
    clusters: none,
    members: none,
    distances: none,
    deduplicated: none,
    neighbours: none,
    cosines: none,
    column: none,
    perspective: none,
  };
  return { ...nothing, rebalance: none, ...given };
}

interface Call {
  readonly size: number;
  readonly rows: number;
  readonly given?: StrategyParameters;
  readonly seed?: number;
  readonly sources?: Partial<StrategySources>;
}

function select(name: StrategyName, { size, rows, given = {}, seed = 42, sources = {} }: Call): Promise<StrategyResult> {
  const { declaration, select: run } = strategyOf(name);
  const ordinals = Uint32Array.from({ length: rows }, (_, row) => row);
  return run({ size, seed, ordinals, parameters: resolveParameters(declaration, given, declarations), sources: sourcesOf(sources) });
}

describe('the table of strategies', () => {
  it('has every name of the contract once, in its order', () => {
    expect(declarations.map(({ name }) => name)).toEqual([...strategyNames]);
  });

  it('declares defaults that it accepts itself', () => {
    for (const declaration of declarations) {
      const given = declaration.parameters.some(({ kind }) => kind === 'floors') ? { floors: { object: 3 } } : {};
      const resolved = resolveParameters(declaration, given, declarations);
      expect(Object.keys(resolved)).toEqual(declaration.parameters.map(({ name }) => name));
      expect(resolveParameters(declaration, resolved, declarations)).toEqual(resolved);
    }
    expect(resolveParameters(strategyOf('d2').declaration, {}, declarations)).toEqual({ neighbours: 5, gamma: 0.4 });
    expect(resolveParameters(strategyOf('self-filter').declaration, {}, declarations)).toEqual({ neighbours: 10, gamma: 1 });
    expect(resolveParameters(strategyOf('coincide').declaration, {}, declarations)).toEqual({ preset: 'repo', temperature: 0.1 });
  });

  it.each([
    ['coincide', { temperature: 0 }, /--temperature takes a number above 0/],
    ['coincide', { temperature: Number.NaN }, /--temperature/],
    ['coincide', { temperature: Number.POSITIVE_INFINITY }, /--temperature/],
    ['coincide', { preset: 'book' }, /--preset of coincide takes repo, paper; got "book"/],
    ['random', { temperature: 1 }, /--temperature is nothing that random reads; coincide, hybrid, coincide-necessity do/],
    ['d2', { neighbours: 2.5 }, /--neighbours takes a whole number of at least 1/],
    ['d2', { gamma: -1 }, /--gamma takes a number of at least 0/],
    ['semdedup', { cut: 'top' }, /--cut of semdedup takes repo, proportional/],
    ['hybrid', {}, /--floor PERSPECTIVE=COUNT is what hybrid needs/],
    ['hybrid', { floors: { object: 0 } }, /--floor object takes a whole number of at least 1/],
  ] as const)('refuses for %s the parameters %j', (name, given, message) => {
    expect(() => resolveParameters(strategyOf(name).declaration, given as StrategyParameters, declarations)).toThrow(message);
  });
});

describe('random', () => {
  it('is a prefix of the seeded permutation', async () => {
    const generator = new Mt19937(7);
    const permutation = Array.from({ length: 30 }, (_, i) => i);
    for (let i = 0; i < 29; i++) {
      const j = i + (generator.next() % (30 - i));
      [permutation[i], permutation[j]] = [permutation[j] ?? 0, permutation[i] ?? 0];
    }
    const { picks, scores } = await select('random', { size: 11, rows: 30, seed: 7 });
    expect([...picks]).toEqual(permutation.slice(0, 11));
    expect(scores(permutation[3] ?? 0)).toEqual({ strategy: 'random', place: 3, size: 11 });
  });
});

describe('cut by a column', () => {
  it('keeps the top, the middle or the bottom, and explains places', async () => {
    const column = Float64Array.of(5, 1, 4, 1, 3);
    const cut = async (name: StrategyName, given: StrategyParameters = {}): Promise<number[]> => [
      ...(await select(name, { size: 2, rows: 5, given, sources: { column: async () => column } })).picks,
    ];
    expect(await cut('column')).toEqual([0, 2]);
    expect(await cut('el2n')).toEqual([0, 2]);
    expect(await cut('column', { cut: 'bottom' })).toEqual([1, 3]);
    expect(await cut('perplexity')).toEqual([3, 4]); // ascending 1 3 4 2 0, from floor(5/2) - floor(2/2)
    const { scores } = await select('perplexity', { size: 2, rows: 5, sources: { column: async () => column } });
    expect(scores(4)).toEqual({ strategy: 'perplexity', score: 3, place: 2, stratumSize: 5, from: 1, to: 3 });
  });

  it('gives instances without a score their own stratum, in proportion, drawn by chance', async () => {
    const column = Float64Array.from({ length: 20 }, (_, row) => (row % 4 === 0 ? Number.NaN : row));
    const call = { size: 8, rows: 20, sources: { column: async () => column } };
    const { picks, scores } = await select('clip-score', call);
    expect([...picks.slice(0, 6)]).toEqual([19, 18, 17, 15, 14, 13]);
    expect([...picks.slice(6)].every((row) => row % 4 === 0)).toBe(true);
    expect(picks.length).toBe(8);
    expect(scores(picks[7] ?? 0)).toMatchObject({ score: null, place: 1, stratumSize: 5, from: 0, to: 2 });
    expect([...(await select('clip-score', call)).picks]).toEqual([...picks]);
  });

  it('cuts inside every cluster when asked to', async () => {
    const column = Float64Array.from({ length: 12 }, (_, row) => row);
    const members = membersOf(
      Int32Array.from({ length: 12 }, (_, row) => (row < 8 ? 0 : 1)),
      2,
    );
    const sources = { column: async () => column, members: async () => members };
    const { picks } = await select('visual-necessity', { size: 6, rows: 12, given: { stratify: 'clusters' }, sources });
    expect([...picks]).toEqual([7, 6, 5, 4, 11, 10]);
  });
});

const lists = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 4 }), { minLength: 3, maxLength: 24 });

function rebalanceInput(index: PerspectiveIndex, scale: number): RebalanceInput {
  const n = index.records;
  const keys = Uint8Array.from({ length: n * 16 }, (_, i) => (i * 37 + (i >> 4) * 11) & 255);
  return {
    composed: [{ index, tau: 2 * scale, counting: 'instances' }],
    minPerspectives: 1,
    alpha: undefined,
    seed: 5,
    sampler: 'hash',
    instances: new Uint8Array(n).fill(1),
    protectedInstances: new Uint8Array(n),
    verdicts: new Uint8Array(n),
    counters: instanceCounters(keys, new Uint32Array(n)),
  };
}

describe('self-sup', () => {
  it('keeps what is farthest from its centroid, or nearest', async () => {
    const distances = async (): Promise<Float64Array> => Float64Array.of(0.5, 0.125, 0.25, 0.125, 1);
    const cut = async (given: StrategyParameters): Promise<number[]> => [
      ...(await select('self-sup', { size: 2, rows: 5, given, sources: { distances } })).picks,
    ];
    expect(await cut({})).toEqual([4, 0]);
    expect(await cut({ cut: 'bottom' })).toEqual([1, 3]);
    const { scores } = await select('self-sup', { size: 2, rows: 5, sources: { distances } });
    expect(scores(2)).toEqual({ strategy: 'self-sup', score: 0.25, place: 2, stratumSize: 5, from: 3, to: 5 });
  });
});

describe('coincide-necessity', () => {
  it('fills the budgets of coincide by score, and gives instances without one their share in greedy order', async () => {
    // Cluster 0 has rows 0 to 5, cluster 1 rows 6 to 9; equal scores of clusters share the budget of 5 as 2.5 and 2.5: the larger id comes
    // first and wants 2 (half to even), the other gets the 3 that remain. Of cluster 0 two thirds have a score: 2 of 3.
    const members = membersOf(Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 1, 1), 2);
    const greedy = async (cluster: number): Promise<Uint32Array> =>
      cluster === 0 ? Uint32Array.of(5, 3, 1, 0, 2, 4) : Uint32Array.of(9, 8, 7, 6);
    const clusters = async (): Promise<ScoredClusters> => ({ members, scores: Float64Array.of(1, 1), greedy });
    const column = async (): Promise<Float64Array> => Float64Array.of(1, Number.NaN, 7, 7, 2, Number.NaN, 3, 1, 4, 2);
    const { picks, scores, quotas } = await select('coincide-necessity', { size: 5, rows: 10, sources: { clusters, column } });
    expect(quotas?.map(({ cluster, want, take }) => [cluster, want, take])).toEqual([
      [1, 2, 2],
      [0, 3, 3],
    ]);
    expect([...picks]).toEqual([8, 6, 2, 3, 5]);
    expect(scores(3)).toEqual({ strategy: 'coincide-necessity', score: 7, place: 1, take: 2, of: 4 });
    expect(scores(1)).toEqual({ strategy: 'coincide-necessity', score: null, place: 1, take: 1, of: 2 });
    expect(scores(7)).toEqual({ strategy: 'coincide-necessity', score: 1, place: 3, take: 2, of: 4 });
  });
});

describe('rebalance as a strategy', () => {
  it('keeps what the rebalancing with the thresholds scaled by its factor keeps', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.nat(24), async (rows, wanted) => {
        const index = indexOf('object', rows);
        const input = rebalanceInput(index, 1);
        const holding = rows.filter((row) => row.length > 0).length;
        fc.pre(holding > 0);
        const size = 1 + (wanted % holding);
        const { picks, facts, scores } = await select('rebalance', { size, rows: rows.length, sources: { rebalance: async () => input } });
        const critical = criticalScales(input);
        const limit = facts.scale ?? 0;
        // The limit itself is the last one's own scale, at which it does not pass yet: a hair above it does.
        const kept = [...rebalance(rebalanceInput(index, limit * (1 + 1e-12))).kept];
        expect(kept).toEqual([...picks].sort((a, b) => a - b));
        for (const row of rows.keys()) {
          const one = scores(row);
          if (one.strategy !== 'rebalance') throw new Error('another strategy');
          expect(one.scale ?? Number.POSITIVE_INFINITY).toBe(critical.at(row));
          expect(one.scale !== null && one.scale <= limit).toBe(picks.includes(row));
          if (one.scale !== null) expect(((one.draw ?? 0) * (one.frequency ?? 0)) / (one.tau ?? 1)).toBe(one.scale);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says how many it can keep at most', async () => {
    const index = indexOf('object', [['a'], [], ['a', 'b']]);
    const sources = { rebalance: async () => rebalanceInput(index, 1) };
    await expect(select('rebalance', { size: 3, rows: 3, sources })).rejects.toThrow(/at most 2/);
  });
});

/** Clusters whose greedy order is the file order backwards. */
function clustersOf(assignments: readonly number[], scores: readonly number[]): ScoredClusters {
  const members: ClusterMembers = membersOf(Int32Array.from(assignments), scores.length);
  return {
    members,
    scores: Float64Array.from(scores),
    greedy: async (cluster) => members.rows.slice(members.offsets[cluster], members.offsets[cluster + 1]).reverse(),
  };
}

describe('coincide', () => {
  it('takes a cluster whole in file order only when it wanted more than it has', async () => {
    // Equal scores: cluster 1 is visited first and wants 2 of its 2 (greedy order), cluster 0 wants 3 of its 2.
    const clusters = clustersOf([0, 0, 1, 1], [1, 1]);
    const half = await select('coincide', { size: 4, rows: 4, sources: { clusters: async () => clusters } });
    expect([...half.picks]).toEqual([3, 2, 1, 0]);
    const over = await select('coincide', { size: 4, rows: 5, sources: { clusters: async () => clustersOf([0, 1, 1, 1, 1], [9, 1]) } });
    expect(over.quotas?.map(({ want, take }) => [want, take])).toEqual([
      [4, 1],
      [3, 3],
    ]);
    expect([...over.picks]).toEqual([0, 4, 3, 2]);
    expect(over.scores(0)).toEqual({ strategy: 'coincide', rank: 0, whole: true });
    expect(over.scores(1)).toEqual({ strategy: 'coincide', rank: 3, whole: false });
  });
});

describe('floors', () => {
  const cases = fc.record({
    rows: fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 5 }), {
      minLength: 4,
      maxLength: 30,
    }),
    floor: fc.integer({ min: 1, max: 4 }),
    share: fc.double({ min: 0.1, max: 1, noNaN: true }),
    shuffle: fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
  });

  it('are met at the same size, or refused with the size that they hold; nothing is moved without need', () => {
    fc.assert(
      fc.property(cases, ({ rows, floor, share, shuffle }) => {
        const n = rows.length;
        const index = indexOf('token', rows);
        const order = Uint32Array.from(rows.keys());
        const keys = Float64Array.from(order, () => shuffle.next().value as number);
        order.sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
        const size = Math.max(1, Math.floor(share * n));
        const base = order.slice(0, size);
        const input = {
          floors: [{ index, floor }],
          ordinals: Uint32Array.from(rows.keys()),
          base,
          payers: base.slice().reverse(),
          preference: Uint32Array.from(rows.keys()),
          size,
        };
        const result = meetFloors(input);
        const picks = [...result.picks];
        expect(picks.length).toBe(size + result.excess);
        expect(new Set(picks).size).toBe(picks.length);
        expect(picks.filter((row) => base.includes(row)).length + result.paid.length).toBe(size);
        expect(picks.filter((row) => !base.includes(row))).toEqual([...result.added]);
        const count = (name: string, among: readonly number[]): number =>
          among.filter((row) => (rows[row] as readonly string[]).includes(name)).length;
        const all = [...rows.keys()];
        const held = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].filter((name) => count(name, all) >= floor);
        for (const name of held) expect(count(name, picks)).toBeGreaterThanOrEqual(floor);
        // A base that met its floors stays as it is.
        if (held.every((name) => count(name, [...base]) >= floor)) expect(picks).toEqual([...base]);
        // Every added row serves a floor that would break without it; so does every row kept beyond the size.
        for (const row of result.added)
          expect(
            held.some((name) => (rows[row] as readonly string[]).includes(name) && count(name, picks) === floor) ||
              result.paid.length === 0,
          ).toBe(true);
        if (result.excess > 0)
          for (const row of picks)
            expect(held.some((name) => (rows[row] as readonly string[]).includes(name) && count(name, picks) === floor)).toBe(true);
        expect([...meetFloors(input).picks]).toEqual(picks);
      }),
      { numRuns: 500 },
    );
  });

  it('serve several entities with one instance, and let clusters pay from the end of their order', async () => {
    // Cluster 0 (best) and 1; each gives its first rows in reversed file order. Rare entities sit in rows that no budget chooses.
    const rows = [['x', 'y', 'common'], ['common'], ['common'], ['common'], ['x'], ['y'], ['common'], ['common']];
    const clusters = clustersOf([0, 0, 0, 0, 1, 1, 1, 1], [1, 0.9]);
    const index = indexOf('object', rows);
    const sources = { clusters: async () => clusters, perspective: async () => index };
    const result = await select('hybrid', { size: 4, rows: 8, given: { floors: { object: 1 } }, sources });
    expect([...(result.added ?? [])]).toEqual([0]); // serves x and y at once
    expect(result.picks.length).toBe(4);
    expect(result.paid?.length).toBe(1);
    const counts = (row: number): string => (row < 4 ? 'best' : 'other');
    expect(result.quotas?.map(({ take }) => take)).toEqual([3, 1]);
    expect(counts(result.paid?.[0] ?? 9)).toBe('best'); // the end of the longer order, not the only pick of the other
    expect(result.scores(0)).toMatchObject({
      role: 'floor',
      floors: [{ entity: 'x', byBudget: 0, kept: 1 }, { entity: 'y' }, { entity: 'common' }],
    });
    expect(result.scores(result.paid?.[0] ?? 0)).toMatchObject({ role: 'paid' });
    await expect(select('hybrid', { size: 1, rows: 8, given: { floors: { object: 2 } }, sources })).rejects.toThrow(/These floors hold 4/);
  });
});

describe('comparison', () => {
  it('counts entities, clusters, duplicates and overlap as a person would', () => {
    const index = indexOf('object', [['a', 'b'], ['a'], ['c'], [], ['a', 'd']]);
    const keys = new Uint8Array(5 * 16);
    for (const [row, content] of [1, 2, 3, 3, 3].entries()) keys[row * 16] = content;
    const { strategies: compared, overlap } = compareStrategies({
      selections: [
        { strategy: 'coincide', rows: Uint32Array.of(4, 0, 2) },
        { strategy: 'random', rows: Uint32Array.of(1, 2, 3) },
      ],
      ordinals: Uint32Array.of(0, 1, 2, 3, 4),
      indexes: new Map([['object', index]]),
      clustering: { assignments: Int32Array.of(0, 0, 1, 1, 2), clusters: 3 },
      keys,
    });
    expect(compared[0]).toEqual({
      strategy: 'coincide',
      selected: 3,
      perspectives: { object: { entities: 4, kept: 4, postings: 5, gini: expect.closeTo(0.15, 12) } },
      clusters: { clusters: 3, covered: 3, largestShare: 1 / 3, gini: 0 },
      duplicates: 1,
    });
    expect(compared[1]).toMatchObject({ perspectives: { object: { kept: 2, gini: 0 } }, clusters: { covered: 2 }, duplicates: 1 });
    expect(overlap).toEqual([
      [3, 1],
      [1, 3],
    ]);
  });
});
