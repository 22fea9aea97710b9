import type { ClusteringOptions } from '../../protocol/clustering.ts';
import type { Device } from '../../protocol/requests.ts';
import type { Clustering } from '../clustering/clustering.ts';
import { importClustering } from '../clustering/importClustering.ts';
import { defaultClusters, obtainClustering } from '../clustering/obtainClustering.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { Features } from '../features/featureMatrix.ts';
import { importFeatures } from '../features/importFeatures.ts';
import { featureProviders } from '../features/providers.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { hashOf } from '../runs/artifacts.ts';
import { obtainEntityStage } from './entityStage.ts';
import type { StageLog } from './stageLog.ts';

/** Perspectives that the builtin text descriptor reads. */
const textPerspectives = ['token', 'interrogation'] as const;
const defaultIterations = 50;
const defaultSeed = 42;

/** The features that the request names. @throws EngineError `arrays.invalid`, `features.noModel`, `usage` */
export async function obtainFeatures(
  dataset: Dataset,
  { features = 'builtin', layout }: Pick<ClusteringOptions, 'features' | 'layout'>,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
): Promise<Features> {
  const obtained = features.endsWith('.npy')
    ? await importFeatures(features, layout, dataset, job)
    : await provided(features, dataset, deps, job, log);
  log.add('features', obtained.artifact);
  return obtained;
}

function provided(name: string, dataset: Dataset, deps: EngineDeps, job: JobContext, log: StageLog): Promise<Features> {
  const provider = featureProviders.find((each) => each.name === name);
  if (!provider) {
    const names = featureProviders.map((each) => each.name).join(', ');
    throw new EngineError('usage', `--features takes ${names} or a .npy file; got "${name}".`, { option: 'features' });
  }
  const { images: decoder, parquet, compute } = deps.runtime;
  return provider.obtain({
    dataset,
    decoder,
    parquet,
    compute,
    job,
    async text() {
      const stage = await obtainEntityStage(dataset, { perspectives: textPerspectives }, deps, job, log);
      const artifacts = textPerspectives.map((perspective) => stage.artifact(perspective));
      return {
        indexes: await Promise.all(artifacts.map(loadPerspective)),
        identity: hashOf(artifacts.map(({ inputHash, parameterHash }) => [inputHash, parameterHash])),
      };
    },
  });
}

/** The clusters that the request names. @param features undefined: clusters that the user brings, without any */
export async function obtainClusters(
  dataset: Dataset,
  options: ClusteringOptions & { readonly seed?: number; readonly device?: Device },
  features: Features | undefined,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
): Promise<Clustering> {
  const clustering =
    options.assignments === undefined && options.centroids === undefined
      ? await computed(dataset, options, features, deps, job)
      : await imported(dataset, options, features, job);
  log.add('clusters', clustering.artifact);
  return clustering;
}

function computed(
  dataset: Dataset,
  options: ClusteringOptions & { readonly seed?: number; readonly device?: Device },
  features: Features | undefined,
  deps: EngineDeps,
  job: JobContext,
): Promise<Clustering> {
  if (!features) throw new EngineError('usage', 'Clusters need features.', { option: 'features' });
  const { matrix } = features;
  const { clusters = defaultClusters(matrix.rows), iterations = defaultIterations, seed = defaultSeed } = options;
  for (const [option, value] of Object.entries({ clusters, iterations }))
    if (!Number.isInteger(value) || value < 1)
      throw new EngineError('usage', `--${option} takes a whole number of at least 1; got ${value}.`, { option });
  if (clusters > matrix.rows)
    throw new EngineError(
      'usage',
      `--clusters ${clusters} is more than the ${matrix.rows} instances of ${dataset.path}. Use ${matrix.rows} or fewer.`,
      { option: 'clusters', clusters, instances: matrix.rows },
    );
  return obtainClustering({
    matrix,
    parameters: { clusters, iterations, seed, precision: options.precision ?? 'f32', permutation: options.permutation ?? 'mod' },
    runDir: dataset.runDir,
    device: options.device ?? 'auto',
    compute: deps.runtime.compute,
    job,
  });
}

function imported(
  dataset: Dataset,
  { assignments, centroids }: ClusteringOptions,
  features: Features | undefined,
  job: JobContext,
): Promise<Clustering> {
  if (!assignments || !centroids)
    throw new EngineError('usage', 'Give --assignments and --centroids together.', { option: assignments ? 'centroids' : 'assignments' });
  return importClustering(
    { assignments, centroids },
    {
      runDir: dataset.runDir,
      identity: dataset.identity,
      records: dataset.records,
      ordinals: usableOrdinals(dataset),
      matrix: features?.matrix,
      job,
    },
  );
}
