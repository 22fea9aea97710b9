import type { CommonEvents } from './page.ts';
import type { Answer, TableView } from './pageParts.ts';
import type { Perspective } from './perspectives.ts';
import type {
  SynthesisLimits,
  SynthesisMethodName,
  SynthesisNeed,
  SynthesisParameterDeclaration,
  SynthesisParameters,
  SynthesisProvider,
} from './synthesis.ts';

/** How the tail is to be made. An absent value is the engine's default; paths are absolute. Keys are never part of it. */
export interface SynthesisSettings {
  readonly method: SynthesisMethodName;
  /** Absent, or none that the method knows: the method's first. */
  readonly provider?: SynthesisProvider;
  /** Values that the user gave; a method reads those it declares and that are in range there. */
  readonly parameters: SynthesisParameters;
  /** Until every entity has as many instances as wanted, or so many scarce instances. */
  readonly amount: { readonly kind: 'deficit' } | { readonly kind: 'count'; readonly value: number };
  /** Perspectives whose entities count; at least one. */
  readonly perspectives: readonly Perspective[];
  readonly perParent?: number;
  readonly entityCap?: number;
  readonly wantAtLeast?: number;
  readonly seed: number;
  readonly endpoint?: string;
  readonly model?: string;
  readonly textEndpoint?: string;
  readonly textModel?: string;
  readonly confirm?: boolean;
  /** A language model of the editor, as `vendor/id`, and what it is called. */
  readonly editorModel?: { readonly id: string; readonly name: string };
  /** Folder of a local model. */
  readonly modelFolder?: string;
  /** Folder of the model whose terms the user has agreed to. */
  readonly agreedTo?: string;
  readonly limits: SynthesisLimits;
  /** Absent: the dataset's own, in its run folder. */
  readonly staging?: string;
}

/** Limits that the page offers; the others keep the engine's defaults. */
export const limitFields = [
  'concurrency',
  'requestsPerMinute',
  'maxRequests',
  'maxCost',
  'priceInput',
  'priceOutput',
  'priceImage',
] as const;
export type LimitField = (typeof limitFields)[number] & keyof SynthesisLimits;

/** Folders that the page lets the user choose. */
export const synthesisFolders = ['modelFolder', 'staging'] as const;
export type SynthesisFolder = (typeof synthesisFolders)[number];

export const missingFields = [
  'perspectives',
  'endpoint',
  'model',
  'editorModel',
  'readsTextOnly',
  'modelFolder',
  'agreement',
  'textEndpoint',
  'textModel',
  'encryption',
  'prices',
] as const;
export type MissingField = (typeof missingFields)[number];

/** What is known of the key of an endpoint. The key itself never reaches the page. */
export interface KeyView {
  /** Of the endpoint, e.g. `https://api.example.com`. */
  readonly origin: string;
  readonly standing: 'stored' | 'environment' | 'none';
  readonly sentence: string;
}

/** The settings as the host keeps them, and what it thinks of them. */
export interface SynthesisSettingsView {
  readonly settings: SynthesisSettings;
  /** What is missing before anything can be made, in sentences. */
  readonly missing: readonly { readonly field: MissingField; readonly sentence: string }[];
  /** Endpoints that are asked, with their keys. */
  readonly keys: readonly KeyView[];
}

/** A method in words; what it needs and reads is the engine's declaration. */
export interface MethodView {
  readonly name: SynthesisMethodName;
  readonly label: string;
  readonly summary: string;
  readonly makes: 'image' | 'text' | 'both';
  readonly needs: readonly SynthesisNeed[];
  readonly providers: readonly { readonly name: SynthesisProvider; readonly label: string }[];
  readonly parameters: readonly MethodParameterView[];
}

export interface MethodParameterView {
  readonly declared: SynthesisParameterDeclaration;
  readonly label: string;
  readonly help: string;
  /** Labels in the order of the declared choices; empty for other kinds. */
  readonly choices: readonly string[];
}

/** What making now would give. */
export interface SynthesisPlanView {
  readonly planned: number;
  /** Of these, staged already. */
  readonly ready: number;
  /** "Makes 328 new instances from 273". */
  readonly lead: string;
  /** What leaves the machine, to whom. */
  readonly asks: string;
  readonly leavesMachine: boolean;
  /** Instances to make, requests, time, cost: one number each. */
  readonly estimate: readonly { readonly label: string; readonly value: string; readonly detail: string }[];
  /** Scarce instances that cannot be parents, by reason. */
  readonly skipped: readonly string[];
  /** How far the plan fills each perspective. */
  readonly perspectives: TableView;
  readonly deficits: DeficitsView;
  /** Terms of the local model; null where none is used or the engine tells none. */
  readonly licence: LicenceView | null;
  /** For the live region. */
  readonly spoken: string;
}

export interface DeficitsView {
  readonly rows: readonly DeficitRow[];
  /** Entities with a gap, per perspective; the rows are the largest gaps among them. */
  readonly totals: Readonly<Partial<Record<Perspective, number>>>;
}

/** Numbers as they are written in the editor's language. */
export interface DeficitRow {
  readonly perspective: Perspective;
  readonly entity: string;
  readonly have: string;
  readonly want: string;
  readonly gap: string;
  readonly planned: string;
  /** Of the gap, what the plan fills, 0 to 1. */
  readonly filled: number;
}

export interface LicenceView {
  readonly model: string;
  readonly sentences: readonly string[];
}

/** How many went how far: the counts of the staging folder, and what compositions took. */
export interface FunnelView {
  readonly caption: string;
  readonly steps: readonly {
    readonly label: string;
    readonly count: number;
    readonly value: string;
    /** Of what was planned, "62 %"; empty for the first step. */
    readonly share: string;
    readonly detail: string;
  }[];
  /** Candidates that gates stopped, in words; empty when none. */
  readonly stopped: readonly string[];
  /** Candidates that wait for a decision, and that were accepted. */
  readonly pending: number;
  readonly accepted: number;
}

/** A candidate as a small picture or the beginning of its words. */
export interface MadeView {
  readonly id: string;
  /** "From instance 17". */
  readonly title: string;
  /** What it is for, or how it fared; empty while nothing is known. */
  readonly detail: string;
  /** JPEG in base64; null where only the words are new. */
  readonly jpeg: string | null;
  readonly words: string;
}

/** How a call ended, in sentences. */
export interface OutcomeView {
  readonly kind: 'done' | 'stopped' | 'cancelled';
  readonly sentence: string;
  /** What the gates stopped, what failed and why, at which limit it stopped, what to do. */
  readonly lines: readonly string[];
}

export interface SynthesisProgress {
  readonly sentence: string;
  /** 0 to 100, never less than before. */
  readonly percent: number;
  /** A picture on its way. */
  readonly preview?: { readonly jpeg: string; readonly title: string; readonly detail: string };
}

export const synthesisResultActions = ['review', 'compose', 'revealStaging', 'setKey', 'forgetKey'] as const;
export type SynthesisResultAction = (typeof synthesisResultActions)[number];

/** What the page keeps over hiding and a reload of the window. */
export interface SynthesisState {
  readonly version: 1;
  readonly dataset: string;
  readonly perspective: Perspective | 'all';
  readonly folds: Readonly<Record<string, boolean>>;
}

export interface DrawnSynthesis {
  readonly theme: string;
  /** Instances that the plan makes; null before there is a plan. */
  readonly planned: number | null;
  /** Rows of the deficit table that are shown. */
  readonly deficits: number;
  /** Counts of the funnel; empty before there is one. */
  readonly funnel: readonly number[];
  /** Candidates that are shown, and how many of them as pictures that were decoded. */
  readonly made: number;
  readonly pictures: number;
  readonly running: boolean;
}

/** Every control of the page: its label and the sentence that explains it. */
export const synthesisControls = [
  'method',
  'provider',
  'amount',
  'count',
  'perParent',
  'entityCap',
  'wantAtLeast',
  'seed',
  'endpoint',
  'model',
  'textEndpoint',
  'textModel',
  'confirm',
  'editorModel',
  'modelFolder',
  'agreement',
  'staging',
  'concurrency',
  'requestsPerMinute',
  'maxRequests',
  'maxCost',
  'priceInput',
  'priceOutput',
  'priceImage',
  'make',
  'review',
  'compose',
  'copyCommand',
  'setKey',
  'forgetKey',
] as const;
export type SynthesisControl = (typeof synthesisControls)[number];

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface SynthesisStrings {
  readonly controls: Readonly<Record<SynthesisControl, { readonly label: string; readonly help: string }>>;
  readonly perspectives: Readonly<Record<Perspective, string>>;
  readonly perspectivesHelp: string;
  readonly groups: {
    readonly settings: string;
    readonly method: string;
    readonly who: string;
    readonly amount: string;
    readonly limits: string;
    readonly about: string;
  };
  readonly about: readonly string[];
  readonly amounts: { readonly deficit: string; readonly count: string };
  readonly makes: Readonly<Record<MethodView['makes'], string>>;
  readonly choose: string;
  readonly noFolder: string;
  readonly defaultStaging: string;
  readonly noModel: string;
  /** Control. */
  readonly chooseFor: string;
  readonly removeFor: string;
  readonly licence: string;
  /** Low, high. */
  readonly outOfRange: string;
  /** Low. */
  readonly tooSmall: string;
  readonly loading: string;
  readonly cancel: string;
  readonly cancelling: string;
  readonly cancelled: string;
  readonly tryAgain: string;
  readonly reload: string;
  readonly noPlan: string;
  readonly stalePlan: string;
  readonly estimate: string;
  readonly skipped: string;
  readonly deficits: string;
  readonly all: string;
  readonly show: string;
  readonly columns: Readonly<Record<'perspective' | 'entity' | 'have' | 'want' | 'gap' | 'planned', string>>;
  /** Shown, all. */
  readonly deficitsCaption: string;
  readonly noDeficits: string;
  readonly showMore: string;
  readonly perspectivesTable: string;
  readonly funnel: string;
  readonly stopped: string;
  readonly funnelColumns: readonly [step: string, count: string, share: string];
  readonly made: string;
  readonly madeHint: string;
  /** What the picture shows. */
  readonly pictureOf: string;
  readonly noPicture: string;
  readonly revealStaging: string;
  /** Beside a command that asks an endpoint. */
  readonly keyOfCommand: string;
}

/** Everything for the first paint. The page keeps `dataset` so that the panel can be restored. */
export interface SynthesisContent {
  readonly locale: string;
  readonly dataset: string;
  readonly title: string;
  readonly strings: SynthesisStrings;
  readonly methods: readonly MethodView[];
  readonly settings: SynthesisSettingsView;
  readonly plan: SynthesisPlanView | null;
  readonly funnel: FunnelView | null;
  readonly made: readonly MadeView[];
  readonly outcome: OutcomeView | null;
  /** What is under way; null when nothing is. */
  readonly progress: SynthesisProgress | null;
}

interface Ask<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

/** The wire of the page *synthesis*. */
export interface SynthesisPage {
  readonly requests: {
    /** Fails only when the engine does not start: the methods are its declarations. */
    readonly ready: Ask<null, SynthesisContent>;
    readonly edit: Ask<SynthesisSettings, SynthesisSettingsView>;
    readonly plan: Ask<SynthesisSettings, Answer<SynthesisPlanView>>;
    /** Begins to make; `ended` tells how it ended, to whichever page is there then. */
    readonly make: Ask<null, null>;
    readonly cancel: Ask<null, null>;
    /** The command that lies on the clipboard. */
    readonly copyCommand: Ask<null, Answer<string>>;
    /** Null when the user gave up. */
    readonly pickFolder: Ask<SynthesisFolder, string | null>;
    readonly pickModel: Ask<null, { readonly id: string; readonly name: string } | null>;
    readonly result: Ask<SynthesisResultAction, null>;
    readonly repair: Ask<string, null>;
  };
  readonly events: CommonEvents & {
    /** What the page really drew, when it has come to rest. */
    readonly drawn: DrawnSynthesis;
  };
  readonly hostEvents: {
    /** The settings changed elsewhere, or more is known about them. */
    readonly settings: SynthesisSettingsView;
    readonly progress: SynthesisProgress;
    /** The newest candidates, newest first. */
    readonly made: readonly MadeView[];
    readonly funnel: FunnelView;
    readonly ended: Answer<OutcomeView>;
    /** The dataset on the disk is another one, or gone. */
    readonly datasetChanged: string;
    /** What stood in the way is gone: ask again. */
    readonly retry: null;
  };
}
