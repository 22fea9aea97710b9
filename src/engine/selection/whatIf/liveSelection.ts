import type { Standing } from '../overrides.ts';

/** Bits of a verdict byte: what an instance is part of. */
export const part = { selection: 1, control: 2 } as const;

/** What the draws of one seed say of the instances, one element per ordinal. */
export interface DrawTables {
  /** Per composed perspective the threshold from which on it passes. */
  readonly criticalTaus: readonly Float64Array[];
  readonly alphaDraws: Float64Array;
  /** Place in the order of the random control among the instances that are neither certain nor forced out; `noPlace` for all others. */
  readonly controlPlaces: Uint32Array;
}

/** Behind every place. */
const noPlace = 0xffff_ffff;

export interface LiveQuestion extends Standing {
  /** One per composed perspective; null for one without entities. */
  readonly taus: readonly (number | null)[];
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
  const { instances, certain, minPerspectives, alpha } = question;
  const passes = passesOf(tables.criticalTaus, question.taus, verdicts.length);
  const { alphaDraws, controlPlaces: places } = tables;
  let kept = 0;
  let certainCount = 0;
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++) {
    if (certain[ordinal] !== 0) {
      verdicts[ordinal] = part.selection | part.control;
      certainCount++;
      continue;
    }
    const passed = instances[ordinal] !== 0 && (passes[ordinal] as number) >= minPerspectives;
    const isKept = passed && (alpha >= 1 || (alphaDraws[ordinal] as number) < alpha);
    verdicts[ordinal] = isKept ? part.selection : 0;
    if (isKept) kept++;
  }
  // As many by chance as were kept by the draws.
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++)
    if ((places[ordinal] as number) < kept) verdicts[ordinal] = (verdicts[ordinal] as number) | part.control;
  return kept + certainCount;
}

/** Perspectives that each instance passes. */
function passesOf(criticalTaus: readonly Float64Array[], taus: LiveQuestion['taus'], count: number): Uint8Array {
  const passes = new Uint8Array(count);
  for (const [k, criticalTau] of criticalTaus.entries()) {
    const tau = taus[k] ?? null;
    if (tau !== null) addPasses(criticalTau, tau, passes);
  }
  return passes;
}

function addPasses(criticalTau: Float64Array, tau: number, passes: Uint8Array): void {
  for (let ordinal = 0; ordinal < passes.length; ordinal++)
    passes[ordinal] = (passes[ordinal] as number) + (tau >= (criticalTau[ordinal] as number) ? 1 : 0);
}

/** Ordinals of one part, ascending. @param count how many there are */
export function ordinalsOf(verdicts: Uint8Array, bit: number, count: number): Uint32Array {
  const ordinals = new Uint32Array(count);
  let next = 0;
  for (let ordinal = 0; ordinal < verdicts.length && next < count; ordinal++)
    if ((verdicts[ordinal] as number) & bit) ordinals[next++] = ordinal;
  return ordinals;
}
