import { rowsOfCluster, sizeOfCluster } from '../../clustering/clusterMembers.ts';
import { allocate, proportionalQuotas } from '../budgets.ts';
import { clusterOfRows } from '../coreset.ts';
import { coresetParameters } from './coresetParameters.ts';
import { parameterOf, type ScoredClusters, type Strategy } from './strategy.ts';

/**
 * COINCIDE's budgets, filled inside each cluster by visual necessity, or any other score, instead of the greedy order (COINCIDE
 * specification 4.4). Instances without a score (those without image) get their share of the cluster's budget in greedy order.
 */
export const coincideNecessity: Strategy = {
  declaration: {
    name: 'coincide-necessity',
    summary: 'budgets of coincide, filled by the largest visual necessity (needs --column)',
    needs: ['features', 'clusters', 'column'],
    parameters: coresetParameters,
  },
  async select({ size, parameters, sources }) {
    const preset = parameterOf(parameters, 'preset');
    const scores = await sources.column(true);
    const clusters = await sources.clusters(preset);
    const { members } = clusters;
    const { quotas, shortfall } = allocate({
      scores: clusters.scores,
      sizes: Uint32Array.from({ length: members.clusters }, (_, cluster) => sizeOfCluster(members, cluster)),
      total: size,
      temperature: parameterOf(parameters, 'temperature'),
      refill: preset !== 'repo',
    });
    const kinds = new Array<Kinds>(members.clusters);
    const picks = new Uint32Array(size - shortfall);
    let filled = 0;
    for (const { cluster, take } of quotas) {
      const own = await kindsOf(cluster, take, clusters, scores);
      kinds[cluster] = own;
      for (const { rows, take: given } of [own.scored, own.unscored]) {
        picks.set(rows.subarray(0, given), filled);
        filled += given;
      }
    }
    const clusterOf = clusterOfRows(members);
    return {
      picks,
      quotas,
      facts: { budgetShortfall: shortfall, withoutScore: scores.reduce((count, score) => count + (Number.isNaN(score) ? 1 : 0), 0) },
      scores(row) {
        const score = scores[row] as number;
        const { scored, unscored } = kinds[clusterOf[row] as number] as Kinds;
        const { rows, take, of } = Number.isNaN(score) ? unscored : scored;
        const place = rows.indexOf(row);
        return { strategy: 'coincide-necessity', score: Number.isNaN(score) ? null : score, place: place < 0 ? null : place, take, of };
      },
    };
  },
};

/** Instances of a cluster in the order in which they are taken, as far as that is known. */
interface Kind {
  readonly rows: Uint32Array;
  readonly take: number;
  readonly of: number;
}

interface Kinds {
  readonly scored: Kind;
  readonly unscored: Kind;
}

async function kindsOf(cluster: number, take: number, { members, greedy }: ScoredClusters, scores: Float64Array): Promise<Kinds> {
  const rows = rowsOfCluster(members, cluster);
  const hasScore = (row: number): boolean => !Number.isNaN(scores[row] as number);
  // Of equal scores the first in the file.
  const scored = rows.filter(hasScore).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const without = rows.length - scored.length;
  const [ofScored = 0, ofUnscored = 0] = proportionalQuotas([scored.length, without], take);
  const unscored = ofUnscored === 0 ? new Uint32Array() : (await greedy(cluster, rows.length)).filter((row) => !hasScore(row));
  return {
    scored: { rows: scored, take: ofScored, of: scored.length },
    unscored: { rows: unscored, take: ofUnscored, of: without },
  };
}
