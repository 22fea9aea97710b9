import { type ClustersContent, type ClustersState, type ClusterView, clusterViews } from '../../src/protocol/clustersPage.ts';

/** What the page begins with: what it kept of this dataset, and over it what a command wants. */
export function firstState(kept: unknown, { dataset, openAt }: ClustersContent): ClustersState {
  const fresh: ClustersState = {
    version: 1,
    dataset,
    clustering: null,
    manifest: null,
    cluster: null,
    view: 'treemap',
    tables: false,
    colouring: null,
  };
  return openAtState(isState(kept) && kept.dataset === dataset ? { ...fresh, ...kept } : fresh, openAt ?? {});
}

/** Another clustering or run is shown, and with a cluster its card. */
export function openAtState(state: ClustersState, openAt: NonNullable<ClustersContent['openAt']>): ClustersState {
  const isOther = openAt.clustering !== undefined && openAt.clustering !== state.clustering;
  return {
    ...state,
    clustering: openAt.clustering ?? state.clustering,
    manifest: openAt.manifest ?? state.manifest,
    cluster: openAt.cluster ?? (isOther ? null : state.cluster),
  };
}

function isState(value: unknown): value is ClustersState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<Record<keyof ClustersState, unknown>>;
  const isTextOrNull = (one: unknown): boolean => one === null || typeof one === 'string';
  return (
    state.version === 1 &&
    typeof state.dataset === 'string' &&
    isTextOrNull(state.clustering) &&
    isTextOrNull(state.manifest) &&
    isTextOrNull(state.colouring) &&
    (state.cluster === null || typeof state.cluster === 'number') &&
    clusterViews.includes(state.view as ClusterView) &&
    typeof state.tables === 'boolean'
  );
}
