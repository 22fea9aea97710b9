import * as v from 'valibot';
import { coresetViews, type DrawnCoreset } from '../../protocol/coresetPage.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
const drawnSchema = v.object({
  theme: v.string(),
  view: v.picklist(coresetViews),
  selected: v.nullable(v.number()),
  points: v.array(v.number()),
  paintedPixels: v.number(),
});

/** Undefined for anything that is no report of what was drawn. */
export function parseDrawnCoreset(value: unknown): DrawnCoreset | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(1), dataset: v.pipe(v.string(), v.minLength(1)) });

/** Dataset of a panel that is restored; undefined for a state that another version kept or that is none. */
export function datasetOfCoresetState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.dataset : undefined;
}
