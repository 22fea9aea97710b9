import { createHash } from 'node:crypto';
import type { OutputFile } from '../../protocol/reports.ts';
import type { ClusterShare, SelectReport, SelectRequest, StrategyComparison } from '../../protocol/select.ts';
import { shownIds } from '../clustering/clusterMembers.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { writeSelection } from '../dataset/losslessWriter.ts';
import type { EngineDeps } from '../engineDeps.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { compareStrategies } from '../reports/compareStrategies.ts';
import { lengthSummary } from '../reports/frequencies.ts';
import { AtomicFile, removeStaleTemporaries } from '../runs/atomicFile.ts';
import { commitTogether } from '../runs/commit.ts';
import { FileSet } from '../runs/fileSet.ts';
import { npyParts } from '../runs/npy.ts';
import { newRunId, writeRunRecord } from '../runs/runRecord.ts';
import type { HotData } from './hotData.ts';
import { manifestPathOf } from './manifestParts.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertOwnOutputs } from './outputPaths.ts';
import { knowsClusters, type PreparedSelect, prepareSelect, selectOther } from './prepareSelect.ts';
import { rememberClusters } from './rememberClusters.ts';
import { selectManifestOf } from './selectManifest.ts';
import { StageLog } from './stageLog.ts';

/** A coreset by any strategy, from the dataset to the committed output and manifest. */
export async function selectCoreset(request: SelectRequest, deps: EngineDeps, hot: HotData, caller: JobContext): Promise<SelectReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  if (!request.dryRun && !request.output) throw new EngineError('usage', 'Say where the result goes with -o OUT.', { option: 'output' });
  const log = new StageLog();
  // A result on the disk is made from a source that was just looked at; a trial is one of many.
  const dataset = request.dryRun ? await hot.dataset(request, job) : await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  await assertOwnOutputs(dataset, request, outputsOf(request), inputsOf(request));
  const prepared = await prepareSelect(dataset, request, deps, job, log, hot);
  await using _sources = prepared.sources;
  const comparison = await compare(prepared, dataset, request, deps, job, log);
  const written =
    request.dryRun || !request.output ? {} : await writeAndCommit({ request, output: request.output, dataset, prepared, deps, job, log });
  const { result, sources, selection, requested } = prepared;
  return {
    strategy: request.strategy,
    ...(await knownClustering(prepared, dataset, request)),
    instances: dataset.instances,
    requested,
    selected: selection.kept.length,
    shortfall: requested - selection.kept.length,
    seed: prepared.seed,
    parameters: prepared.parameters,
    facts: result.facts,
    selectionHash: selection.hash,
    ...written,
    perCluster: await sharesOf(prepared),
    comparison,
    lengths: { before: lengthSummary(dataset, sources.ordinals), after: lengthSummary(dataset, selection.kept) },
    reused: [...new Set(log.reused)],
    seconds: (performance.now() - started) / 1000,
  };
}

/** Strategies that score clusters leave them behind for the views. */
async function knownClustering(
  { strategy, parameters, sources }: PreparedSelect,
  dataset: Dataset,
  request: SelectRequest,
): Promise<Pick<SelectReport, 'clustering'>> {
  if (!strategy.declaration.needs.includes('clusters') || parameters.preset === undefined) return {};
  return { clustering: await rememberClusters(dataset, request, sources, parameters.preset) };
}

function outputsOf({ output, exportOrdinals }: SelectRequest): { option: string; path: string }[] {
  return [
    ...(output
      ? [
          { option: 'output', path: output },
          { option: 'output', path: manifestPathOf(output) },
        ]
      : []),
    ...(exportOrdinals ? [{ option: 'export-ordinals', path: exportOrdinals }] : []),
  ];
}

function inputsOf({ features, assignments, centroids, column }: SelectRequest): { option: string; path: string }[] {
  return Object.entries({ features, assignments, centroids, column }).flatMap(([option, path]) =>
    path?.endsWith('.npy') ? [{ option, path }] : [],
  );
}

async function sharesOf(prepared: PreparedSelect): Promise<ClusterShare[]> {
  if (!knowsClusters(prepared)) return [];
  const { result, sources } = prepared;
  const clustering = await sources.clustering();
  const { clusters, assignments, sizes } = clustering;
  const countIn = (rows: Uint32Array): Uint32Array => {
    const counts = new Uint32Array(clusters);
    for (const row of rows) counts[assignments[row] as number] = (counts[assignments[row] as number] as number) + 1;
    return counts;
  };
  const take = countIn(result.picks);
  const want = new Map(result.quotas?.map((quota) => [quota.cluster, quota.want]));
  const paid = result.paid && countIn(result.paid);
  const added = result.added && countIn(result.added);
  return Array.from(shownIds(clustering), (cluster, i) => ({
    cluster,
    size: sizes[i] as number,
    want: want.get(i) ?? null,
    take: take[i] as number,
    ...(paid && added ? { paid: paid[i] as number, added: added[i] as number } : {}),
  }));
}

async function compare(
  prepared: PreparedSelect,
  dataset: Dataset,
  request: SelectRequest,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
): Promise<StrategyComparison> {
  const { sources, result, strategy } = prepared;
  const size = result.picks.length;
  const names = [...new Set([...(request.compare ?? []), 'random' as const])].filter((name) => name !== request.strategy);
  const selections = [{ strategy: request.strategy, rows: result.picks }];
  for (const name of names) selections.push({ strategy: name, rows: (await selectOther(prepared, name, size)).picks });
  const indexes = new Map<PerspectiveIndex['perspective'], PerspectiveIndex>();
  if (request.compare || strategy.declaration.needs.includes('entities'))
    for (const perspective of sources.perspectives) indexes.set(perspective, await sources.perspective(perspective));
  const keys = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  log.add('keys', keys.artifact);
  const clustering = knowsClusters(prepared) ? await sources.clustering() : undefined;
  return compareStrategies({ selections, ordinals: sources.ordinals, indexes, clustering, keys: keys.keys });
}

interface WriteCall {
  readonly request: SelectRequest;
  readonly output: string;
  readonly dataset: Dataset;
  readonly prepared: PreparedSelect;
  readonly deps: EngineDeps;
  readonly job: JobContext;
  readonly log: StageLog;
}

/** Output, ordinals and manifest appear together or not at all. */
async function writeAndCommit(call: WriteCall): Promise<Pick<SelectReport, 'output' | 'extraOutputs' | 'ordinals' | 'manifest'>> {
  const { request, output, dataset, prepared, deps, job } = call;
  const manifestPath = manifestPathOf(output);
  for (const { path } of outputsOf(request)) await removeStaleTemporaries(path);
  await using files = new FileSet();
  const main = files.addAll(await writeSelection(dataset, prepared.selection.kept, output, { parquet: deps.runtime.parquet }, job));
  const ordinals = request.exportOrdinals ? await writeOrdinals(request.exportOrdinals, prepared.ordered, files) : undefined;
  throwIfCancelled(job);
  const manifest = files.add(await AtomicFile.create(manifestPath));
  const content = selectManifestOf({ ...call, manifestPath, outputs: main.outputs, ordinals });
  await manifest.write(Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
  const id = newRunId();
  await commitTogether(dataset.runDir, id, files.all);
  await writeRunRecord(dataset.runDir, {
    id,
    command: 'select',
    finished: new Date().toISOString(),
    dataset: dataset.path,
    output,
    manifest: manifestPath,
    selectionHash: prepared.selection.hash,
  });
  const [first, ...rest] = main.outputs.map(({ path, sha256, bytes }): OutputFile => ({ path, sha256, bytes }));
  return {
    ...(first ? { output: first } : {}),
    ...(rest.length > 0 ? { extraOutputs: rest } : {}),
    ...(ordinals ? { ordinals } : {}),
    manifest: manifestPath,
  };
}

/** Ordinals in selection order as int64: what `numpy.load` gives is an index into the dataset. */
async function writeOrdinals(path: string, ordered: Uint32Array, files: FileSet): Promise<OutputFile> {
  const file = files.add(await AtomicFile.create(path));
  const bytes = Buffer.concat(npyParts(BigInt64Array.from(ordered, BigInt)));
  await file.write(bytes);
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength };
}
