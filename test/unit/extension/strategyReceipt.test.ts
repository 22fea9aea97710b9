import { describe, expect, it } from 'vitest';
import { clusterFacts } from '../../../src/extension/instances/clusterFacts.ts';
import { collectReceipt } from '../../../src/extension/instances/collectReceipt.ts';
import { type StrategyScores, strategyNames } from '../../../src/protocol/select.ts';
import { sampleReceipt } from '../../webview/sampleInstances.ts';
import { english } from './english.ts';

const column = { score: 0.5, place: 7, stratumSize: 1000, from: 980, to: 1000 } as const;
const samples: readonly (readonly [StrategyScores, string])[] = [
  [{ strategy: 'coincide', rank: 4, whole: false }, 'Number 5 in the greedy order of its cluster, of which the first 14 are kept.'],
  [{ strategy: 'coincide', rank: null, whole: false }, 'It lies behind the 14 instances that its cluster gives.'],
  [{ strategy: 'coincide', rank: 4, whole: true }, 'Its cluster was to give more instances than it has, so it was taken whole.'],
  [
    {
      ...{ strategy: 'hybrid', rank: 4, whole: false, role: 'floor' },
      floors: [{ perspective: 'object', entity: 'kite', frequency: 9, floor: 5, byBudget: 3, kept: 5 }],
    },
    'Added because one of its entities lay below its floor.',
  ],
  [
    { strategy: 'coincide-necessity', score: 0.25, place: 1, take: 3, of: 9 },
    'Score 0.25: number 2 of 9 in its cluster, of which the first 3 are kept.',
  ],
  [
    { strategy: 'coincide-necessity', score: null, place: null, take: 0, of: 4 },
    'It has no score, and its cluster gives none of its 4 such instances.',
  ],
  [{ strategy: 'random', place: 11, size: 1234 }, 'Number 12 of the seeded permutation; the first 1,234 are kept.'],
  [
    { strategy: 'rebalance', scale: 0.25, limit: 0.5, perspective: 'token', entity: 'sky\u202e', frequency: 10, tau: 20, draw: 0.5 },
    'Kept when all thresholds are scaled by 0.25 or more; this selection scales them by 0.5. "sky\ufffd" decides.',
  ],
  [{ strategy: 'rebalance', scale: null, limit: 0.5 }, 'It holds no entity, so rebalancing never keeps it.'],
  [
    { strategy: 'semdedup', similarity: 0.8, threshold: 0.9, twin: 3000, cut: false },
    'Its largest cosine to a harder member of its cluster is 0.8 (instance 3,000); up to 0.9 is kept.',
  ],
  [{ strategy: 'd2', score: 1, initial: 2, atPick: 1.5, pick: 0 }, 'Picked as number 1, when its value was 1.5.'],
  [{ strategy: 'self-filter', difficulty: 1, atPick: null, pick: null }, 'It was never picked.'],
  ...(['self-sup', 'clip-score', 'el2n', 'perplexity', 'visual-necessity', 'column'] as const).map(
    (strategy) => [{ strategy, ...column }, 'Score 0.5: number 8 of 1,000 in ascending order; 20 are kept from number 981 on.'] as const,
  ),
  [
    { strategy: 'clip-score', score: null, place: 7, stratumSize: 100, from: 0, to: 20 },
    'It has no score: number 8 of 100 such instances, drawn by chance; the first 20 are kept.',
  ],
];

const view = (scores: StrategyScores): ReturnType<typeof collectReceipt> =>
  collectReceipt(
    sampleReceipt(4, {
      ...{ verdict: 'dropped', strategy: scores.strategy, scores, perspectives: {} },
      cluster: {
        ...{ cluster: 8, size: 66, transferability: 0.5, density: 0.25, score: 2 },
        quota: { turn: 0, remaining: 1000, ratio: 0.125, want: 12, take: 14, refilled: 2 },
      },
    }),
    english,
    'en',
  );

describe('a receipt of a strategy', () => {
  it.each(samples)('says why: %j', (scores, sentence) => {
    const receipt = view(scores);
    expect(receipt.sentence).toBe(sentence);
    expect([receipt.verdict, receipt.forced, receipt.perspectives]).toEqual(['dropped', false, []]);
  });

  it('has a sample of every strategy', () => {
    expect(new Set(samples.map(([{ strategy }]) => strategy))).toEqual(new Set(strategyNames));
  });

  it('shows the cluster, its budget and the floors', () => {
    const facts = new Map(view(samples[3]?.[0] as StrategyScores).facts);
    expect(Object.fromEntries(facts)).toMatchObject({
      Strategy: 'hybrid',
      Cluster: '8, with 66 instances',
      Transferability: '0.5',
      Density: '0.25',
      'Score of the cluster': '2',
      'Turn of the cluster': '1',
      'Share of what was left': '0.125 of 1,000 instances',
      'Wanted and given': '12 wanted, 14 given, 2 of them as a refill',
      'Floor of "kite"': '5 of 9: 3 by budget, 5 kept',
    });
  });
});

describe('the cluster of an instance', () => {
  it('is told by numbers, and only by those that are known', () => {
    const cluster = { clustering: 'a', cluster: 12, size: 1066, transferability: 0.25, entities: [] };
    const bare = clusterFacts({ ...cluster, density: null, score: null, similarity: null, rank: null }, english, 'en');
    expect(bare).toEqual([
      ['Cluster', '12, with 1,066 instances'],
      ['Transferability', '0.25'],
    ]);
    const full = clusterFacts({ ...cluster, entities: ['dog', 'cat'], density: 0.5, score: 0.5, similarity: 0.9, rank: 0 }, english, 'en');
    expect(new Map(full).get('Typical entities')).toBe('dog, cat');
    expect(new Map(full).get('Place in the greedy order')).toBe('1 of 1,066');
  });
});
