import type { Receipt } from '../../protocol/reports.ts';
import type { StrategyScores } from '../../protocol/select.ts';
import { count, decimal, printable } from './format.ts';

/** Digits of scores: enough to see which of two is larger, mostly. */
const digits = 6;

/** A receipt of `select` in words: the verdict, the cluster with its quota, and what the strategy looked at. */
export function describeStrategyReceipt(receipt: Receipt): string {
  const { cluster, scores } = receipt;
  const lines = [
    `Instance ${receipt.ordinal}${receipt.id === null ? '' : ` (id ${printable(receipt.id)})`} was ${receipt.verdict} by ${receipt.strategy}.`,
  ];
  if (cluster) {
    lines.push(
      `Cluster ${cluster.cluster} of ${count(cluster.size)} instances: transferability ${decimal(cluster.transferability, digits)}${
        cluster.density === null ? '' : `, density ${decimal(cluster.density, digits)}, score ${decimal(cluster.score ?? 0, digits)}`
      }.`,
    );
    if (cluster.quota) {
      const { turn, remaining, ratio, want, take, refilled } = cluster.quota;
      lines.push(
        `Visited as number ${count(turn + 1)} with ${count(remaining)} instances left to give: its share ${decimal(ratio, digits)} asked for ${count(want)}; it gave ${count(take)}${refilled > 0 ? `, ${count(refilled)} of them as a refill` : ''}.`,
      );
    }
  }
  if (scores) lines.push(...scoreLines(scores));
  return lines.join('\n');
}

function scoreLines(scores: StrategyScores): string[] {
  const real = (value: number | null): string => (value === null ? '-' : decimal(value, digits));
  switch (scores.strategy) {
    case 'coincide':
      return [rankLine(scores)];
    case 'hybrid':
      return [
        rankLine(scores),
        {
          budget: "Chosen by its cluster's budget.",
          floor: 'Added because an entity lay below its floor.',
          paid: "Chosen by its cluster's budget, but given up for floors that other instances hold.",
          left: 'Not chosen.',
        }[scores.role],
        ...scores.floors.map(
          ({ perspective, entity, frequency, floor, byBudget, kept }) =>
            `  ${perspective} "${printable(entity, 40)}": floor ${count(floor)} of ${count(frequency)}, ${count(byBudget)} by budget, ${count(kept)} kept`,
        ),
      ];
    case 'coincide-necessity': {
      const { score, place, take, of } = scores;
      const kind = score === null ? 'without a score, in greedy order' : `with a score, descending; its own is ${real(score)}`;
      const where = place === null ? 'It lies behind all that' : `Number ${count(place + 1)} of ${count(of)}`;
      return [
        `${where} ${place === null ? `the cluster gives of its ${count(of)} instances ` : ''}${kind}; the first ${count(take)} are chosen.`,
      ];
    }
    case 'random':
      return [`Place ${count(scores.place)} of the seeded permutation; places below ${count(scores.size)} are chosen.`];
    case 'rebalance':
      return scores.entity === undefined
        ? ['It holds no entity, so rebalancing never keeps it.']
        : [
            `Kept once all thresholds are scaled by more than ${real(scores.scale)} (here ${real(scores.limit)}): ${scores.perspective} "${printable(scores.entity, 40)}", frequency ${count(scores.frequency ?? 0)}, tau ${real(scores.tau ?? null)}, draw ${real(scores.draw ?? null)}.`,
          ];
    case 'semdedup':
      return [
        `Largest cosine to a harder member of its cluster: ${real(scores.similarity)} (instance ${scores.twin}); up to ${real(scores.threshold)} is kept${scores.cut ? ', but the cut at the size took it' : ''}.`,
      ];
    case 'd2':
      return [
        `Score ${real(scores.score)}, with its neighbours' ${real(scores.initial)}; ${scores.pick === null ? 'never picked' : `picked as number ${count(scores.pick + 1)} at ${real(scores.atPick)}`}.`,
      ];
    case 'self-filter':
      return [
        `Difficulty ${real(scores.difficulty)}; ${scores.pick === null ? 'never picked' : `picked as number ${count(scores.pick + 1)} at ${real(scores.atPick)}`}.`,
      ];
    default:
      return [
        scores.score === null
          ? `It has no score: place ${count(scores.place)} of ${count(scores.stratumSize)} drawn by chance, places below ${count(scores.to)} are chosen.`
          : `Score ${real(scores.score)}, place ${count(scores.place)} of ${count(scores.stratumSize)} ascending; places ${count(scores.from)} to ${count(scores.to)} are chosen.`,
      ];
  }
}

function rankLine({ rank, whole }: { readonly rank: number | null; readonly whole: boolean }): string {
  if (whole) return 'The cluster was taken whole, in file order.';
  return rank === null ? 'It lies behind all that its cluster gives.' : `Number ${count(rank + 1)} in the greedy MMD order of its cluster.`;
}
