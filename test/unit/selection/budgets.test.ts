import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, proportionalQuotas, roundHalfEven } from '../../../src/engine/selection/budgets.ts';

/** The loop of the specification, exponentials and sums written out; shifted by the maximum only so that they can be computed at all. */
function literal(scores: readonly number[], sizes: readonly number[], total: number, temperature: number) {
  const order = scores.map((_, c) => c).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || b - a);
  let remaining = total;
  const rows: { cluster: number; exact: number; want: number; take: number }[] = [];
  order.forEach((cluster, t) => {
    const top = scores[cluster] ?? 0;
    let below = 0;
    for (const other of order.slice(t)) below += Math.exp(((scores[other] ?? 0) - top) / temperature);
    const exact = remaining * (1 / below);
    const floor = Math.floor(exact);
    const want = exact - floor === 0.5 ? floor + (floor % 2) : Math.round(exact);
    const take = Math.min(want, sizes[cluster] ?? 0);
    rows.push({ cluster, exact, want, take });
    remaining -= take;
  });
  return { rows, shortfall: remaining };
}

const cases = fc.record({
  clusters: fc.array(
    fc.record({
      // Few distinct values, negative ones too: ties and equal ratios are common.
      score: fc.oneof(fc.constantFrom(-1, -0.25, 0, 0.5, 1, 1.5), fc.double({ min: -3, max: 3, noNaN: true })),
      size: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  temperature: fc.constantFrom(1e-300, 0.0005, 0.01, 0.1, 1, 30, 1e9, 1e300),
});

/** Where rounding of the ratio may decide on which side of a half a number lies, the two ways may differ. */
const isUnclear = (exact: number): boolean => {
  const distance = Math.abs(exact - Math.floor(exact) - 0.5);
  return distance > 0 && distance < 1e-9;
};

describe('sequential budgets', () => {
  it('equal the literal loop: saturation, ties, halves, tiny and huge temperatures, negative scores', () => {
    fc.assert(
      fc.property(cases, ({ clusters, share, temperature }) => {
        const scores = clusters.map(({ score }) => score);
        const sizes = clusters.map(({ size }) => size);
        const total = Math.floor(share * sizes.reduce((a, b) => a + b, 0));
        const expected = literal(scores, sizes, total, temperature);
        fc.pre(!expected.rows.some(({ exact }) => isUnclear(exact)));
        const { quotas, shortfall } = allocate({ scores: Float64Array.from(scores), sizes, total, temperature, refill: false });
        expect(quotas.map(({ cluster, want, take }) => ({ cluster, want, take }))).toEqual(
          expected.rows.map(({ cluster, want, take }) => ({ cluster, want, take })),
        );
        expect(shortfall).toBe(expected.shortfall);
        for (const { remaining, ratio, want } of quotas) expect(roundHalfEven(remaining * ratio)).toBe(want);
        const refilled = allocate({ scores: Float64Array.from(scores), sizes, total, temperature, refill: true });
        expect(refilled.shortfall).toBe(0);
        expect(refilled.quotas.reduce((sum, { take }) => sum + take, 0)).toBe(total);
        // Spare instances are used in order of visit: a cluster that could still give one has only clusters without refill behind it.
        const spareAt = refilled.quotas.findIndex(({ cluster, take }) => take < (sizes[cluster] ?? 0));
        if (spareAt >= 0) for (const { refilled: added } of refilled.quotas.slice(spareAt + 1)) expect(added).toBe(0);
        refilled.quotas.forEach((quota, t) => {
          expect(quota.take).toBeLessThanOrEqual(sizes[quota.cluster] ?? 0);
          expect(quota.take - quota.refilled).toBe(expected.rows[t]?.take);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('round halves to even, not up', () => {
    // Two equal scores: the first visited wants exactly half.
    const wants = (total: number) =>
      allocate({ scores: Float64Array.of(1, 1), sizes: [99, 99], total, temperature: 0.1, refill: false }).quotas.map(
        ({ cluster, want }) => [cluster, want],
      );
    expect(wants(5)).toEqual([
      [1, 2],
      [0, 3],
    ]);
    expect(wants(7)).toEqual([
      [1, 4],
      [0, 3],
    ]);
    expect([0.5, 1.5, 2.5, 2.4999, 2.5001, 3].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 3]);
  });

  it('hand the overflow of a saturated cluster to later ones only, and report what the tail cannot take', () => {
    // The best cluster has one instance; its share goes to the later two. The last saturates.
    const { quotas, shortfall } = allocate({
      scores: Float64Array.of(0, 0, 9),
      sizes: [2, 2, 1],
      total: 5,
      temperature: 0.1,
      refill: false,
    });
    expect(quotas.map(({ cluster, want, take }) => [cluster, want, take])).toEqual([
      [2, 5, 1],
      [1, 2, 2],
      [0, 2, 2],
    ]);
    expect(shortfall).toBe(0);
    const short = allocate({ scores: Float64Array.of(1, 1), sizes: [1, 9], total: 6, temperature: 1, refill: false });
    expect(short.quotas.map(({ take }) => take)).toEqual([3, 1]);
    expect(short.shortfall).toBe(2);
    const full = allocate({ scores: Float64Array.of(1, 1), sizes: [1, 9], total: 6, temperature: 1, refill: true });
    expect(full.quotas.map(({ take, refilled }) => [take, refilled])).toEqual([
      [5, 2],
      [1, 0],
    ]);
    expect(full.shortfall).toBe(0);
  });

  it('give every cluster the same at a huge temperature and the best everything at a tiny one', () => {
    const at = (temperature: number) =>
      allocate({ scores: Float64Array.of(3, -2, 1), sizes: [90, 90, 90], total: 30, temperature, refill: false }).quotas.map(
        ({ want }) => want,
      );
    expect(at(1e300)).toEqual([10, 10, 10]);
    expect(at(1e-300)).toEqual([30, 0, 0]);
  });

  it('take everything at the full total and nothing at zero', () => {
    for (const total of [0, 12])
      expect(
        allocate({ scores: Float64Array.of(0.3, 0.1, 0.2), sizes: [4, 4, 4], total, temperature: 0.1, refill: true }).quotas.reduce(
          (sum, { take }) => sum + take,
          0,
        ),
      ).toBe(total);
  });
});

describe('proportional quotas', () => {
  it('sum to the total and stay within one of the exact share', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 1, noNaN: true }), (weights, share) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        const total = Math.floor(sum * share);
        const quotas = proportionalQuotas(weights, total);
        expect(quotas.reduce((a, b) => a + b, 0)).toBe(total);
        weights.forEach((weight, i) => {
          expect(Math.abs((quotas[i] ?? 0) - (total * weight) / sum)).toBeLessThan(1);
          expect(quotas[i]).toBeLessThanOrEqual(weight);
        });
      }),
    );
  });

  it('give the odd ones to the largest remainders, ties to the first', () => {
    expect([...proportionalQuotas([1, 1, 1], 2)]).toEqual([1, 1, 0]);
    expect([...proportionalQuotas([1, 5, 3], 4)]).toEqual([1, 2, 1]);
  });
});
