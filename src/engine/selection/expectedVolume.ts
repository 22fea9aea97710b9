import { negligible, type PassProbabilities } from './passProbabilities.ts';

/** Instances that are worked on together: what they need stays near the processor. */
const blockLength = 2048;

/** Closed form of the volume (ADR specification 2.1, 2.5). */
export interface ExpectedVolume {
  /** Sum of keep probabilities, in instances. */
  readonly expected: number;
  /** Sum of P (1 - P). */
  readonly variance: number;
}

export interface VolumeInput {
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
  return tailOfCounts(probabilities, n, atLeast, new Float64Array(n + 1));
}

/** @param counts scratch of at least n + 1 elements */
function tailOfCounts(probabilities: ArrayLike<number>, n: number, atLeast: number, counts: Float64Array): number {
  counts.fill(0, 1, n + 1);
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
export function keepProbability(input: VolumeInput, ordinal: number): number {
  const keep = new Float64Array(1);
  if (input.minPerspectives === 1) keepByAny(input, ordinal, 1, keep);
  else keepBySeveral(input, ordinal, 1, keep);
  return keep[0] as number;
}

export function expectedVolume(input: VolumeInput): ExpectedVolume {
  const keep = new Float64Array(blockLength);
  let expected = 0;
  let variance = 0;
  for (let from = 0; from < input.instances.length; from += blockLength) {
    const length = Math.min(blockLength, input.instances.length - from);
    if (input.minPerspectives === 1) keepByAny(input, from, length, keep);
    else keepBySeveral(input, from, length, keep);
    for (let i = 0; i < length; i++) {
      const p = keep[i] as number;
      expected += p;
      variance += p * (1 - p);
    }
  }
  return { expected, variance };
}

/** P(keep) of the ordinals from `from` on. Instances that pass enough perspectives for certain need no products. */
function keepBySeveral(input: VolumeInput, from: number, length: number, keep: Float64Array): void {
  const { q, minPerspectives, alpha, instances, protectedInstances } = input;
  const own = new Float64Array(q.length);
  const counts = new Float64Array(q.length + 1);
  for (let i = 0; i < length; i++) {
    const ordinal = from + i;
    if (!instances[ordinal] || protectedInstances[ordinal]) {
      keep[i] = instances[ordinal] ? 1 : 0;
      continue;
    }
    let certain = 0;
    for (let k = 0; k < q.length; k++) if ((q[k] as PassProbabilities).known[ordinal] === 0) certain++;
    if (certain >= minPerspectives || minPerspectives > q.length) {
      keep[i] = certain >= minPerspectives ? alpha : 0;
      continue;
    }
    certain = 0;
    for (let k = 0; k < q.length; k++) {
      const one = q[k] as PassProbabilities;
      const known = one.known[ordinal] as number;
      own[k] = 1 - (Number.isNaN(known) ? one.failAt(ordinal) : known);
      if (own[k] === 1) certain++;
    }
    // Counted again, so that the answer to the last bit does not depend on what was known before.
    keep[i] = certain >= minPerspectives ? alpha : alpha * tailOfCounts(own, q.length, minPerspectives, counts);
  }
}

/**
 * The common case, any perspective suffices: P = alpha * (1 - prod over k of (1 - q_k)). Perspective by perspective in tight loops, since
 * this runs over every instance while a threshold is dragged.
 */
function keepByAny({ q, alpha, instances, protectedInstances }: VolumeInput, from: number, length: number, keep: Float64Array): void {
  const fail = keep; // until the last loop
  for (let i = 0; i < length; i++) fail[i] = instances[from + i] !== 0 && protectedInstances[from + i] === 0 ? 1 : 0; // 0 asks for no product
  for (const { known } of q) for (let i = 0; i < length; i++) if (known[from + i] === 0) fail[i] = 0;
  for (const one of q) {
    const { known } = one;
    for (let i = 0; i < length; i++) {
      const before = fail[i] as number;
      if (before <= negligible) continue;
      const own = known[from + i] as number;
      fail[i] = before * (Number.isNaN(own) ? one.failAt(from + i) : own);
    }
  }
  for (let i = 0; i < length; i++) {
    if (protectedInstances[from + i] !== 0 && instances[from + i] !== 0) keep[i] = 1;
    else keep[i] = instances[from + i] !== 0 ? alpha * (1 - (fail[i] as number)) : 0;
  }
}
