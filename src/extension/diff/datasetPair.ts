import * as path from 'node:path';
import * as v from 'valibot';
import type { DiffPageState } from '../../protocol/diffPage.ts';

/** Two datasets by their absolute paths; B came of A. */
export interface DatasetPair {
  readonly a: string;
  readonly b: string;
}

const stateSchema = v.object({ version: v.literal(1), a: v.string(), b: v.string() });

/** What a page keeps over a reload. */
export function stateOfPair({ a, b }: DatasetPair): DiffPageState {
  return { version: 1, a, b };
}

/** The pair that a page kept; undefined for a state that another version wrote or that was tampered with. */
export function pairOfState(state: unknown): DatasetPair | undefined {
  const parsed = v.safeParse(stateSchema, state);
  if (!parsed.success || !path.isAbsolute(parsed.output.a) || !path.isAbsolute(parsed.output.b)) return undefined;
  return { a: parsed.output.a, b: parsed.output.b };
}
