import type { InstanceDetail, InstanceImage } from './browse.ts';
import type { DiffEntities, DiffEntitiesRequest, DiffInstances, DiffInstancesRequest, SourceCount } from './diff.ts';
import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';
import type { DiffReport } from './reports.ts';

export const whichDataset = ['a', 'b'] as const;
/** A is what was before, B what came of it. */
export type WhichDataset = (typeof whichDataset)[number];

/** What the page keeps over hiding and a reload of the window: the two paths. */
export interface DiffPageState {
  readonly version: 1;
  readonly a: string;
  readonly b: string;
}

export interface DatasetName {
  readonly name: string;
  readonly path: string;
}

/** Everything for the first paint; the comparison itself is asked for then. */
export interface DiffContent {
  readonly locale: string;
  readonly a: DatasetName;
  readonly b: DatasetName;
  readonly state: DiffPageState;
  /** Why nothing can be compared (Restricted Mode), in a sentence; null when it can. */
  readonly refused: string | null;
  readonly strings: DiffStrings;
}

/** An instance of a row. `content` is the hash that the row has: a file that was changed since shows another and is refused. */
export interface InstancePlace {
  readonly which: WhichDataset;
  readonly ordinal: number;
  readonly content: string;
}

export const diffPageActions = ['manageTrust', 'showLog'] as const;
export type DiffPageAction = (typeof diffPageActions)[number];

/** What the page really shows, for tests and the log. */
export interface DrawnDiff {
  readonly theme: string;
  readonly common: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly charts: readonly {
    readonly perspective: string;
    /** Points of A and of B. */
    readonly points: readonly number[];
    /** Pixels of the canvas that are not transparent. */
    readonly paintedPixels: number;
  }[];
}

/** The wire of the page *diff*. */
export interface DiffPage {
  readonly requests: {
    readonly ready: { readonly params: null; readonly result: DiffContent };
    /** `ticket` is the page's number of the request, which its progress names. */
    readonly compare: { readonly params: { readonly ticket: number }; readonly result: DiffReport };
    readonly instances: { readonly params: Pick<DiffInstancesRequest, 'side' | 'offset' | 'limit'>; readonly result: DiffInstances };
    readonly entities: {
      readonly params: Required<Pick<DiffEntitiesRequest, 'perspective' | 'side' | 'offset' | 'limit' | 'filter'>>;
      readonly result: DiffEntities;
    };
    readonly detail: { readonly params: InstancePlace; readonly result: InstanceDetail };
    readonly image: {
      readonly params: { readonly which: WhichDataset; readonly ordinal: number; readonly index: number; readonly side: number };
      readonly result: InstanceImage;
    };
    readonly openBytes: { readonly params: { readonly which: WhichDataset; readonly ordinal: number }; readonly result: null };
    readonly browse: { readonly params: { readonly which: WhichDataset; readonly ordinal: number | null }; readonly result: null };
    readonly copySummary: { readonly params: null; readonly result: null };
    readonly swap: { readonly params: null; readonly result: null };
    readonly act: { readonly params: DiffPageAction; readonly result: null };
  };
  readonly events: CommonEvents & { readonly drawn: DrawnDiff };
  readonly hostEvents: {
    /** `share`: 0 to 1; null while it is unknown. */
    readonly progress: { readonly ticket: number; readonly text: string; readonly share: number | null };
    /** Show this instead: the datasets were swapped, or trust was granted. */
    readonly content: DiffContent;
    /** A file is another one than was compared, or does not exist. */
    readonly fileChanged: { readonly which: WhichDataset; readonly kind: 'changed' | 'deleted' };
  };
}

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface DiffStrings {
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly noImage: Readonly<Record<Extract<InstanceImage, { readonly ok: false }>['reason'], string>>;
  readonly header: HeaderStrings;
  readonly state: DiffStateStrings;
  readonly shapes: ShapeStrings;
  readonly entities: EntityStrings;
  readonly instances: DiffInstanceStrings;
  readonly detail: DiffDetailStrings;
}

export interface HeaderStrings {
  readonly title: string;
  /** Short mark and spoken name of either dataset. */
  readonly a: string;
  readonly b: string;
  /** Instances, format, size. */
  readonly facts: string;
  readonly common: string;
  readonly removed: string;
  readonly added: string;
  readonly changed: string;
  readonly commonHint: string;
  readonly removedHint: string;
  readonly addedHint: string;
  /** By id, by image. */
  readonly changedHint: string;
  readonly identical: string;
  readonly actions: string;
  readonly tables: string;
  readonly copy: string;
  readonly copied: string;
  readonly swap: string;
  readonly refresh: string;
  readonly browseA: string;
  readonly browseB: string;
}

export interface DiffStateStrings {
  readonly comparing: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly tryAgain: string;
  readonly dismiss: string;
  readonly showLog: string;
  readonly manageTrust: string;
  /** Name. */
  readonly changed: string;
  readonly deleted: string;
  /** Common, removed, added, changed. */
  readonly done: string;
}

export interface ShapeStrings {
  readonly distributions: string;
  readonly rankCurves: string;
  readonly lorenzCurves: string;
  readonly curves: string;
  readonly legend: string;
  readonly equality: string;
  readonly rankAxis: string;
  readonly frequencyAxis: string;
  readonly entityShareAxis: string;
  readonly postingShareAxis: string;
  readonly noEntities: string;
  readonly chartHint: string;
  /** Series, rank, frequency. */
  readonly point: string;
  /** Series, share of entities, share of occurrences. */
  readonly lorenzPoint: string;
  /** Perspective, entities of A and of B, Gini of A and of B, lost, gained. */
  readonly spokenRank: string;
  readonly spokenLorenz: string;
  /** Perspective. */
  readonly measuresCaption: string;
  readonly curveCaption: string;
  readonly lorenzCaption: string;
  readonly measure: string;
  readonly change: string;
  readonly entities: string;
  readonly occurrences: string;
  readonly gini: string;
  readonly entropy: string;
  readonly tailEntities: string;
  readonly tailOccurrences: string;
  /** A difference of two shares, in percent points. */
  readonly points: string;
  /** Tau. */
  readonly tailHint: string;
  readonly lost: string;
  readonly gained: string;
  readonly rank: string;
  readonly entityShare: string;
  readonly lengths: string;
  readonly meanTurns: string;
  readonly medianTurns: string;
  readonly meanBytes: string;
  readonly medianBytes: string;
  readonly sources: string;
  readonly source: string;
  readonly sourceKinds: Readonly<Record<Exclude<SourceCount['kind'], 'folder'>, string>>;
  /** Number. */
  readonly moreSources: string;
}

export interface EntityStrings {
  readonly title: string;
  readonly perspective: string;
  /** Perspective, lost, gained. */
  readonly choice: string;
  readonly filter: string;
  readonly filterPlaceholder: string;
  readonly lost: string;
  readonly gained: string;
  /** Shown, matches. */
  readonly count: string;
  readonly entity: string;
  readonly instancesA: string;
  readonly instancesB: string;
  readonly noneLost: string;
  readonly noneGained: string;
  readonly noMatch: string;
  /** Number. */
  readonly more: string;
  readonly searching: string;
}

export interface DiffInstanceStrings {
  readonly title: string;
  /** Names of the tabs: number. */
  readonly removed: string;
  readonly added: string;
  readonly changed: string;
  readonly noneRemoved: string;
  readonly noneAdded: string;
  readonly noneChanged: string;
  /** What the list shows. */
  readonly changedRule: string;
  /** Ordinal. */
  readonly ordinal: string;
  /** Ordinal in A, ordinal in B. */
  readonly pair: string;
  readonly turns: string;
  readonly bytes: string;
  readonly byId: string;
  readonly byImage: string;
  readonly hasPartner: string;
  readonly loading: string;
  readonly choose: string;
  readonly noText: string;
}

export interface DiffDetailStrings {
  readonly title: string;
  /** Ordinal. */
  readonly inA: string;
  readonly inB: string;
  readonly notInA: string;
  readonly notInB: string;
  readonly openBytes: string;
  readonly browse: string;
  readonly raw: string;
  readonly conversation: string;
  readonly view: string;
  readonly previous: string;
  readonly next: string;
  readonly id: string;
  readonly noId: string;
  readonly turns: string;
  readonly bytes: string;
  readonly media: string;
  readonly noMedia: string;
  readonly pairedById: string;
  readonly pairedByImage: string;
  /** Turns that differ, all turns. */
  readonly differing: string;
  /** The conversation is equal, something else of the record differs. */
  readonly elsewhere: string;
  /** Number of the turn. */
  readonly turn: string;
  readonly roleHuman: string;
  readonly roleModel: string;
  readonly roleSystem: string;
  readonly same: string;
  readonly differs: string;
  readonly onlyA: string;
  readonly onlyB: string;
  readonly noTurn: string;
  readonly emptyTurn: string;
  readonly noTurns: string;
  readonly cutTurn: string;
  /** Number. */
  readonly moreTurns: string;
  /** Number: opens a fold of equal turns. */
  readonly equalTurns: string;
  /** Bytes. */
  readonly cutRecord: string;
  /** Number of characters. */
  readonly showMore: string;
  readonly removedText: string;
  readonly addedText: string;
  /** Position, number, path. */
  readonly imageAlt: string;
  readonly embedded: string;
  readonly video: string;
  readonly audio: string;
  readonly marksHint: string;
  /** Name of a character that cannot be seen. */
  readonly unseen: string;
}
