import { realpath } from 'node:fs/promises';
import type { Receipt } from '../../protocol/reports.ts';
import type { ExplainRequest } from '../../protocol/requests.ts';
import { type Dataset, partOf, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { listRuns } from '../runs/runRecord.ts';
import { contentOf } from '../selection/overrides.ts';
import { explainRebalance } from '../selection/receipt.ts';
import type { ExplainMemory } from './explainMemory.ts';
import { explainSelect } from './explainSelect.ts';
import { isReadable } from './manifestFile.ts';
import { withThreads } from './openSource.ts';
import { openSelectManifest } from './selectManifest.ts';

/** The receipt of one instance under a finished run. */
export async function explain(request: ExplainRequest, memory: ExplainMemory, caller: JobContext): Promise<Receipt> {
  const job = withThreads(caller, request.threads);
  const dataset = await memory.hot.dataset(request, job);
  const ordinal = request.instance;
  assertInstance(dataset, ordinal);
  const path = request.manifest ?? (await newestManifest(dataset));
  const selected = await openSelectManifest(path);
  if (selected) return explainSelect(selected, request, dataset, memory, job);
  const { manifest, prepared, kept } = await memory.prepare(dataset, path, request, job);
  const decision = explainRebalance(prepared.input, ordinal);
  if (!kept || (kept[ordinal] === 1) !== (decision.verdict === 'kept')) {
    throw new EngineError(
      'manifest.invalid',
      `${manifest.path} says otherwise of instance ${ordinal} than its own parameters give. Was it edited, or made by another version?`,
      { path: manifest.path, ordinal },
    );
  }
  const part = partOf(dataset, ordinal);
  const { view } = await readRecord(dataset, ordinal);
  const override = prepared.overrides.byOrdinal.get(ordinal);
  const { keys, duplicates } = await obtainInstanceKeys(dataset, { workerScript: memory.deps.scripts.dataset }, job);
  return {
    ordinal,
    id: view.id,
    ...decision,
    ...(override ? { override: { verdict: override.verdict, reason: override.reason } } : {}),
    minPerspectives: prepared.input.minPerspectives,
    alpha: prepared.input.alpha ?? 1,
    seed: prepared.input.seed,
    sampler: prepared.input.sampler,
    instanceKey: { content: contentOf(keys, ordinal), duplicate: duplicates[ordinal] ?? 0 },
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
async function newestManifest(dataset: Dataset): Promise<string> {
  const here = await realpath(dataset.path).catch(() => dataset.path);
  for (const run of await listRuns(dataset.runDir)) {
    if (run.command === 'compose') continue; // its selection has a run of its own, which is older
    const there = await realpath(run.dataset).catch(() => run.dataset);
    if (there === here && (await isReadable(run.manifest))) return run.manifest;
  }
  throw new EngineError(
    'manifest.notFound',
    `No run of ${dataset.path} is recorded in ${dataset.runDir}. Run ballast rebalance first, or name its manifest with --manifest.`,
    { path: dataset.path },
  );
}
