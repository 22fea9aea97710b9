import type { Sampler } from '../../protocol/requests.ts';
import type { ComposedPerspective } from './composedPerspective.ts';
import { HashDraws, type InstanceCounters, PerspectiveDraws } from './samplers/hashSampler.ts';
import { runPythonSampler } from './samplers/pythonSampler.ts';
import { type Selection, selectionOf } from './selection.ts';

/** Label of the alpha draw, beside the perspectives' names. */
const alphaLabel = 'alpha';

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
  /** Needed by the hash sampler and the random control. */
  readonly counters: InstanceCounters;
}

/** ADR data rebalancing: keep x iff enough perspectives pass and a uniform is below alpha (ADR specification 2.1). */
export function rebalance(input: RebalanceInput): Selection {
  const keep = new Uint8Array(input.instances.length);
  if (input.sampler === 'python') runPythonSampler(input, (ordinal, kept) => (keep[ordinal] = kept ? 1 : 0));
  else decideByHash(input, keep);
  for (let ordinal = 0; ordinal < keep.length; ordinal++)
    if (input.protectedInstances[ordinal] && input.instances[ordinal]) keep[ordinal] = 1;
  return selectionOf(keep);
}

function decideByHash(input: RebalanceInput, keep: Uint8Array): void {
  const { instances, composed, minPerspectives } = input;
  const draws = new HashDraws(input.seed, input.counters);
  const perspectives = composed.map((one) => new PerspectiveDraws(one, draws));
  const alpha = alphaDraws(draws);
  const threshold = input.alpha ?? 1;
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
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
