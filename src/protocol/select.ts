import type { ClusteringOptions, EntityOptions, Preset } from './clustering.ts';
import type { Perspective } from './perspectives.ts';
import type { LengthSummary, OutputFile } from './reports.ts';
import type { AnalyzeRequest, DatasetRequest } from './requests.ts';

/** In the order of a picker: the method, its guarded form, the control, then the rivals. */
export const strategyNames = [
  'coincide',
  'hybrid',
  'coincide-necessity',
  'random',
  'rebalance',
  'semdedup',
  'd2',
  'self-filter',
  'self-sup',
  'clip-score',
  'el2n',
  'perplexity',
  'visual-necessity',
  'column',
] as const;
export type StrategyName = (typeof strategyNames)[number];

/** What a strategy looks at besides the instances. */
export const strategyNeeds = ['features', 'clusters', 'entities', 'column'] as const;
export type StrategyNeed = (typeof strategyNeeds)[number];

export const scoreCuts = ['top', 'middle', 'bottom'] as const;
export type ScoreCut = (typeof scoreCuts)[number];
export const semdedupCuts = ['repo', 'proportional'] as const;
export type SemdedupCut = (typeof semdedupCuts)[number];
export const stratifications = ['none', 'clusters'] as const;
export type Stratification = (typeof stratifications)[number];

/** Parameters of all strategies; each declares which of them it reads. */
export interface StrategyParameters {
  readonly preset?: Preset;
  /** Above 0. */
  readonly temperature?: number;
  readonly neighbours?: number;
  readonly gamma?: number;
  /** Which end of the scores is kept, or how surplus instances of SemDeDup are cut. */
  readonly cut?: ScoreCut | SemdedupCut;
  /** `clusters`: the cut is made inside each cluster, in proportion to its size. */
  readonly stratify?: Stratification;
  /** Per perspective: no entity with at least this many instances falls below it. */
  readonly floors?: Readonly<Partial<Record<Perspective, number>>>;
}

export type ParameterName = keyof StrategyParameters;

/** One parameter as help, validation, picker and manifest need it. */
export type ParameterDeclaration = { readonly name: ParameterName; readonly help: string } & (
  | {
      readonly kind: 'number';
      readonly from: number;
      readonly to: number;
      /** `from` itself is not allowed. */
      readonly above?: true;
      readonly integer?: true;
      readonly default: number;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string }
  /** A whole number of at least 1 per perspective; required. */
  | { readonly kind: 'floors' }
);

export interface StrategyDeclaration {
  readonly name: StrategyName;
  /** English, for the command line. */
  readonly summary: string;
  readonly needs: readonly StrategyNeed[];
  readonly parameters: readonly ParameterDeclaration[];
}

export interface SelectRequest
  extends DatasetRequest,
    ClusteringOptions,
    EntityOptions,
    StrategyParameters,
    Pick<AnalyzeRequest, 'mass' | 'tau'> {
  readonly strategy: StrategyName;
  /** Share of the instances, above 0 to 1; one of `fraction` and `count` is given. */
  readonly fraction?: number;
  /** Instances, 1 to all. */
  readonly count?: number;
  readonly seed?: number;
  /** Result file; required unless `dryRun`. */
  readonly output?: string;
  /** `.npy` file for the chosen ordinals in selection order, int64. */
  readonly exportOrdinals?: string;
  /** `.npy` file with a score per instance. */
  readonly column?: string;
  /** Strategies to compare with at equal size, entities included; `random` is always compared on what costs nothing. */
  readonly compare?: readonly StrategyName[];
  readonly dryRun?: boolean;
}

/** What one cluster gave. */
export interface ClusterShare {
  /** Id, as the assignments name it. */
  readonly cluster: number;
  readonly size: number;
  /** Instances that its budget asked for; null for strategies without budgets. */
  readonly want: number | null;
  /** Instances chosen. */
  readonly take: number;
  /** Instances that the budgets alone would have chosen but that were given up for floors (hybrid). */
  readonly paid?: number;
  /** Instances chosen for floors only (hybrid). */
  readonly added?: number;
}

export interface SelectReport {
  readonly strategy: StrategyName;
  /** The clusters that the strategy looked at, see `KnownClustering.id`; absent when it knows none. */
  readonly clustering?: string;
  readonly instances: number;
  /** Instances asked for. */
  readonly requested: number;
  readonly selected: number;
  /** requested - selected: what the reference's budgets lose (preset `repo`). */
  readonly shortfall: number;
  readonly seed: number;
  readonly parameters: StrategyParameters;
  /** Numbers that the strategy found, e.g. the threshold of SemDeDup. */
  readonly facts: Readonly<Record<string, number>>;
  readonly selectionHash: string;
  readonly output?: OutputFile;
  readonly extraOutputs?: readonly OutputFile[];
  readonly ordinals?: OutputFile;
  readonly manifest?: string;
  /** Ascending by cluster; empty when the strategy knows no clusters. */
  readonly perCluster: readonly ClusterShare[];
  readonly comparison: StrategyComparison;
  readonly lengths: { readonly before: LengthSummary; readonly after: LengthSummary };
  readonly reused: readonly string[];
  readonly seconds: number;
}

/** Selections of equal size side by side; the first is the one that was made. */
export interface StrategyComparison {
  readonly strategies: readonly ComparedStrategy[];
  /** `overlap[a][b]`: instances in both a and b. */
  readonly overlap: readonly (readonly number[])[];
}

export interface ComparedStrategy {
  readonly strategy: StrategyName;
  readonly selected: number;
  /** Per perspective; empty when no entities were looked at. */
  readonly perspectives: Readonly<Partial<Record<Perspective, EntityCoverage>>>;
  readonly clusters?: ClusterCoverage;
  /** Chosen instances whose content another chosen instance has too, counted without the first of each. */
  readonly duplicates: number;
}

export interface EntityCoverage {
  /** Entities of the dataset, and those that a chosen instance holds. */
  readonly entities: number;
  readonly kept: number;
  readonly postings: number;
  /** Gini coefficient over the kept entities' frequencies. */
  readonly gini: number;
}

export interface ClusterCoverage {
  /** Clusters, and those with a chosen instance. */
  readonly clusters: number;
  readonly covered: number;
  /** Share of the chosen instances in the cluster that gave most. */
  readonly largestShare: number;
  /** Gini coefficient over the chosen instances of all clusters. */
  readonly gini: number;
}

/** The cluster of an instance in its receipt. */
export interface ReceiptCluster {
  readonly cluster: number;
  readonly size: number;
  readonly transferability: number;
  readonly density: number | null;
  /** transferability / density. */
  readonly score: number | null;
  /** The cluster's turn: softmax share of the instances that remained, want = remaining * ratio rounded half to even, take = min(want, size) + refilled. */
  readonly quota?: {
    readonly turn: number;
    readonly remaining: number;
    readonly ratio: number;
    readonly want: number;
    readonly take: number;
    readonly refilled: number;
  };
}

/** Why a strategy took or left one instance; the verdict follows from these numbers. */
export type StrategyScores =
  | {
      readonly strategy: 'coincide';
      /** 0-based place in the cluster's greedy order, or in file order where `whole`; chosen when below `take`. Null beyond what was computed. */
      readonly rank: number | null;
      /** The cluster wanted more than it has and was taken whole. */
      readonly whole: boolean;
    }
  | {
      readonly strategy: 'hybrid';
      readonly rank: number | null;
      readonly whole: boolean;
      /** `budget`: chosen by the cluster's budget; `floor`: added for floors; `paid`: given up for others' floors; `left`: never chosen. */
      readonly role: 'budget' | 'floor' | 'paid' | 'left';
      /** Entities of the instance that have a floor, rarest first, at most 8. */
      readonly floors: readonly {
        readonly perspective: Perspective;
        readonly entity: string;
        readonly frequency: number;
        readonly floor: number;
        /** Chosen instances that hold it, before and after floors were met. */
        readonly byBudget: number;
        readonly kept: number;
      }[];
    }
  | {
      readonly strategy: 'coincide-necessity';
      /** Null: no score, so the greedy order decides. */
      readonly score: number | null;
      /** 0-based place among the cluster's instances with a score, descending, or among those without one in greedy order; chosen when below `take`. Null beyond what was computed. */
      readonly place: number | null;
      /** Instances that the cluster gives of the instance's own kind, and all of that kind. */
      readonly take: number;
      readonly of: number;
    }
  | { readonly strategy: 'random' /** 0-based place in the seeded permutation. */; readonly place: number; readonly size: number }
  | {
      readonly strategy: 'rebalance';
      /** Smallest common factor on all taus at which the instance is kept: draw * frequency / tau of the deciding entity; null without entities. */
      readonly scale: number | null;
      /** Factor of this selection: the largest of a chosen instance. */
      readonly limit: number;
      readonly perspective?: Perspective;
      readonly entity?: string;
      readonly frequency?: number;
      readonly tau?: number;
      readonly draw?: number;
    }
  | {
      readonly strategy: 'semdedup';
      /** Largest cosine to an earlier (harder) member of the cluster; chosen when at most `threshold`, unless the cut took it. */
      readonly similarity: number;
      readonly threshold: number;
      /** Ordinal of that member; the instance itself when there is none. */
      readonly twin: number;
      /** Survived the threshold, lost to the cut. */
      readonly cut: boolean;
    }
  | {
      readonly strategy: 'd2';
      readonly score: number;
      /** Value after the neighbours' scores were added. */
      readonly initial: number;
      /** Value when picked, and the 0-based pick; null when not chosen. */
      readonly atPick: number | null;
      readonly pick: number | null;
    }
  | {
      readonly strategy: 'self-filter';
      readonly difficulty: number;
      readonly atPick: number | null;
      readonly pick: number | null;
    }
  | {
      readonly strategy: 'column' | 'self-sup' | 'clip-score' | 'el2n' | 'perplexity' | 'visual-necessity';
      /** Null: no score, drawn by chance inside its own stratum. */
      readonly score: number | null;
      /** 0-based place in the ascending order of its stratum; chosen when from <= place < to. */
      readonly place: number;
      readonly stratumSize: number;
      readonly from: number;
      readonly to: number;
    };
