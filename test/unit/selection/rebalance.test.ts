import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ComposedPerspective } from '../../../src/engine/selection/composedPerspective.ts';
import { expectedVolume, keepProbability, poissonBinomialTail } from '../../../src/engine/selection/expectedVolume.ts';
import { PassProbabilities } from '../../../src/engine/selection/passProbabilities.ts';
import { randomControl } from '../../../src/engine/selection/randomControl.ts';
import { type RebalanceInput, rebalance } from '../../../src/engine/selection/rebalance.ts';
import { explainRebalance } from '../../../src/engine/selection/receipt.ts';
import { rowClassesOf } from '../../../src/engine/selection/rowClasses.ts';
import { instanceCounters } from '../../../src/engine/selection/samplers/hashSampler.ts';
import { MersenneTwister } from '../../../src/engine/selection/samplers/mersenneTwister.ts';
import { packKept, unpackKept } from '../../../src/engine/selection/selection.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import { indexOf } from './indexOf.ts';

/** Instances as lists of entities per perspective, the taus and the parameters: everything that a case needs. */
interface Case {
  readonly rows: readonly (readonly string[])[][];
  readonly taus: readonly number[];
  readonly minPerspectives: number;
  readonly alpha: number | undefined;
  readonly seed: number;
}

const entity = fc.constantFrom('cat', 'dog', 'bus', 'street sign', 'épée', '猫', 'a,b', 'tie', 'oven', 'zebra');
const row = fc.array(entity, { maxLength: 5 });

function cases(options: { readonly repeats: boolean }): fc.Arbitrary<Case> {
  return fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc.record({
      rows: fc
        .integer({ min: 1, max: 12 })
        .chain((n) =>
          fc.tuple(
            ...Array.from({ length: count }, () =>
              fc.array(options.repeats ? row : row.map((list) => [...new Set(list)]), { minLength: n, maxLength: n }),
            ),
          ),
        ),
      taus: fc.array(fc.double({ min: 0.1, max: 8, noNaN: true }), { minLength: count, maxLength: count }),
      minPerspectives: fc.integer({ min: 1, max: count }),
      alpha: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      seed: fc.integer({ min: 0, max: 2 ** 40 }),
    }),
  );
}

function inputOf(one: Case, counting: 'instances' | 'mentions', sampler: 'hash' | 'python'): RebalanceInput {
  const n = one.rows[0]?.length ?? 0;
  const composed: ComposedPerspective[] = one.rows.map((rows, k) => {
    const index = indexOf(perspectives[k] ?? 'token', rows);
    return { index, tau: index.entities > 0 ? (one.taus[k] ?? 1) : null, counting };
  });
  return {
    composed,
    minPerspectives: one.minPerspectives,
    alpha: one.alpha,
    seed: one.seed,
    sampler,
    instances: new Uint8Array(n).fill(1),
    protectedInstances: new Uint8Array(n),
    verdicts: new Uint8Array(n),
    counters: countersOf(n),
  };
}

function countersOf(n: number, label = ''): Uint32Array {
  const keys = new Uint8Array(n * 16);
  for (let i = 0; i < n; i++) keys.set(createHash('sha256').update(`${label}${i}`).digest().subarray(0, 16), i * 16);
  return instanceCounters(keys, new Uint32Array(n));
}

function volumeInput(input: RebalanceInput) {
  return {
    q: input.composed.map((composed) => new PassProbabilities(composed, input.instances.length, rowClassesOf(composed.index))),
    minPerspectives: input.minPerspectives,
    alpha: input.alpha ?? 1,
    instances: input.instances,
    protectedInstances: input.protectedInstances,
  };
}

/** P(keep) by walking every outcome of every single entity draw: no formula of the product is used. */
function keepByEnumeration(one: Case, ordinal: number, counting: 'instances' | 'mentions'): number {
  const lists = one.rows.map((rows) => {
    const listed = rows[ordinal] ?? [];
    return counting === 'mentions' ? listed : [...new Set(listed)];
  });
  const frequency = one.rows.map((rows) => {
    const count = new Map<string, number>();
    for (const each of rows) for (const name of counting === 'mentions' ? each : new Set(each)) count.set(name, (count.get(name) ?? 0) + 1);
    return count;
  });
  const draws = lists.flatMap((list, k) =>
    list.map((name) => ({ k, p: Math.min(1, (one.taus[k] ?? 1) / (frequency[k]?.get(name) ?? 1)) })),
  );
  let keep = 0;
  for (let outcome = 0; outcome < 2 ** draws.length; outcome++) {
    let probability = 1;
    const passed = new Set<number>();
    draws.forEach(({ k, p }, i) => {
      const won = ((outcome >> i) & 1) === 1;
      probability *= won ? p : 1 - p;
      if (won) passed.add(k);
    });
    if (passed.size >= one.minPerspectives) keep += probability;
  }
  return keep * (one.alpha ?? 1);
}

/** The reference's loop, written out once more and literally, with its own frequency counting. */
function pythonOracle(one: Case): number[] {
  const posting = one.rows.map((rows) => {
    const lists = new Map<string, number[]>();
    rows.forEach((list, ordinal) => {
      for (const name of list) lists.set(name, [...(lists.get(name) ?? []), ordinal]);
    });
    return lists;
  });
  const generator = new MersenneTwister(one.seed);
  const kept: number[] = [];
  const n = one.rows[0]?.length ?? 0;
  for (let ordinal = 0; ordinal < n; ordinal++) {
    let passNumber = 0;
    for (let k = 0; k < one.rows.length; k++) {
      for (const name of one.rows[k]?.[ordinal] ?? []) {
        const p = (one.taus[k] ?? 1) / (posting[k]?.get(name)?.length ?? 1);
        if (generator.random() < p) {
          passNumber++;
          break;
        }
      }
    }
    if (passNumber >= one.minPerspectives) {
      if (one.alpha === undefined) kept.push(ordinal);
      else if (generator.random() < one.alpha) kept.push(ordinal);
    }
  }
  return kept;
}

describe('expected volume', () => {
  it('equals the sum over all outcomes of all draws', () => {
    fc.assert(
      fc.property(cases({ repeats: true }), fc.constantFrom('instances' as const, 'mentions' as const), (one, counting) => {
        const input = volumeInput(inputOf(one, counting, 'hash'));
        let sum = 0;
        let variance = 0;
        for (let ordinal = 0; ordinal < input.instances.length; ordinal++) {
          const p = keepByEnumeration(one, ordinal, counting);
          expect(keepProbability(input, ordinal)).toBeCloseTo(p, 10);
          sum += p;
          variance += p * (1 - p);
        }
        expect(expectedVolume(input).expected).toBeCloseTo(sum, 9);
        expect(expectedVolume(input).variance).toBeCloseTo(variance, 9);
      }),
      { numRuns: 60 },
    );
  });

  it('counts protected instances as certain and broken records not at all', () => {
    const input = inputOf(
      { rows: [[['cat'], ['cat'], ['cat'], []]], taus: [1], minPerspectives: 1, alpha: 0.5, seed: 1 },
      'instances',
      'hash',
    );
    const volume = expectedVolume({
      ...volumeInput(input),
      instances: Uint8Array.of(1, 1, 0, 1),
      protectedInstances: Uint8Array.of(1, 0, 0, 0),
    });
    expect(volume.expected).toBeCloseTo(1 + 0.5 / 3, 12);
  });

  it('has the tail of two, one and no event', () => {
    expect(poissonBinomialTail([0.5, 0.25], 1)).toBeCloseTo(1 - 0.5 * 0.75, 15);
    expect(poissonBinomialTail([0.5, 0.25], 2)).toBeCloseTo(0.125, 15);
    expect(poissonBinomialTail([0.5, 0.25], 3)).toBe(0);
    expect(poissonBinomialTail([], 0)).toBe(1);
  });
});

describe('python sampler', () => {
  it("keeps what the reference's loop keeps", () => {
    fc.assert(
      fc.property(cases({ repeats: true }), (one) => {
        expect(Array.from(rebalance(inputOf(one, 'mentions', 'python')).kept)).toEqual(pythonOracle(one));
      }),
      { numRuns: 200 },
    );
  });

  it('differs between no alpha and alpha 1 after the first pass: the extra draw', () => {
    const rows = [Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? ['cat', 'dog'] : ['cat']))];
    const without = pythonOracle({ rows, taus: [9], minPerspectives: 1, alpha: undefined, seed: 42 });
    const one = pythonOracle({ rows, taus: [9], minPerspectives: 1, alpha: 1, seed: 42 });
    expect(without).not.toEqual(one);
    expect(Array.from(rebalance(inputOf({ rows, taus: [9], minPerspectives: 1, alpha: 1, seed: 42 }, 'mentions', 'python')).kept)).toEqual(
      one,
    );
  });
});

describe('hash sampler', () => {
  it('does not depend on the order of instances, of entities or of perspectives', () => {
    fc.assert(
      fc.property(cases({ repeats: false }), fc.integer(), (one, shuffleSeed) => {
        const input = inputOf(one, 'instances', 'hash');
        const order = shuffled(input.instances.length, shuffleSeed);
        const moved = inputOf(
          { ...one, rows: one.rows.map((rows) => order.map((from) => [...(rows[from] ?? [])].reverse())) },
          'instances',
          'hash',
        );
        const counters = Uint32Array.from(order.flatMap((from) => [input.counters[from * 2] ?? 0, input.counters[from * 2 + 1] ?? 0]));
        const plain = Array.from(rebalance(input).kept);
        expect(Array.from(rebalance({ ...moved, counters }).kept, (ordinal) => order[ordinal] ?? -1).sort((a, b) => a - b)).toEqual(plain);
        expect(Array.from(rebalance({ ...input, composed: [...input.composed].reverse() }).kept)).toEqual(plain);
      }),
      { numRuns: 100 },
    );
  });

  it('is monotone: raising a tau or alpha, or lowering minPerspectives, never removes an instance', () => {
    fc.assert(
      fc.property(
        cases({ repeats: false }),
        fc.nat(3),
        fc.double({ min: 1, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, which, factor, rise) => {
          const base = new Set(rebalance(inputOf(one, 'instances', 'hash')).kept);
          const taus = one.taus.map((tau, k) => (k === which % one.taus.length ? tau * factor : tau));
          const alpha = one.alpha === undefined ? undefined : one.alpha + (1 - one.alpha) * rise;
          for (const higher of [
            { ...one, taus },
            { ...one, alpha },
            { ...one, minPerspectives: Math.max(1, one.minPerspectives - 1) },
          ]) {
            const kept = new Set(rebalance(inputOf(higher, 'instances', 'hash')).kept);
            for (const ordinal of base) expect(kept.has(ordinal)).toBe(true);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keeps every instance with a tail entity at minPerspectives 1 and alpha 1', () => {
    fc.assert(
      fc.property(cases({ repeats: false }), (one) => {
        const input = inputOf({ ...one, minPerspectives: 1, alpha: undefined }, 'instances', 'hash');
        const kept = new Set(rebalance(input).kept);
        for (const { index, tau } of input.composed) {
          for (let id = 0; id < index.entities; id++) {
            if (tau === null || (index.frequency[id] ?? 0) > tau) continue;
            for (const ordinal of index.postings.subarray(index.postOffsets[id], index.postOffsets[id + 1]))
              expect(kept.has(ordinal)).toBe(true);
          }
        }
      }),
    );
  });

  it('keeps each instance about as often as the closed form says (400 seeds, 4.5 sigma)', () => {
    const one: Case = {
      rows: [
        Array.from({ length: 30 }, (_, i) => ['cat', ...(i % 2 ? ['dog'] : []), ...(i % 7 === 0 ? ['zebra'] : [])]),
        Array.from({ length: 30 }, (_, i) => (i % 3 ? ['what'] : ['how', 'what'])),
      ],
      taus: [6, 4],
      minPerspectives: 2,
      alpha: 0.8,
      seed: 0,
    };
    const counts = new Float64Array(30);
    const seeds = 400;
    for (let seed = 0; seed < seeds; seed++)
      for (const ordinal of rebalance(inputOf({ ...one, seed }, 'instances', 'hash')).kept) counts[ordinal] = (counts[ordinal] ?? 0) + 1;
    const volume = volumeInput(inputOf(one, 'instances', 'hash'));
    for (let ordinal = 0; ordinal < 30; ordinal++) {
      const p = keepProbability(volume, ordinal);
      expect(Math.abs((counts[ordinal] ?? 0) - seeds * p)).toBeLessThanOrEqual(4.5 * Math.sqrt(seeds * p * (1 - p)) + 1e-9);
    }
  });
});

describe('receipt', () => {
  it('agrees with the selection, can be computed again from itself, and its flip flips', () => {
    fc.assert(
      fc.property(cases({ repeats: false }), (one) => {
        const input = inputOf(one, 'instances', 'hash');
        const kept = new Set(rebalance(input).kept);
        const volume = volumeInput(input);
        for (let ordinal = 0; ordinal < input.instances.length; ordinal++) {
          const receipt = explainRebalance(input, ordinal);
          expect(receipt.verdict).toBe(kept.has(ordinal) ? 'kept' : 'dropped');
          expect(receipt.keepProbability).toBeCloseTo(keepProbability(volume, ordinal), 12);
          const passes = Object.values(receipt.perspectives).filter(({ entities, tau }) =>
            entities.some(({ draw, frequency }) => tau !== null && (draw ?? 1) < Math.min(1, tau / frequency)),
          ).length;
          expect(passes).toBe(receipt.passes);
          const { flip } = receipt;
          if (!flip) continue;
          const changed =
            flip.parameter === 'alpha'
              ? { ...one, alpha: flip.to }
              : flip.parameter === 'minPerspectives'
                ? { ...one, minPerspectives: flip.to }
                : { ...one, taus: one.taus.map((tau, k) => (perspectives[k] === flip.perspective ? flip.to : tau)) };
          expect(new Set(rebalance(inputOf(changed, 'instances', 'hash')).kept).has(ordinal)).toBe(!kept.has(ordinal));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('shows the python draws up to the win and none behind it', () => {
    const one: Case = { rows: [[['cat', 'dog', 'bus'], ['cat'], ['dog']]], taus: [1], minPerspectives: 1, alpha: undefined, seed: 42 };
    const receipt = explainRebalance(inputOf(one, 'mentions', 'python'), 0);
    const draws = receipt.perspectives.token?.entities ?? [];
    expect(draws.map(({ draw }) => draw)).toEqual([0.6394267984578837, 0.025010755222666936, undefined]);
    expect(draws.map(({ won }) => won)).toEqual([false, true, false]);
  });
});

describe('random control', () => {
  it('has the wanted size, holds the protected, follows the content and not the order', () => {
    const n = 200;
    const counters = countersOf(n);
    const protectedInstances = new Uint8Array(n);
    protectedInstances[17] = 1;
    const control = randomControl({
      size: 60,
      seed: 3,
      instances: new Uint8Array(n).fill(1),
      protectedInstances,
      verdicts: new Uint8Array(n),
      counters,
    });
    expect(control.kept).toHaveLength(60);
    expect(control.kept).toContain(17);
    const order = shuffled(n, 9);
    const moved = randomControl({
      size: 60,
      seed: 3,
      instances: new Uint8Array(n).fill(1),
      protectedInstances: Uint8Array.from(order, (from) => protectedInstances[from] ?? 0),
      verdicts: new Uint8Array(n),
      counters: Uint32Array.from(order.flatMap((from) => [counters[from * 2] ?? 0, counters[from * 2 + 1] ?? 0])),
    });
    expect(Array.from(moved.kept, (ordinal) => order[ordinal] ?? -1).sort((a, b) => a - b)).toEqual(Array.from(control.kept));
  });
});

describe('selection', () => {
  it('packs and unpacks any set of ordinals', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (flags) => {
        const kept = Uint32Array.from(flags.flatMap((flag, i) => (flag ? [i] : [])));
        expect(unpackKept(packKept(kept, flags.length), flags.length)).toEqual(kept);
      }),
    );
    expect(unpackKept('not a packing', 80)).toBeUndefined();
  });
});

function shuffled(n: number, seed: number): number[] {
  const generator = new MersenneTwister(seed);
  return Array.from({ length: n }, (_, i) => ({ i, u: generator.random() }))
    .sort((a, b) => a.u - b.u)
    .map(({ i }) => i);
}
