import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import type { DeleteRunRequest, ListRunsRequest, RunList, RunOutput, RunSummary } from '../../protocol/runs.ts';
import { deleteRunRecord, type RunRecord, readRunRecords } from '../runs/runRecord.ts';
import { isReadable } from './manifestFile.ts';

/** Of the manifest only what a list shows: a manifest of another version stays readable here. */
const listedManifest = v.object({
  ballastVersion: v.string(),
  seed: v.number(),
  sampler: v.string(),
  selectionHash: v.string(),
  parameters: v.record(v.string(), v.unknown()),
  counts: v.record(v.string(), v.number()),
  stages: v.array(v.object({ name: v.string(), seconds: v.number() })),
  outputs: v.array(
    v.object({ path: v.string(), sha256: v.string(), bytes: v.number(), role: v.picklist(['selection', 'control', 'part']) }),
  ),
});
type ListedManifest = v.InferOutput<typeof listedManifest>;

/** The finished runs of some run folders, each with what its manifest says and which of its files are still there. */
export async function listRuns(request: ListRunsRequest): Promise<RunList> {
  const runs: RunSummary[] = [];
  const unreadable: string[] = [];
  for (const runDir of new Set(request.runDirs.map((folder) => resolve(folder)))) {
    const found = await readRunRecords(runDir);
    unreadable.push(...found.unreadable);
    for (const record of found.records) runs.push(await summarize(runDir, record));
  }
  runs.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
  return { runs, unreadable };
}

export async function deleteRun(request: DeleteRunRequest): Promise<null> {
  await deleteRunRecord(resolve(request.runDir), request.id);
  return null;
}

async function summarize(runDir: string, record: RunRecord): Promise<RunSummary> {
  const manifest = await readManifest(record.manifest);
  const isOwn = typeof manifest === 'object' && manifest.selectionHash === record.selectionHash;
  const { id, command, finished, dataset, output, selectionHash } = record;
  return {
    runDir,
    id,
    command,
    finished,
    dataset,
    datasetPresent: await isReadable(withoutName(dataset)),
    output,
    manifest: record.manifest,
    selectionHash,
    manifestState: typeof manifest === 'string' ? manifest : isOwn ? 'present' : 'replaced',
    outputs: isOwn
      ? await Promise.all(manifest.outputs.map((one) => outputState({ ...one, path: resolve(dirname(record.manifest), one.path) })))
      : [await outputState({ path: output, role: 'selection', bytes: 0, sha256: '' })],
    ...(isOwn ? { facts: factsOf(manifest) } : {}),
  };
}

async function readManifest(path: string): Promise<ListedManifest | 'missing' | 'unreadable'> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR' ? ('missing' as const) : ('unreadable' as const),
  );
  if (text === 'missing' || text === 'unreadable') return text;
  try {
    const parsed = v.safeParse(listedManifest, JSON.parse(text));
    return parsed.success ? parsed.output : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function factsOf({ ballastVersion, seed, sampler, parameters, counts, stages }: ListedManifest): NonNullable<RunSummary['facts']> {
  return { ballastVersion, seed, sampler, parameters, counts, stages };
}

async function outputState(output: Omit<RunOutput, 'state'>): Promise<RunOutput> {
  const size = await stat(output.path).then(
    (stats) => (stats.isFile() ? stats.size : undefined),
    () => undefined,
  );
  const known = output.sha256 !== '';
  const state = size === undefined ? 'missing' : known && size !== output.bytes ? 'resized' : 'present';
  return { ...output, bytes: known ? output.bytes : (size ?? 0), state };
}

/** Takes the name of a LLaMA-Factory entry (`dataset_info.json#name`) off. */
function withoutName(dataset: string): string {
  return dataset.replace(/(\.json)#[^/\\]*$/i, '$1');
}
