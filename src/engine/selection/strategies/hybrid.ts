import { perspectives } from '../../../protocol/perspectives.ts';
import { rowsOfCluster } from '../../clustering/clusterMembers.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { type Coreset, clusterOfRows, coresetOf, isWhole } from '../coreset.ts';
import { FlooredEntities, meetFloors, type PerspectiveFloor } from '../floors.ts';
import { coresetParameters } from './coresetParameters.ts';
import { parameterOf, type ScoredClusters, type Strategy, type StrategyInput } from './strategy.ts';

/** Floors named in a receipt. */
const listedFloors = 8;

/** COINCIDE under ADR's floors: the coreset, changed as little as the floors ask for, at the same size. */
export const hybrid: Strategy = {
  declaration: {
    name: 'hybrid',
    summary: 'coincide under floors: no entity with enough instances falls below its floor (needs --floor)',
    needs: ['features', 'clusters', 'entities'],
    parameters: [
      ...coresetParameters,
      { name: 'floors', kind: 'floors', help: 'no entity of the perspective with at least COUNT instances falls below COUNT' },
    ],
  },
  async select(input) {
    const { size, ordinals, parameters, sources } = input;
    const preset = parameterOf(parameters, 'preset');
    const clusters = await sources.clusters(preset);
    const coreset = await coresetOf(clusters, size, parameterOf(parameters, 'temperature'), preset !== 'repo');
    const floors = await floorsOf(input);
    const result = meetFloors({
      floors,
      ordinals,
      base: coreset.picks,
      payers: payersOf(coreset),
      preference: preferenceOf(coreset, clusters),
      size,
    });
    if (result.excess > 0)
      throw new EngineError(
        'selection.unreachable',
        `These floors hold ${size + result.excess} instances, ${result.excess} more than the ${size} asked for. Lower --floor or select more.`,
        { target: size, minimum: size + result.excess },
      );
    const entities = new FlooredEntities(floors);
    const byBudget = entities.countIn(coreset.picks, ordinals);
    const kept = entities.countIn(result.picks, ordinals);
    const clusterOf = clusterOfRows(clusters.members);
    const quotaOf = new Map(coreset.quotas.map((quota) => [quota.cluster, quota]));
    const added = new Set(result.added);
    const paid = new Set(result.paid);
    const chosen = new Set(result.picks);
    return {
      ...result,
      quotas: coreset.quotas,
      facts: { budgetShortfall: coreset.shortfall, flooredEntities: entities.count, added: added.size, paid: paid.size },
      scores(row) {
        const cluster = clusterOf[row] as number;
        const quota = quotaOf.get(cluster);
        const rank = coreset.ranked.get(cluster)?.indexOf(row) ?? -1;
        const held: number[] = [];
        entities.each(ordinals[row] as number, (entity) => held.push(entity));
        const rows = held.map((entity) => ({
          ...entities.nameOf(entity),
          floor: entities.floorOf(entity),
          byBudget: byBudget[entity] as number,
          kept: kept[entity] as number,
        }));
        return {
          strategy: 'hybrid',
          rank: rank < 0 ? null : rank,
          whole: quota !== undefined && isWhole(quota, clusters.members),
          role: added.has(row) ? 'floor' : paid.has(row) ? 'paid' : chosen.has(row) ? 'budget' : 'left',
          floors: rows.sort((a, b) => a.frequency - b.frequency).slice(0, listedFloors),
        };
      },
    };
  },
};

async function floorsOf({ parameters, sources }: StrategyInput): Promise<PerspectiveFloor[]> {
  const wanted = parameterOf(parameters, 'floors');
  const floors: PerspectiveFloor[] = [];
  for (const perspective of perspectives) {
    const floor = wanted[perspective];
    if (floor !== undefined) floors.push({ index: await sources.perspective(perspective), floor });
  }
  return floors;
}

/**
 * Every cluster pays from the end of its own order, in proportion to what it was given: first the picks at the largest share of their
 * cluster's way, of equal ones that of the cluster visited last. The first pick of a cluster is the last to go.
 */
function payersOf({ picks, quotas }: Coreset): Uint32Array {
  const rank = new Uint32Array(picks.length);
  const take = new Uint32Array(picks.length);
  let filled = 0;
  for (const quota of quotas) {
    for (let i = 0; i < quota.take; i++) {
      rank[filled + i] = i;
      take[filled + i] = quota.take;
    }
    filled += quota.take;
  }
  const order = Uint32Array.from(picks, (_, i) => i).sort((a, b) => {
    // rank / take compared as whole numbers
    const difference = (rank[b] as number) * (take[a] as number) - (rank[a] as number) * (take[b] as number);
    return difference || b - a;
  });
  return order.map((i) => picks[i] as number);
}

/** Of rows that serve floors equally: those of clusters visited earlier, in file order. */
function preferenceOf({ quotas }: Coreset, { members }: ScoredClusters): Uint32Array {
  const preference = new Uint32Array(members.rows.length);
  let next = 0;
  for (const { cluster } of quotas) for (const row of rowsOfCluster(members, cluster)) preference[row] = next++;
  return preference;
}
