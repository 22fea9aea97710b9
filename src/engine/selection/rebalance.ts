import type { Sampler } from '../../protocol/requests.ts';
import type { ComposedPerspective } from './composedPerspective.ts';
import { forced } from './overrides.ts';
import { HashDraws, type InstanceCounters, PerspectiveDraws } from './samplers/hashSampler.ts';
import { runPythonSampler } from './samplers/pythonSampler.ts';
import { type Selection, selectionOf } from './selection.ts';

/** Label of the alpha draw, beside the perspectives' names. */
const alphaLabel = 'alpha';

/** Ordinals between two pauses: some milliseconds of work, even where every draw hashes the name of a pair. */
const stepOrdinals = 1024;

export interface RebalanceInput {
  readonly composed: readonly ComposedPerspective[];
  /** 1 to the number of composed perspectives. */
  readonly minPerspectives: number;
  /** 0 to 1; undefined = 1 without a draw. */
  readonly alpha: number | undefined;
  readonly seed: number;
  readonly sampler: Sampler;
  /** Nonzero for instances. */
  readonly instances: Uint8Array;
  readonly protectedInstances: Uint8Array;
  /** Per ordinal: none, keep or drop (`forced`). Wins over draws and protection; the draws are made all the same. */
  readonly verdicts: Uint8Array;
  /** Needed by the hash sampler and the random control. */
  readonly counters: InstanceCounters;
}

/** ADR data rebalancing: keep x iff enough perspectives pass and a uniform is below alpha (ADR specification 2.1). */
export function rebalance(input: RebalanceInput): Selection {
  const decision = decide(input);
  for (;;) {
    const { done, value } = decision.next();
    if (done) return value;
  }
}

/** The same, giving way in between: `pause` gets the number of ordinals decided so far, and ends the work by throwing. */
export async function rebalanceInSteps(input: RebalanceInput, pause: (decided: number) => Promise<void>): Promise<Selection> {
  const decision = decide(input);
  for (;;) {
    const { done, value } = decision.next();
    if (done) return value;
    await pause(value);
  }
}

function* decide(input: RebalanceInput): Generator<number, Selection> {
  const keep = new Uint8Array(input.instances.length);
  if (input.sampler === 'python') runPythonSampler(input, (ordinal, kept) => (keep[ordinal] = kept ? 1 : 0));
  else yield* decideByHash(input, keep);
  for (let ordinal = 0; ordinal < keep.length; ordinal++) {
    if (!input.instances[ordinal]) continue;
    const verdict = input.verdicts[ordinal];
    if (verdict === forced.drop) keep[ordinal] = 0;
    else if (verdict === forced.keep || input.protectedInstances[ordinal]) keep[ordinal] = 1;
  }
  return selectionOf(keep);
}

function* decideByHash(input: RebalanceInput, keep: Uint8Array): Generator<number, void> {
  const { instances, composed, minPerspectives } = input;
  const draws = new HashDraws(input.seed, input.counters);
  const perspectives = composed.map((one) => new PerspectiveDraws(one, draws));
  const alpha = alphaDraws(draws);
  const threshold = input.alpha ?? 1;
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
    if (ordinal % stepOrdinals === stepOrdinals - 1) yield ordinal;
    if (!instances[ordinal]) continue;
    let passes = 0;
    for (const perspective of perspectives) {
      if (passes >= minPerspectives) break;
      if (perspective.passes(ordinal)) passes++;
    }
    if (passes >= minPerspectives && (threshold >= 1 || alpha(ordinal) < threshold)) keep[ordinal] = 1;
  }
}

/** The alpha draw of an instance; it does not depend on any perspective. */
export function alphaDraws(draws: HashDraws): (ordinal: number) => number {
  const [key0, key1] = draws.key(alphaLabel, '');
  return (ordinal) => draws.draw(key0, key1, ordinal);
}
