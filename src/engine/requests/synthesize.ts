import { createHash } from 'node:crypto';
import type { SynthesisPlan, SynthesisUsage, SynthesizeReport, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { optionName, resolveMethodParameters } from '../synthesis/methods/parameters.ts';
import { methodOf } from '../synthesis/methods/table.ts';
import { StagingFolder } from '../synthesis/staging/stagingFolder.ts';
import { passedAll, type StagingState } from '../synthesis/staging/stagingState.ts';
import { judgeStaged } from './judgeStaged.ts';
import { type MadeReport, makeMissing } from './makeMissing.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { type PreparedSynthesis, prepareSynthesis, stagingPathOf } from './prepareSynthesis.ts';
import { rememberStaging } from './stagings.ts';
import { synthesisPlan } from './synthesisPlan.ts';
import { makersOf } from './synthesisTools.ts';

/** Makes synthetic instances of scarce ones into a staging folder and judges them; what is staged already is not made again. */
export async function synthesize(request: SynthesizeRequest, deps: EngineDeps, caller: JobContext): Promise<SynthesizeReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  assertSize(request);
  const method = methodOf(request.method);
  const parameters = resolveMethodParameters(method.declaration.name, method.declaration.parameters, request);
  await using makers = await makersOf(request, method, parameters, deps, job.signal);
  const dataset = await openSource(request, deps, job);
  if (dataset.summary.format === 'parquet' && method.declaration.makes !== 'image')
    job.log('warn', 'Synthetic instances cannot be composed into Parquet files yet; they can be made and reviewed.');
  await ensureRunDir(dataset.runDir);
  const prepared = await prepareSynthesis(dataset, request, makers.identity, deps, job);
  const path = stagingPathOf(request, dataset);
  const source = {
    dataset: dataset.path,
    sha256: dataset.summary.sha256,
    bytes: dataset.summary.bytes,
    images: request.images,
    runDir: dataset.runDir,
  };
  if (request.dryRun) {
    const known = await StagingFolder.open(path).catch(() => undefined);
    known?.assertOf(source.sha256, dataset.path);
    const state = await known?.state();
    const plan = synthesisPlan({ request, dataset, prepared, makers, staging: path, state });
    return report(plan, prepared, state, { made: 0, failures: [], failed: 0, stopped: null, usage: makers.spending.usage }, true, started);
  }
  const folder = await StagingFolder.obtain(path, source);
  await using writer = await folder.writer(job);
  const before = await folder.state();
  const plan = synthesisPlan({ request, dataset, prepared, makers, staging: path, state: before });
  await rememberStaging(dataset.runDir, path);
  const identity = createHash('sha256')
    .update(prepared.items.map(({ id }) => id).join('\n'))
    .digest('hex')
    .slice(0, 16);
  await writer.append([{ event: 'run', plan: identity, method: request.method, planned: prepared.items.length }]);
  const made = await makeMissing({ request, dataset, prepared, makers, deps, job, folder, writer, state: before });
  const state = await judgeStaged({ dataset, prepared, confirm: makers.confirm, deps, job, folder, writer, lexicon: request.lexicon });
  if (made.error) throw made.error;
  return report(plan, prepared, state, { ...made, usage: makers.spending.usage }, false, started);
}

/** Whole numbers of a request and what they may be. */
const ranges = {
  count: [1, Number.MAX_SAFE_INTEGER],
  perParent: [1, 16],
  entityCap: [1, Number.MAX_SAFE_INTEGER],
  wantAtLeast: [1, Number.MAX_SAFE_INTEGER],
  concurrency: [1, 64],
  attempts: [1, 10],
  maxRequests: [1, Number.MAX_SAFE_INTEGER],
  top: [1, 10_000],
} as const satisfies Partial<Record<keyof SynthesizeRequest, readonly [number, number]>>;

function assertSize(request: SynthesizeRequest): void {
  for (const [name, [from, to]] of Object.entries(ranges) as [keyof typeof ranges, readonly [number, number]][]) {
    const value = request[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= from && value <= to))
      throw new EngineError(
        'usage',
        `--${optionName(name)} takes a whole number from ${from}${to < 1e9 ? ` to ${to}` : ''}; got ${value}.`,
        {
          option: optionName(name),
        },
      );
  }
  if (request.count === undefined && request.quota === undefined)
    throw new EngineError('usage', 'Say how much to make with --count N or --quota deficit.', { option: 'count' });
}

function report(
  plan: SynthesisPlan,
  prepared: PreparedSynthesis,
  state: StagingState | undefined,
  made: Omit<MadeReport, 'error'> & { readonly usage: SynthesisUsage },
  dryRun: boolean,
  started: number,
): SynthesizeReport {
  const stoppedBy: Record<string, number> = {};
  let staged = 0;
  let gated = 0;
  for (const { id } of prepared.items) {
    if (!state?.made(id)) continue;
    staged++;
    const gates = state.gates(id);
    if (passedAll(gates)) gated++;
    const stop = gates?.find(({ verdict }) => verdict === 'failed');
    if (stop) stoppedBy[stop.gate] = (stoppedBy[stop.gate] ?? 0) + 1;
  }
  const { failed, failures, stopped, usage } = made;
  const seconds = (performance.now() - started) / 1000;
  return { plan, staging: plan.staging, dryRun, made: made.made, staged, gated, failed, failures, stopped, usage, stoppedBy, seconds };
}
