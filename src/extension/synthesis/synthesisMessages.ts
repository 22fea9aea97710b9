import * as v from 'valibot';
import type { DrawnSynthesis } from '../../protocol/synthesisPage.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
const drawnSchema = v.object({
  theme: v.string(),
  planned: v.nullable(v.number()),
  deficits: v.number(),
  funnel: v.array(v.number()),
  made: v.number(),
  pictures: v.number(),
  running: v.boolean(),
});

/** Undefined for anything that is no report of what was drawn. */
export function parseDrawnSynthesis(value: unknown): DrawnSynthesis | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(1), dataset: v.pipe(v.string(), v.minLength(1)) });

/** Dataset of a panel that is restored; undefined for a state that another version kept or that is none. */
export function datasetOfSynthesisState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.dataset : undefined;
}
