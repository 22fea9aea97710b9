import * as v from 'valibot';
import type { DrawnCharts, MessageToHost } from '../../protocol/panels.ts';

/** A page is a foreign process: what arrives is checked before it is believed. */
const drawnSchema = v.object({
  theme: v.string(),
  charts: v.array(v.object({ perspective: v.string(), points: v.array(v.number()), paintedPixels: v.number() })),
});

const messageSchema = v.variant('kind', [
  v.object({
    kind: v.literal('request'),
    id: v.pipe(v.number(), v.integer()),
    method: v.picklist(['ready', 'openOutput', 'revealManifest']),
    params: v.unknown(),
  }),
  v.object({ kind: v.literal('event'), name: v.picklist(['drawn', 'problem']), payload: v.unknown() }),
]);

const problemSchema = v.object({ message: v.pipe(v.string(), v.maxLength(2000)) });

/** Undefined for anything that is not a message of the protocol. */
export function parseMessage(value: unknown): MessageToHost | undefined {
  const parsed = v.safeParse(messageSchema, value);
  return parsed.success ? (parsed.output as MessageToHost) : undefined;
}

export function parseDrawn(value: unknown): DrawnCharts | undefined {
  const parsed = v.safeParse(drawnSchema, value);
  return parsed.success ? parsed.output : undefined;
}

export function parseProblem(value: unknown): string | undefined {
  const parsed = v.safeParse(problemSchema, value);
  return parsed.success ? parsed.output.message : undefined;
}
