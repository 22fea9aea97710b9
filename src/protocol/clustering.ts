import type { DatasetSummary } from './dataset.ts';
import type { Perspective } from './perspectives.ts';
import type { OutputFile } from './reports.ts';
import type { AnalyzeRequest, DatasetRequest } from './requests.ts';

/** The two published forms of COINCIDE (specification 0.1): the authors' code, and their paper. */
export const presets = ['repo', 'paper'] as const;
export type Preset = (typeof presets)[number];

export const precisions = ['f32', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** How the library draws its permutation: `mod` is the released library, `mulshift` its later main branch. */
export const permutations = ['mod', 'mulshift'] as const;
export type Permutation = (typeof permutations)[number];

/** Visual and language values of a feature: per layer `half` visual values, then `half` language values. */
export interface FeatureLayout {
  readonly layers: number;
  readonly half: number;
}

/** Where features and clusters come from. Paths are absolute. */
export interface ClusteringOptions {
  /** Name of a provider, or a `.npy` file with one row per instance; default `builtin`. */
  readonly features?: string;
  /** The given features hold, per layer, a visual and a language half; without it every preset uses the whole vector. */
  readonly layout?: FeatureLayout;
  /** Bring your own: a cluster id per instance, and the centroids. Given together; nothing is clustered then. */
  readonly assignments?: string;
  readonly centroids?: string;
  /** Number of clusters; default round(N / 66), at least 1. */
  readonly clusters?: number;
  /** Default 50. */
  readonly iterations?: number;
  readonly precision?: Precision;
  readonly permutation?: Permutation;
}

/** Options that say which entities are meant. */
export type EntityOptions = Pick<AnalyzeRequest, 'perspectives' | 'entities' | 'hygiene' | 'minFrequency' | 'lexicon' | 'stopList'>;

export interface ClusterRequest extends DatasetRequest, ClusteringOptions, EntityOptions {
  readonly seed?: number;
  /** Default `repo`. */
  readonly preset?: Preset;
  /** Folder for centroids, assignments, similarity, transferability and density as `.npy`. */
  readonly export?: string;
  /** Entities and instances listed per cluster; default 5, 0 for none (and then nothing is extracted). */
  readonly top?: number;
}

/** One cluster as a person sees it. */
export interface ClusterSummary {
  /** Id, as the assignments name it. */
  readonly cluster: number;
  /** Instances; never 0. */
  readonly size: number;
  readonly transferability: number;
  /** Null when there are no features to compute it from. */
  readonly density: number | null;
  /** transferability / density. */
  readonly score: number | null;
  /** Entities that are more frequent here than elsewhere, descending by lift. */
  readonly topEntities: readonly ClusterEntity[];
  /** Ordinals of the instances that stand best for the cluster: its kernel medoid, then the next picks of the greedy order. */
  readonly medoids: readonly number[];
  /** The most similar other clusters, at most 4. */
  readonly related: readonly { readonly cluster: number; readonly similarity: number }[];
  /** Where the instances come from, the most frequent first, at most 3. */
  readonly sources: readonly ClusterSource[];
}

export interface ClusterEntity {
  readonly perspective: Perspective;
  readonly entity: string;
  /** Instances of the cluster that hold it. */
  readonly instances: number;
  /** Share of holders in the cluster divided by their share in the dataset. */
  readonly lift: number;
}

/** Instances by the first folder of their first image path; of the other kinds `folder` is empty. */
export interface ClusterSource {
  readonly kind: 'folder' | 'textOnly' | 'noFolder' | 'other';
  readonly folder: string;
  readonly instances: number;
}

export interface ClusterReport {
  /** Id under which the requests of `clusters.ts` know it. */
  readonly clustering: string;
  readonly dataset: DatasetSummary;
  readonly instances: number;
  /** Clusters that hold an instance. */
  readonly clusters: number;
  /** clusters * sum(size^2) / instances^2: 1 when all are equally large. */
  readonly imbalance: number;
  /** Sum of each instance's similarity to its centroid; null for imported clusters without features. */
  readonly objective: number | null;
  readonly splits: number;
  readonly collapsed: boolean;
  /** What the assignment was computed on: an execution provider, `wasm` without the ONNX runtime, `import` for imported clusters. */
  readonly device: string;
  readonly preset: Preset;
  readonly perCluster: readonly ClusterSummary[];
  readonly exported?: readonly OutputFile[];
  /** Stages found ready from an earlier run. */
  readonly reused: readonly string[];
  readonly seconds: number;
}
