import type { FeatureLayout, Permutation, Precision } from './clustering.ts';
import type { CommonEvents } from './page.ts';
import type { Answer, TableView } from './pageParts.ts';
import type { Perspective } from './perspectives.ts';
import type { ParameterDeclaration, StrategyName, StrategyNeed, StrategyParameters } from './select.ts';

/** How a coreset is to be selected. An absent value is the engine's default; paths are absolute. */
export interface CoresetSettings {
  readonly strategy: StrategyName;
  /** A share of the instances, above 0 to 1, or a number of them. */
  readonly size: { readonly kind: 'fraction' | 'count'; readonly value: number };
  /** Values that the user gave; a strategy reads those it declares and that are in range there. */
  readonly parameters: StrategyParameters;
  /** `.npy` file; absent: the built-in descriptors. */
  readonly features?: string;
  readonly layout?: FeatureLayout;
  readonly clusters: ClustersSetting;
  readonly iterations?: number;
  readonly precision?: Precision;
  readonly permutation?: Permutation;
  /** `.npy` file with a score per instance. */
  readonly column?: string;
  readonly seed: number;
  /** Strategies beside the chosen one; random is always there. */
  readonly compare: readonly StrategyName[];
}

export type ClustersSetting =
  | { readonly kind: 'auto' }
  | { readonly kind: 'number'; readonly value: number }
  /** Both files are needed. */
  | { readonly kind: 'import'; readonly assignments?: string; readonly centroids?: string };

/** Files that the page lets the user choose. */
export const coresetFiles = ['features', 'assignments', 'centroids', 'column'] as const;
export type CoresetFile = (typeof coresetFiles)[number];

/** The settings as the host keeps them, and what it thinks of them. */
export interface SettingsView {
  readonly settings: CoresetSettings;
  /** What is missing before anything can be selected, in sentences. */
  readonly missing: readonly { readonly field: 'floors' | 'column' | 'clusters'; readonly sentence: string }[];
  /** Figures can be had without making features or clusters first, so the page asks by itself. */
  readonly isQuick: boolean;
  /** The last result was made with these very settings. */
  readonly isApplied: boolean;
}

/** A strategy in words; what it needs and reads is the engine's declaration. */
export interface StrategyView {
  readonly name: StrategyName;
  readonly label: string;
  readonly summary: string;
  readonly needs: readonly StrategyNeed[];
  readonly parameters: readonly ParameterView[];
}

export interface ParameterView {
  readonly declared: ParameterDeclaration;
  readonly label: string;
  readonly help: string;
  /** Labels in the order of the declared choices; empty for other kinds. */
  readonly choices: readonly string[];
}

/** What selecting now would give. */
export interface TrialView {
  readonly instances: number;
  readonly selected: number;
  /** "Selects 1,200 of 6,000 (20 %)". */
  readonly lead: string;
  /** Shortfall, refills, floors: what the strategy says of its selection. */
  readonly lines: readonly string[];
  /** For the live region. */
  readonly spoken: string;
  /** The chosen strategy first, random last. */
  readonly comparison: ComparisonView;
  /** Null when the strategy knows no clusters. */
  readonly clusters: ClusterSharesView | null;
  /** What honesty wants said about these very numbers. */
  readonly notes: readonly string[];
}

/** Strategies side by side at equal size. */
export interface ComparisonView {
  readonly caption: string;
  readonly strategies: readonly string[];
  /** One number each, with what it means; empty where the measure above says it. */
  readonly measures: readonly { readonly title: string; readonly meaning: string; readonly cells: readonly MeasuredCell[] }[];
}

/** A number, and what it is made of: "26.7 %" of "214 of 802". */
export interface MeasuredCell {
  readonly value: string;
  readonly detail: string | null;
}

export interface ClusterSharesView {
  readonly sentence: string;
  readonly table: TableView;
  /** Ids of the rows. */
  readonly ids: readonly number[];
}

/** What of a dataset a selection can cover. */
export type CoverageOf = Perspective | 'clusters';

export interface FrontierView {
  readonly coverages: readonly { readonly of: CoverageOf; readonly title: string; readonly axis: string }[];
  /** In the order of the comparison, random last. */
  readonly lines: readonly FrontierLineView[];
  /** Sizes that a strategy cannot give. */
  readonly unreachable: readonly string[];
  /** The chart in words, per coverage. */
  readonly spoken: Readonly<Partial<Record<CoverageOf, string>>>;
}

export interface FrontierLineView {
  readonly strategy: StrategyName;
  readonly label: string;
  readonly points: readonly {
    /** Share of the instances that was asked for. */
    readonly fraction: number;
    readonly selected: number;
    /** Share that is covered; absent where it is not known. */
    readonly covered: Readonly<Partial<Record<CoverageOf, number>>>;
  }[];
}

/** A result on the disk. */
export interface CoresetResultView {
  readonly sentence: string;
}

export const coresetResultActions = ['openResult', 'revealManifest', 'browseDropped', 'openClusters'] as const;
export type CoresetResultAction = (typeof coresetResultActions)[number];

export interface CoresetProgress {
  readonly job: 'trial' | 'frontier';
  readonly sentence: string;
  /** Of the whole job, 0 to 100, never less than before. */
  readonly percent: number;
}

export const coresetViews = ['chart', 'table'] as const;
export type CoresetViewKind = (typeof coresetViews)[number];

/** What the page keeps over hiding and a reload of the window. */
export interface CoresetState {
  readonly version: 1;
  readonly dataset: string;
  readonly view: CoresetViewKind;
  readonly coverage: CoverageOf;
  readonly folds: Readonly<Record<string, boolean>>;
}

export interface DrawnCoreset {
  readonly theme: string;
  readonly view: CoresetViewKind;
  /** Instances of the trial; null before there is one. */
  readonly selected: number | null;
  /** Points per line; empty before there is a frontier. */
  readonly points: readonly number[];
  readonly paintedPixels: number;
}

/** Every control of the page: its label and the sentence that explains it. */
export const coresetControls = [
  'strategy',
  'sizeBy',
  'fraction',
  'count',
  'features',
  'layout',
  'clusters',
  'clusterCount',
  'assignments',
  'centroids',
  'iterations',
  'precision',
  'permutation',
  'column',
  'seed',
  'compute',
  'apply',
  'copyCommand',
  'openClusters',
] as const;
export type CoresetControl = (typeof coresetControls)[number];

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface CoresetStrings {
  readonly controls: Readonly<Record<CoresetControl, { readonly label: string; readonly help: string }>>;
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly groups: {
    readonly settings: string;
    readonly strategy: string;
    readonly sources: string;
    readonly compare: string;
    readonly about: string;
  };
  readonly about: readonly string[];
  readonly sizeBy: { readonly fraction: string; readonly count: string };
  readonly builtin: string;
  readonly ownFile: string;
  readonly clusterKinds: Readonly<Record<ClustersSetting['kind'], string>>;
  readonly choose: string;
  readonly noFile: string;
  /** Control. */
  readonly chooseFile: string;
  readonly removeFile: string;
  /** Perspective. */
  readonly floorOf: string;
  readonly layoutWrong: string;
  /** Low, high. */
  readonly outOfRange: string;
  /** Low. */
  readonly tooSmall: string;
  /** Low, which is not allowed itself. */
  readonly notAbove: string;
  readonly compareHelp: string;
  /** Stands for the strategies that need scores while there are none. */
  readonly compareNeedsColumn: string;
  readonly compareHybrid: string;
  readonly loading: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly noFigures: string;
  /** Why figures wait for the user. */
  readonly coldStart: string;
  readonly staleFigures: string;
  readonly resultOutdated: string;
  readonly openResult: string;
  readonly revealManifest: string;
  readonly browseDropped: string;
  readonly frontier: string;
  readonly coverageOf: string;
  readonly chart: string;
  readonly table: string;
  readonly legend: string;
  readonly shareAxis: string;
  readonly chosenSize: string;
  /** Strategy, share kept, share covered. */
  readonly point: string;
  readonly chartHint: string;
  /** What is covered. */
  readonly frontierCaption: string;
  readonly unreachableCell: string;
  readonly comparison: string;
  readonly measure: string;
  readonly clusters: string;
  /** Cluster. */
  readonly showCluster: string;
  readonly notes: string;
}

/** Everything for the first paint. The page keeps `dataset` so that the panel can be restored. */
export interface CoresetContent {
  readonly locale: string;
  readonly dataset: string;
  readonly title: string;
  readonly strings: CoresetStrings;
  readonly strategies: readonly StrategyView[];
  readonly settings: SettingsView;
  /** What the host still knows of these settings. */
  readonly trial: TrialView | null;
  readonly frontier: FrontierView | null;
  readonly result: CoresetResultView | null;
  readonly applying: boolean;
}

interface Ask<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

/** The wire of the page *coreset*. */
export interface CoresetPage {
  readonly requests: {
    /** Fails only when the engine does not start: the strategies are its declarations. */
    readonly ready: Ask<null, CoresetContent>;
    readonly edit: Ask<CoresetSettings, SettingsView>;
    readonly trial: Ask<CoresetSettings, Answer<TrialView>>;
    readonly frontier: Ask<CoresetSettings, Answer<FrontierView>>;
    /** Begins to write the result; `applied` tells how it ended, to whichever page is there then. */
    readonly apply: Ask<null, null>;
    /** The command that lies on the clipboard. */
    readonly copyCommand: Ask<null, Answer<string>>;
    /** Null when the user gave up. */
    readonly pickFile: Ask<CoresetFile, string | null>;
    readonly result: Ask<CoresetResultAction, null>;
    readonly showCluster: Ask<number, null>;
    readonly repair: Ask<string, null>;
  };
  readonly events: CommonEvents & {
    /** What the page really drew, when it has come to rest. */
    readonly drawn: DrawnCoreset;
  };
  readonly hostEvents: {
    /** The settings changed elsewhere, or more is known about them. */
    readonly settings: SettingsView;
    readonly progress: CoresetProgress;
    /** Null when the user cancelled. */
    readonly applied: Answer<CoresetResultView | null>;
    /** The dataset on the disk is another one, or gone. */
    readonly datasetChanged: string;
    /** What stood in the way is gone: ask again. */
    readonly retry: null;
  };
}
