import type { Receipt } from '../../protocol/reports.ts';
import type { ExplainRequest } from '../../protocol/requests.ts';
import type { ReceiptCluster } from '../../protocol/select.ts';
import { shownIds } from '../clustering/clusterMembers.ts';
import { rowOfOrdinal } from '../clustering/openClustering.ts';
import { type Dataset, partOf } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { scoreOf } from '../selection/coreset.ts';
import type { ExplainMemory } from './explainMemory.ts';
import { knowsClusters, type PreparedSelect } from './prepareSelect.ts';
import type { OpenSelectManifest } from './selectManifest.ts';

/** The receipt of one instance under a strategy. @param request names an instance of the dataset */
export async function explainSelect(
  manifest: OpenSelectManifest,
  request: ExplainRequest,
  dataset: Dataset,
  memory: ExplainMemory,
  job: JobContext,
): Promise<Receipt> {
  const ordinal = request.instance;
  const { prepared, kept } = await memory.prepareSelect(dataset, manifest, request, job);
  const row = rowOfOrdinal(prepared.sources.ordinals, ordinal);
  const isKept = rowOfOrdinal(prepared.selection.kept, ordinal) >= 0;
  if (kept === undefined || (kept[ordinal] === 1) !== isKept)
    throw new EngineError(
      'manifest.invalid',
      `${manifest.path} says otherwise of instance ${ordinal} than its own parameters give. Was it edited, or made from other arrays?`,
      { path: manifest.path, ordinal },
    );
  const { view } = await readRecord(dataset, ordinal);
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: memory.deps.scripts.dataset }, job);
  const cluster = await clusterOf(prepared, row);
  return {
    ordinal,
    id: view.id,
    verdict: isKept ? 'kept' : 'dropped',
    keepProbability: isKept ? 1 : 0,
    protected: false,
    // A strategy draws nothing: these speak of rebalancing and stay neutral.
    perspectives: {},
    passes: 0,
    minPerspectives: 0,
    alpha: 1,
    seed: prepared.seed,
    sampler: 'hash',
    strategy: manifest.request.strategy,
    ...(cluster ? { cluster } : {}),
    scores: prepared.result.scores(row),
    instanceKey: {
      content: Buffer.from(keys.subarray(ordinal * 16, ordinal * 16 + 16)).toString('hex'),
      duplicate: duplicates[ordinal] ?? 0,
    },
    manifest: manifest.path,
    byteStart: dataset.start[ordinal] ?? 0,
    byteEnd: dataset.end[ordinal] ?? 0,
    file: partOf(dataset, ordinal).path,
  };
}

async function clusterOf(prepared: PreparedSelect, row: number): Promise<ReceiptCluster | undefined> {
  if (!knowsClusters(prepared)) return undefined;
  const { sources, parameters, result } = prepared;
  const preset = parameters.preset ?? 'repo';
  const clustering = await sources.clustering();
  const { assignments, sizes } = clustering;
  const { transferability } = await sources.transferability(preset);
  const density = sources.hasFeatures ? (await sources.kernels(preset)).density : undefined;
  const cluster = assignments[row] as number;
  const turn = result.quotas?.findIndex((quota) => quota.cluster === cluster) ?? -1;
  const quota = result.quotas?.[turn];
  const ownDensity = density?.[cluster];
  return {
    cluster: shownIds(clustering)[cluster] as number,
    size: sizes[cluster] as number,
    transferability: transferability[cluster] as number,
    density: ownDensity ?? null,
    score: ownDensity === undefined ? null : scoreOf(transferability[cluster] as number, ownDensity),
    ...(quota
      ? {
          quota: {
            turn,
            remaining: quota.remaining,
            ratio: quota.ratio,
            want: quota.want,
            take: quota.take,
            refilled: quota.refilled,
          },
        }
      : {}),
  };
}
