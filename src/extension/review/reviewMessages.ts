import * as v from 'valibot';
import { perspectives } from '../../protocol/perspectives.ts';
import { type DrawnReview, type PageFilter, type ReviewState, reviewViews } from '../../protocol/reviewPage.ts';
import { candidateStatuses, gateNames, synthesisMethods } from '../../protocol/synthesis.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
export const candidateIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

export const filterSchema: v.GenericSchema<unknown, PageFilter> = v.pipe(
  v.object({
    status: v.optional(v.picklist(candidateStatuses)),
    method: v.optional(v.picklist(synthesisMethods)),
    gate: v.optional(v.picklist(gateNames)),
    perspective: v.optional(v.picklist(perspectives)),
    contains: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
  }),
  // Absent stays absent: the engine takes no undefined.
  v.transform((filter) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as PageFilter),
);

const count = v.number();
const drawnSchema = v.object({
  theme: v.string(),
  view: v.picklist([...reviewViews, 'empty', 'refused']),
  selected: v.nullable(candidateIdSchema),
  position: count,
  total: count,
  counts: v.object({ planned: count, made: count, failed: count, gated: count, pending: count, accepted: count, rejected: count }),
  status: v.nullable(v.picklist(candidateStatuses)),
});

/** Undefined for anything that is no report of a drawing. */
export function parseDrawnReview(value: unknown): DrawnReview | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(1), staging: v.pipe(v.string(), v.minLength(1)) });
const wholeStateSchema = v.object({
  ...stateSchema.entries,
  filter: filterSchema,
  view: v.picklist(reviewViews),
  selected: v.nullable(candidateIdSchema),
});

/** Undefined for anything that is no state of a review of this folder. */
export function parseReviewState(value: unknown, staging: string): ReviewState | undefined {
  const parsed = v.safeParse(wholeStateSchema, value);
  return parsed.success && parsed.output.staging === staging ? parsed.output : undefined;
}

/** Staging folder of a panel that is restored; undefined for a state that another version kept or that is none. */
export function stagingOfReviewState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.staging : undefined;
}
