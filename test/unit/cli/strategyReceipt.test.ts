import { describe, expect, it } from 'vitest';
import { describeStrategyReceipt } from '../../../src/cli/terminal/strategyReceipt.ts';
import type { Receipt } from '../../../src/protocol/reports.ts';
import { type StrategyScores, strategyNames } from '../../../src/protocol/select.ts';

const column = { score: 0.5, place: 7, stratumSize: 100, from: 0, to: 20 } as const;
const samples: readonly (readonly [StrategyScores, RegExp])[] = [
  [{ strategy: 'coincide', rank: 4, whole: false }, /Number 5 in the greedy MMD order/],
  [{ strategy: 'coincide', rank: 4, whole: true }, /taken whole, in file order/],
  [{ strategy: 'coincide', rank: null, whole: false }, /lies behind all that its cluster gives/],
  [
    {
      strategy: 'hybrid',
      rank: 4,
      whole: false,
      role: 'paid',
      floors: [{ perspective: 'object', entity: 'kite', frequency: 9, floor: 5, byBudget: 3, kept: 5 }],
    },
    /given up for floors[\s\S]*object "kite": floor 5 of 9, 3 by budget, 5 kept/,
  ],
  [
    { strategy: 'coincide-necessity', score: 0.25, place: 1, take: 3, of: 9 },
    /Number 2 of 9 with a score, descending; its own is 0\.250000; the first 3 are chosen/,
  ],
  [
    { strategy: 'coincide-necessity', score: null, place: null, take: 0, of: 4 },
    /lies behind all that the cluster gives of its 4 instances without a score, in greedy order; the first 0/,
  ],
  [{ strategy: 'random', place: 12, size: 20 }, /Place 12 .* below 20 are chosen/],
  [
    { strategy: 'rebalance', scale: 0.25, limit: 0.5, perspective: 'token', entity: 'sky', frequency: 10, tau: 20, draw: 0.5 },
    /more than 0\.250000 \(here 0\.500000\): token "sky", frequency 10, tau 20\.000000, draw 0\.500000/,
  ],
  [{ strategy: 'rebalance', scale: null, limit: 0.5 }, /holds no entity/],
  [{ strategy: 'semdedup', similarity: 0.8, threshold: 0.9, twin: 3, cut: true }, /0\.800000 \(instance 3\).*the cut at the size took it/],
  [{ strategy: 'd2', score: 1, initial: 2, atPick: 1.5, pick: 0 }, /picked as number 1 at 1\.500000/],
  [{ strategy: 'self-filter', difficulty: 1, atPick: null, pick: null }, /never picked/],
  ...(['self-sup', 'clip-score', 'el2n', 'perplexity', 'visual-necessity', 'column'] as const).map(
    (strategy) => [{ strategy, ...column }, /Score 0\.500000, place 7 of 100 ascending; places 0 to 20/] as const,
  ),
  [{ strategy: 'clip-score', ...column, score: null }, /no score: place 7 of 100 drawn by chance, places below 20/],
];

const receipt = (scores: StrategyScores): Receipt => ({
  ordinal: 3,
  id: 'a\u202eb',
  verdict: 'dropped',
  keepProbability: 0,
  protected: false,
  perspectives: {},
  passes: 0,
  minPerspectives: 0,
  alpha: 1,
  seed: 42,
  sampler: 'hash',
  strategy: scores.strategy,
  cluster: {
    cluster: 8,
    size: 66,
    transferability: 0.5,
    density: 0.25,
    score: 2,
    quota: { turn: 0, remaining: 100, ratio: 0.125, want: 12, take: 14, refilled: 2 },
  },
  scores,
  instanceKey: { content: '00', duplicate: 0 },
  manifest: '/m',
  byteStart: 0,
  byteEnd: 1,
  file: '/f',
});

describe('the receipt of a strategy in words', () => {
  it.each(samples)('says what decided: %j', (scores, words) => {
    const text = describeStrategyReceipt(receipt(scores));
    expect(text).toMatch(words);
    expect(text).toMatch(/^Instance 3 \(id a\\u202eb\) was dropped by /);
    expect(text).toContain('Cluster 8 of 66 instances: transferability 0.500000, density 0.250000, score 2.000000.');
    expect(text).toContain('with 100 instances left to give: its share 0.125000 asked for 12; it gave 14, 2 of them as a refill.');
  });

  it('knows every strategy', () => {
    expect([...new Set(samples.map(([{ strategy }]) => strategy))].sort()).toEqual([...strategyNames].sort());
  });
});
