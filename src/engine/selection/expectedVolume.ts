import { negligible, type PassProbabilities } from './passProbabilities.ts';

/** Closed form of the volume (ADR specification 2.1, 2.5). */
export interface ExpectedVolume {
  /** Sum of keep probabilities, in instances. */
  readonly expected: number;
  /** Sum of P (1 - P). */
  readonly variance: number;
}

export interface VolumeInput {
  /** One to four composed perspectives. */
  readonly q: readonly PassProbabilities[];
  readonly minPerspectives: number;
  /** 0 to 1. */
  readonly alpha: number;
  /** Nonzero for instances that may be kept; other ordinals count nothing. */
  readonly instances: Uint8Array;
  /** Nonzero for instances that are kept whatever the draws say. */
  readonly protectedInstances: Uint8Array;
}

/** P(at least `atLeast` of independent events with these probabilities), exact dynamic programming over the count. */
export function poissonBinomialTail(probabilities: ArrayLike<number>, atLeast: number): number {
  const n = probabilities.length;
  if (atLeast <= 0) return 1;
  if (atLeast > n) return 0;
  const counts = new Float64Array(n + 1);
  counts[0] = 1;
  for (let i = 0; i < n; i++) {
    const p = probabilities[i] as number;
    for (let k = i + 1; k > 0; k--) counts[k] = (counts[k] as number) * (1 - p) + (counts[k - 1] as number) * p;
    counts[0] = (counts[0] as number) * (1 - p);
  }
  let tail = 0;
  for (let k = n; k >= atLeast; k--) tail += counts[k] as number;
  return Math.min(1, tail);
}

/** P(keep) of one ordinal. */
export function keepProbability({ q, minPerspectives, alpha, instances, protectedInstances }: VolumeInput, ordinal: number): number {
  if (!instances[ordinal]) return 0;
  if (protectedInstances[ordinal]) return 1;
  const passing = q.map((one) => one.at(ordinal));
  return alpha * poissonBinomialTail(passing, minPerspectives);
}

/**
 * Sum over all instances, in one loop that reads everything once: it runs with every step of a threshold that is dragged. The answer to
 * the last bit depends on the input alone, never on which probabilities were computed before.
 */
export function expectedVolume(input: VolumeInput): ExpectedVolume {
  const { q, minPerspectives, alpha, instances, protectedInstances } = input;
  const never = new Float64Array(q.length < 4 ? instances.length : 0).fill(1); // in place of perspectives that are not composed
  const knownOf = (k: number): Float64Array => q[k]?.known ?? never;
  const [first, second, third, fourth] = [knownOf(0), knownOf(1), knownOf(2), knownOf(3)];
  let expected = 0;
  let variance = 0;
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
    if (instances[ordinal] === 0) continue;
    if (protectedInstances[ordinal] !== 0) {
      expected += 1;
      continue;
    }
    let a = first[ordinal] as number;
    let b = second[ordinal] as number;
    let c = third[ordinal] as number;
    let d = fourth[ordinal] as number;
    let p: number;
    if ((a === 0 ? 1 : 0) + (b === 0 ? 1 : 0) + (c === 0 ? 1 : 0) + (d === 0 ? 1 : 0) >= minPerspectives) p = 1;
    else if (minPerspectives === 1) {
      if (Number.isNaN(a)) a = failAt(q, 0, ordinal);
      if (a > negligible && Number.isNaN(b)) b = failAt(q, 1, ordinal);
      let fail = a > negligible ? a * b : a;
      if (fail > negligible) fail *= Number.isNaN(c) ? failAt(q, 2, ordinal) : c;
      if (fail > negligible) fail *= Number.isNaN(d) ? failAt(q, 3, ordinal) : d;
      p = 1 - fail;
    } else {
      if (Number.isNaN(a)) a = failAt(q, 0, ordinal);
      if (Number.isNaN(b)) b = failAt(q, 1, ordinal);
      if (Number.isNaN(c)) c = failAt(q, 2, ordinal);
      if (Number.isNaN(d)) d = failAt(q, 3, ordinal);
      // Counted again, now that all is known: certain ones must not meet rounding in the tail.
      const certain = (a === 0 ? 1 : 0) + (b === 0 ? 1 : 0) + (c === 0 ? 1 : 0) + (d === 0 ? 1 : 0);
      p = certain >= minPerspectives ? 1 : tailOfFour(a, b, c, d, minPerspectives);
    }
    p *= alpha;
    expected += p;
    variance += p * (1 - p);
  }
  return { expected, variance };
}

function failAt(q: readonly PassProbabilities[], k: number, ordinal: number): number {
  return (q[k] as PassProbabilities).failAt(ordinal);
}

/** `poissonBinomialTail` of four events by the probabilities that they fail, for at least 2 of them; without memory of its own. */
function tailOfFour(a: number, b: number, c: number, d: number, atLeast: number): number {
  // nK: probability that K of the events so far happen.
  let n1 = 1 - a;
  let n2 = n1 * (1 - b);
  n1 = n1 * b + a * (1 - b);
  let n0 = a * b;
  let n3 = n2 * (1 - c);
  n2 = n2 * c + n1 * (1 - c);
  n1 = n1 * c + n0 * (1 - c);
  n0 *= c;
  const n4 = n3 * (1 - d);
  n3 = n3 * d + n2 * (1 - d);
  n2 = n2 * d + n1 * (1 - d);
  const tail = atLeast === 2 ? n4 + n3 + n2 : atLeast === 3 ? n4 + n3 : n4;
  return Math.min(1, tail);
}
