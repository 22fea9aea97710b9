import type { Standing } from '../overrides.ts';

/** Bits of a verdict byte: what an instance is part of. */
export const part = { selection: 1, control: 2 } as const;

/** What the draws of one seed say of the instances, one element per ordinal. */
export interface DrawTables {
  readonly alphaDraws: Float64Array;
  /** Place in the order of the random control among the instances that are neither certain nor forced out; `noPlace` for all others. */
  readonly controlPlaces: Uint32Array;
}

/** Behind every place. */
const noPlace = 0xffff_ffff;

export interface LiveQuestion extends Standing {
  /** Per composed perspective, 1 for every ordinal that passes it (`fillPassing`). */
  readonly passing: readonly Uint8Array[];
  readonly minPerspectives: number;
  readonly alpha: number;
}

/** @param order all ordinals in the order of the random control */
export function controlPlaces(order: Uint32Array, { instances, certain }: Standing): Uint32Array {
  const places = new Uint32Array(order.length).fill(noPlace);
  let next = 0;
  for (let i = 0; i < order.length; i++) {
    const ordinal = order[i] as number;
    if (instances[ordinal] && !certain[ordinal]) places[ordinal] = next++;
  }
  return places;
}

/**
 * The selection of `rebalance` under the hash sampler, bit by bit, and its random control of equal size (`randomControl`), in a few passes
 * over the instances.
 * @param verdicts receives a byte per ordinal (`part`)
 * @returns instances kept
 */
export function decideLive(tables: DrawTables, question: LiveQuestion, verdicts: Uint8Array): number {
  const { instances, certain, minPerspectives, alpha, passing } = question;
  const { alphaDraws, controlPlaces: places } = tables;
  const passes = sumOf(passing, verdicts.length);
  const isThinned = alpha < 1;
  let kept = 0;
  let certainCount = 0;
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++) {
    if (certain[ordinal] !== 0) {
      verdicts[ordinal] = part.selection | part.control;
      certainCount++;
      continue;
    }
    const passed = (passes[ordinal] as number) >= minPerspectives ? (instances[ordinal] as number) : 0;
    const isKept = passed !== 0 && !(isThinned && (alphaDraws[ordinal] as number) >= alpha);
    verdicts[ordinal] = isKept ? part.selection : 0;
    kept += isKept ? 1 : 0;
  }
  // As many by chance as were kept by the draws.
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++)
    verdicts[ordinal] = (verdicts[ordinal] as number) | ((places[ordinal] as number) < kept ? part.control : 0);
  return kept + certainCount;
}

function sumOf(columns: readonly Uint8Array[], length: number): Uint8Array {
  const sum = new Uint8Array(length);
  for (const column of columns) for (let i = 0; i < length; i++) sum[i] = (sum[i] as number) + (column[i] as number);
  return sum;
}

/** Which ordinals pass one perspective at `tau`, by their critical taus. */
export function fillPassing(passing: Uint8Array, criticalTaus: Float64Array, tau: number | null): void {
  const threshold = tau ?? Number.NEGATIVE_INFINITY;
  for (let ordinal = 0; ordinal < passing.length; ordinal++) passing[ordinal] = threshold >= (criticalTaus[ordinal] as number) ? 1 : 0;
}
