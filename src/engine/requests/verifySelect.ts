import type { VerifyReport } from '../../protocol/reports.ts';
import type { VerifyRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { toErrorReport } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { selectionHash } from '../selection/selection.ts';
import { isReadable } from './manifestFile.ts';
import { prepareSelect } from './prepareSelect.ts';
import { inputFilesOf, type OpenSelectManifest } from './selectManifest.ts';
import { StageLog } from './stageLog.ts';

type Check = VerifyReport['checks'][number];

/** Runs the manifest's request again: inputs unchanged, the same instances in the same order. */
export async function checkSelectDerivation(
  manifest: OpenSelectManifest,
  source: Dataset,
  deps: EngineDeps,
  job: JobContext,
  request: VerifyRequest,
): Promise<Check> {
  const name = 'rederived';
  for (const file of inputFilesOf(manifest)) {
    if (!(await isReadable(file)))
      return { name, ok: true, skipped: true, detail: `${file} is gone, so the selection could not be derived again` };
  }
  try {
    const again = { ...manifest.request, ...(request.runDir ? { runDir: request.runDir } : {}) };
    const prepared = await prepareSelect(source, again, deps, job, new StageLog());
    await using _sources = prepared.sources;
    for (const kind of ['features', 'clusters', 'column'] as const) {
      const [now, then] = [prepared.identities[kind], manifest.identities[kind]];
      if (now !== then)
        return { name, ok: false, detail: `the ${kind} are not those of the manifest: ${now ?? 'none'} instead of ${then ?? 'none'}` };
    }
    if (prepared.selection.hash !== manifest.selectionHash)
      return { name, ok: false, detail: `the parameters now give ${prepared.selection.hash}` };
    const ok = selectionHash(prepared.ordered) === manifest.orderHash;
    return {
      name,
      ok,
      detail: ok ? 'the parameters give the same selection again, in the same order' : 'the order of the selection is another one now',
    };
  } catch (error) {
    const report = toErrorReport(error);
    if (report.code === 'run.cancelled') throw error;
    return { name, ok: false, detail: report.message };
  }
}
