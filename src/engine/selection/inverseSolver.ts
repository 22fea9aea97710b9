import { EngineError } from '../jobs/engineError.ts';

/** Steps of a bisection: enough to exhaust the 53 bits of the scale. */
const bisectionSteps = 80;
/** Relative distance from the target at which a bisection may stop early. */
const tolerance = 1e-9;

export interface Solution {
  /** Common factor on the taus or the masses; 1 when alpha alone reached the target. */
  readonly scale: number;
  readonly alpha: number;
  readonly reached: number;
}

export interface InverseProblem {
  /** Wanted expected volume, in instances. */
  readonly target: number;
  /** Instances that are kept whatever the parameters: the least volume. */
  readonly protectedVolume: number;
  /** Volume at which every instance with enough non-empty perspectives is kept (mass 0), times the alpha in force. */
  readonly maximum: number;
  readonly alpha: number;
}

function assertReachable(problem: InverseProblem): void {
  const { target, protectedVolume, maximum } = problem;
  const rounded = (value: number): string => value.toFixed(value < 100 ? 2 : 0);
  if (target > maximum * (1 + 1e-12)) {
    throw new EngineError(
      'selection.unreachable',
      `The target of ${rounded(target)} instances cannot be reached: at most ${rounded(maximum)} have entities in enough perspectives. Lower --target or --min-perspectives, add perspectives, or protect instances (--protect text-only).`,
      { target, maximum },
    );
  }
  if (target < protectedVolume) {
    throw new EngineError(
      'selection.unreachable',
      `The target of ${rounded(target)} instances is below the ${protectedVolume} protected ones. Raise --target or protect fewer.`,
      { target, minimum: protectedVolume },
    );
  }
}

/** Thins head and tail alike: alpha in proportion, protected instances aside. */
export function solveByAlpha(problem: InverseProblem, volumeAtAlphaOne: number): Solution {
  const { target, protectedVolume } = problem;
  if (problem.target > volumeAtAlphaOne * (1 + 1e-12)) {
    throw new EngineError(
      'selection.unreachable',
      `The target of ${target.toFixed(2)} instances cannot be reached by alpha alone: at alpha 1 the thresholds keep ${volumeAtAlphaOne.toFixed(2)}. Use --target-by tau or mass.`,
      { target, maximum: volumeAtAlphaOne },
    );
  }
  assertReachable(problem);
  const free = volumeAtAlphaOne - protectedVolume;
  const alpha = free > 0 ? Math.min(1, (target - protectedVolume) / free) : 1;
  return { scale: 1, alpha, reached: protectedVolume + alpha * free };
}

/** Finds the common factor on all taus by bisection on its logarithm; the volume is continuous and non-decreasing in it. */
export function solveByTau(problem: InverseProblem, volumeAt: (scale: number) => number): Solution {
  assertReachable(problem);
  const { target, alpha } = problem;
  let low = 0;
  let high = 1;
  while (volumeAt(high) < target && high < 2 ** 60) {
    low = high;
    high *= 2;
  }
  if (low === 0) {
    let probe = 0.5;
    while (probe > 2 ** -60 && volumeAt(probe) >= target) {
      high = probe;
      probe /= 2;
    }
    low = probe;
  }
  for (let step = 0; step < bisectionSteps; step++) {
    const middle = Math.sqrt(low * high);
    if (middle <= low || middle >= high) break;
    const reached = volumeAt(middle);
    if (Math.abs(reached - target) <= tolerance * Math.max(1, target)) return { scale: middle, alpha, reached };
    if (reached < target) low = middle;
    else high = middle;
  }
  return { scale: high, alpha, reached: volumeAt(high) };
}

/**
 * Finds the largest common factor on all masses whose volume is at least the target (the volume is a non-increasing step function of it)
 * and lets alpha take the rest.
 */
export function solveByMass(problem: InverseProblem, largestMass: number, volumeAt: (scale: number) => number): Solution {
  assertReachable(problem);
  const { target, protectedVolume, alpha } = problem;
  let low = 0;
  let high = 1 / largestMass;
  if (volumeAt(high) >= target) low = high;
  for (let step = 0; step < bisectionSteps && high - low > 1e-12; step++) {
    const middle = (low + high) / 2;
    if (volumeAt(middle) >= target) low = middle;
    else high = middle;
  }
  const over = volumeAt(low);
  const free = over - protectedVolume;
  const rest = free > 0 ? Math.min(1, (target - protectedVolume) / free) : 1;
  return { scale: low, alpha: alpha * rest, reached: protectedVolume + rest * free };
}
