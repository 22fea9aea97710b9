import type { ReceiptView } from '../../protocol/instancesPage.ts';
import type { Receipt } from '../../protocol/reports.ts';
import type { ReceiptCluster, StrategyScores } from '../../protocol/select.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

interface Formats {
  readonly t: Localize;
  /** Whole numbers. */
  readonly n: (value: number) => string;
  /** Six significant digits: enough to see which of two scores is larger, mostly. */
  readonly p: (value: number | null) => string;
}

/** Longest name of an entity in a sentence, in UTF-16 units. */
const entityUnits = 120;

/** A receipt of a strategy in words: the verdict and why, with the numbers that decided it. */
export function collectStrategyReceipt(receipt: Receipt, scores: StrategyScores, t: Localize, locale: string): ReceiptView {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
  const formats: Formats = { t, n: (value) => whole.format(value), p: (value) => (value === null ? '–' : digits.format(value)) };
  return {
    verdict: receipt.verdict,
    forced: false,
    sentence: sentenceOf(scores, receipt.cluster, formats),
    facts: [
      [t('Strategy'), scores.strategy],
      ...(receipt.cluster ? clusterRows(receipt.cluster, formats) : []),
      ...(scores.strategy === 'hybrid' ? floorRows(scores, formats) : []),
      [t('Seed'), String(receipt.seed)],
    ],
    perspectives: [],
    flip: t('A strategy names no smallest change: its verdicts depend on all instances together.'),
  };
}

function sentenceOf(scores: StrategyScores, cluster: ReceiptCluster | undefined, { t, n, p }: Formats): string {
  switch (scores.strategy) {
    case 'coincide':
      return orderSentence(scores, cluster, { t, n, p });
    case 'hybrid':
      return {
        budget: t('Chosen by the budget of its cluster.'),
        floor: t('Added because one of its entities lay below its floor.'),
        paid: t('Chosen by the budget of its cluster, but given up for floors that other instances hold.'),
        left: t('Chosen neither by the budget of its cluster nor for a floor.'),
      }[scores.role];
    case 'coincide-necessity':
      return necessitySentence(scores, { t, n, p });
    case 'random':
      return t('Number {0} of the seeded permutation; the first {1} are kept.', n(scores.place + 1), n(scores.size));
    case 'rebalance':
      return scores.entity === undefined
        ? t('It holds no entity, so rebalancing never keeps it.')
        : t(
            'Kept when all thresholds are scaled by {0} or more; this selection scales them by {1}. "{2}" decides.',
            p(scores.scale),
            p(scores.limit),
            plainText(scores.entity, entityUnits),
          );
    case 'semdedup': {
      const { similarity, twin, threshold } = scores;
      return scores.cut
        ? t('Below the threshold for duplicates, but left out by the cut at the wanted size.')
        : t(
            'Its largest cosine to a harder member of its cluster is {0} (instance {1}); up to {2} is kept.',
            p(similarity),
            n(twin),
            p(threshold),
          );
    }
    case 'd2':
    case 'self-filter':
      return scores.pick === null
        ? t('It was never picked.')
        : t('Picked as number {0}, when its value was {1}.', n(scores.pick + 1), p(scores.atPick));
    default: {
      const { score, place, stratumSize, from, to } = scores;
      return score === null
        ? t(
            'It has no score: number {0} of {1} such instances, drawn by chance; the first {2} are kept.',
            n(place + 1),
            n(stratumSize),
            n(to),
          )
        : t(
            'Score {0}: number {1} of {2} in ascending order; {3} are kept from number {4} on.',
            p(score),
            n(place + 1),
            n(stratumSize),
            n(to - from),
            n(from + 1),
          );
    }
  }
}

function orderSentence(
  { rank, whole }: { readonly rank: number | null; readonly whole: boolean },
  cluster: ReceiptCluster | undefined,
  { t, n }: Formats,
): string {
  const take = cluster?.quota?.take ?? 0;
  if (whole) return t('Its cluster was to give more instances than it has, so it was taken whole.');
  return rank === null
    ? t('It lies behind the {0} instances that its cluster gives.', n(take))
    : t('Number {0} in the greedy order of its cluster, of which the first {1} are kept.', n(rank + 1), n(take));
}

function necessitySentence(
  { score, place, take, of }: Extract<StrategyScores, { strategy: 'coincide-necessity' }>,
  { t, n, p }: Formats,
): string {
  if (score !== null)
    return t(
      'Score {0}: number {1} of {2} in its cluster, of which the first {3} are kept.',
      p(score),
      n((place ?? 0) + 1),
      n(of),
      n(take),
    );
  return place === null
    ? t('It has no score, and its cluster gives none of its {0} such instances.', n(of))
    : t(
        'It has no score: number {0} of {1} such instances of its cluster in greedy order, of which the first {2} are kept.',
        n(place + 1),
        n(of),
        n(take),
      );
}

function clusterRows(
  { cluster, size, transferability, density, score, quota }: ReceiptCluster,
  { t, n, p }: Formats,
): ReceiptView['facts'] {
  return [
    [t('Cluster'), t('{0}, with {1} instances', n(cluster), n(size))],
    [t('Transferability'), p(transferability)],
    ...(density === null ? [] : [[t('Density'), p(density)] as const]),
    ...(score === null ? [] : [[t('Score of the cluster'), p(score)] as const]),
    ...(quota === undefined
      ? []
      : ([
          [t('Turn of the cluster'), n(quota.turn + 1)],
          [t('Share of what was left'), t('{0} of {1} instances', p(quota.ratio), n(quota.remaining))],
          [t('Wanted and given'), t('{0} wanted, {1} given, {2} of them as a refill', n(quota.want), n(quota.take), n(quota.refilled))],
        ] as const)),
  ];
}

function floorRows({ floors }: Extract<StrategyScores, { strategy: 'hybrid' }>, { t, n }: Formats): ReceiptView['facts'] {
  return floors.map(({ entity, frequency, floor, byBudget, kept }) => [
    t('Floor of "{0}"', plainText(entity, entityUnits)),
    t('{0} of {1}: {2} by budget, {3} kept', n(floor), n(frequency), n(byBudget), n(kept)),
  ]);
}
