import { realpath } from 'node:fs/promises';
import type { Receipt } from '../../protocol/reports.ts';
import type { ExplainRequest } from '../../protocol/requests.ts';
import type { ReceiptCluster } from '../../protocol/select.ts';
import { shownIds } from '../clustering/clusterMembers.ts';
import { type Dataset, partOf } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { readRecord } from '../dataset/readRecord.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { listRuns } from '../runs/runRecord.ts';
import { scoreOf } from '../selection/coreset.ts';
import { unpackKept } from '../selection/selection.ts';
import { isReadable } from './manifestFile.ts';
import { knowsClusters, type PreparedSelect, prepareSelect } from './prepareSelect.ts';
import { type OpenSelectManifest, openSelectManifest } from './selectManifest.ts';
import { StageLog } from './stageLog.ts';

/** The manifest that `explain` means, if a selection made it: the named one, else that of the dataset's newest run. */
export async function selectManifestToExplain(request: ExplainRequest, dataset: Dataset): Promise<OpenSelectManifest | undefined> {
  if (request.manifest) return openSelectManifest(request.manifest);
  const here = await realpath(dataset.path).catch(() => dataset.path);
  for (const run of await listRuns(dataset.runDir)) {
    if (run.command === 'compose') continue; // its selection has a run of its own, which is older
    const there = await realpath(run.dataset).catch(() => run.dataset);
    if (there === here && (await isReadable(run.manifest))) return openSelectManifest(run.manifest);
  }
  return undefined;
}

/** The receipt of one instance under a strategy. @param request names an instance of the dataset */
export async function explainSelect(
  manifest: OpenSelectManifest,
  request: ExplainRequest,
  dataset: Dataset,
  deps: EngineDeps,
  job: JobContext,
): Promise<Receipt> {
  const ordinal = request.instance;
  if (manifest.source.sha256 !== dataset.summary.sha256)
    throw new EngineError(
      'dataset.changed',
      `${dataset.path} is not the file that ${manifest.path} was made from: its SHA-256 differs. Run ballast select again.`,
      { path: dataset.path },
    );
  const again = { ...manifest.request, dataset: request.dataset, ...(request.runDir ? { runDir: request.runDir } : {}) };
  const prepared = await prepareSelect(dataset, again, deps, job, new StageLog());
  await using _sources = prepared.sources;
  const row = prepared.sources.ordinals.indexOf(ordinal);
  const isKept = prepared.selection.kept.includes(ordinal);
  if (unpackKept(manifest.kept.deflatedBits, manifest.kept.records)?.includes(ordinal) !== isKept)
    throw new EngineError(
      'manifest.invalid',
      `${manifest.path} says otherwise of instance ${ordinal} than its own parameters give. Was it edited, or made from other arrays?`,
      { path: manifest.path, ordinal },
    );
  const { view } = await readRecord(dataset, ordinal);
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
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
