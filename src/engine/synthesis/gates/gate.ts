import type { GateName, GateResult } from '../../../protocol/synthesis.ts';
import type { Turn } from '../../dataset/dataset.ts';
import type { PictureEditor } from '../../runtime/contracts.ts';
import type { LanguageModel } from '../endpoint/languageModel.ts';
import type { MadeCandidate } from '../staging/events.ts';
import type { CandidatePicture } from './candidatePicture.ts';

/** What a candidate was made from. */
export interface GateParent {
  readonly ordinal: number;
  readonly turns: readonly Turn[];
  /** Undefined where the method does not look at it. */
  readonly picture: CandidatePicture | undefined;
  /** Position among the dataset's images; undefined for text-only parents. */
  readonly imageIndex: number | undefined;
}

export interface GateCandidate {
  readonly made: MadeCandidate;
  /** Undefined: the parent's own picture goes with the text. */
  readonly picture: CandidatePicture | undefined;
  readonly parent: GateParent;
}

/** Pictures that a candidate must not repeat. */
export interface OtherPictures {
  /** The closest of them and its correlation after alignment; undefined when none comes near. */
  closest(picture: CandidatePicture, exceptImage?: number): Promise<{ readonly subject: string; readonly correlation: number } | undefined>;
}

export interface GateContext {
  readonly pictures: PictureEditor;
  readonly dataset: OtherPictures;
  readonly candidates: OtherPictures;
  /** Entities that a text mentions, named as in the dataset's index. */
  mentioned(turns: readonly Turn[]): ReadonlySet<string>;
  /** Id of a judged candidate with the same words. */
  sameText(turns: readonly Turn[]): string | undefined;
  /** A model that sees and confirms what a new picture shows; undefined when none is configured. */
  readonly confirm: LanguageModel | undefined;
  readonly signal: AbortSignal;
}

/** One gate: a new one is a file with one of these and a line in `table.ts`. */
export interface Gate {
  readonly name: GateName;
  /** True: what it stops would damage a dataset; no reviewer can accept it. */
  readonly hard: boolean;
  /** Looks at pictures: skipped when there is none, or it cannot be decoded. */
  readonly about: 'picture' | 'text';
  judge(candidate: GateCandidate, context: GateContext): Promise<GateFinding>;
}

export type GateFinding = Omit<GateResult, 'gate'>;

const nothing: Omit<GateFinding, 'verdict'> = { score: null, lower: null, upper: null, finding: null, subject: null };

export const skipped: GateFinding = { ...nothing, verdict: 'skipped' };

export function passed(found: Partial<GateFinding> = {}): GateFinding {
  return { ...nothing, ...found, verdict: 'passed' };
}

export function failed(finding: string | null, found: Partial<GateFinding> = {}): GateFinding {
  return { ...nothing, ...found, finding, verdict: 'failed' };
}

/** The verdict of a score between bounds that belong to the allowed values. */
export function within(score: number, lower: number | null, upper: number | null, found: Partial<GateFinding> = {}): GateFinding {
  const rounded = Math.round(score * 10_000) / 10_000;
  const inside = (lower === null || rounded >= lower) && (upper === null || rounded <= upper);
  return { ...nothing, ...found, score: rounded, lower, upper, verdict: inside ? 'passed' : 'failed' };
}

/** The candidate's words: its own, else its parent's. */
export function turnsOf({ made, parent }: GateCandidate): readonly Turn[] {
  return made.turns ?? parent.turns;
}
