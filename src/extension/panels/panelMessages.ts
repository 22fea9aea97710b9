import * as v from 'valibot';
import type { DrawnCharts } from '../../protocol/selectionPage.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
const drawnSchema = v.object({
  theme: v.string(),
  view: v.picklist(['rank', 'lorenz', 'tables']),
  kept: v.number(),
  charts: v.array(v.object({ perspective: v.string(), points: v.array(v.number()), paintedPixels: v.number() })),
});

/** Undefined for anything that is no report of drawn charts. */
export function parseDrawn(value: unknown): DrawnCharts | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

const stateSchema = v.object({ version: v.literal(2), dataset: v.pipe(v.string(), v.minLength(1)) });

/** Dataset of a panel that is restored; undefined for a state that another version kept or that is none. */
export function datasetOfState(state: unknown): string | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output.dataset : undefined;
}
