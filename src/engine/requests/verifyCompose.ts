import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { VerifyReport } from '../../protocol/reports.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { toErrorReport } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import type { OpenComposeManifest } from './composeManifest.ts';
import { isReadable } from './manifestFile.ts';
import { prepareCompose } from './prepareCompose.ts';

type Check = VerifyReport['checks'][number];

/** Every synthetic instance has its picture as it was judged, and a parent that the source holds. */
export async function checkSynthetic(manifest: OpenComposeManifest, source: Dataset, deps: EngineDeps, job: JobContext): Promise<Check[]> {
  const checks: Check[] = [];
  const { keys, duplicates } = await obtainInstanceKeys(source, { workerScript: deps.scripts.dataset }, job);
  const orphan = manifest.synthetic.find(({ parent }) => {
    const key = Buffer.from(keys.subarray(parent.ordinal * 16, parent.ordinal * 16 + 16)).toString('hex');
    return key !== parent.key || duplicates[parent.ordinal] !== parent.duplicate;
  });
  checks.push({
    name: 'parents',
    ok: orphan === undefined,
    detail: orphan
      ? `${orphan.candidate} names instance ${orphan.parent.ordinal} as its parent, which has another content`
      : `${manifest.synthetic.length} synthetic instances have their parents in the source`,
  });
  checks.push(await checkImages(manifest, job));
  return checks;
}

async function checkImages(manifest: OpenComposeManifest, job: JobContext): Promise<Check> {
  const images = manifest.synthetic.flatMap(({ image }) => image ?? []);
  for (const [done, { path, sha256 }] of images.entries()) {
    throwIfCancelled(job);
    job.report({ stage: 'verify', done, total: images.length, unit: 'images' });
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) return { name: 'images', ok: false, detail: `${path} is missing` };
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) return { name: 'images', ok: false, detail: `${path} was changed` };
  }
  return { name: 'images', ok: true, detail: `${images.length} synthetic images have the SHA-256 of the manifest` };
}

/** Runs the composition again, in memory: the same synthetic instances in the same order. Reviews made since then are another input. */
export async function checkComposeDerivation(
  manifest: OpenComposeManifest,
  source: Dataset,
  deps: EngineDeps,
  job: JobContext,
): Promise<Check> {
  const name = 'rederived';
  const { selectedBy, request } = manifest;
  if (selectedBy) {
    const bytes = await readFile(selectedBy.path).catch(() => undefined);
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== selectedBy.sha256)
      return {
        name,
        ok: true,
        skipped: true,
        detail: `${selectedBy.path} is ${bytes ? 'another one now' : 'gone'}, so it was not composed again`,
      };
  }
  for (const staging of request.synthetic)
    if (!(await isReadable(staging))) return { name, ok: true, skipped: true, detail: `${staging} is gone, so it was not composed again` };
  try {
    const again = await prepareCompose(source, request, deps, job);
    if (again.selection.hash !== manifest.selectionHash)
      return { name, ok: false, detail: `the selection is another one now: ${again.selection.hash}` };
    const same =
      again.instances.length === manifest.synthetic.length &&
      again.instances.every(({ provenance }, i) => provenance.sha256 === manifest.synthetic[i]?.sha256);
    return same
      ? { name, ok: true, detail: 'selection, candidates and seed give the same instances again' }
      : { name, ok: true, skipped: true, detail: 'the candidates were reviewed again since, so another choice would be made now' };
  } catch (error) {
    const report = toErrorReport(error);
    if (report.code === 'run.cancelled') throw error;
    if (report.code === 'compose.infeasible')
      return { name, ok: true, skipped: true, detail: 'the candidates were reviewed again since, so this volume cannot be reached now' };
    return { name, ok: false, detail: report.message };
  }
}
