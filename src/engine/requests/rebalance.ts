import type { Perspective } from '../../protocol/perspectives.ts';
import type { OutputFile, RebalancePerspective, RebalanceReport } from '../../protocol/reports.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { writeSelection } from '../dataset/losslessWriter.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { entityFrequency } from '../entities/distribution.ts';
import { runsOfFrequencies, runsOfSorted, summaryOfRuns } from '../entities/frequencyRuns.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { frequenciesIn, keptShares, lengthSummary, lostEntities } from '../reports/frequencies.ts';
import { AtomicFile, removeStaleTemporaries } from '../runs/atomicFile.ts';
import { commitTogether } from '../runs/commit.ts';
import { FileSet } from '../runs/fileSet.ts';
import { newRunId, writeRunRecord } from '../runs/runRecord.ts';
import type { ComposedPerspective } from '../selection/composedPerspective.ts';
import { randomControl } from '../selection/randomControl.ts';
import { rebalanceInSteps } from '../selection/rebalance.ts';
import type { Selection } from '../selection/selection.ts';
import { lostSampleSize } from '../selection/whatIf/holderCounts.ts';
import { manifestOf } from './manifestFile.ts';
import { manifestPathOf } from './manifestParts.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertOwnOutputs } from './outputPaths.ts';
import { type PreparedRebalance, prepareRebalance } from './prepareRebalance.ts';
import { StageLog } from './stageLog.ts';

/** ADR data rebalancing, from the dataset to the committed output and manifest. */
export async function rebalanceDataset(request: RebalanceRequest, deps: EngineDeps, caller: JobContext): Promise<RebalanceReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  if (!request.dryRun && !request.output) throw new EngineError('usage', 'Say where the result goes with -o OUT.', { option: 'output' });
  const log = new StageLog();
  const dataset = await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  if (request.output) {
    await assertOwnOutputs(dataset, request, [
      { option: 'output', path: request.output },
      { option: 'output', path: manifestPathOf(request.output) },
      ...(request.randomControl ? [{ option: 'random-control', path: request.randomControl }] : []),
    ]);
  }
  const prepared = await prepareRebalance(dataset, request, deps, job, log);
  const summary = summarize(request, dataset, prepared);
  if (request.dryRun || !request.output) {
    return {
      ...summary,
      kept: 0,
      dropped: 0,
      perspectives: before(prepared),
      reused: log.reused,
      seconds: (performance.now() - started) / 1000,
    };
  }

  job.report({ stage: 'select', done: 0, total: dataset.instances, unit: 'instances' });
  await yieldToLoop();
  const selectStarted = performance.now();
  const selection = await rebalanceInSteps(prepared.input, (decided) => pauseAt(decided, dataset, job));
  throwIfCancelled(job);
  const control = randomControl({ ...prepared.input, size: selection.kept.length });
  const selectSeconds = (performance.now() - selectStarted) / 1000;
  throwIfCancelled(job);
  job.report({ stage: 'select', done: dataset.instances, total: dataset.instances, unit: 'instances' });

  const written = await writeAndCommit({ request, dataset, prepared, selection, control, deps, job, log, selectSeconds });
  return {
    ...summary,
    kept: selection.kept.length,
    dropped: dataset.instances - selection.kept.length,
    selectionHash: selection.hash,
    ...written,
    perspectives: compare(prepared, selection, control),
    lengths: {
      before: lengthSummary(dataset, usableOrdinals(prepared)),
      after: lengthSummary(dataset, selection.kept),
      control: lengthSummary(dataset, control.kept),
    },
    reused: log.reused,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Tells how far the selection is, and lets a cancellation through. */
async function pauseAt(decided: number, { records }: Dataset, job: JobContext): Promise<void> {
  job.report({ stage: 'select', done: decided, total: records, unit: 'instances' });
  await yieldToLoop();
  throwIfCancelled(job);
}

interface WriteCall {
  readonly request: RebalanceRequest;
  readonly dataset: Dataset;
  readonly prepared: PreparedRebalance;
  readonly selection: Selection;
  readonly control: Selection;
  readonly deps: EngineDeps;
  readonly job: JobContext;
  readonly log: StageLog;
  readonly selectSeconds: number;
}

/** Output, control and manifest appear together or not at all. */
async function writeAndCommit(call: WriteCall): Promise<Pick<RebalanceReport, 'output' | 'extraOutputs' | 'manifest' | 'randomControl'>> {
  const { request, dataset, selection, control, deps, job } = call;
  const output = request.output ?? '';
  const manifestPath = manifestPathOf(output);
  for (const path of [output, manifestPath, ...(request.randomControl ? [request.randomControl] : [])]) await removeStaleTemporaries(path);
  await using files = new FileSet();
  const writerDeps = { parquet: deps.runtime.parquet };
  const main = files.addAll(await writeSelection(dataset, selection.kept, output, writerDeps, job));
  const other = request.randomControl
    ? files.addAll(await writeSelection(dataset, control.kept, request.randomControl, writerDeps, job))
    : undefined;
  throwIfCancelled(job);

  const manifest = files.add(await AtomicFile.create(manifestPath));
  const controlOutputs = (other?.outputs ?? []).map((one) => ({
    ...one,
    role: one.role === 'selection' ? ('control' as const) : one.role,
  }));
  await manifest.write(
    Buffer.from(`${JSON.stringify(manifestOf({ ...call, manifestPath, outputs: [...main.outputs, ...controlOutputs] }), null, 2)}\n`),
  );
  const id = newRunId();
  await commitTogether(dataset.runDir, id, files.all);
  await writeRunRecord(dataset.runDir, {
    id,
    command: 'rebalance',
    finished: new Date().toISOString(),
    dataset: dataset.path,
    output,
    manifest: manifestPath,
    selectionHash: selection.hash,
  });

  const [first, ...rest] = main.outputs;
  const controlFile = other?.outputs[0];
  return {
    ...(first ? { output: plain(first) } : {}),
    ...(rest.length > 0 ? { extraOutputs: rest.map(plain) } : {}),
    manifest: manifestPath,
    ...(controlFile ? { randomControl: { ...plain(controlFile), kept: control.kept.length, selectionHash: control.hash } } : {}),
  };
}

function plain({ path, sha256, bytes }: OutputFile): OutputFile {
  return { path, sha256, bytes };
}

function summarize(
  request: RebalanceRequest,
  dataset: Dataset,
  prepared: PreparedRebalance,
): Omit<RebalanceReport, 'kept' | 'dropped' | 'perspectives' | 'reused' | 'seconds'> {
  const { input, volume, target, overrides } = prepared;
  let protectedCount = 0;
  for (let ordinal = 0; ordinal < dataset.records; ordinal++)
    if (input.instances[ordinal] && input.protectedInstances[ordinal]) protectedCount++;
  return {
    instances: dataset.instances,
    expected: volume.expected,
    standardDeviation: Math.sqrt(volume.variance),
    seed: input.seed,
    sampler: input.sampler,
    minPerspectives: input.minPerspectives,
    alpha: input.alpha ?? 1,
    protectedInstances: protectedCount,
    ...(target ? { target: { ...target, unreachable: false } } : {}),
    problems: unusableCounts(dataset),
    ...(request.overrides ? { overrides: { kept: overrides.kept, dropped: overrides.dropped, unmatched: overrides.unmatched } } : {}),
  };
}

/** Positions that hold no instance, by the reason. */
export function unusableCounts(dataset: Dataset): Record<string, number> {
  const unusable = dataset.records - dataset.instances;
  return unusable > 0 ? { unusable } : {};
}

function usableOrdinals({ input }: PreparedRebalance): Uint32Array {
  const ordinals: number[] = [];
  for (let ordinal = 0; ordinal < input.instances.length; ordinal++) if (input.instances[ordinal]) ordinals.push(ordinal);
  return Uint32Array.from(ordinals);
}

function before(prepared: PreparedRebalance): Partial<Record<Perspective, RebalancePerspective>> {
  return Object.fromEntries(
    prepared.input.composed.map(({ index, tau }) => {
      const boundary = prepared.boundary[index.perspective] ?? null;
      return [
        index.perspective,
        { tau, boundary, mass: prepared.mass[index.perspective] ?? 0, before: summaryOfRuns(runsOfSorted(index.frequency), boundary) },
      ];
    }),
  );
}

function compare(
  prepared: PreparedRebalance,
  selection: Selection,
  control: Selection,
): Partial<Record<Perspective, RebalancePerspective>> {
  return Object.fromEntries(
    prepared.input.composed.map((composed) => [composed.index.perspective, compareOne(composed, prepared, selection, control)]),
  );
}

function compareOne(
  { index, tau }: ComposedPerspective,
  prepared: PreparedRebalance,
  selection: Selection,
  control: Selection,
): RebalancePerspective {
  const after = frequenciesIn(index, selection.kept);
  const byChance = frequenciesIn(index, control.kept);
  const lost = lostEntities(index.frequency, after);
  const boundary = prepared.boundary[index.perspective] ?? null;
  const shares = boundary === null ? {} : keptShares(index.frequency, after, boundary);
  const controlShares = boundary === null ? {} : keptShares(index.frequency, byChance, boundary);
  return {
    tau,
    boundary,
    mass: prepared.mass[index.perspective] ?? 0,
    before: summaryOfRuns(runsOfSorted(index.frequency), boundary),
    after: summaryOfRuns(runsOfFrequencies(after), boundary),
    control: summaryOfRuns(runsOfFrequencies(byChance), boundary),
    lostEntities: lost.length,
    lostSample: Array.from(lost.subarray(0, lostSampleSize), (entity) => entityFrequency(index, entity)),
    controlLostEntities: lostEntities(index.frequency, byChance).length,
    ...(shares.tail === undefined ? {} : { tailKept: shares.tail }),
    ...(shares.head === undefined ? {} : { headKept: shares.head }),
    ...(controlShares.tail === undefined ? {} : { controlTailKept: controlShares.tail }),
    ...(controlShares.head === undefined ? {} : { controlHeadKept: controlShares.head }),
  };
}
