import type { Perspective } from '../../protocol/perspectives.ts';
import type { Flip } from '../../protocol/reports.ts';
import { nextDown, nextUp } from './nextDouble.ts';

export interface FlipInput {
  readonly kept: boolean;
  readonly protected: boolean;
  readonly passes: number;
  readonly minPerspectives: number;
  readonly alpha: number;
  readonly alphaDraw: number;
  readonly perspectives: readonly {
    readonly perspective: Perspective;
    readonly tau: number | null;
    readonly passed: boolean;
    readonly draws: readonly { readonly entity: string; readonly frequency: number; readonly draw: number }[];
  }[];
}

/**
 * The smallest change of one parameter that turns the verdict under the hash sampler, whose draws do not move with the parameters.
 * A perspective passes iff tau > min over its entities of u * f, so that product is its critical tau.
 * "Smallest" is by |ln(to / from)|, which treats a tau of 4,895 and an alpha of 0.9 alike.
 */
export function smallestFlip(input: FlipInput): Flip | undefined {
  if (input.protected) return undefined;
  const candidates = input.kept
    ? [...taus(input, input.passes === input.minPerspectives, true), ...minPerspectivesUp(input), ...alphaDown(input)]
    : waysToKeep(input);
  return candidates.reduce<Flip | undefined>(
    (best, next) => (best === undefined || next.distance < best.distance ? next : best),
    undefined,
  );
}

function waysToKeep(input: FlipInput): Flip[] {
  const alphaPasses = input.alphaDraw < input.alpha;
  const enough = input.passes >= input.minPerspectives;
  if (!alphaPasses) return enough ? [flip('alpha', input.alpha, nextUp(input.alphaDraw))] : [];
  return [...taus(input, input.passes === input.minPerspectives - 1, false), ...minPerspectivesDown(input)];
}

/** Moves of a single tau that make a passing perspective fail, or a failing one pass, when that alone decides. */
function taus(input: FlipInput, decisive: boolean, lower: boolean): Flip[] {
  if (!decisive) return [];
  const flips: Flip[] = [];
  for (const { perspective, tau, passed, draws } of input.perspectives) {
    if (tau === null || passed !== lower || draws.length === 0) continue;
    const critical = draws.reduce((best, next) => (next.draw * next.frequency < best.draw * best.frequency ? next : best));
    const product = critical.draw * critical.frequency;
    const to = lower
      ? largestFailing(critical.draw, critical.frequency, product)
      : smallestPassing(critical.draw, critical.frequency, product);
    if (to > 0) flips.push({ ...flip('tau', tau, to), perspective, entity: critical.entity });
  }
  return flips;
}

function minPerspectivesUp({ passes, minPerspectives, perspectives }: FlipInput): Flip[] {
  return passes + 1 <= perspectives.length ? [flip('minPerspectives', minPerspectives, passes + 1)] : [];
}

function minPerspectivesDown({ passes, minPerspectives }: FlipInput): Flip[] {
  return passes >= 1 ? [flip('minPerspectives', minPerspectives, passes)] : [];
}

function alphaDown({ alpha, alphaDraw }: FlipInput): Flip[] {
  return alphaDraw > 0 ? [flip('alpha', alpha, alphaDraw)] : [];
}

function flip(parameter: Flip['parameter'], from: number, to: number): Flip {
  return { parameter, from, to, distance: from > 0 ? Math.abs(Math.log(to / from)) : Number.MAX_VALUE };
}

/** Rounding may put the product on either side of the test u < min(1, tau / f): step to the side that is really on it. */
function smallestPassing(draw: number, frequency: number, product: number): number {
  let tau = product;
  while (!(draw < Math.min(1, tau / frequency))) tau = nextUp(tau);
  return tau;
}

function largestFailing(draw: number, frequency: number, product: number): number {
  let tau = product;
  while (tau > 0 && draw < Math.min(1, tau / frequency)) tau = nextDown(tau);
  return tau;
}
