import type { TurnDetail } from './browse.ts';
import type { Perspective } from './perspectives.ts';
import type { OutputFile } from './reports.ts';
import type { AnalyzeRequest, DatasetRequest } from './requests.ts';

/** Ways of making an instance out of another, in the order of a picker: those that need no model first. */
export const synthesisMethods = [
  'augment',
  'synonym',
  'rewrite',
  'caption',
  'converse',
  'variation',
  'text-to-image',
  'controlnet',
] as const;
export type SynthesisMethodName = (typeof synthesisMethods)[number];

/** Who does the work: this machine, an OpenAI-compatible endpoint, or the language models of the editor. */
export const synthesisProviders = ['local', 'endpoint', 'editor'] as const;
export type SynthesisProvider = (typeof synthesisProviders)[number];

/** Where the text of an instance with a new image comes from. */
export const textSources = ['source', 'caption', 'converse'] as const;
export type TextSource = (typeof textSources)[number];

/** Schedulers of local image models. */
export const schedulerNames = ['ddpm', 'ddim', 'euler', 'euler-ancestral', 'lcm'] as const;
export type SchedulerName = (typeof schedulerNames)[number];

/** What a ControlNet follows: the edges of the source, or the source as it is, where that already shows edges, depths or poses. */
export const controlKinds = ['edges', 'source'] as const;
export type ControlKind = (typeof controlKinds)[number];

/** What a model's licence asks for that matters to who trains on its pictures. */
export const licenceTerms = ['forbidsTraining', 'nonCommercial', 'useRestrictions'] as const;
export type LicenceTerm = (typeof licenceTerms)[number];

/** The terms of a local model, as its folder tells them. To be shown before its first use. */
export interface ModelLicence {
  /** Null when the folder names none: the terms are where the model came from. */
  readonly id: string | null;
  readonly name: string | null;
  /** File that says so. */
  readonly file: string | null;
  /** Empty for an unknown licence, of which nothing is claimed. */
  readonly terms: readonly LicenceTerm[];
  /** Whether the table knows this licence. */
  readonly known: boolean;
}

/** Parameters of all methods; each declares which of them it reads. */
export interface SynthesisParameters {
  /** How strongly brightness, contrast and saturation change, 0 to 1. */
  readonly photometric?: number;
  /** Senses of a word that are looked at, the commonest first. */
  readonly senses?: number;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Most question-answer pairs of a new conversation. */
  readonly pairs?: number;
  readonly text?: TextSource;
  readonly steps?: number;
  readonly guidance?: number;
  /** Share of the noise schedule that an image-to-image run goes through, above 0 to 1. */
  readonly strength?: number;
  /** Images made per instance; the one most similar to its source inside the similarity window is staged. */
  readonly candidates?: number;
  /** Pixels on a side of a new image. */
  readonly size?: number;
  /** `model`: the one that the model's author chose. */
  readonly scheduler?: SchedulerName | 'model';
  /** How closely a ControlNet is followed, 0 to 2. */
  readonly controlScale?: number;
  readonly controlBy?: ControlKind;
}

export type SynthesisParameterName = keyof SynthesisParameters;

/** One parameter as help, validation, dialog and manifest need it. */
export type SynthesisParameterDeclaration = { readonly name: SynthesisParameterName; readonly help: string } & (
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
);

/** What a method looks at or asks besides the dataset. */
export const synthesisNeeds = ['image', 'thesaurus', 'chat', 'vision', 'imageModel'] as const;
export type SynthesisNeed = (typeof synthesisNeeds)[number];

export interface MethodDeclaration {
  readonly name: SynthesisMethodName;
  /** English, for the command line. */
  readonly summary: string;
  /** What the method makes anew; the rest is the parent's. */
  readonly makes: 'image' | 'text' | 'both';
  readonly needs: readonly SynthesisNeed[];
  readonly providers: readonly SynthesisProvider[];
  readonly parameters: readonly SynthesisParameterDeclaration[];
}

/** Bounds of what a call may spend. Nothing is asked beyond them; what was made stays. */
export interface SynthesisLimits {
  /** Requests under way at once, 1 to 64; default 4. */
  readonly concurrency?: number;
  readonly requestsPerMinute?: number;
  /** Requests of this call, retries included. */
  readonly maxRequests?: number;
  /** Money of this call, in the unit of the prices. */
  readonly maxCost?: number;
  /** Price of a million input tokens, of a million output tokens, of an image. */
  readonly priceInput?: number;
  readonly priceOutput?: number;
  readonly priceImage?: number;
  /** Attempts per request, 1 to 10; default 5. */
  readonly attempts?: number;
  /** Seconds until a request is given up; default 120. */
  readonly timeout?: number;
}

export interface SynthesizeRequest extends AnalyzeRequest, SynthesisParameters, SynthesisLimits {
  readonly method: SynthesisMethodName;
  readonly provider?: SynthesisProvider;
  /** Model of the provider: an endpoint's model id, or the folder of a local model. */
  readonly model?: string;
  /** Base address of an OpenAI-compatible endpoint, e.g. `http://localhost:8000/v1`; no user, password, query or fragment. */
  readonly endpoint?: string;
  /** Endpoint and model for captions and conversations of new images; default: `endpoint` and `model`. */
  readonly textEndpoint?: string;
  readonly textModel?: string;
  /** Environment variable that holds the key; default `BALLAST_API_KEY`. */
  readonly keyVariable?: string;
  /** Key of `endpoint` from the editor's secret storage; is kept in memory only. No endpoint of another origin gets it. */
  readonly apiKey?: string;
  /** The same for `textEndpoint`. */
  readonly textApiKey?: string;
  /** Ask the model that sees whether each new picture shows its scarce entity. */
  readonly confirm?: boolean;
  /** Staging folder; default: `staging` in the run folder. */
  readonly staging?: string;
  /** Most instances to make. Without `quota`: so many scarce instances by the reference's rule, drawn by the seed. */
  readonly count?: number;
  /** `deficit`: until every entity has as many instances as wanted, as far as the caps allow. */
  readonly quota?: 'deficit';
  /** Synthetic instances per parent, 1 to 16; default 2 with a quota, 1 without. */
  readonly perParent?: number;
  /** Synthetic instances per entity at most; default: its deficit. */
  readonly entityCap?: number;
  /** Instances that an entity should have at least where tau is smaller; default 3 with a quota, 1 without. */
  readonly wantAtLeast?: number;
  readonly seed?: number;
  /** A model's licence that forbids training others is acknowledged. */
  readonly acceptLicence?: boolean;
  /** Plan only: nothing is made, nothing is asked. */
  readonly dryRun?: boolean;
  /** Entities listed in the plan; default 20. */
  readonly top?: number;
}

/** A scarce entity that a synthetic instance is made for. */
export interface SynthesisTarget {
  readonly perspective: Perspective;
  readonly entity: string;
  /** Instances that hold it. */
  readonly frequency: number;
  /** Instances wanted: tau, or `wantAtLeast` where that is more. */
  readonly want: number;
  /** max(0, want - frequency), rounded up. */
  readonly deficit: number;
}

/** Why an instance that is scarce cannot be a parent. */
export const skipReasons = [
  'noImage',
  'sharedImage',
  'severalImages',
  'otherMedia',
  'coordinates',
  'noTurns',
  'oddTurns',
  'noVariation',
  'noSynonym',
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** A model folder, as its small files tell. */
export interface LocalModel {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Of everything that decides what comes out. */
  readonly sha256: string;
  readonly bytes: number;
  readonly licence: ModelLicence;
  readonly methods: readonly SynthesisMethodName[];
}

/** What a call makes, or would make. */
export interface SynthesisPlan {
  readonly method: SynthesisMethodName;
  readonly provider: SynthesisProvider;
  readonly model: string | null;
  /** The local image model that makes the pictures; null where none does. */
  readonly localModel: LocalModel | null;
  /** Origin that would be asked; null when nothing leaves this machine. */
  readonly asks: string | null;
  readonly staging: string;
  readonly instances: number;
  /** Instances with an entity that has fewer instances than wanted. */
  readonly scarce: number;
  /** Of these, instances that the method can start from. */
  readonly parents: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Synthetic instances. */
  readonly planned: number;
  /** Of these, already staged by an earlier call. */
  readonly ready: number;
  /** Requests for the rest, without retries. */
  readonly requests: number;
  /** Estimates; `basis` says where the seconds per instance come from. Cost null: no prices were given. */
  readonly estimate: { readonly seconds: number; readonly cost: number | null; readonly basis: 'staging' | 'default' };
  readonly perspectives: Readonly<
    Partial<
      Record<
        Perspective,
        {
          readonly tau: number | null;
          readonly want: number | null;
          /** Entities with a deficit, and their deficits' sum. */
          readonly entities: number;
          readonly gap: number;
          /** Of the gap, what the plan fills. */
          readonly filled: number;
        }
      >
    >
  >;
  /** Entities with the largest gap first, at most `top`. */
  readonly deficits: readonly {
    readonly perspective: Perspective;
    readonly entity: string;
    readonly have: number;
    readonly want: number;
    readonly gap: number;
    readonly planned: number;
  }[];
}

export interface SynthesizeReport {
  readonly plan: SynthesisPlan;
  readonly staging: string;
  readonly dryRun: boolean;
  /** Made by this call. */
  readonly made: number;
  /** Of the plan: staged, and of these through all gates. */
  readonly staged: number;
  readonly gated: number;
  /** Failed in this call; the same call tries them again. */
  readonly failed: number;
  readonly failures: readonly { readonly ordinal: number; readonly code: string; readonly message: string }[];
  /** Stopped at a limit of the request. */
  readonly stopped: 'requests' | 'cost' | null;
  readonly usage: SynthesisUsage;
  /** Execution providers that the plan's staged pictures ran on; empty where no local model made any. */
  readonly executionProviders: readonly string[];
  /** Candidates of the plan that a gate stopped, by the first gate. */
  readonly stoppedBy: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface SynthesisUsage {
  /** Requests sent, retries included. */
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly images: number;
}

export const gateNames = [
  'decodes',
  'size',
  'content',
  'sourceDuplicate',
  'datasetDuplicate',
  'candidateDuplicate',
  'similarity',
  'safeText',
  'conversation',
  'mentionsEntity',
  'newText',
  'confirmation',
] as const;
export type GateName = (typeof gateNames)[number];

/** One gate's judgement. `skipped`: it does not apply, or what it needs is not there. */
export interface GateResult {
  readonly gate: GateName;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly score: number | null;
  /** Bounds that the score must keep, both included; null: none on that side. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Code of what was found, e.g. `black`, `extension`, `lastTurn`; null when the score says it all. */
  readonly finding: string | null;
  /** What the finding is about: an instance's ordinal, a candidate's id, a word. */
  readonly subject: string | null;
}

export const candidateStatuses = ['pending', 'accepted', 'rejected'] as const;
export type CandidateStatus = (typeof candidateStatuses)[number];

/** One staged synthetic instance with its provenance: what `candidate` lines of a staging journal hold, and its state. */
export interface StagedCandidate {
  /** 16 hex digits: hash of parent, method, provider, model, parameters, seed and copy. */
  readonly id: string;
  readonly status: CandidateStatus;
  readonly method: SynthesisMethodName;
  readonly provider: SynthesisProvider;
  /** `hash`: SHA-256 of a local model's files; null for endpoints, which do not tell. */
  readonly model: { readonly name: string; readonly hash: string | null };
  readonly parent: {
    readonly ordinal: number;
    readonly id: string | null;
    /** 128-bit hash of the parent's content, hex, and its number among exact duplicates. */
    readonly key: string;
    readonly duplicate: number;
    /** As the parent spells it. */
    readonly image: string | null;
    /** SHA-256 of the parent's image, where the method looked at it. */
    readonly imageSha256: string | null;
  };
  /** Which of several synthetic instances of the parent, from 0. */
  readonly copy: number;
  readonly targets: readonly SynthesisTarget[];
  readonly prompt: string | null;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Null: the parent's own image. `file` is relative to the staging folder. */
  readonly image: {
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly width: number;
    readonly height: number;
  } | null;
  /** Null: the parent's own turns. */
  readonly turns: readonly { readonly role: string; readonly text: string }[] | null;
  readonly usage: SynthesisUsage;
  /** Empty until they have judged. */
  readonly gates: readonly GateResult[];
  /** Reviewer's reason, or the gate that stopped it. */
  readonly reason: string | null;
  readonly decidedBy: 'person' | 'gates' | null;
}

/** Staging folders below run folders, and those that a run folder remembers. */
export interface ListStagingsRequest {
  readonly runDirs: readonly string[];
}

export interface StagingSummary {
  /** Absolute. */
  readonly path: string;
  readonly runDir: string;
  readonly dataset: string;
  readonly datasetSha256: string;
  readonly counts: StagingCounts;
}

/** How many went how far. */
export interface StagingCounts {
  readonly planned: number;
  readonly made: number;
  readonly failed: number;
  /** Through all gates. */
  readonly gated: number;
  readonly pending: number;
  readonly accepted: number;
  readonly rejected: number;
}

export interface StagingList {
  readonly stagings: readonly StagingSummary[];
  /** Staging folders that cannot be read. */
  readonly unreadable: readonly string[];
}

export interface ReviewFilter {
  readonly status?: CandidateStatus;
  readonly method?: SynthesisMethodName;
  /** Candidates that this gate stopped. */
  readonly gate?: GateName;
  readonly perspective?: Perspective;
  readonly entity?: string;
  /** Candidates with a target entity whose name holds this text, whatever its case. */
  readonly contains?: string;
}

export interface ReviewListRequest extends ReviewFilter {
  readonly staging: string;
  readonly offset?: number;
  /** 1 to 1000, default 100. */
  readonly limit?: number;
}

/** A page of candidates in the order they were planned, with how many each filter would show. */
export interface ReviewPage {
  readonly staging: string;
  readonly counts: StagingCounts;
  readonly total: number;
  readonly offset: number;
  readonly candidates: readonly StagedCandidate[];
  readonly facets: ReviewFacets;
  readonly undoable: UndoableDecision | null;
}

/** How many candidates each value of a filter would show, the other filters as they are. */
export interface ReviewFacets {
  readonly status: Readonly<Record<CandidateStatus, number>>;
  readonly method: Readonly<Partial<Record<SynthesisMethodName, number>>>;
  readonly gate: Readonly<Partial<Record<GateName, number>>>;
  readonly perspective: Readonly<Partial<Record<Perspective, number>>>;
  /** Target entities by candidates, the most frequent first, at most 200. */
  readonly entity: readonly { readonly perspective: Perspective; readonly entity: string; readonly candidates: number }[];
}

/** What `review/undo` would take back; null when there is nothing. */
export interface UndoableDecision {
  readonly status: CandidateStatus;
  readonly candidates: number;
}

/** All candidates that a filter shows, without what is in them: what a view of any length needs to find its way. */
export interface ReviewIndexRequest extends ReviewFilter {
  readonly staging: string;
}

export interface ReviewIndex {
  readonly staging: string;
  /** Absolute path of the dataset that the candidates were made from. */
  readonly dataset: string;
  readonly counts: StagingCounts;
  /** In the order they were planned. */
  readonly ids: readonly string[];
  /** A letter per id: `p` pending, `a` accepted, `r` rejected. */
  readonly statuses: string;
  readonly facets: ReviewFacets;
  readonly undoable: UndoableDecision | null;
  /** Candidates that a decision about `gated` would change: pending and through all gates, whatever the filter. */
  readonly acceptable: number;
  /** Reasons that persons gave, the latest first, each once, at most 8. */
  readonly reasons: readonly string[];
}

export interface ReviewCandidatesRequest {
  readonly staging: string;
  /** At most 1000; unknown ones are left out of the answer. */
  readonly ids: readonly string[];
}

export interface ReviewCandidates {
  readonly candidates: readonly StagedCandidate[];
}

export interface ReviewDecideRequest {
  readonly staging: string;
  /** Ids, or `gated`: all pending candidates that are through all gates. */
  readonly ids: readonly string[] | 'gated';
  readonly status: CandidateStatus;
  readonly reason?: string;
}

export interface ReviewUndoRequest {
  readonly staging: string;
}

export interface ReviewDecision {
  readonly staging: string;
  /** Candidates whose status changed. */
  readonly changed: readonly { readonly id: string; readonly from: CandidateStatus; readonly to: CandidateStatus }[];
  readonly counts: StagingCounts;
}

export interface ReviewImageRequest {
  readonly staging: string;
  readonly id: string;
  readonly which: 'candidate' | 'source';
  /** Pixels of the longer side at most, 16 to 2048. */
  readonly side: number;
}

/** A JPEG made from the image, never the file itself. */
export type ReviewImage =
  | { readonly ok: true; readonly jpeg: string /** base64 */; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly reason: 'none' | 'missing' | 'undecodable' };

/** The parent of a candidate as its record says it, for looking at both side by side. */
export interface ReviewSourceRequest {
  readonly staging: string;
  readonly id: string;
}

export interface ReviewSource {
  readonly ordinal: number;
  readonly id: string | null;
  /** With the places of the target entities; a pair's are those of its two objects. */
  readonly turns: readonly TurnDetail[];
  /** The candidate's turns, its parent's where it has none of its own. */
  readonly candidate: readonly TurnDetail[];
}

export interface ComposeRequest extends DatasetRequest {
  readonly output: string;
  /** Manifest or output of `rebalance` or `select`; without it every instance is kept. */
  readonly selection?: string;
  readonly synthetic: readonly string[];
  /** Instances of the result, or `keep`: as many as the source. */
  readonly volume: number | 'keep';
  readonly seed?: number;
}

export interface ComposeReport {
  readonly instances: number;
  readonly kept: number;
  readonly synthetic: number;
  /** Accepted candidates that there were, and how they were accepted. */
  readonly accepted: number;
  readonly acceptedBy: { readonly person: number; readonly gates: number };
  readonly volume: number;
  readonly seed: number;
  readonly selectionHash: string;
  readonly output: OutputFile;
  readonly manifest: string;
  /** Folder of the synthetic images; null when none is new. */
  readonly images: string | null;
  /** Folders that the records' image paths start from, in order. */
  readonly imageRoots: readonly string[];
  readonly methods: Readonly<Partial<Record<SynthesisMethodName, number>>>;
  readonly seconds: number;
}

/** Messages of a chat as the engine asks the host's language models for them. */
export interface HostChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user'; readonly text: string }[];
  readonly maxTokens: number;
}

export interface HostChatAnswer {
  readonly text: string;
}
