import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { ComposeReport, ComposeRequest, SynthesisMethodName } from '../../protocol/synthesis.ts';
import { writeSelection } from '../dataset/losslessWriter.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { AtomicFile, removeStaleTemporaries, writeFileAtomic } from '../runs/atomicFile.ts';
import { commitTogether } from '../runs/commit.ts';
import { FileSet } from '../runs/fileSet.ts';
import { newRunId, writeRunRecord } from '../runs/runRecord.ts';
import { composeManifestOf } from './composeManifest.ts';
import { manifestPathOf } from './manifestParts.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertOwnOutputs } from './outputPaths.ts';
import { type ComposedInstance, imagePlace, prepareCompose } from './prepareCompose.ts';

/** A selection and accepted synthetic instances as one dataset of exactly the wanted volume. */
export async function compose(request: ComposeRequest, deps: EngineDeps, caller: JobContext): Promise<ComposeReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  const dataset = await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  const { output } = request;
  const manifestPath = manifestPathOf(output);
  await assertOwnOutputs(dataset, request, [
    { option: 'output', path: output },
    { option: 'output', path: manifestPath },
  ]);
  const prepared = await prepareCompose(dataset, request, deps, job);
  const { selection, instances, accepted, seed, imageRoots } = prepared;
  const { folder } = await imagePlace(dataset, output);
  // Pictures first: until the dataset is there, nobody knows of them; their names are hashes, so one of an earlier call is the same.
  for (const [done, instance] of instances.entries()) {
    throwIfCancelled(job);
    job.report({ stage: 'images', done, total: instances.length, unit: 'images' });
    await writePicture(instance);
  }
  for (const path of [output, manifestPath]) await removeStaleTemporaries(path);
  await using files = new FileSet();
  const records = instances.map(({ record }) => record);
  const written = files.addAll(await writeSelection(dataset, selection.kept, output, { parquet: deps.runtime.parquet }, job, records));
  throwIfCancelled(job);
  const manifest = files.add(await AtomicFile.create(manifestPath));
  const content = composeManifestOf({
    request,
    dataset,
    ...prepared,
    manifestPath,
    outputs: written.outputs,
    synthetic: instances.map(({ provenance }) => provenance),
    seconds: (performance.now() - started) / 1000,
  });
  await manifest.write(Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
  const id = newRunId();
  await commitTogether(dataset.runDir, id, files.all);
  await writeRunRecord(dataset.runDir, {
    id,
    command: 'compose',
    finished: new Date().toISOString(),
    dataset: dataset.path,
    output,
    manifest: manifestPath,
    selectionHash: selection.hash,
  });
  const [main] = written.outputs;
  if (!main) throw new Error('a composition has one output');
  return {
    instances: dataset.instances,
    kept: selection.kept.length,
    synthetic: instances.length,
    accepted: accepted.person + accepted.gates,
    acceptedBy: accepted,
    volume: selection.kept.length + instances.length,
    seed,
    selectionHash: selection.hash,
    output: { path: main.path, sha256: main.sha256, bytes: main.bytes },
    manifest: manifestPath,
    images: instances.some(({ from }) => from !== undefined) ? folder : null,
    imageRoots,
    methods: countMethods(instances),
    seconds: (performance.now() - started) / 1000,
  };
}

/** Copies a staged picture, whose bytes must be those that were judged. */
async function writePicture({ from, provenance }: ComposedInstance): Promise<void> {
  const { image } = provenance;
  if (from === undefined || !image) return;
  const there = await stat(image.path).catch(() => undefined);
  if (there?.size === image.bytes && hashOf(await readFile(image.path)) === image.sha256) return;
  const bytes = await readFile(from).catch(() => undefined);
  if (!bytes || hashOf(bytes) !== image.sha256)
    throw new EngineError(
      'staging.invalid',
      `The picture ${from} is ${bytes ? 'not the one that was judged' : 'gone'}. Reject ${provenance.candidate}, or make it again.`,
      {
        path: from,
        id: provenance.candidate,
      },
    );
  await removeStaleTemporaries(image.path);
  await writeFileAtomic(image.path, bytes);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function countMethods(instances: readonly ComposedInstance[]): ComposeReport['methods'] {
  const counts: Partial<Record<SynthesisMethodName, number>> = {};
  for (const { provenance } of instances) counts[provenance.method] = (counts[provenance.method] ?? 0) + 1;
  return counts;
}
