import { negligible, type PassProbabilities } from './passProbabilities.ts';

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
  /** Nonzero for instances; other ordinals count nothing. */
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
    const p = probabilities[i] ?? 0;
    for (let k = i + 1; k > 0; k--) counts[k] = (counts[k] ?? 0) * (1 - p) + (counts[k - 1] ?? 0) * p;
    counts[0] = (counts[0] ?? 0) * (1 - p);
  }
  let tail = 0;
  for (let k = n; k >= atLeast; k--) tail += counts[k] ?? 0;
  return Math.min(1, tail);
}

/** P(keep) of one ordinal. */
export function keepProbability(input: VolumeInput, ordinal: number): number {
  if (!input.instances[ordinal]) return 0;
  if (input.protectedInstances[ordinal]) return 1;
  return input.alpha * passesEnough(input.q, ordinal, input.minPerspectives);
}

export function expectedVolume(input: VolumeInput): ExpectedVolume {
  if (input.minPerspectives === 1) return volumeOfAny(input);
  let expected = 0;
  let variance = 0;
  for (let ordinal = 0; ordinal < input.instances.length; ordinal++) {
    const p = keepProbability(input, ordinal);
    expected += p;
    variance += p * (1 - p);
  }
  return { expected, variance };
}

/** P(at least `atLeast` perspectives pass); instances that pass enough of them for certain need no products. */
function passesEnough(q: readonly PassProbabilities[], ordinal: number, atLeast: number): number {
  let certain = 0;
  for (let k = 0; k < q.length; k++) if ((q[k] as PassProbabilities).isCertain(ordinal)) certain++;
  if (certain >= atLeast) return 1;
  if (atLeast === 1) {
    let fail = 1;
    for (let k = 0; k < q.length && fail > negligible; k++) fail *= 1 - (q[k] as PassProbabilities).at(ordinal);
    return 1 - fail;
  }
  return poissonBinomialTail(
    q.map((one) => one.at(ordinal)),
    atLeast,
  );
}

/** The common case, any perspective suffices, perspective by perspective: P = alpha * (1 - prod over k of (1 - q_k)). */
function volumeOfAny({ q, alpha, instances, protectedInstances }: VolumeInput): ExpectedVolume {
  const fail = new Float64Array(instances.length).fill(1);
  for (const one of q) one.markCertain(fail);
  for (const one of q) one.multiplyFail(fail);
  let expected = 0;
  let variance = 0;
  for (let ordinal = 0; ordinal < fail.length; ordinal++) {
    if (!instances[ordinal]) continue;
    const p = protectedInstances[ordinal] ? 1 : alpha * (1 - (fail[ordinal] as number));
    expected += p;
    variance += p * (1 - p);
  }
  return { expected, variance };
}
