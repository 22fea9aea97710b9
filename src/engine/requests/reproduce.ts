import type { ReproduceReport, ReproduceRequest } from '../../protocol/runs.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { HotData } from './hotData.ts';
import { isReadable, type OpenManifest, openManifest } from './manifestFile.ts';
import { manifestPathOf } from './manifestParts.ts';
import { openSource, withThreads } from './openSource.ts';
import { rebalanceDataset } from './rebalance.ts';
import { selectCoreset } from './select.ts';
import { openSelectManifest } from './selectManifest.ts';

/**
 * Runs a manifest's request again into a new file and compares the bytes.
 * @throws EngineError `usage` when the new file exists, `dataset.changed` when the source is another one by now
 */
export async function reproduce(request: ReproduceRequest, deps: EngineDeps, hot: HotData, caller: JobContext): Promise<ReproduceReport> {
  const job = withThreads(caller, request.threads);
  const manifest = (await openSelectManifest(request.manifest)) ?? (await openManifest(request.manifest));
  await assertFree(request.output);
  const place = { output: request.output, ...(request.runDir ? { runDir: request.runDir } : {}) };
  const source = await openSource({ ...manifest.request, ...place }, deps, job);
  if (source.summary.sha256 !== manifest.source.sha256) {
    throw new EngineError(
      'dataset.changed',
      `${source.path} is not the file that ${manifest.path} was made from: its SHA-256 differs, so the result cannot be made again.`,
      { path: source.path },
    );
  }
  const report =
    'identities' in manifest
      ? await selectCoreset({ ...manifest.request, ...place }, deps, hot, job)
      : await rebalanceDataset({ ...manifest.request, ...place }, deps, job);
  const made = [report.output, ...(report.extraOutputs ?? [])].map((file) => file?.sha256);
  const files = comparedOutputs(manifest).map(({ path, sha256, position }) => ({
    path,
    expectedSha256: sha256,
    sha256: made[position] ?? null,
  }));
  const selectionHash = report.selectionHash ?? '';
  return {
    equal: selectionHash === manifest.selectionHash && files.length > 0 && files.every((file) => file.sha256 === file.expectedSha256),
    output: report.output?.path ?? request.output,
    manifest: report.manifest ?? manifestPathOf(request.output),
    selectionHash,
    expectedSelectionHash: manifest.selectionHash,
    files,
  };
}

/** The outputs that must have the same bytes under any name, with their position among the outputs of the selection. */
function comparedOutputs(
  manifest: Pick<OpenManifest, 'outputs'>,
): readonly (OpenManifest['outputs'][number] & { readonly position: number })[] {
  const own = manifest.outputs.slice(0, ownOutputs(manifest)).map((output, position) => ({ ...output, position }));
  const parts = own.filter(({ role }) => role === 'part');
  return parts.length > 0 ? parts : own;
}

/** The manifest lists the selection's files first, then those of the control, which begin with the control itself. */
function ownOutputs({ outputs }: Pick<OpenManifest, 'outputs'>): number {
  const control = outputs.findIndex(({ role }) => role === 'control');
  return control < 0 ? outputs.length : control;
}

async function assertFree(output: string): Promise<void> {
  for (const path of [output, manifestPathOf(output)]) {
    if (await isReadable(path)) throw new EngineError('usage', `${path} exists already. Name a new file for the reproduction.`, { path });
  }
}
