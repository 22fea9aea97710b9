import type { Perspective } from './perspectives.ts';
import type { Override } from './plan.ts';

/** Version of the wire between host and engine; a mismatch at `initialize` is refused. */
export const protocolVersion = 1;

export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];

/** Options shared by every request on a dataset. Paths are absolute on the wire. */
export interface DatasetRequest {
  /** Dataset file; for LLaMA-Factory `dataset_info.json#name`. */
  readonly dataset: string;
  /** Image roots in order of search; default: the dataset's folder. */
  readonly images?: readonly string[];
  /** Default: `.ballast` beside the dataset. */
  readonly runDir?: string;
  /** Worker threads; default: the machine's cores, 1 to 64. */
  readonly threads?: number;
  readonly device?: Device;
}

export interface InspectRequest extends DatasetRequest {
  readonly checkImages?: boolean;
  /** How many problems to list, default 1000; the counts are complete. */
  readonly problemLimit?: number;
}

/** Guards against noise entities, which are rare, hence tail, hence a free pass (ADR specification, "free pass"). */
export const hygieneSwitches = ['blanks', 'placeholders', 'glued', 'case'] as const;
export type HygieneSwitch = (typeof hygieneSwitches)[number];

export interface AnalyzeRequest extends DatasetRequest {
  /** Composed perspectives; the order is the draw order of the python sampler. */
  readonly perspectives?: readonly Perspective[];
  /** Import file, one JSON line per instance. */
  readonly entities?: string;
  /** Share of postings in the head, 0 to 1, per perspective. */
  readonly mass?: Readonly<Partial<Record<Perspective, number>>>;
  /** Threshold frequency, overrides mass; a real number > 0. */
  readonly tau?: Readonly<Partial<Record<Perspective, number>>>;
  /** Switches that are on; default: all for extracted entities, `blanks` for imported ones. */
  readonly hygiene?: readonly HygieneSwitch[];
  /** Entities with fewer instances are left out of the distribution; default 1. */
  readonly minFrequency?: number;
  /** Files with one entry per line: extra object names, and entities to ignore. */
  readonly lexicon?: string;
  readonly stopList?: string;
  /** Entities listed per perspective; default 20. */
  readonly top?: number;
  /** List the instances that hold this entity (needs `entityPerspective`). */
  readonly entity?: string;
  readonly entityPerspective?: Perspective;
  /** Write what was extracted in the import format. */
  readonly export?: string;
  /** Also compute the expected volume with each hygiene switch turned the other way. */
  readonly hygieneEffects?: boolean;
}

export const samplers = ['hash', 'python'] as const;
export type Sampler = (typeof samplers)[number];

/** `text-only`, or a field of the record and its exact value. */
export type Protection = { readonly kind: 'text-only' } | { readonly kind: 'field'; readonly field: string; readonly value: string };

export interface RebalanceRequest extends AnalyzeRequest {
  /** Result file; required unless `dryRun`. */
  readonly output?: string;
  readonly seed?: number;
  readonly minPerspectives?: number;
  /** Thinning after the pass test, 0 to 1; undefined differs from 1 for the python sampler (one draw less). */
  readonly alpha?: number;
  /** Wanted expected volume: instances, or percent of the instances. */
  readonly target?: { readonly kind: 'count' | 'percent'; readonly value: number };
  /** What the inverse solver moves first; default `tau`, which keeps the tail guarantee. */
  readonly targetBy?: 'tau' | 'mass' | 'alpha';
  readonly sampler?: Sampler;
  readonly protect?: readonly Protection[];
  /** Forced verdicts; they win over draws and protection, and stand in the random control too. */
  readonly overrides?: readonly Override[];
  /** Plan file that the request came from; only the manifest names it. */
  readonly plan?: string;
  /** File for an equal-size random selection. */
  readonly randomControl?: string;
  readonly dryRun?: boolean;
}

export interface ExplainRequest extends DatasetRequest {
  readonly instance: number;
  /** Manifest of the run; default: the newest run of this dataset. */
  readonly manifest?: string;
}

export interface DiffRequest {
  readonly a: string;
  readonly b: string;
  readonly images?: readonly string[];
  readonly runDir?: string;
  readonly threads?: number;
  /** Instances and entities listed; the counts are complete. Default 20. */
  readonly top?: number;
}

export interface VerifyRequest {
  /** The output file (its manifest lies beside it) or the manifest. */
  readonly output: string;
  readonly threads?: number;
  /** Where artifacts are kept; default: `.ballast` beside the source. */
  readonly runDir?: string;
}

export interface InitializeRequest {
  readonly protocolVersion: number;
}

export interface InitializeResult {
  readonly protocolVersion: number;
  readonly engineVersion: string;
  readonly pid: number;
}
