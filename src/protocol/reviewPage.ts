import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';
import type {
  CandidateStatus,
  GateName,
  GateResult,
  ReviewCandidates,
  ReviewDecision,
  ReviewFilter,
  ReviewImage,
  ReviewIndex,
  ReviewSource,
  StagingCounts,
  SynthesisMethodName,
  SynthesisProvider,
} from './synthesis.ts';

/** What of a filter the page lets the user choose. */
export type PageFilter = Pick<ReviewFilter, 'status' | 'method' | 'gate' | 'perspective' | 'contains'>;

export const reviewViews = ['single', 'grid'] as const;
export type ReviewView = (typeof reviewViews)[number];

/** What the page keeps over hiding and a reload of the window; decisions lie in the staging folder. */
export interface ReviewState {
  readonly version: 1;
  /** Absolute path of the staging folder. */
  readonly staging: string;
  readonly filter: PageFilter;
  readonly view: ReviewView;
  /** Id of the candidate that is looked at. */
  readonly selected: string | null;
}

/** Everything for the first paint; the candidates themselves are asked for then. */
export interface ReviewContent {
  readonly locale: string;
  readonly name: string;
  readonly staging: string;
  /** Where the page told last that it is, closed since or not; VS Code itself stores what pages keep only now and then. */
  readonly kept: ReviewState | null;
  /** Why nothing can be reviewed (Restricted Mode), in a sentence; null when it can. */
  readonly refused: string | null;
  readonly strings: ReviewStrings;
}

export const reviewActions = ['manageTrust', 'showLog', 'compose', 'reveal'] as const;
export type ReviewAction = (typeof reviewActions)[number];

/** What the page really shows, for tests and the log. */
export interface DrawnReview {
  readonly theme: string;
  readonly view: ReviewView | 'empty' | 'refused';
  readonly selected: string | null;
  /** 1-based among those that the filter shows; 0 when it is not one of them. */
  readonly position: number;
  readonly total: number;
  readonly counts: StagingCounts;
  /** Of the candidate that is looked at. */
  readonly status: CandidateStatus | null;
}

/** The wire of the page *review*. */
export interface ReviewPageWire {
  readonly requests: {
    readonly ready: { readonly params: null; readonly result: ReviewContent };
    readonly index: { readonly params: PageFilter; readonly result: ReviewIndex };
    readonly candidates: { readonly params: readonly string[]; readonly result: ReviewCandidates };
    readonly source: { readonly params: string; readonly result: ReviewSource };
    readonly image: {
      readonly params: { readonly id: string; readonly which: 'candidate' | 'source'; readonly side: number };
      readonly result: ReviewImage;
    };
    readonly decide: {
      readonly params: { readonly ids: readonly string[] | 'gated'; readonly status: CandidateStatus; readonly reason?: string };
      readonly result: ReviewDecision;
    };
    readonly undo: { readonly params: null; readonly result: ReviewDecision };
    /** Opens the instance that a candidate was made from. */
    readonly browse: { readonly params: { readonly dataset: string; readonly ordinal: number }; readonly result: null };
    readonly act: { readonly params: ReviewAction; readonly result: null };
  };
  readonly events: CommonEvents & {
    readonly drawn: DrawnReview;
    /** Where the page is, for the next time that it is opened. */
    readonly kept: ReviewState;
  };
  readonly hostEvents: {
    /** Candidates or decisions came from elsewhere. */
    readonly grown: null;
    /** What a decision waits for, in a sentence; null when it waits no more. */
    readonly waiting: string | null;
    /** The staging folder or the dataset is not what it was: a sentence that says what to do; null when it is again. */
    readonly changed: string | null;
    /** Trust was granted: show this instead. */
    readonly content: ReviewContent;
  };
}

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface ReviewStrings {
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly methods: Readonly<Record<SynthesisMethodName, string>>;
  readonly providers: Readonly<Record<SynthesisProvider, string>>;
  readonly statuses: Readonly<Record<CandidateStatus, string>>;
  readonly verdicts: Readonly<Record<GateResult['verdict'], string>>;
  readonly gates: Readonly<Record<GateName, GateWords>>;
  /** By the finding's code. `{0}` is what it is about. */
  readonly findings: Readonly<Record<string, string>>;
  /** By the parameter's name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly noImage: Readonly<Record<Extract<ReviewImage, { readonly ok: false }>['reason'], string>>;
  readonly header: ReviewHeaderStrings;
  readonly filter: ReviewFilterStrings;
  readonly single: ReviewSingleStrings;
  readonly dialog: ReviewDialogStrings;
  readonly state: ReviewStateStrings;
}

export interface GateWords {
  readonly title: string;
  /** What it looks at. */
  readonly help: string;
  /** No reviewer can accept what it stops. */
  readonly isHard: boolean;
}

export interface ReviewHeaderStrings {
  /** Name of the staging folder. */
  readonly title: string;
  readonly madeFrom: string;
  readonly funnel: string;
  readonly planned: string;
  readonly generated: string;
  readonly failed: string;
  readonly gated: string;
  readonly pending: string;
  readonly accepted: string;
  readonly rejected: string;
  readonly actions: string;
  readonly accept: string;
  readonly reject: string;
  readonly undo: string;
  /** Undo, with what it takes back: number, status. */
  readonly undoOf: string;
  readonly nothingToUndo: string;
  readonly previous: string;
  readonly next: string;
  readonly zoom: string;
  readonly grid: string;
  readonly single: string;
  readonly keys: string;
  /** A button's label and its key. */
  readonly withKey: string;
  /** Number. */
  readonly acceptGated: string;
  readonly acceptGatedHint: string;
  readonly compose: string;
  /** Position, total. */
  readonly position: string;
  /** Total. */
  readonly outside: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly reasonPlaceholder: string;
  readonly recentReasons: string;
  readonly rejectNow: string;
  readonly cancel: string;
}

export interface ReviewFilterStrings {
  readonly title: string;
  readonly status: string;
  readonly method: string;
  readonly gate: string;
  readonly perspective: string;
  readonly entity: string;
  readonly entityPlaceholder: string;
  readonly any: string;
  /** A value and how many candidates it has. */
  readonly choice: string;
  readonly clear: string;
  readonly nothing: string;
  readonly nothingYet: string;
  readonly allDecided: string;
}

export interface ReviewSingleStrings {
  readonly source: string;
  readonly candidate: string;
  /** Ordinal, id. */
  readonly instance: string;
  readonly noId: string;
  readonly openSource: string;
  readonly sourceAlt: string;
  readonly candidateAlt: string;
  readonly sameImage: string;
  readonly sameText: string;
  readonly pixels: string;
  readonly loading: string;
  readonly conversation: string;
  readonly marksHint: string;
  readonly roleHuman: string;
  readonly roleModel: string;
  readonly roleSystem: string;
  readonly same: string;
  readonly differs: string;
  readonly onlySource: string;
  readonly onlyCandidate: string;
  readonly noTurn: string;
  readonly noTurns: string;
  readonly emptyTurn: string;
  readonly cutTurn: string;
  /** Number of characters. */
  readonly showMore: string;
  /** Name of a character that cannot be seen. */
  readonly unseen: string;
  /** Perspective, entity. */
  readonly mark: string;
  readonly targets: string;
  readonly entity: string;
  readonly perspective: string;
  readonly frequency: string;
  readonly want: string;
  readonly deficit: string;
  /** Number. */
  readonly moreTargets: string;
  readonly onlyThis: string;
  readonly gates: string;
  readonly gate: string;
  readonly verdict: string;
  readonly score: string;
  readonly bounds: string;
  /** Lower, upper. */
  readonly between: string;
  readonly atLeast: string;
  readonly atMost: string;
  readonly notJudged: string;
  readonly allPassed: string;
  /** Gate. */
  readonly stoppedBy: string;
  readonly hard: string;
  readonly decision: string;
  readonly status: string;
  readonly reason: string;
  readonly decidedBy: string;
  readonly byPerson: string;
  readonly byGates: string;
  readonly undecided: string;
  readonly origin: string;
  readonly method: string;
  readonly provider: string;
  readonly model: string;
  readonly hash: string;
  readonly noHash: string;
  readonly prompt: string;
  readonly noPrompt: string;
  readonly seed: string;
  readonly copy: string;
  readonly parameters: string;
  readonly id: string;
  readonly yes: string;
  readonly no: string;
}

export interface ReviewDialogStrings {
  readonly close: string;
  readonly cancel: string;
  readonly keysTitle: string;
  readonly keysNote: string;
  readonly zoomTitle: string;
  readonly zoomHint: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly zoomReset: string;
  /** Percent. */
  readonly zoomLevel: string;
  readonly acceptTitle: string;
  /** Number. */
  readonly acceptQuestion: string;
  /** Number. */
  readonly acceptButton: string;
}

export interface ReviewStateStrings {
  readonly loading: string;
  readonly tryAgain: string;
  readonly dismiss: string;
  readonly showLog: string;
  readonly manageTrust: string;
  readonly refresh: string;
  readonly stopWaiting: string;
  /** Position in the filter that was decided, sentence of where the page is now. */
  readonly accepted: string;
  readonly rejected: string;
  /** Number. */
  readonly acceptedMany: string;
  readonly undone: string;
  readonly noPending: string;
  /** Gate. */
  readonly hardStop: string;
  readonly notJudged: string;
  /** Number of candidates that came. */
  readonly came: string;
  readonly gridLabel: string;
}
