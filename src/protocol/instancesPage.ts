import type {
  BrowseFilter,
  BrowseQuery,
  BrowseResult,
  BrowseRows,
  BrowseSort,
  FirstRows,
  InstanceDetail,
  InstanceImage,
  MediaKind,
  Verdict,
} from './browse.ts';
import type { DatasetFormat, DatasetVariant, ProblemCode } from './dataset.ts';
import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';
import type { Override } from './plan.ts';

/** The part of a `BrowseQuery` that the page decides; the host adds the dataset. */
export type PageQuery = Pick<BrowseQuery, 'filter' | 'sort' | 'manifest'>;

/** Where a command wants the browser to be. */
export interface OpenAt {
  readonly ordinal?: number;
  readonly filter?: BrowseFilter;
  readonly manifest?: string;
}

/** What the page keeps over hiding and a reload of the window. */
export interface InstancesState {
  readonly version: 1;
  /** URI of the dataset. */
  readonly dataset: string;
  readonly filter: BrowseFilter;
  readonly sort: { readonly by: BrowseSort; readonly descending: boolean };
  /** Manifest whose verdicts are shown; null shows none; absent shows those of the newest run. */
  readonly manifest?: string | null;
  /** Ordinal whose detail is open. */
  readonly selected: number | null;
  /** First row in view, 0-based, among those that match. */
  readonly top: number;
  /** Perspectives whose entities are highlighted. */
  readonly marks: readonly Perspective[];
  /** Share of the width (or, on narrow pages, the height) that the list has beside the detail, 0.2 to 0.8. */
  readonly split: number;
}

/** An override of the working plan, as a row shows it. */
export interface PlannedVerdict {
  readonly ordinal: number;
  readonly verdict: Override['verdict'];
}

/** Everything for the first paint. */
export interface InstancesContent {
  readonly locale: string;
  /** Name of the file, and how large it is, in words. */
  readonly name: string;
  readonly size: string;
  /** URI of the dataset. */
  readonly dataset: string;
  /** `head`: without the engine; the first records that the host can read, and why not more. */
  readonly mode: { readonly kind: 'engine' } | { readonly kind: 'head'; readonly why: string; readonly canTrust: boolean };
  /** Where a command wants the page to be, over what it kept; null to stay. */
  readonly openAt: OpenAt | null;
  readonly planned: readonly PlannedVerdict[];
  readonly strings: InstancesStrings;
}

/** A finished run of the dataset whose verdicts can be shown. */
export interface RunChoice {
  readonly manifest: string;
  readonly label: string;
}

export interface EntityChoices {
  /** Entities that match the text. */
  readonly matches: number;
  readonly rows: readonly { readonly entity: string; readonly label: string; readonly frequency: number; readonly tail: boolean }[];
}

export interface DetailView {
  readonly detail: InstanceDetail;
  /** One sentence each: what, where, and the engine's own words. */
  readonly problems: readonly { readonly label: string; readonly place: string; readonly message: string }[];
  /** Where the instance stands among the clusters, as names and values; null without a clustering. */
  readonly cluster: readonly (readonly [name: string, value: string])[] | null;
  /** The override of the working plan. */
  readonly override: PlannedOverride | null;
}

export interface PlannedOverride {
  readonly verdict: Override['verdict'];
  readonly reason: string;
}

/** A receipt in words and numbers; the host has written every sentence. */
export interface ReceiptView {
  readonly verdict: Verdict;
  readonly forced: boolean;
  /** Why, in one sentence. */
  readonly sentence: string;
  /** Of a rebalancing: keep probability, perspectives passed, alpha with its draw, seed and sampler; of a strategy: the cluster and its budget. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly perspectives: readonly ReceiptTable[];
  /** The smallest change that turns the verdict, or why there is none. */
  readonly flip: string;
}

export interface ReceiptTable {
  readonly perspective: Perspective;
  readonly title: string;
  readonly passed: boolean;
  /** "Passed: ..." or "Did not pass: ..." with tau and q. */
  readonly summary: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly entity: string; readonly tail: boolean; readonly won: boolean; readonly cells: readonly string[] }[];
}

export interface OverrideRequest {
  readonly ordinal: number;
  readonly content: string;
  readonly duplicate: number;
  readonly verdict: Override['verdict'] | 'none';
  readonly reason: string;
}

/** What the page really shows, for tests and the log. */
export interface DrawnInstances {
  /** Rows that match, and rows in the document. */
  readonly matches: number;
  readonly rows: number;
  /** Ordinals of the first and the last row in view; -1 while it is loading. */
  readonly first: number;
  readonly last: number;
  /** The whole dataset is indexed; before, only its first rows can be seen. */
  readonly indexed: boolean;
  readonly selected: number | null;
  readonly message: string;
}

/** The wire of the page *instances*. `ticket` is the page's number for a long request, which its progress names. */
export interface InstancesPage {
  readonly requests: {
    readonly ready: { readonly params: null; readonly result: InstancesContent };
    readonly first: { readonly params: { readonly limit: number }; readonly result: FirstRows };
    readonly runs: { readonly params: null; readonly result: readonly RunChoice[] };
    readonly query: { readonly params: { readonly ticket: number; readonly query: PageQuery }; readonly result: BrowseResult };
    readonly rows: {
      readonly params: { readonly query: PageQuery; readonly offset: number; readonly limit: number };
      readonly result: BrowseRows;
    };
    readonly find: {
      readonly params: { readonly query: PageQuery; readonly ordinal: number };
      readonly result: { readonly position: number };
    };
    readonly entities: {
      readonly params: { readonly ticket: number; readonly perspective: Perspective; readonly text: string };
      readonly result: EntityChoices;
    };
    readonly detail: { readonly params: { readonly instance: number }; readonly result: DetailView };
    readonly image: {
      readonly params: { readonly instance: number; readonly index: number; readonly side: number };
      readonly result: InstanceImage;
    };
    readonly receipt: { readonly params: ReceiptRequest; readonly result: ReceiptView };
    readonly copyReceipt: { readonly params: ReceiptRequest; readonly result: null };
    readonly override: { readonly params: OverrideRequest; readonly result: PlannedOverride | null };
    readonly openBytes: { readonly params: { readonly instance: number }; readonly result: null };
    readonly act: { readonly params: PageAction; readonly result: null };
  };
  readonly events: CommonEvents & { readonly drawn: DrawnInstances };
  readonly hostEvents: {
    /** `share`: 0 to 1; null while it is unknown. */
    readonly progress: { readonly ticket: number; readonly text: string; readonly share: number | null };
    readonly openAt: OpenAt;
    readonly planned: readonly PlannedVerdict[];
    /** The file is another one than the page was told about, or does not exist. */
    readonly fileChanged: { readonly kind: 'changed' | 'deleted' };
    /** The runs of the dataset are others than before. */
    readonly runsChanged: null;
    /** Everything must be asked anew (trust was granted, settings changed). */
    readonly restart: null;
  };
}

export interface ReceiptRequest {
  readonly instance: number;
  readonly manifest: string;
}

/** `rebalance` opens the rebalance panel of the dataset. */
export const pageActions = ['rebalance', 'manageTrust', 'showLog'] as const;
export type PageAction = (typeof pageActions)[number];

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface InstancesStrings {
  readonly formats: Readonly<Record<DatasetFormat, string>>;
  readonly variants: Readonly<Record<DatasetVariant, string>>;
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly problems: Readonly<Record<ProblemCode, string>>;
  readonly media: Readonly<Record<MediaKind, string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly sorts: Readonly<Record<BrowseSort, string>>;
  readonly noImage: Readonly<Record<Extract<InstanceImage, { readonly ok: false }>['reason'], string>>;
  readonly list: ListStrings;
  readonly filter: FilterStrings;
  readonly detail: DetailStrings;
  readonly state: StateStrings;
}

export interface ListStrings {
  /** Name of the list. */
  readonly label: string;
  readonly columns: { readonly image: string; readonly instance: string; readonly entities: string; readonly verdict: string };
  /** Ordinal. */
  readonly ordinal: string;
  /** Number. */
  readonly turns: string;
  readonly images: string;
  readonly oneImage: string;
  readonly textOnly: string;
  /** Entity in the tail: frequency; in the head: frequency. */
  readonly tailChip: string;
  readonly headChip: string;
  readonly forced: string;
  readonly plannedKeep: string;
  readonly plannedDrop: string;
  readonly broken: string;
  readonly loading: string;
  readonly goTo: string;
  readonly goToLabel: string;
  /** Last ordinal. */
  readonly goToInvalid: string;
  /** Ordinal; left out by the filter. */
  readonly goToHidden: string;
  readonly goToShowAll: string;
}

export interface FilterStrings {
  readonly label: string;
  readonly text: string;
  readonly textPlaceholder: string;
  readonly entity: string;
  readonly perspective: string;
  readonly entityText: string;
  readonly entityPlaceholder: string;
  readonly entityNone: string;
  /** Entity, frequency. */
  readonly entityHead: string;
  readonly entityTail: string;
  /** Number. */
  readonly entityMore: string;
  readonly verdict: string;
  readonly verdictNeedsRun: string;
  readonly cluster: string;
  readonly problem: string;
  readonly anyProblem: string;
  readonly media: string;
  readonly fields: string;
  readonly folder: string;
  readonly part: string;
  readonly noField: string;
  readonly any: string;
  /** Value, count: what a screen reader says. */
  readonly valueCount: string;
  /** Number of further values. */
  readonly more: string;
  readonly noValue: string;
  readonly emptyValue: string;
  readonly active: string;
  /** Filter, value. */
  readonly chip: string;
  /** Chip. */
  readonly remove: string;
  readonly clear: string;
  readonly sort: string;
  readonly ascending: string;
  readonly descending: string;
  readonly run: string;
  readonly noRun: string;
}

export interface DetailStrings {
  readonly label: string;
  /** Ordinal. */
  readonly heading: string;
  readonly previous: string;
  readonly next: string;
  readonly close: string;
  readonly actions: string;
  readonly openBytes: string;
  readonly copyReceipt: string;
  readonly copied: string;
  readonly forceKeep: string;
  readonly forceDrop: string;
  readonly removeOverride: string;
  readonly reason: string;
  readonly reasonNeeded: string;
  readonly cancel: string;
  /** Reason. */
  readonly forcedKeep: string;
  readonly forcedDrop: string;
  readonly takesEffect: string;
  readonly openRebalance: string;
  readonly images: string;
  /** Position, number, path. */
  readonly imageAlt: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly embedded: string;
  readonly video: string;
  readonly imageNeedsEngine: string;
  readonly audio: string;
  readonly conversation: string;
  readonly noTurns: string;
  readonly highlight: string;
  /** Perspective, entity. */
  readonly mark: string;
  readonly roleHuman: string;
  readonly roleModel: string;
  readonly roleSystem: string;
  readonly emptyTurn: string;
  /** Number of characters. */
  readonly showMore: string;
  readonly cutTurn: string;
  /** Number of turns, of images. */
  readonly moreTurns: string;
  readonly moreImages: string;
  readonly receipt: string;
  readonly noRun: string;
  readonly won: string;
  readonly lost: string;
  readonly tail: string;
  readonly head: string;
  readonly entities: string;
  readonly cluster: string;
  readonly entityColumns: readonly [entity: string, frequency: string, place: string];
  readonly filterBy: string;
  readonly noEntities: string;
  readonly notExtracted: string;
  readonly extract: string;
  readonly problems: string;
  readonly record: string;
  /** File, line, first byte, end, bytes. */
  readonly place: string;
  /** File, bytes. */
  readonly placeNoRange: string;
  /** Bytes. */
  readonly cutRecord: string;
  /** Number. */
  readonly copies: string;
  readonly unusable: string;
  /** Name of a character that cannot be seen. */
  readonly unseen: string;
}

export interface StateStrings {
  /** Instances, variant, format, size. */
  readonly summary: string;
  /** Usable instances, positions, variant, format, size. */
  readonly summaryBroken: string;
  /** Number. */
  readonly all: string;
  /** Matches, number of all. */
  readonly matches: string;
  /** Number of rows. */
  readonly firstRows: string;
  readonly opening: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly continue: string;
  readonly filtering: string;
  readonly empty: string;
  readonly nothingMatches: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly showLog: string;
  readonly changed: string;
  readonly deleted: string;
  readonly verdictsGone: string;
  readonly manageTrust: string;
  readonly headRows: string;
  readonly resize: string;
  readonly dismiss: string;
}
