import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { VerifyReport } from '../../protocol/reports.ts';
import type { VerifyRequest } from '../../protocol/requests.ts';
import { compareRecords } from '../dataset/compareRecords.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError, toErrorReport } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { rebalanceInSteps } from '../selection/rebalance.ts';
import { selectionHash, unpackKept } from '../selection/selection.ts';
import { type OpenComposeManifest, openComposeManifest } from './composeManifest.ts';
import { isReadable, type OpenManifest, openManifest } from './manifestFile.ts';
import { openSource, withThreads } from './openSource.ts';
import { prepareRebalance } from './prepareRebalance.ts';
import { type OpenSelectManifest, openSelectManifest } from './selectManifest.ts';
import { StageLog } from './stageLog.ts';
import { checkComposeDerivation, checkSynthetic } from './verifyCompose.ts';
import { checkSelectDerivation } from './verifySelect.ts';

type Check = VerifyReport['checks'][number];

/** Relative; sums in double precision may round differently on another machine. */
const expectedTolerance = 1e-9;

/** Derives a result again from its manifest: source, output bytes, every kept record, selection. */
export async function verify(request: VerifyRequest, deps: EngineDeps, caller: JobContext): Promise<VerifyReport> {
  const job = withThreads(caller, request.threads);
  const composed = await openComposeManifest(request.output);
  const selected = composed ? undefined : await openSelectManifest(request.output);
  const manifest: AnyManifest = composed ?? selected ?? (await openManifest(request.output));
  const checks: Check[] = [];
  const kept = unpackKept(manifest.kept.deflatedBits, manifest.kept.records);
  checks.push(checkHash(manifest, kept));
  for (const output of manifest.outputs) checks.push(await checkOutput(output, job));
  if (selected?.ordinals) checks.push(await checkOutput({ ...selected.ordinals, role: 'selection' }, job));

  const open = (path: string): Promise<Dataset | EngineError> =>
    openSource({ ...manifest.request, dataset: path, ...(request.runDir ? { runDir: request.runDir } : {}) }, deps, job).catch(
      (error: unknown) => {
        if (error instanceof EngineError && error.code !== 'run.cancelled') return error;
        throw error;
      },
    );
  const source = await open(manifest.request.dataset);
  if (source instanceof EngineError) {
    checks.push({ name: 'source', ok: false, detail: source.message });
  } else {
    const same = source.summary.sha256 === manifest.source.sha256 && source.summary.bytes === manifest.source.bytes;
    checks.push({
      name: 'source',
      ok: same,
      detail: same
        ? `${source.path} is unchanged`
        : `${source.path} has changed: SHA-256 ${source.summary.sha256}, the manifest says ${manifest.source.sha256}`,
    });
    if (same) checks.push(checkCounts(manifest, source, kept));
    if (same && kept) {
      checks.push(await checkRecords(manifest, source, kept, open, job));
      if (composed) checks.push(...(await checkSynthetic(composed, source, deps, job)));
      checks.push(await checkAnyDerivation(manifest, source, deps, job, request));
    }
  }
  return { ok: checks.every(({ ok, skipped }) => ok || skipped), checks, manifest: manifest.path, kept: kept?.length ?? 0 };
}

/** What the manifests of all commands have in common. */
type AnyManifest = OpenManifest | OpenSelectManifest | OpenComposeManifest;

function checkAnyDerivation(
  manifest: AnyManifest,
  source: Dataset,
  deps: EngineDeps,
  job: JobContext,
  request: VerifyRequest,
): Promise<Check> {
  if ('synthetic' in manifest) return checkComposeDerivation(manifest, source, deps, job);
  if ('identities' in manifest) return checkSelectDerivation(manifest, source, deps, job, request);
  return checkDerivation(manifest, source, deps, job, request.runDir);
}

function checkHash(manifest: AnyManifest, kept: Uint32Array | undefined): Check {
  if (!kept) return { name: 'selectionHash', ok: false, detail: 'the kept ordinals in the manifest cannot be read' };
  const hash = selectionHash(kept);
  const ok = hash === manifest.selectionHash;
  return {
    name: 'selectionHash',
    ok,
    detail: ok ? `${hash} over ${kept.length} ordinals` : `the ordinals give ${hash}, the manifest says ${manifest.selectionHash}`,
  };
}

/** The manifest's own counts against source and selection; the expected volume is checked where it is derived again. */
function checkCounts(manifest: AnyManifest, source: Dataset, kept: Uint32Array | undefined): Check {
  const { counts } = manifest;
  const found = {
    records: source.records,
    instances: source.instances,
    kept: kept?.length ?? 0,
    dropped: source.instances - (kept?.length ?? 0),
  };
  const wrong = (Object.keys(found) as (keyof typeof found)[]).find((name) => counts[name] !== found[name]);
  if (wrong) return { name: 'counts', ok: false, detail: `the manifest says ${wrong} ${counts[wrong]}, it is ${found[wrong]}` };
  return { name: 'counts', ok: true, detail: `${found.kept} of ${found.instances} instances` };
}

async function checkOutput(output: OpenManifest['outputs'][number], job: JobContext): Promise<Check> {
  const name = output.role === 'control' ? 'control' : 'output';
  if (!(await isReadable(output.path))) return { name, ok: false, detail: `${output.path} is missing` };
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(output.path, { highWaterMark: 1 << 20 })) {
    throwIfCancelled(job);
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).byteLength;
    job.report({ stage: 'verify', done, total: output.bytes, unit: 'bytes' });
  }
  const sha256 = hash.digest('hex');
  const ok = sha256 === output.sha256;
  return {
    name,
    ok,
    detail: ok
      ? `${output.path} has the SHA-256 of the manifest`
      : `${output.path} was changed: SHA-256 ${sha256}, the manifest says ${output.sha256}`,
  };
}

async function checkRecords(
  manifest: AnyManifest,
  source: Dataset,
  kept: Uint32Array,
  open: (path: string) => Promise<Dataset | EngineError>,
  job: JobContext,
): Promise<Check> {
  const main = manifest.outputs.find((output) => output.role === 'selection');
  if (!main) return { name: 'records', ok: false, detail: 'the manifest names no output' };
  const output = await open(main.path);
  // JSON lines of nothing are an empty file, which is no dataset but just what was asked for.
  if (output instanceof EngineError && output.code === 'dataset.empty' && kept.length === 0)
    return { name: 'records', ok: true, detail: 'nothing is kept and the output is empty' };
  if (output instanceof EngineError) return { name: 'records', ok: false, detail: output.message };
  const added = 'synthetic' in manifest ? manifest.synthetic.map(({ sha256 }) => sha256) : [];
  const difference = await compareRecords(source, kept, output, job, added);
  return {
    name: 'records',
    ok: difference === undefined,
    detail: difference ?? `${kept.length} kept records are byte-equal to their source ranges`,
  };
}

async function checkDerivation(
  manifest: OpenManifest,
  source: Dataset,
  deps: EngineDeps,
  job: JobContext,
  runDir: string | undefined,
): Promise<Check> {
  for (const file of [manifest.request.entities, manifest.request.lexicon, manifest.request.stopList]) {
    if (file !== undefined && !(await isReadable(file)))
      return { name: 'rederived', ok: true, skipped: true, detail: `${file} is gone, so the selection could not be derived again` };
  }
  try {
    const prepared = await prepareRebalance(source, { ...manifest.request, ...(runDir ? { runDir } : {}) }, deps, job, new StageLog());
    const { hash } = await rebalanceInSteps(prepared.input, async () => {
      await yieldToLoop();
      throwIfCancelled(job);
    });
    const { expected } = prepared.volume;
    if (Math.abs(expected - manifest.counts.expected) > expectedTolerance * Math.max(1, expected))
      return { name: 'rederived', ok: false, detail: `the expected volume is ${expected}, the manifest says ${manifest.counts.expected}` };
    const ok = hash === manifest.selectionHash;
    return { name: 'rederived', ok, detail: ok ? 'the parameters give the same selection again' : `the parameters now give ${hash}` };
  } catch (error) {
    const report = toErrorReport(error);
    if (report.code === 'run.cancelled') throw error;
    return { name: 'rederived', ok: false, detail: report.message };
  }
}
