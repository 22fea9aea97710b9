import type { ReceiptView } from '../../protocol/instancesPage.ts';
import type { Receipt } from '../../protocol/reports.ts';
import type { ReceiptCluster, StrategyName, StrategyScores } from '../../protocol/select.ts';
import { strategyLabel } from '../coreset/strategyWords.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';

interface Formats {
  readonly t: Localize;
  readonly n: (value: number) => string;
  /** Five significant digits: enough to see which of two scores is larger, mostly. */
  readonly p: (value: number | null) => string;
}

type Facts = ReceiptView['facts'];
const entityUnits = 60;

/** A receipt of a coreset in words: the verdict and why, its cluster with the budget, and what the strategy looked at. */
export function collectStrategyReceipt(receipt: Receipt, strategy: StrategyName, t: Localize, locale: string): ReceiptView {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 5 });
  const formats: Formats = { t, n: (value) => whole.format(value), p: (value) => (value === null ? '–' : digits.format(value)) };
  const { verdict, cluster, scores, seed } = receipt;
  return {
    verdict,
    forced: false,
    sentence: scores === undefined ? '' : reasonOf(scores, verdict === 'kept', cluster, formats),
    facts: [
      [t('Strategy'), strategyLabel(strategy, t)],
      ...(cluster === undefined ? [] : clusterFacts(cluster, formats)),
      ...(scores === undefined ? [] : scoreFacts(scores, formats)),
      [t('Seed'), String(seed)],
    ],
    perspectives: [],
    flip: null,
  };
}

function clusterFacts({ cluster, size, transferability, density, score, quota }: ReceiptCluster, { t, n, p }: Formats): Facts {
  const facts: Facts = [
    [t('Cluster'), t('{0}, with {1} instances', cluster, n(size))],
    [t('Transferability'), p(transferability)],
    [t('Density'), p(density)],
    [t('Score'), p(score)],
  ];
  if (quota === undefined) return facts;
  const { turn, remaining, ratio, want, take, refilled } = quota;
  return [
    ...facts,
    [t('Visited as number'), n(turn + 1)],
    [t('Budget'), t('{0} of the {1} left to give, a share of {2}', n(want), n(remaining), p(ratio))],
    [t('Given'), refilled > 0 ? t('{0}, {1} of them as a refill', n(take), n(refilled)) : n(take)],
  ];
}

function reasonOf(scores: StrategyScores, isKept: boolean, cluster: ReceiptCluster | undefined, formats: Formats): string {
  const { t, n, p } = formats;
  switch (scores.strategy) {
    case 'coincide':
      return orderSentence(scores, isKept, cluster, formats);
    case 'hybrid':
      return {
        budget: t('The budget of its cluster chose it. {0}', orderSentence(scores, true, cluster, formats)),
        floor: t('The budgets left it out, but it was added because it holds an entity that lay below its floor.'),
        paid: t('The budget of its cluster chose it, but it was given up for instances that hold entities below their floor.'),
        left: orderSentence(scores, false, cluster, formats),
      }[scores.role];
    case 'coincide-necessity':
      return necessitySentence(scores, formats);
    case 'random':
      return t('It has place {0} in the seeded permutation; the first {1} are selected.', n(scores.place + 1), n(scores.size));
    case 'rebalance':
      return scores.scale === null
        ? t('It holds no entity, so rebalancing never keeps it.')
        : t('It is kept when all thresholds are scaled by at least {0}; here they are scaled by {1}.', p(scores.scale), p(scores.limit));
    case 'semdedup':
      return scores.cut
        ? t('It resembles no harder instance enough to be dropped, but the cut at the size took it.')
        : isKept
          ? t('Its largest similarity to a harder instance of its cluster, {0}, is at most {1}.', p(scores.similarity), p(scores.threshold))
          : t(
              'It resembles instance {0}, a harder one of its cluster: {1} is above {2}.',
              scores.twin,
              p(scores.similarity),
              p(scores.threshold),
            );
    case 'd2':
    case 'self-filter':
      return scores.pick === null
        ? t('It was never the best that was left.')
        : t('It was picked as number {0}, when its value was {1}.', n(scores.pick + 1), p(scores.atPick));
    default:
      return scores.score === null
        ? t(
            'It has no score. By chance it has place {0} of {1} such instances; the first {2} are selected.',
            n(scores.place + 1),
            n(scores.stratumSize),
            n(scores.to),
          )
        : t(
            'By its score it has place {0} of {1}, lowest first; places {2} to {3} are selected.',
            n(scores.place + 1),
            n(scores.stratumSize),
            n(scores.from + 1),
            n(scores.to),
          );
  }
}

/** Why the greedy order of its cluster reaches an instance or not. */
function orderSentence(
  { rank, whole }: { readonly rank: number | null; readonly whole: boolean },
  isKept: boolean,
  cluster: ReceiptCluster | undefined,
  { t, n }: Formats,
): string {
  const take = cluster?.quota?.take ?? 0;
  if (whole && isKept) return t('Its cluster is small and was taken whole.');
  if (isKept && rank !== null) return t('It is number {0} in the order in which its cluster gives {1} instances.', n(rank + 1), n(take));
  return rank === null
    ? t('Its cluster gives {0} instances, and it lies behind all of them.', n(take))
    : t('It is number {0} in the order of its cluster, which gives only {1} instances.', n(rank + 1), n(take));
}

/** Why the order by necessity of its cluster reaches an instance or not. */
function necessitySentence(
  { score, place, take, of }: Extract<StrategyScores, { strategy: 'coincide-necessity' }>,
  { t, n }: Formats,
): string {
  if (place === null) return t('It has no score, and its cluster gives none of its {0} such instances.', n(of));
  return score === null
    ? t(
        'It has no score: in the order of its cluster it has place {0} of {1} such instances; the first {2} are selected.',
        n(place + 1),
        n(of),
        n(take),
      )
    : t('By its score it has place {0} of {1} in its cluster, highest first; the first {2} are selected.', n(place + 1), n(of), n(take));
}

function scoreFacts(scores: StrategyScores, { t, n, p }: Formats): Facts {
  switch (scores.strategy) {
    case 'hybrid':
      return scores.floors.map(({ perspective, entity, frequency, floor, byBudget, kept }) => [
        t('Floor of {0} ({1})', plainText(entity, entityUnits), perspectiveTitle(perspective, t)),
        t('{0} of its {1} instances: the budgets chose {2}, {3} are kept', n(floor), n(frequency), n(byBudget), n(kept)),
      ]);
    case 'rebalance':
      return scores.entity === undefined || scores.perspective === undefined
        ? []
        : [
            [t('Deciding entity'), t('{0} ({1})', plainText(scores.entity, entityUnits), perspectiveTitle(scores.perspective, t))],
            [t('Frequency'), n(scores.frequency ?? 0)],
            [t('τ'), p(scores.tau ?? null)],
            [t('Draw'), p(scores.draw ?? null)],
          ];
    case 'd2':
      return [
        [t('Scores'), p(scores.score)],
        [t('With its neighbours’ scores'), p(scores.initial)],
      ];
    case 'self-filter':
      return [[t('Difficulty'), p(scores.difficulty)]];
    case 'column':
    case 'coincide-necessity':
    case 'self-sup':
    case 'clip-score':
    case 'el2n':
    case 'perplexity':
    case 'visual-necessity':
      return [[t('Scores'), p(scores.score)]];
    default:
      return [];
  }
}
