import * as v from 'valibot';
import type { DrawnCharts } from '../../protocol/selectionPage.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
const drawnSchema = v.object({
  theme: v.string(),
  charts: v.array(v.object({ perspective: v.string(), points: v.array(v.number()), paintedPixels: v.number() })),
});

/** Undefined for anything that is no report of drawn charts. */
export function parseDrawn(value: unknown): DrawnCharts | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}
