import type { InstanceRow } from './browse.ts';
import type { ClusterEntity, ClusteringOptions, ClusterSource, Preset } from './clustering.ts';
import type { Perspective } from './perspectives.ts';
import type { DatasetRequest, Device } from './requests.ts';
import type { ComparedStrategy, SelectRequest, StrategyName } from './select.ts';

/**
 * A clustering that was made of a dataset, remembered in its run folder together with its scores: what the views open without
 * computing anything. Made by `clustering/cluster`, and by `selection/select` with a strategy that looks at clusters.
 */
export interface KnownClustering {
  /** The same for the same features, parameters and preset. */
  readonly id: string;
  /** When it was last made or used again, ISO 8601, UTC. */
  readonly made: string;
  /** What was asked for: the request that gives it again. Paths are absolute. */
  readonly options: ClusteringOptions & { readonly seed?: number; readonly device?: Device };
  /** Form of the transferability and the density. */
  readonly preset: Preset;
  readonly instances: number;
  /** Clusters that hold an instance. */
  readonly clusters: number;
  readonly dimensions: number;
  /** clusters * sum(size^2) / instances^2: 1 when all are equally large. */
  readonly imbalance: number;
  /** Sum of each instance's similarity to its centroid; null for imported clusters without features. */
  readonly objective: number | null;
  readonly splits: number;
  readonly collapsed: boolean;
  /** What the assignment was computed on; `import` for clusters that the user brought. */
  readonly device: string;
}

/** Known clusterings of a dataset as it is now, newest first; those whose artifacts were deleted are left out. */
export interface KnownClusterings {
  readonly clusterings: readonly KnownClustering[];
}

/** What every request about clusters names. */
export interface ClustersRequest extends DatasetRequest {
  /** Id of a known clustering; default: the one made last. Error `clustering.notFound` when there is none. */
  readonly clustering?: string;
}

export interface ClusterListRequest extends ClustersRequest {
  /** Manifest of a run, of any command: adds what it kept of each cluster. Error `dataset.changed` for another source's. */
  readonly manifest?: string;
  /** Extracts the entities when no earlier request has, which can take minutes; else the list comes without them. */
  readonly extract?: boolean;
}

/** Columns of `clusters/list` that are there once entities were extracted. */
export interface ClusterListEntities {
  /** Distinct entities that describe a cluster. */
  readonly names: readonly string[];
  /** Per name, the perspective it was found in. */
  readonly perspectives: readonly Perspective[];
  /** Entities listed per cluster. */
  readonly perCluster: number;
  /** Positions in `names`, `perCluster` per cluster, descending by lift; -1 where there are fewer. */
  readonly top: readonly number[];
  /** Per perspective and cluster: mentions of tail entities (frequency at most the threshold of the default mass) among all mentions; 0 without any. */
  readonly tailShare: Readonly<Partial<Record<Perspective, readonly number[]>>>;
}

/** What a run kept of each cluster. */
export interface ClusterListRun {
  readonly manifest: string;
  /** Strategy, or `rebalance` for a rebalancing. */
  readonly strategy: StrategyName;
  /** Instances kept per cluster. */
  readonly kept: readonly number[];
  /** Budgets, when the run was made from these very clusters by a strategy with budgets. */
  readonly quota?: {
    /** 0-based place in the order of visit. */
    readonly turn: readonly number[];
    /** Instances the cluster's share came to. */
    readonly want: readonly number[];
    /** Instances the budget gave: min(want, size) and what was refilled. For `hybrid` before floors were met. */
    readonly take: readonly number[];
  };
}

/** All clusters as parallel columns, one value per cluster in ascending order of the ids. */
export interface ClusterList {
  readonly clustering: KnownClustering;
  /** Ids as the assignments name them. */
  readonly cluster: readonly number[];
  /** Instances, never 0. */
  readonly size: readonly number[];
  readonly transferability: readonly number[];
  /** Null when there are no features to compute it from; then `score` and `medoid` are null too. */
  readonly density: readonly number[] | null;
  /** transferability / density. */
  readonly score: readonly number[] | null;
  /** Ordinal of the kernel medoid. */
  readonly medoid: readonly number[] | null;
  /** The most similar other clusters: ids, `relatedCount` per cluster, descending by similarity; -1 where there are fewer. */
  readonly related: readonly number[];
  readonly relatedCount: number;
  /** Places on the map: the centroids' first two principal components (classical scaling), five significant digits. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Distinct sources; the largest of each cluster as a position among them, and the instances of it. */
  readonly sources: readonly Omit<ClusterSource, 'instances'>[];
  readonly mainSource: readonly number[];
  readonly mainSourceInstances: readonly number[];
  readonly entities?: ClusterListEntities;
  readonly run?: ClusterListRun;
}

export interface ClusterCardRequest extends ClustersRequest {
  readonly cluster: number;
  readonly manifest?: string;
  /** Instances that stand for the cluster, 0 to 24; default 6. */
  readonly medoids?: number;
  /** Entities listed per perspective, 0 to 100; default 12. */
  readonly entities?: number;
}

/** One cluster. Error `cluster.notFound` for an id that no instance has. */
export interface ClusterCard {
  readonly clustering: string;
  readonly cluster: number;
  readonly size: number;
  readonly transferability: number;
  readonly density: number | null;
  readonly score: number | null;
  /** Mean cosine of the instances with the centroid; null without features. */
  readonly similarity: number | null;
  /** 1-based places among all clusters, descending; null where there is no such number. Of equals the lower id comes first. */
  readonly rank: {
    readonly size: number;
    readonly transferability: number;
    readonly density: number | null;
    readonly score: number | null;
  };
  /** Rows of the medoids: the kernel medoid, then the next picks of the greedy order; empty without features. */
  readonly medoids: readonly InstanceRow[];
  /** By perspective, descending by lift; absent before entities were extracted. */
  readonly entities?: Readonly<Partial<Record<Perspective, readonly ClusterEntity[]>>>;
  readonly tailShare?: Readonly<Partial<Record<Perspective, number>>>;
  readonly related: readonly RelatedCluster[];
  /** All sources, the most frequent first, at most 20. */
  readonly sources: readonly ClusterSource[];
  readonly moreSources: number;
  readonly run?: {
    readonly manifest: string;
    readonly strategy: StrategyName;
    readonly kept: number;
    readonly quota?: { readonly turn: number; readonly want: number; readonly take: number };
  };
}

export interface RelatedCluster {
  readonly cluster: number;
  readonly similarity: number;
  readonly size: number;
  /** Entities that describe it, at most 3; empty before entities were extracted. */
  readonly entities: readonly string[];
}

export const memberOrders = ['greedy', 'similarity', 'ordinal'] as const;
/**
 * Order of a cluster's members: `greedy` as COINCIDE picks them (best stand-ins first), `similarity` to the centroid descending (ties by
 * file order), `ordinal` as in the file. Without features only `ordinal`.
 */
export type MemberOrder = (typeof memberOrders)[number];

export interface ClusterMembersRequest extends ClustersRequest {
  readonly cluster: number;
  readonly order: MemberOrder;
  readonly manifest?: string;
  readonly offset: number;
  /** 1 to 500. */
  readonly limit: number;
}

export interface ClusterMembersPage {
  readonly offset: number;
  readonly total: number;
  readonly rows: readonly InstanceRow[];
  /** Cosine of each row with its centroid; null without features. */
  readonly similarity: readonly number[] | null;
}

export interface ClusterPointsRequest extends ClustersRequest {
  readonly cluster: number;
  readonly manifest?: string;
  /** Points at most, 1 to 20,000; default 2,000. Of a larger cluster the first of the greedy order come. */
  readonly limit?: number;
}

/** Places of a cluster's instances on the map of `clusters/list`. Error `usage` for clusters without features. */
export interface ClusterPoints {
  readonly cluster: number;
  readonly size: number;
  /** Parallel columns; fewer than `size` when there are too many. */
  readonly ordinal: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** 1 for an instance that the run kept; absent without a manifest. */
  readonly kept?: readonly (0 | 1)[];
}

export interface ClusterLiftRequest extends ClustersRequest {
  readonly perspective: Perspective;
  /** Columns, 1 to 50 ids; default the 12 largest clusters. */
  readonly clusters?: readonly number[];
  /** Only entities whose name holds this, upper and lower case alike. */
  readonly text?: string;
  readonly offset: number;
  /** 1 to 500 rows. */
  readonly limit: number;
  /** Like `ClusterListRequest.extract`; without entities the table is empty and `extracted` false. */
  readonly extract?: boolean;
}

/**
 * Entities by clusters: rows that a tenth of some listed cluster's instances hold, and two of them; descending by their largest lift
 * among those clusters, then by frequency, then by name.
 */
export interface ClusterLift {
  readonly extracted: boolean;
  readonly perspective: Perspective;
  readonly instances: number;
  readonly clusters: readonly number[];
  readonly sizes: readonly number[];
  /** Rows without paging. */
  readonly total: number;
  readonly rows: readonly ClusterLiftRow[];
}

export interface ClusterLiftRow {
  readonly entity: string;
  /** Instances of the dataset that hold it. */
  readonly frequency: number;
  /** Frequency is at most the threshold of the default mass. */
  readonly tail: boolean;
  /** Per listed cluster: instances that hold it, and (instances / size) / (frequency / all instances). */
  readonly instances: readonly number[];
  readonly lift: readonly number[];
}

/** Where an instance stands in a known clustering. */
export interface InstanceCluster {
  readonly clustering: string;
  readonly cluster: number;
  readonly size: number;
  readonly transferability: number;
  readonly density: number | null;
  readonly score: number | null;
  /** Cosine with the centroid; null without features. */
  readonly similarity: number | null;
  /** 0-based place in the cluster's greedy order; null where it was not computed. */
  readonly rank: number | null;
  /** Entities that describe the cluster, at most 3; empty before entities were extracted. */
  readonly entities: readonly string[];
}

/**
 * What strategies cover at several sizes, each compared at equal size. Strategies share the options of the request (features, preset,
 * temperature, floors); those that do not declare one leave it alone. `random` is always answered too.
 */
export interface FrontierRequest
  extends Omit<SelectRequest, 'strategy' | 'fraction' | 'count' | 'output' | 'exportOrdinals' | 'compare' | 'dryRun'> {
  readonly strategies: readonly StrategyName[];
  /** Shares of the instances, ascending, each above 0 and at most 1; 1 to 20 of them. */
  readonly fractions: readonly number[];
}

export interface Frontier {
  readonly instances: number;
  /** In the order of the request, then `random`. */
  readonly strategies: readonly FrontierLine[];
  readonly seconds: number;
}

export interface FrontierLine {
  readonly strategy: StrategyName;
  /** One per fraction. */
  readonly points: readonly FrontierPoint[];
}

export type FrontierPoint =
  | ({ readonly fraction: number; readonly requested: number } & Omit<ComparedStrategy, 'strategy'>)
  /** The strategy cannot give just so many: `rebalance` at most `maximum`, `hybrid` with its floors at least `minimum`. */
  | {
      readonly fraction: number;
      readonly requested: number;
      readonly unreachable: true;
      readonly minimum: number | null;
      readonly maximum: number | null;
    };
