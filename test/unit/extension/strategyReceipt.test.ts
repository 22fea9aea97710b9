import { describe, expect, it } from 'vitest';
import { collectReceipt } from '../../../src/extension/instances/collectReceipt.ts';
import type { ReceiptView } from '../../../src/protocol/instancesPage.ts';
import { type StrategyScores, strategyNames } from '../../../src/protocol/select.ts';
import { sampleReceipt } from '../../webview/sampleInstances.ts';
import { english } from './english.ts';

const cluster = {
  cluster: 8,
  size: 66,
  transferability: 0.5,
  density: 0.25,
  score: 2,
  quota: { turn: 0, remaining: 100, ratio: 0.125, want: 12, take: 14, refilled: 2 },
};
const collect = (verdict: 'kept' | 'dropped', scores: StrategyScores): ReceiptView =>
  collectReceipt({ ...sampleReceipt(3), verdict, strategy: scores.strategy, cluster, scores }, english, 'en');

const floor = { perspective: 'object', entity: 'kite', frequency: 9, floor: 5, byBudget: 3, kept: 5 } as const;
const hybrid = { strategy: 'hybrid', rank: 4, whole: false, floors: [floor] } as const;
const column = { score: 0.5, place: 7, stratumSize: 100, from: 5, to: 20 } as const;
const rebalance = { strategy: 'rebalance', scale: 0.25, limit: 0.5 } as const;

const samples: readonly (readonly ['kept' | 'dropped', StrategyScores, string])[] = [
  ['kept', { strategy: 'coincide', rank: 4, whole: false }, 'It is number 5 in the order in which its cluster gives 14 instances.'],
  ['kept', { strategy: 'coincide', rank: 4, whole: true }, 'Its cluster is small and was taken whole.'],
  [
    'dropped',
    { strategy: 'coincide', rank: 14, whole: false },
    'It is number 15 in the order of its cluster, which gives only 14 instances.',
  ],
  ['dropped', { strategy: 'coincide', rank: null, whole: false }, 'Its cluster gives 14 instances, and it lies behind all of them.'],
  [
    'kept',
    { ...hybrid, role: 'budget' },
    'The budget of its cluster chose it. It is number 5 in the order in which its cluster gives 14 instances.',
  ],
  ['kept', { ...hybrid, role: 'floor' }, 'The budgets left it out, but it was added because it holds an entity that lay below its floor.'],
  [
    'dropped',
    { ...hybrid, role: 'paid' },
    'The budget of its cluster chose it, but it was given up for instances that hold entities below their floor.',
  ],
  ['dropped', { ...hybrid, rank: null, role: 'left' }, 'Its cluster gives 14 instances, and it lies behind all of them.'],
  ['kept', { strategy: 'random', place: 12, size: 20 }, 'It has place 13 in the seeded permutation; the first 20 are selected.'],
  ['kept', rebalance, 'It is kept when all thresholds are scaled by at least 0.25; here they are scaled by 0.5.'],
  ['dropped', { ...rebalance, scale: null }, 'It holds no entity, so rebalancing never keeps it.'],
  [
    'kept',
    { strategy: 'semdedup', similarity: 0.8, threshold: 0.9, twin: 3, cut: false },
    'Its largest similarity to a harder instance of its cluster, 0.8, is at most 0.9.',
  ],
  [
    'dropped',
    { strategy: 'semdedup', similarity: 0.95, threshold: 0.9, twin: 17, cut: false },
    'It resembles instance 17, a harder one of its cluster: 0.95 is above 0.9.',
  ],
  [
    'dropped',
    { strategy: 'semdedup', similarity: 0.8, threshold: 0.9, twin: 3, cut: true },
    'It resembles no harder instance enough to be dropped, but the cut at the size took it.',
  ],
  ['kept', { strategy: 'd2', score: 1, initial: 2, atPick: 1.5, pick: 0 }, 'It was picked as number 1, when its value was 1.5.'],
  ['dropped', { strategy: 'self-filter', difficulty: 1, atPick: null, pick: null }, 'It was never the best that was left.'],
  [
    'kept',
    { strategy: 'coincide-necessity', score: 1.5, place: 2, take: 5, of: 30 },
    'By its score it has place 3 of 30 in its cluster, highest first; the first 5 are selected.',
  ],
  [
    'dropped',
    { strategy: 'coincide-necessity', score: null, place: 2, take: 1, of: 4 },
    'It has no score: in the order of its cluster it has place 3 of 4 such instances; the first 1 are selected.',
  ],
  [
    'dropped',
    { strategy: 'coincide-necessity', score: null, place: null, take: 0, of: 4 },
    'It has no score, and its cluster gives none of its 4 such instances.',
  ],
  ...(['self-sup', 'clip-score', 'el2n', 'perplexity', 'visual-necessity', 'column'] as const).map(
    (strategy) =>
      ['kept', { strategy, ...column }, 'By its score it has place 8 of 100, lowest first; places 6 to 20 are selected.'] as const,
  ),
  [
    'kept',
    { strategy: 'clip-score', ...column, score: null },
    'It has no score. By chance it has place 8 of 100 such instances; the first 20 are selected.',
  ],
];

describe('the receipt of a coreset', () => {
  it.each(samples)('says why an instance was %s: %j', (verdict, scores, sentence) => {
    const view = collect(verdict, scores);
    expect([view.verdict, view.sentence, view.flip]).toEqual([verdict, sentence, null]);
    expect(view.perspectives).toEqual([]);
  });

  it('knows every strategy', () => {
    expect([...new Set(samples.map(([, { strategy }]) => strategy))].sort()).toEqual([...strategyNames].sort());
  });

  it('shows the cluster with its budget, and the floors', () => {
    const { facts } = collect('kept', { ...hybrid, role: 'floor' });
    expect(facts).toEqual([
      ['Strategy', 'COINCIDE with floors'],
      ['Cluster', '8, with 66 instances'],
      ['Transferability', '0.5'],
      ['Density', '0.25'],
      ['Score', '2'],
      ['Visited as number', '1'],
      ['Budget', '12 of the 100 left to give, a share of 0.125'],
      ['Given', '14, 2 of them as a refill'],
      ['Floor of kite (Object)', '5 of its 9 instances: the budgets chose 3, 5 are kept'],
      ['Seed', '42'],
    ]);
  });

  it('names the entity by which rebalancing decided', () => {
    const decided = { ...rebalance, perspective: 'token', entity: 'sky\u202e', frequency: 1200, tau: 20.5, draw: 0.125 } as const;
    expect(collect('kept', decided).facts).toContainEqual(['Deciding entity', 'sky\ufffd (Token)']);
    expect(collect('kept', decided).facts).toContainEqual(['Draw', '0.125']);
  });
});
