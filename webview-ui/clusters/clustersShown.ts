import type { ClusterModel } from './clusterModel.ts';
import type { Colouring } from './colourings.ts';

/** What the charts show, and what their colour means. */
export interface ClustersShown {
  readonly model: ClusterModel;
  /** Undefined when the clusters have no measure but their size. */
  readonly colouring: Colouring | undefined;
}
