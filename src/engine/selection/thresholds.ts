import type { Perspective } from '../../protocol/perspectives.ts';
import { defaultMass } from '../../protocol/perspectives.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import { type FrequencyRuns, sharesOfRuns } from '../entities/frequencyRuns.ts';
import { type InverseProblem, type Solution, solveByAlpha, solveByMass, solveByTau } from './inverseSolver.ts';

type Taus = readonly (number | null)[];

/** Binary logarithm of a factor beyond which a sample holds too little to go by. */
const usableGuess = 16;

export interface ThresholdProblem {
  /** Composed perspectives in their order, with the frequencies that their probabilities use. */
  readonly perspectives: readonly { readonly perspective: Perspective; readonly runs: FrequencyRuns }[];
  readonly request: Pick<RebalanceRequest, 'mass' | 'tau' | 'alpha' | 'target' | 'targetBy'>;
  /** Instances of the dataset: what percentages are of. */
  readonly instances: number;
  reach(): Reach;
  /** Exact expected volume; the answer must depend on the arguments alone. Asked only when there is a target. */
  expected(taus: Taus, alpha: number): Promise<number>;
  /** A cheap estimate of the same, where the dataset is large enough for one. */
  estimate?(taus: Taus, alpha: number): number;
}

/** Between what and what a volume can lie. */
export interface Reach {
  /** Instances that are kept in any case. */
  readonly certain: number;
  /** Further instances with enough perspectives that hold an entity: all that high thresholds can add. */
  readonly drawn: number;
}

/**
 * @param rowMinima per composed perspective, 0 for rows without an entity
 * @param instances nonzero for instances that may be kept
 * @param certain nonzero for instances that are kept in any case
 */
export function reachOf(rowMinima: readonly Uint32Array[], minPerspectives: number, instances: Uint8Array, certain: Uint8Array): Reach {
  const held = new Uint8Array(instances.length);
  for (const minimum of rowMinima)
    for (let ordinal = 0; ordinal < held.length; ordinal++) if (minimum[ordinal]) held[ordinal] = (held[ordinal] as number) + 1;
  const reach = { certain: 0, drawn: 0 };
  for (let ordinal = 0; ordinal < held.length; ordinal++) {
    if (!instances[ordinal]) continue;
    if (certain[ordinal]) reach.certain++;
    else if ((held[ordinal] as number) >= minPerspectives) reach.drawn++;
  }
  return reach;
}

/** Thresholds and alpha as numbers. */
export interface Thresholds {
  /** In the order of the perspectives; null for one without entities. */
  readonly taus: Taus;
  /** undefined: not asked for, no draw. */
  readonly alpha: number | undefined;
  /** Frequency that separates head and tail: the threshold before a target scaled it. */
  readonly boundary: Taus;
  /** Mass that each threshold stands for. */
  readonly mass: readonly number[];
  readonly target?: { readonly wanted: number; readonly reached: number; readonly maximum: number; readonly by: 'tau' | 'mass' | 'alpha' };
}

/**
 * Sets the thresholds by tau, mass or target.
 * @throws EngineError `selection.unreachable`
 */
export async function decideThresholds(problem: ThresholdProblem): Promise<Thresholds> {
  const { perspectives, request } = problem;
  const massOf = (k: number): number => {
    const { perspective } = perspectives[k] as ThresholdProblem['perspectives'][number];
    return request.mass?.[perspective] ?? defaultMass[perspective];
  };
  const tausAt = (tauScale: number, massScale: number): Taus =>
    perspectives.map(({ perspective, runs }, k) => {
      const given = massScale === 1 ? request.tau?.[perspective] : undefined;
      const { tau } = sharesOfRuns(runs, { mass: Math.min(1, massOf(k) * massScale), tau: given });
      return tau === null ? null : tau * tauScale;
    });
  const boundary = tausAt(1, 1);
  const masses = (taus: Taus): readonly number[] =>
    perspectives.map(({ perspective, runs }, k) => {
      const tau = taus[k] ?? null;
      // As given where the threshold came from it, else what the threshold stands for.
      const isGiven = tau === null || (request.tau?.[perspective] === undefined && !request.target);
      return isGiven ? massOf(k) : sharesOfRuns(runs, { mass: massOf(k), tau }).mass;
    });
  if (!request.target) return { taus: boundary, alpha: request.alpha, boundary, mass: masses(boundary) };
  const { solution, ...target } = await solveTarget(
    problem,
    request.target,
    tausAt,
    boundary,
    Math.max(...perspectives.map((_, k) => massOf(k))),
  );
  const taus = target.by === 'mass' ? tausAt(1, solution.scale) : tausAt(solution.scale, 1);
  const alpha = solution.alpha === (request.alpha ?? 1) ? request.alpha : solution.alpha;
  return { taus, alpha, boundary, mass: masses(taus), target: { ...target, reached: solution.reached } };
}

async function solveTarget(
  { request, instances, reach, expected, estimate }: ThresholdProblem,
  target: NonNullable<RebalanceRequest['target']>,
  tausAt: (tauScale: number, massScale: number) => Taus,
  boundary: Taus,
  largestMass: number,
): Promise<{ readonly solution: Solution; readonly by: 'tau' | 'mass' | 'alpha'; readonly wanted: number; readonly maximum: number }> {
  const wanted = target.kind === 'percent' ? (instances * target.value) / 100 : target.value;
  const by = request.targetBy ?? 'tau';
  const alpha = by === 'alpha' ? 1 : (request.alpha ?? 1); // by alpha: it is what is looked for
  const { certain, drawn } = reach();
  const maximum = certain + alpha * drawn;
  const problem: InverseProblem = { target: wanted, protectedVolume: certain, maximum, alpha };
  const known = new Map<string, number>(); // a search over masses meets the same thresholds again
  const volumeAt = async (taus: Taus): Promise<number> => {
    const key = taus.join();
    const volume = known.get(key) ?? (await expected(taus, alpha));
    known.set(key, volume);
    return volume;
  };
  if (by === 'alpha') return { solution: solveByAlpha(problem, await volumeAt(boundary)), by, wanted, maximum };
  if (by === 'mass')
    return {
      solution: await solveByMass(problem, Math.max(Number.MIN_VALUE, largestMass), (scale) => volumeAt(tausAt(1, scale))),
      by,
      wanted,
      maximum,
    };
  const scaled = (scale: number): Taus => boundary.map((tau) => (tau === null ? null : tau * scale));
  const guess = estimate && (await solveByTau(problem, (scale) => estimate(scaled(scale), alpha))).scale;
  const isUsable = guess !== undefined && Math.abs(Math.log2(guess)) < usableGuess;
  return { solution: await solveByTau(problem, (scale) => volumeAt(scaled(scale)), isUsable ? guess : undefined), by, wanted, maximum };
}
