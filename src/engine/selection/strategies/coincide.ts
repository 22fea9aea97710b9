import { clusterOfRows, coresetOf, isWhole } from '../coreset.ts';
import { coresetParameters } from './coresetParameters.ts';
import { parameterOf, type Strategy } from './strategy.ts';

/** Concept-skill coreset selection (EMNLP 2024). */
export const coincide: Strategy = {
  declaration: {
    name: 'coincide',
    summary: 'concept-skill coreset: clusters by transferability and density, instances by MMD',
    needs: ['features', 'clusters'],
    parameters: coresetParameters,
  },
  async select({ size, parameters, sources }) {
    const preset = parameterOf(parameters, 'preset');
    const clusters = await sources.clusters(preset);
    const coreset = await coresetOf(clusters, size, parameterOf(parameters, 'temperature'), preset !== 'repo');
    const clusterOf = clusterOfRows(clusters.members);
    const quotaOf = new Map(coreset.quotas.map((quota) => [quota.cluster, quota]));
    return {
      picks: coreset.picks,
      quotas: coreset.quotas,
      facts: { budgetShortfall: coreset.shortfall, refilled: coreset.quotas.reduce((sum, { refilled }) => sum + refilled, 0) },
      scores(row) {
        const cluster = clusterOf[row] as number;
        const quota = quotaOf.get(cluster);
        const rank = coreset.ranked.get(cluster)?.indexOf(row) ?? -1;
        return { strategy: 'coincide', rank: rank < 0 ? null : rank, whole: quota !== undefined && isWhole(quota, clusters.members) };
      },
    };
  },
};
