import { nextDown, nextUp } from '../nextDouble.ts';
import { HashDraws } from '../samplers/hashSampler.ts';

/** Rows of one perspective with what the hash sampler draws from; arrays on shared memory cross to a worker without a copy. */
export interface DrawnRows {
  readonly rowOffsets: Uint32Array | Float64Array;
  readonly rowEntities: Uint32Array;
  readonly rowMinFrequency: Uint32Array;
  readonly frequency: Uint32Array;
  /** Key of each entity, two words. */
  readonly keys: Uint32Array;
  /** Counter of each instance, two words. */
  readonly counters: Uint32Array;
}

/**
 * An entity wins iff u < min(1, tau / f), and u does not depend on tau: so a perspective passes from one threshold on. The critical tau of
 * an instance is the smallest double at which `PerspectiveDraws.passes` says yes, exactly: the selection for any thresholds is then a
 * comparison per instance. Near products this is u * f of the entity with the smallest one, but quotient and product round differently.
 */
export const criticalTauRule = 'critical-tau-1';

/** Products this near relative to the least may belong to the entity that decides; four times what rounding can do. */
const doubt = 1 + 2 ** -50;

/**
 * Fills `out` for the rows [from, to): Infinity where nothing passes (an empty row). Rows with an entity of at most `floor` instances pass
 * from there on in any case and are not drawn, `out` is `floor`: good for thresholds of at least `floor`.
 */
export function fillCriticalTaus(rows: DrawnRows, from: number, to: number, floor: number, out: Float64Array): void {
  const { rowOffsets, rowEntities, rowMinFrequency, frequency, keys } = rows;
  const draws = new HashDraws(0, rows.counters); // the seed is in the keys
  let u = new Float64Array(64);
  for (let ordinal = from; ordinal < to; ordinal++) {
    const lowest = rowMinFrequency[ordinal] as number;
    if (lowest === 0 || lowest <= floor) {
      out[ordinal] = lowest === 0 ? Number.POSITIVE_INFINITY : floor;
      continue;
    }
    const start = rowOffsets[ordinal] as number;
    const length = (rowOffsets[ordinal + 1] as number) - start;
    if (length > u.length) u = new Float64Array(length * 2);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      const entity = rowEntities[start + i] as number;
      const draw = draws.draw(keys[entity * 2] as number, keys[entity * 2 + 1] as number, ordinal);
      u[i] = draw;
      const product = draw * (frequency[entity] as number);
      if (product < least) least = product;
    }
    let critical = Number.POSITIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      const f = frequency[rowEntities[start + i] as number] as number;
      if ((u[i] as number) * f <= least * doubt) critical = Math.min(critical, smallestPassing(u[i] as number, f));
    }
    out[ordinal] = critical;
  }
}

/** The smallest tau with draw < min(1, tau / frequency) as doubles are divided. */
export function smallestPassing(draw: number, frequency: number): number {
  let tau = draw * frequency;
  while (!(draw < tau / frequency)) tau = nextUp(tau); // draws are below 1: the minimum never decides
  for (let lower = nextDown(tau); draw < lower / frequency; lower = nextDown(tau)) tau = lower;
  return tau;
}
