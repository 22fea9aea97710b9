import { realpath } from 'node:fs/promises';
import type { Receipt } from '../../protocol/reports.ts';
import type { ExplainRequest } from '../../protocol/requests.ts';
import { type Dataset, partOf, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { readRecord } from '../dataset/readRecord.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { listRuns } from '../runs/runRecord.ts';
import { explainRebalance } from '../selection/receipt.ts';
import { unpackKept } from '../selection/selection.ts';
import { explainSelect, selectManifestToExplain } from './explainSelect.ts';
import { isReadable, type OpenManifest, openManifest } from './manifestFile.ts';
import { openSource, withThreads } from './openSource.ts';
import { prepareRebalance } from './prepareRebalance.ts';
import { StageLog } from './stageLog.ts';

/** The receipt of one instance under a finished run. */
export async function explain(request: ExplainRequest, deps: EngineDeps, caller: JobContext): Promise<Receipt> {
  const job = withThreads(caller, request.threads);
  const dataset = await openSource(request, deps, job);
  const ordinal = request.instance;
  assertInstance(dataset, ordinal);
  const selected = await selectManifestToExplain(request, dataset);
  if (selected) return explainSelect(selected, request, dataset, deps, job);
  const manifest = request.manifest ? await openManifest(request.manifest) : await newestManifest(dataset);
  if (manifest.source.sha256 !== dataset.summary.sha256) {
    throw new EngineError(
      'dataset.changed',
      `${dataset.path} is not the file that ${manifest.path} was made from: its SHA-256 differs. Run ballast rebalance again.`,
      { path: dataset.path },
    );
  }
  const prepared = await prepareRebalance(
    dataset,
    { ...manifest.request, dataset: request.dataset, ...(request.runDir ? { runDir: request.runDir } : {}) },
    deps,
    job,
    new StageLog(),
  );
  const decision = explainRebalance(prepared.input, ordinal);
  const kept = unpackKept(manifest.kept.deflatedBits, manifest.kept.records);
  if (!kept || kept.includes(ordinal) !== (decision.verdict === 'kept')) {
    throw new EngineError(
      'manifest.invalid',
      `${manifest.path} says otherwise of instance ${ordinal} than its own parameters give. Was it edited, or made by another version?`,
      { path: manifest.path, ordinal },
    );
  }
  const part = partOf(dataset, ordinal);
  const { view } = await readRecord(dataset, ordinal);
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  return {
    ordinal,
    id: view.id,
    ...decision,
    minPerspectives: prepared.input.minPerspectives,
    alpha: prepared.input.alpha ?? 1,
    seed: prepared.input.seed,
    sampler: prepared.input.sampler,
    instanceKey: {
      content: Buffer.from(keys.subarray(ordinal * 16, ordinal * 16 + 16)).toString('hex'),
      duplicate: duplicates[ordinal] ?? 0,
    },
    manifest: manifest.path,
    byteStart: dataset.start[ordinal] ?? 0,
    byteEnd: dataset.end[ordinal] ?? 0,
    file: part.path,
  };
}

function assertInstance(dataset: Dataset, ordinal: number): void {
  if (ordinal >= dataset.records) {
    throw new EngineError(
      'instance.notFound',
      `There is no instance ${ordinal}: ${dataset.path} has ordinals 0 to ${dataset.records - 1}.`,
      { ordinal, records: dataset.records },
    );
  }
  if (!((dataset.flags[ordinal] ?? 0) & recordFlags.usable)) {
    throw new EngineError(
      'instance.notFound',
      `Position ${ordinal} of ${dataset.path} holds no instance (byte ${dataset.start[ordinal]}): see ballast inspect.`,
      { ordinal, byteStart: dataset.start[ordinal] ?? 0 },
    );
  }
}

/** Manifest of the newest run of this dataset whose manifest still lies there. */
async function newestManifest(dataset: Dataset): Promise<OpenManifest> {
  const here = await realpath(dataset.path).catch(() => dataset.path);
  for (const run of await listRuns(dataset.runDir)) {
    if (run.command === 'compose') continue; // its selection has a run of its own, which is older
    const there = await realpath(run.dataset).catch(() => run.dataset);
    if (there === here && (await isReadable(run.manifest))) return openManifest(run.manifest);
  }
  throw new EngineError(
    'manifest.notFound',
    `No run of ${dataset.path} is recorded in ${dataset.runDir}. Run ballast rebalance first, or name its manifest with --manifest.`,
    { path: dataset.path },
  );
}
