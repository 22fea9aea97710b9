import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';
import type { RebalancePlan } from './plan.ts';
import type { HygieneSwitch } from './requests.ts';

/** What of a plan the page changes; an absent value is the engine's default. The rest of the plan stays with the host. */
export type PlanKnobs = Pick<
  RebalancePlan,
  'perspectives' | 'mass' | 'tau' | 'hygiene' | 'minFrequency' | 'seed' | 'minPerspectives' | 'alpha' | 'target' | 'targetBy' | 'protect'
>;

/** The working plan as the page shows it. */
export interface PlanView {
  readonly knobs: PlanKnobs;
  /** Switches that are on when the plan names none. */
  readonly hygieneDefault: readonly HygieneSwitch[];
  /** Sentences on what the plan decides and the page cannot change: imported entities, the python sampler. */
  readonly fixed: readonly string[];
  readonly overrides: OverrideListView;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Nothing differs from the paper's setting. */
  readonly isPaper: boolean;
  /** The last result was made with this very plan. */
  readonly isApplied: boolean;
}

export interface OverrideListView {
  readonly total: number;
  /** At most 200, newest first. */
  readonly rows: readonly {
    readonly content: string;
    readonly duplicate: number;
    readonly ordinal: number;
    /** "Keep instance 17". */
    readonly label: string;
    readonly reason: string;
  }[];
}

export const seriesRoles = ['before', 'after', 'control'] as const;
export type SeriesRole = (typeof seriesRoles)[number];

/** One distribution of a perspective. */
export interface SeriesView {
  readonly role: SeriesRole;
  /** Rank-frequency curve; ranks are 1-based because both axes are logarithmic, and ascend. */
  readonly points: readonly (readonly [rank: number, frequency: number])[];
  /** Lorenz curve, entities from the rarest: share of entities, share of postings. */
  readonly lorenz: readonly (readonly [entities: number, postings: number])[];
}

export interface TableView {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One perspective of the live report. Sentences are localised by the host. */
export interface PerspectiveView {
  readonly perspective: Perspective;
  readonly title: string;
  /** Frequency at or below which an entity is tail: the threshold that the page moves; null when the perspective has no entity. */
  readonly boundary: number | null;
  /** Threshold that the draws use, which a target may have scaled. */
  readonly tau: number | null;
  /** Mass that the boundary stands for. */
  readonly mass: number;
  /** Frequency of the first entity, the largest useful tau; 1 when there is none. */
  readonly top: number;
  readonly series: readonly SeriesView[];
  /** Gini, kept shares and lost entities: before, after, control. Always shown. */
  readonly measures: TableView;
  /** The rest of the numbers, in the table view. */
  readonly details: TableView;
  /** "4 of 900 entities are lost; by chance 212." */
  readonly lostSentence: string;
  readonly lostCount: number;
  /** Some of the lost entities and their frequency, by the host made plain. */
  readonly lost: readonly (readonly [entity: string, frequency: number])[];
  /** The charts in words, for screen readers. */
  readonly spokenRank: string;
  readonly spokenLorenz: string;
}

/** Bars of one quantity: categories by before, after, control. */
export interface BarsView {
  readonly title: string;
  readonly spoken: string;
  readonly axis: string;
  /** `values` in the order of `seriesRoles`; a missing one is null. */
  readonly bars: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** Further categories that only the table lists. */
  readonly more: string | null;
  readonly table: TableView;
}

/** What applying the plan now would give. */
export interface LiveView {
  readonly instances: number;
  readonly kept: number;
  /** "Keeps 33,105 of 66,530 (49.8 %)". */
  readonly keeps: string;
  /** "expected 33,184.2 ± 101.4". */
  readonly expectation: string;
  /** What became of the target; null without one. */
  readonly target: string | null;
  readonly control: string;
  /** "Computed in 42 ms." */
  readonly timing: string;
  /** For the live region: the numbers in one sentence. */
  readonly spoken: string;
  readonly minPerspectives: number;
  /** Alpha in force; a target may have set it. */
  readonly alpha: number;
  readonly perspectives: readonly PerspectiveView[];
  readonly sources: BarsView | null;
  readonly lengths: readonly BarsView[];
  /** What honesty wants said about these very numbers. */
  readonly notes: readonly { readonly id: string; readonly text: string }[];
}

export interface FailureView {
  readonly sentence: string;
  /** Buttons; `tryAgain` is the page's own, the others are the host's. */
  readonly repairs: readonly { readonly action: string; readonly label: string }[];
}

/** Failures of the engine are answers: they carry what can be done. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: FailureView };

/** A result on the disk. */
export interface ResultView {
  /** "Wrote train.rebalanced.json: kept 33,105 of 66,530 instances, dropped 33,425." */
  readonly sentence: string;
}

export interface HygieneEffectView {
  readonly switch: HygieneSwitch | 'minFrequency';
  readonly sentence: string;
}

/** Every control of the page: its label and the sentence that explains it. */
export const controlNames = [
  'perspective',
  'mass',
  'tau',
  'minPerspectives',
  'alpha',
  'target',
  'targetValue',
  'targetBy',
  'seed',
  'blanks',
  'placeholders',
  'glued',
  'case',
  'minFrequency',
  'effects',
  'textOnly',
  'protectField',
  'protectValue',
  'addProtection',
  'writeControl',
  'browse',
  'apply',
  'savePlan',
  'loadPlan',
  'copyCommand',
  'openDiff',
  'reset',
  'undo',
  'redo',
] as const;
export type ControlName = (typeof controlNames)[number];

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface SelectionStrings {
  readonly controls: Readonly<Record<ControlName, { readonly label: string; readonly help: string }>>;
  readonly groups: {
    readonly plan: string;
    readonly thresholds: string;
    readonly volume: string;
    readonly hygiene: string;
    readonly protection: string;
    readonly control: string;
    readonly overrides: string;
    readonly method: string;
  };
  /** What "adaptive" means, and how the figures come about. */
  readonly method: readonly string[];
  readonly series: Readonly<Record<SeriesRole, string>>;
  readonly titles: Readonly<Record<Perspective, string>>;
  readonly byMass: string;
  readonly byTau: string;
  readonly byTarget: string;
  /** Perspective, control: "Token: mass". */
  readonly controlOf: string;
  readonly targetOff: string;
  readonly targetCount: string;
  readonly targetPercent: string;
  readonly byNames: { readonly tau: string; readonly mass: string; readonly alpha: string };
  readonly lastPerspective: string;
  readonly outOfRange: string;
  readonly removeProtection: string;
  readonly removeOverride: string;
  readonly openInstance: string;
  readonly noOverrides: string;
  readonly moreOverrides: string;
  readonly loading: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly cancelledLoad: string;
  readonly noFigures: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly openResult: string;
  readonly revealManifest: string;
  readonly browseDropped: string;
  readonly resultOutdated: string;
  readonly figures: string;
  readonly rankCharts: string;
  readonly lorenzCharts: string;
  readonly tables: string;
  readonly rankAxis: string;
  readonly frequencyAxis: string;
  readonly entityShareAxis: string;
  readonly postingShareAxis: string;
  readonly equality: string;
  readonly head: string;
  readonly tail: string;
  readonly legend: string;
  readonly tauLegend: string;
  readonly scaledLegend: string;
  readonly noEntities: string;
  readonly chartHint: string;
  /** Perspective: name of the handle at tau. */
  readonly tauHandle: string;
  /** Tau, mass: value of the handle in words. */
  readonly tauText: string;
  readonly tauShort: string;
  readonly scaledShort: string;
  /** Series, rank, frequency. */
  readonly point: string;
  /** Series, share of entities, share of postings. */
  readonly lorenzPoint: string;
  /** Category, series, value. */
  readonly barPoint: string;
  readonly curveCaption: string;
  readonly lorenzCaption: string;
  readonly rank: string;
  readonly entityShare: string;
  readonly lostTitle: string;
  readonly lostCaption: string;
  readonly lostEntity: string;
  readonly lostFrequency: string;
  readonly notes: string;
}

/** What the host gives a page: everything that it shows. The page keeps `dataset` so that the panel can be restored. */
export interface PanelContent {
  readonly locale: string;
  readonly dataset: string;
  readonly title: string;
  readonly strings: SelectionStrings;
  readonly plan: PlanView;
  /** What the plan gives, when the host still knows. */
  readonly live: LiveView | null;
  readonly result: ResultView | null;
  /** Applying also writes the random control. */
  readonly writeControl: boolean;
  /** A result is being written. */
  readonly applying: boolean;
}

export interface JobProgress {
  readonly job: 'live' | 'effects';
  readonly sentence: string;
  /** Of the whole job, 0 to 100, never less than before. */
  readonly percent: number;
}

export interface DrawnCharts {
  readonly theme: string;
  readonly view: 'rank' | 'lorenz' | 'tables';
  /** As in the live view that was drawn. */
  readonly kept: number;
  readonly charts: readonly {
    readonly perspective: string;
    /** Points per series, in the order of the view. */
    readonly points: readonly number[];
    /** Pixels of the canvas that are not transparent. */
    readonly paintedPixels: number;
  }[];
}

export const resultActions = ['openResult', 'revealManifest', 'openDiff', 'browseDropped'] as const;
export type ResultAction = (typeof resultActions)[number];

interface Ask<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

/** The wire of the page *selection*. */
export interface SelectionPage {
  readonly requests: {
    readonly ready: Ask<null, PanelContent>;
    /** What these knobs would give; nothing is changed. */
    readonly whatIf: Ask<PlanKnobs, Answer<LiveView>>;
    /** The plan takes these knobs: one step that can be undone. */
    readonly edit: Ask<PlanKnobs, PlanView>;
    readonly step: Ask<'undo' | 'redo' | 'reset', PlanView>;
    readonly removeOverride: Ask<{ readonly content: string; readonly duplicate: number }, PlanView>;
    readonly setWriteControl: Ask<boolean, null>;
    /** The expected volume with each hygiene switch turned the other way; extracts entities anew for each. */
    readonly hygieneEffects: Ask<null, Answer<readonly HygieneEffectView[]>>;
    /** Begins to write the result; `applied` tells how it ended, to whichever page is there then. */
    readonly apply: Ask<null, null>;
    /** The sentence says where; null when the user gave up. */
    readonly savePlan: Ask<null, Answer<string | null>>;
    readonly loadPlan: Ask<null, Answer<PlanView | null>>;
    /** The command that lies on the clipboard; null when the user gave up saving the plan that it needs. */
    readonly copyCommand: Ask<null, Answer<string | null>>;
    readonly result: Ask<ResultAction, null>;
    readonly browse: Ask<{ readonly ordinal?: number | undefined }, null>;
    readonly repair: Ask<string, null>;
  };
  readonly events: CommonEvents & {
    /** What the page really drew, when it has come to rest. */
    readonly drawn: DrawnCharts;
  };
  readonly hostEvents: {
    /** The plan changed elsewhere. */
    readonly plan: PlanView;
    readonly progress: JobProgress;
    /** Null when the user cancelled. */
    readonly applied: Answer<ResultView | null>;
    /** The dataset on the disk is another one, or gone. */
    readonly datasetChanged: string;
    /** What stood in the way is gone: ask again. */
    readonly retry: null;
  };
}
