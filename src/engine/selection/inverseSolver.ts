import { EngineError } from '../jobs/engineError.ts';

/** Steps of a bisection: enough to exhaust the 53 bits of the scale. */
const bisectionSteps = 80;
/** Steps of the secant search, and how often it bisects instead, so that it ends wherever the volume has a kink. */
const solverSteps = 200;
const bisectEvery = 8;
/** Binary logarithm of the largest factor on the taus, and of the smallest with the sign turned. */
const furthest = 60;
/** First step away from a guess, on the same scale: about how far an estimate from a sample is off. */
const nearStride = 1 / 32;
/** Relative distance from the target at which a bisection may stop early. */
const tolerance = 1e-9;

export interface Solution {
  /** Common factor on the taus or the masses; 1 when alpha alone reached the target. */
  readonly scale: number;
  readonly alpha: number;
  readonly reached: number;
}

/** Expected volume at a common factor on the taus or the masses. */
export type VolumeAt = (scale: number) => number | Promise<number>;

export interface InverseProblem {
  /** Wanted expected volume, in instances. */
  readonly target: number;
  /** Instances that are kept whatever the parameters (protected, forced): the least volume. */
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
      `The target of ${rounded(target)} instances is below the ${protectedVolume} protected or forced ones. Raise --target, protect fewer, or take overrides back.`,
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

/**
 * Finds the common factor on all taus on a scale of its binary logarithm; the volume is continuous and non-decreasing in it.
 * The secant of a bracket that never loses the solution (Illinois): few volumes are computed, since each takes a pass over the rows.
 * @param guess a factor that is near; it decides how many volumes are computed, and the last bits of the result
 */
export async function solveByTau(problem: InverseProblem, volumeAt: VolumeAt, guess?: number): Promise<Solution> {
  assertReachable(problem);
  const { target, alpha } = problem;
  const missAt = async (x: number): Promise<number> => (await volumeAt(2 ** x)) - target;
  const solution = (x: number, miss: number): Solution => ({ scale: 2 ** x, alpha, reached: miss + target });
  const isNear = (miss: number): boolean => Math.abs(miss) <= tolerance * Math.max(1, target);

  const bracket = await bracketOf(Math.log2(guess ?? 1), guess === undefined ? 1 : nearStride, missAt, isNear);
  if (bracket.found !== undefined) return solution(bracket.found, bracket.missLow);
  let { low, high, missLow, missHigh } = bracket;
  let side = 0;
  let [weightLow, weightHigh] = [missLow, missHigh];
  for (let step = 0; step < solverSteps; step++) {
    const secant = (low * weightHigh - high * weightLow) / (weightHigh - weightLow);
    const x = secant > low && secant < high && step % bisectEvery !== bisectEvery - 1 ? secant : (low + high) / 2;
    if (x <= low || x >= high) break;
    const miss = await missAt(x);
    if (isNear(miss)) return solution(x, miss);
    if (miss < 0) {
      [low, missLow, weightLow] = [x, miss, miss];
      if (side === -1) weightHigh /= 2;
      side = -1;
    } else {
      [high, missHigh, weightHigh] = [x, miss, miss];
      if (side === 1) weightLow /= 2;
      side = 1;
    }
  }
  return solution(high, missHigh);
}

interface Bracket {
  readonly low: number;
  readonly high: number;
  /** Below 0 at `low`, above 0 at `high`. */
  readonly missLow: number;
  readonly missHigh: number;
  /** Where the search met the target, or the end of the range; its miss is `missLow`. */
  readonly found?: number;
}

/** Goes out from `start` in steps that double until the target lies between two volumes. */
async function bracketOf(
  start: number,
  firstStride: number,
  missAt: (x: number) => Promise<number>,
  isNear: (miss: number) => boolean,
): Promise<Bracket> {
  let x = start;
  let miss = await missAt(x);
  const direction = miss < 0 ? 1 : -1;
  for (let stride = firstStride; ; stride *= 2) {
    if (isNear(miss) || x === direction * furthest) return { low: x, high: x, missLow: miss, missHigh: miss, found: x };
    const next = direction > 0 ? Math.min(furthest, x + stride) : Math.max(-furthest, x - stride);
    const there = await missAt(next);
    if (there < 0 !== miss < 0 && !isNear(there))
      return direction > 0
        ? { low: x, high: next, missLow: miss, missHigh: there }
        : { low: next, high: x, missLow: there, missHigh: miss };
    [x, miss] = [next, there];
  }
}

/**
 * Finds the largest common factor on all masses whose volume is at least the target (the volume is a non-increasing step function of it)
 * and lets alpha take the rest.
 */
export async function solveByMass(problem: InverseProblem, largestMass: number, volumeAt: VolumeAt): Promise<Solution> {
  assertReachable(problem);
  const { target, protectedVolume, alpha } = problem;
  let low = 0;
  let high = 1 / largestMass;
  if ((await volumeAt(high)) >= target) low = high;
  for (let step = 0; step < bisectionSteps && high - low > 1e-12; step++) {
    const middle = (low + high) / 2;
    if ((await volumeAt(middle)) >= target) low = middle;
    else high = middle;
  }
  const over = await volumeAt(low);
  const free = over - protectedVolume;
  const rest = free > 0 ? Math.min(1, (target - protectedVolume) / free) : 1;
  return { scale: low, alpha: alpha * rest, reached: protectedVolume + rest * free };
}
