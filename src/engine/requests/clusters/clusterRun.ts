import type { ClusterListRun } from '../../../protocol/clusters.ts';
import { sizeOfCluster } from '../../clustering/clusterMembers.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import { allocate, type ClusterQuota } from '../../selection/budgets.ts';
import { scoresOf } from '../../selection/coreset.ts';
import { type RunVerdicts, verdictOf } from '../browse/verdictMemory.ts';
import type { ClusterMemory, ClustersInHand } from './clusterMemory.ts';

/** What a run did to clusters. */
export interface ClusterRun {
  readonly verdicts: RunVerdicts;
  readonly strategy: ClusterListRun['strategy'];
  /** Instances kept per cluster. */
  readonly kept: Uint32Array;
  /** Budgets, in order of visit; undefined when other clusters, or none, were asked. */
  readonly quotas: readonly ClusterQuota[] | undefined;
}

/** @throws EngineError `dataset.changed`, `manifest.notFound`, `manifest.invalid` */
export async function clusterRun(
  memory: ClusterMemory,
  inHand: ClustersInHand,
  manifest: string | undefined,
  job: JobContext,
): Promise<ClusterRun | undefined> {
  if (manifest === undefined) return undefined;
  const { open, dataset, ordinals } = inHand;
  const verdicts = await memory.browser.verdicts.open(dataset, manifest, job);
  const kept = new Uint32Array(open.members.clusters);
  for (let row = 0; row < ordinals.length; row++) {
    if (verdictOf(verdicts, ordinals[row] as number) !== 'kept') continue;
    const cluster = open.assignments[row] as number;
    kept[cluster] = (kept[cluster] as number) + 1;
  }
  return { verdicts, strategy: verdicts.select?.request.strategy ?? 'rebalance', kept, quotas: quotasOf(inHand, verdicts) };
}

/** The budgets of COINCIDE and of its form under floors follow from scores, sizes and the number asked for. */
function quotasOf({ open, dataset }: ClustersInHand, { select }: RunVerdicts): ClusterRun['quotas'] {
  const { record, members, kernels, transferability } = open;
  if (!select || !kernels || !isWithBudgets(select.request.strategy)) return undefined;
  const { inputHash, parameterHash } = record.artifacts.clusters;
  if (select.identities.clusters !== `${inputHash}-${parameterHash}`) return undefined;
  const { preset, temperature, layout, fraction, count } = select.request;
  if (preset !== record.preset || temperature === undefined) return undefined;
  if (JSON.stringify(layout ?? null) !== JSON.stringify(record.options.layout ?? null)) return undefined;
  return allocate({
    scores: scoresOf(transferability, kernels.density),
    sizes: Uint32Array.from({ length: members.clusters }, (_, cluster) => sizeOfCluster(members, cluster)),
    total: count ?? Math.floor((fraction ?? 0) * dataset.instances),
    temperature,
    refill: preset !== 'repo',
  }).quotas;
}

function isWithBudgets(strategy: string): boolean {
  return strategy === 'coincide' || strategy === 'hybrid';
}
