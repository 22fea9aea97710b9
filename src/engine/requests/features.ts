import type { FeaturesReport, FeaturesRequest } from '../../protocol/features.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { exportFeatures } from '../features/exportFeatures.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { obtainFeatures } from './clusteringStage.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertOwnOutputs } from './outputPaths.ts';
import { StageLog } from './stageLog.ts';

/** Computes, imports or finds the features of a dataset, and copies them out. */
export async function features(request: FeaturesRequest, deps: EngineDeps, caller: JobContext): Promise<FeaturesReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  const log = new StageLog();
  const { provider, file, layout } = request;
  if (provider === 'file' && file === undefined)
    throw new EngineError('usage', '--provider file needs the features: --file F.npy.', { option: 'file' });
  const dataset = await openSource(request, deps, job);
  if (request.export !== undefined)
    await assertOwnOutputs(
      dataset,
      request,
      [{ option: 'export', path: request.export }],
      file === undefined ? [] : [{ option: 'file', path: file }],
    );
  await ensureRunDir(dataset.runDir);
  const named = provider === 'file' ? file : provider;
  const obtained = await obtainFeatures(dataset, { ...(named ? { features: named } : {}), ...(layout ? { layout } : {}) }, deps, job, log);
  const exported = request.export === undefined ? undefined : await exportFeatures(obtained, dataset, request.export, job);
  const { matrix, withoutImage } = obtained;
  return {
    provider,
    model: obtained.model,
    rows: matrix.rows,
    dimensions: matrix.dimensions,
    dtype: matrix.dtype,
    path: obtained.path,
    sha256: obtained.sha256,
    ...(matrix.layout ? { layout: matrix.layout } : {}),
    ...(withoutImage ? { withoutImage } : {}),
    ...(exported ? { exported } : {}),
    reused: log.reused,
    seconds: (performance.now() - started) / 1000,
  };
}
