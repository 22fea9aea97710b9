import { resolve } from 'node:path';
import type { Preset } from '../../protocol/clustering.ts';
import { rememberClustering } from '../clustering/knownClusterings.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { SelectSources, SourceRequest } from './selectSources.ts';

/** Remembers the clusters of a request and their scores, computed here when nobody has yet. Gives the id of the known clustering. */
export async function rememberClusters(dataset: Dataset, request: SourceRequest, sources: SelectSources, preset: Preset): Promise<string> {
  const clustering = await sources.clustering();
  const { artifact: transferability } = await sources.transferability(preset);
  const kernels = sources.hasFeatures ? (await sources.kernels(preset)).artifact : null;
  return rememberClustering(dataset.runDir, {
    dataset: dataset.identity,
    options: optionsOf(request),
    preset,
    instances: dataset.instances,
    clusters: clustering.clusters,
    dimensions: clustering.dimensions,
    imbalance: clustering.imbalance,
    objective: Number.isNaN(clustering.objective) ? null : clustering.objective,
    splits: clustering.splits,
    collapsed: clustering.collapsed !== undefined,
    device: clustering.device,
    artifacts: { clusters: clustering.artifact, transferability, kernels },
  });
}

function optionsOf(request: SourceRequest): Parameters<typeof rememberClustering>[1]['options'] {
  const { features, assignments, centroids, layout, clusters, iterations, precision, permutation, seed, device } = request;
  const given = {
    features: features?.endsWith('.npy') ? resolve(features) : features,
    assignments: assignments && resolve(assignments),
    centroids: centroids && resolve(centroids),
    layout,
    clusters,
    iterations,
    precision,
    permutation,
    seed,
    device,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
