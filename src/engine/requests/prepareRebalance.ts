import { perspectives as allPerspectives, defaultMass, type Perspective } from '../../protocol/perspectives.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { tailShares } from '../entities/distribution.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { ComposedPerspective } from '../selection/composedPerspective.ts';
import type { ExpectedVolume } from '../selection/expectedVolume.ts';
import { type InverseProblem, type Solution, solveByAlpha, solveByMass, solveByTau } from '../selection/inverseSolver.ts';
import type { RebalanceInput } from '../selection/rebalance.ts';
import { instanceCounters } from '../selection/samplers/hashSampler.ts';
import { VolumeModel } from '../selection/volumeModel.ts';
import { type EntityStage, obtainEntityStage } from './entityStage.ts';
import { protectedInstances } from './protect.ts';
import type { StageLog } from './stageLog.ts';

/** Everything that decides a rebalancing, with thresholds and alpha as numbers. */
export interface PreparedRebalance {
  readonly input: RebalanceInput;
  /** Frequency that separates head and tail: the threshold before a target scaled it. */
  readonly boundary: Readonly<Partial<Record<Perspective, number | null>>>;
  /** Mass that each threshold stands for, by perspective. */
  readonly mass: Readonly<Partial<Record<Perspective, number>>>;
  readonly volume: ExpectedVolume;
  readonly entities: EntityStage;
  readonly target?: { readonly wanted: number; readonly reached: number; readonly maximum: number; readonly by: 'tau' | 'mass' | 'alpha' };
}

/** Opens the entities, sets the thresholds (by tau, mass or target) and computes the exact expected volume; draws nothing. */
export async function prepareRebalance(
  dataset: Dataset,
  request: RebalanceRequest,
  deps: EngineDeps,
  job: JobContext,
  log: StageLog,
): Promise<PreparedRebalance> {
  const order = request.perspectives ?? allPerspectives;
  assertParameters(request, order);
  const entities = await obtainEntityStage(dataset, { ...request, perspectives: order }, deps, job, log);
  const indexes = await Promise.all(order.map((perspective) => loadPerspective(entities.artifact(perspective))));
  assertSomeEntity(dataset, indexes);
  const keys = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  log.add('keys', keys.artifact);
  throwIfCancelled(job);

  const counting = request.sampler === 'python' ? 'mentions' : 'instances';
  const sorted = indexes.map((index) =>
    counting === 'mentions' && index.hasRepeats ? index.mentionFrequency.slice().sort().reverse() : index.frequency,
  );
  const massOf = (perspective: Perspective): number => request.mass?.[perspective] ?? defaultMass[perspective];
  const composeAt = (tauScale: number, massScale: number): ComposedPerspective[] =>
    indexes.map((index, k) => {
      const given = request.tau?.[index.perspective];
      const by =
        given !== undefined && massScale === 1
          ? { mass: massOf(index.perspective), tau: given }
          : { mass: Math.min(1, massOf(index.perspective) * massScale) };
      const tau = tailShares(sorted[k] ?? index.frequency, by).tau;
      return { index, tau: tau === null ? null : tau * tauScale, counting };
    });

  const instances = new Uint8Array(dataset.records);
  for (let ordinal = 0; ordinal < dataset.records; ordinal++)
    instances[ordinal] = (dataset.flags[ordinal] ?? 0) & recordFlags.usable ? 1 : 0;
  const shared = {
    minPerspectives: request.minPerspectives ?? 1,
    seed: request.seed ?? 42,
    sampler: request.sampler ?? 'hash',
    instances,
    protectedInstances: await protectedInstances(dataset, request.protect ?? [], job),
    counters: instanceCounters(keys.keys, keys.duplicates),
  } as const;
  const model = new VolumeModel({ indexes, counting, instances, protectedInstances: shared.protectedInstances });
  const volumeOf = (composed: readonly ComposedPerspective[], alpha: number): ExpectedVolume =>
    model.expected(
      composed.map(({ tau }) => tau),
      shared.minPerspectives,
      alpha,
    );

  await yieldToLoop();
  if (!request.target) {
    const composed = composeAt(1, 1);
    return finish(composed, request.alpha, volumeOf(composed, request.alpha ?? 1));
  }
  const { solution, by, wanted, maximum } = solveTarget();
  const composed = by === 'mass' ? composeAt(1, solution.scale) : composeAt(solution.scale, 1);
  const alpha = solution.alpha === (request.alpha ?? 1) ? request.alpha : solution.alpha;
  return { ...finish(composed, alpha, volumeOf(composed, alpha ?? 1)), target: { wanted, reached: solution.reached, maximum, by } };

  function finish(composed: readonly ComposedPerspective[], alpha: number | undefined, volume: ExpectedVolume): PreparedRebalance {
    const mass = Object.fromEntries(
      composed.map(({ index, tau }, k) => [
        index.perspective,
        tau === null ? massOf(index.perspective) : tailShares(sorted[k] ?? index.frequency, massOrTau(index, tau)).mass,
      ]),
    );
    const boundary = Object.fromEntries(composeAt(1, 1).map(({ index, tau }) => [index.perspective, tau]));
    return { input: { composed, alpha, ...shared }, boundary, mass, volume, entities };
  }

  /** The mass as given where the threshold came from it, else what the threshold stands for. */
  function massOrTau(index: PerspectiveIndex, tau: number): { mass: number; tau?: number } {
    const byMass = request.tau?.[index.perspective] === undefined && !request.target;
    return byMass ? { mass: massOf(index.perspective) } : { mass: massOf(index.perspective), tau };
  }

  function solveTarget(): { solution: Solution; by: 'tau' | 'mass' | 'alpha'; wanted: number; maximum: number } {
    const target = request.target ?? { kind: 'percent', value: 100 };
    const wanted = target.kind === 'percent' ? (dataset.instances * target.value) / 100 : target.value;
    const by = request.targetBy ?? 'tau';
    const alpha = request.alpha ?? 1;
    const everything = indexes.map(
      (index): ComposedPerspective => ({ index, tau: index.entities > 0 ? Number.MAX_VALUE : null, counting }),
    );
    const maximum = volumeOf(everything, alpha).expected;
    let protectedVolume = 0;
    for (let ordinal = 0; ordinal < dataset.records; ordinal++)
      if (instances[ordinal] && shared.protectedInstances[ordinal]) protectedVolume++;
    const problem: InverseProblem = { target: wanted, protectedVolume, maximum, alpha };
    const solution =
      by === 'alpha'
        ? solveByAlpha(problem, volumeOf(composeAt(1, 1), 1).expected)
        : by === 'mass'
          ? solveByMass(problem, Math.max(Number.MIN_VALUE, ...order.map(massOf)), (scale) => volumeOf(composeAt(1, scale), alpha).expected)
          : solveByTau(problem, (scale) => volumeOf(composeAt(scale, 1), alpha).expected);
    return { solution, by, wanted, maximum };
  }
}

function assertParameters(request: RebalanceRequest, order: readonly Perspective[]): void {
  if (order.length === 0)
    throw new EngineError('usage', 'No perspective is composed; name at least one in --perspectives.', { option: 'perspectives' });
  const minPerspectives = request.minPerspectives ?? 1;
  if (minPerspectives > order.length) {
    throw new EngineError('usage', `--min-perspectives ${minPerspectives} can never hold: only ${order.length} composed.`, {
      option: 'min-perspectives',
    });
  }
  if (request.alpha !== undefined && !(request.alpha >= 0 && request.alpha <= 1))
    throw new EngineError('usage', `--alpha takes 0 to 1; got ${request.alpha}.`, { option: 'alpha' });
}

function assertSomeEntity(dataset: Dataset, indexes: readonly PerspectiveIndex[]): void {
  if (dataset.instances === 0 || indexes.some((index) => index.entities > 0)) return;
  throw new EngineError(
    'entities.perspectiveEmpty',
    `No entity was found in ${indexes.map((index) => index.perspective).join(', ')} over ${dataset.instances} instances, so nothing could ever be kept. Is the text in a script that the extractor does not know (see ballast analyze)? Import entities with --entities, or compose other perspectives.`,
    { instances: dataset.instances },
  );
}
