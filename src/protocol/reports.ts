import type { DatasetSummary } from './dataset.ts';
import type { ChangedCounts, SourceCount } from './diff.ts';
import type { Perspective } from './perspectives.ts';
import type { HygieneSwitch, Sampler } from './requests.ts';
import type { ReceiptCluster, StrategyName, StrategyScores } from './select.ts';

export interface EntityFrequency {
  readonly entity: string;
  /** Number of instances that hold the entity. */
  readonly frequency: number;
  /** The two objects of a cooccurrence, ascending by code point. */
  readonly pair?: readonly [string, string];
}

/** One point of the rank-frequency curve; ranks are 0-based, sampled log-uniformly with both ends and tau's rank kept. */
export interface RankFrequency {
  readonly rank: number;
  readonly frequency: number;
}

/** Distribution of one perspective (ADR specification 2.1, 2.2). */
export interface PerspectiveReport {
  readonly entities: number;
  /** Sum of frequencies. */
  readonly postings: number;
  /** Threshold frequency; null when the perspective has no entity. */
  readonly tau: number | null;
  /** Smallest 0-based rank at which the cumulative share of postings reaches `mass`. */
  readonly rank: number | null;
  readonly mass: number;
  /** Share of entities with frequency <= tau. */
  readonly tailEntityShare: number;
  /** Share of postings that belong to them. */
  readonly tailMassShare: number;
  /** The paper's %E / 100 = 1 - rank / entities; ties at tau make `tailEntityShare` at least this. */
  readonly rankEntityShare: number;
  readonly gini: number;
  /** Shannon entropy of the posting shares, in bits. */
  readonly entropy: number;
  readonly head: readonly EntityFrequency[];
  /** Some of the rarest entities, for the eye. */
  readonly tailSample: readonly EntityFrequency[];
  /** Instances that hold an entity with frequency < tau. */
  readonly scarceInstances: number;
  /** Instances that hold an entity with frequency <= tau. */
  readonly tailInstances: number;
  /** Instances with at least one entity of the perspective. */
  readonly coveredInstances: number;
  readonly curve: readonly RankFrequency[];
  /** Points (share of entities from the rarest, share of postings), both 0 to 1, ascending. */
  readonly lorenz: readonly (readonly [number, number])[];
}

export interface HygieneEffect {
  readonly switch: HygieneSwitch | 'minFrequency';
  readonly on: boolean;
  /** Distinct entities and postings that the switch takes out or merges. */
  readonly entities: number;
  readonly postings: number;
  /** Exact expected volume as set, and with this switch turned the other way. */
  readonly expected: number;
  readonly expectedOtherwise: number;
}

export interface AnalyzeReport {
  readonly dataset: DatasetSummary;
  readonly instances: number;
  readonly perspectives: Readonly<Partial<Record<Perspective, PerspectiveReport>>>;
  readonly runDir: string;
  /** Expected volume at the reported taus with minPerspectives 1 and alpha 1. */
  readonly expected: number;
  readonly text: {
    /** UTF-16 units of text seen, and of those in scripts that the extractor does not know. */
    readonly units: number;
    readonly unknownScriptUnits: number;
    readonly unknownScriptInstances: number;
    readonly scripts: Readonly<Record<string, number>>;
  };
  readonly entitiesFrom: 'extracted' | 'imported' | 'imported and extracted';
  readonly hygiene: readonly HygieneSwitch[];
  readonly hygieneEffects?: readonly HygieneEffect[];
  readonly entity?: {
    readonly perspective: Perspective;
    readonly entity: string;
    readonly frequency: number;
    readonly ordinals: readonly number[];
  };
  readonly exported?: { readonly path: string; readonly bytes: number; readonly sha256: string };
  /** Stages found ready from an earlier run. */
  readonly reused: readonly string[];
  readonly seconds: number;
}

export interface DistributionSummary {
  readonly entities: number;
  readonly postings: number;
  readonly gini: number;
  readonly entropy: number;
  readonly tailEntityShare: number;
  readonly tailMassShare: number;
  readonly curve: readonly RankFrequency[];
  /** Lorenz curve from (0, 0) to (1, 1), entities ascending by frequency: share of entities, share of postings. At most 101 points. */
  readonly lorenz?: readonly (readonly [entities: number, postings: number])[];
}

/** Length of instances, in turns and in bytes of the record as it lies in the file. */
export interface LengthSummary {
  readonly meanTurns: number;
  readonly medianTurns: number;
  readonly meanBytes: number;
  readonly medianBytes: number;
}

export interface RebalancePerspective {
  /** Threshold that the draws use; a target may have scaled it. */
  readonly tau: number | null;
  /** Frequency at or below which an entity counts as tail in this report: the threshold before a target scaled it. */
  readonly boundary: number | null;
  readonly mass: number;
  readonly before: DistributionSummary;
  readonly after?: DistributionSummary;
  readonly control?: DistributionSummary;
  /** Entities of the source that no kept instance holds. */
  readonly lostEntities?: number;
  readonly lostSample?: readonly EntityFrequency[];
  readonly controlLostEntities?: number;
  /** Share of postings kept, of tail entities (f <= boundary) and of head entities. */
  readonly tailKept?: number;
  readonly headKept?: number;
  readonly controlTailKept?: number;
  readonly controlHeadKept?: number;
}

export interface OutputFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface RebalanceReport {
  readonly instances: number;
  readonly kept: number;
  readonly dropped: number;
  /** Exact expected volume, closed form. */
  readonly expected: number;
  readonly standardDeviation: number;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly minPerspectives: number;
  readonly alpha: number;
  readonly protectedInstances: number;
  readonly target?: {
    readonly wanted: number;
    readonly reached: number;
    readonly unreachable: boolean;
    readonly maximum: number;
    readonly by: string;
  };
  readonly selectionHash?: string;
  readonly output?: OutputFile;
  readonly extraOutputs?: readonly OutputFile[];
  readonly manifest?: string;
  readonly randomControl?: OutputFile & { readonly kept: number; readonly selectionHash: string };
  readonly perspectives: Readonly<Partial<Record<Perspective, RebalancePerspective>>>;
  readonly lengths?: { readonly before: LengthSummary; readonly after: LengthSummary; readonly control: LengthSummary };
  /** Overrides in force, and those that match no instance; absent when the request has none. */
  readonly overrides?: { readonly kept: number; readonly dropped: number; readonly unmatched: number };
  readonly problems: Readonly<Record<string, number>>;
  readonly reused: readonly string[];
  readonly seconds: number;
}

export interface ReceiptEntity {
  readonly entity: string;
  readonly frequency: number;
  /** min(1, tau / frequency). */
  readonly probability: number;
  /** Uniform in [0, 1); absent when the python sampler stopped before it. */
  readonly draw?: number;
  readonly won: boolean;
}

export interface ReceiptPerspective {
  readonly tau: number | null;
  /** Probability that the perspective passes: 1 - prod(1 - p). */
  readonly q: number;
  readonly passed: boolean;
  readonly entities: readonly ReceiptEntity[];
}

/** Smallest single change of one parameter that turns the verdict; absent when none can. */
export interface Flip {
  readonly parameter: 'tau' | 'alpha' | 'minPerspectives' | 'protect';
  readonly perspective?: Perspective;
  readonly entity?: string;
  readonly from: number | null;
  readonly to: number;
  /** |ln(to / from)|, the measure by which the smallest was chosen; Infinity is never reported. */
  readonly distance: number;
}

export interface Receipt {
  readonly ordinal: number;
  readonly id: string | null;
  readonly verdict: 'kept' | 'dropped';
  readonly keepProbability: number;
  readonly protected: boolean;
  /** A forced verdict of the plan, with its reason. */
  readonly override?: { readonly verdict: 'keep' | 'drop'; readonly reason: string };
  readonly perspectives: Readonly<Partial<Record<Perspective, ReceiptPerspective>>>;
  readonly passes: number;
  readonly minPerspectives: number;
  readonly alpha: number;
  readonly alphaDraw?: number;
  readonly seed: number;
  readonly sampler: Sampler;
  /** 128-bit hash of the record's content, hex, and the ordinal among exact duplicates: with the seed, all that the draws depend on. */
  readonly instanceKey: { readonly content: string; readonly duplicate: number };
  readonly flip?: Flip;
  /** The strategy that decided, of a receipt of `select`; what speaks of perspectives, draws and sampler is empty then. */
  readonly strategy?: StrategyName;
  readonly cluster?: ReceiptCluster;
  readonly scores?: StrategyScores;
  readonly manifest: string;
  readonly byteStart: number;
  readonly byteEnd: number;
  readonly file: string;
}

export interface DiffPerspective {
  /** Threshold of the default mass in A, by which tails are told apart in both; null when A has no entity. */
  readonly tau: number | null;
  readonly before: DistributionSummary;
  readonly after: DistributionSummary;
  readonly entitiesLost: number;
  readonly entitiesGained: number;
  readonly lost: readonly EntityFrequency[];
  readonly gained: readonly EntityFrequency[];
}

export interface DiffReport {
  readonly a: DatasetSummary & { readonly instances: number };
  readonly b: DatasetSummary & { readonly instances: number };
  /** Compared by content (128-bit hash), with multiplicity. */
  readonly common: number;
  readonly added: number;
  readonly removed: number;
  readonly addedOrdinals: readonly number[];
  readonly removedOrdinals: readonly number[];
  /** Pairs among the removed and the added instances; both counts hold them. */
  readonly changed: ChangedCounts;
  /** Ordinals in A and in B of the first pairs. */
  readonly changedOrdinals: readonly (readonly [a: number, b: number])[];
  /** The largest in A first. */
  readonly sources: readonly SourceCount[];
  /** Sources that are not listed. */
  readonly moreSources: number;
  readonly lengths: { readonly a: LengthSummary; readonly b: LengthSummary };
  readonly perspectives: Readonly<Partial<Record<Perspective, DiffPerspective>>>;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: 'source' | 'output' | 'counts' | 'records' | 'selectionHash' | 'rederived' | 'control' | 'parents' | 'images';
    readonly ok: boolean /** True when the check could not be made, for the reason in `detail`; it then counts as neither good nor bad. */;
    readonly skipped?: true;
    readonly detail: string;
  }[];
  readonly manifest: string;
  readonly kept: number;
}

export interface DoctorReport {
  readonly ballastVersion: string;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly freeMemoryBytes: number;
  readonly disk?: { readonly path: string; readonly freeBytes: number };
  readonly devices: readonly { readonly device: string; readonly available: boolean; readonly detail: string }[];
  readonly components: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly available: boolean;
    readonly detail: string;
  }[];
}
