import { perspectives as allPerspectives, type Perspective } from '../../protocol/perspectives.ts';
import type { RebalanceRequest } from '../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { type FrequencyRuns, runsOfFrequencies, runsOfSorted } from '../entities/frequencyRuns.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { ExpectedVolume } from '../selection/expectedVolume.ts';
import { type ForcedVerdicts, matchOverrides, standingOf } from '../selection/overrides.ts';
import { checkSettings } from '../selection/plan/parsePlan.ts';
import type { RebalanceInput } from '../selection/rebalance.ts';
import { buildRowClasses } from '../selection/rowClasses.ts';
import { sampleOf } from '../selection/rowSample.ts';
import { instanceCounters } from '../selection/samplers/hashSampler.ts';
import { decideThresholds, reachOf, type Thresholds } from '../selection/thresholds.ts';
import { VolumeModel, type VolumePerspective } from '../selection/volumeModel.ts';
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
  readonly overrides: ForcedVerdicts;
  readonly target?: NonNullable<Thresholds['target']>;
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
  const composed: (VolumePerspective & { readonly perspective: Perspective; readonly runs: FrequencyRuns })[] = [];
  for (const index of indexes)
    composed.push({ index, perspective: index.perspective, rows: await buildRowClasses(index, job), runs: drawnRuns(index, counting) });

  const instances = new Uint8Array(dataset.records);
  for (let ordinal = 0; ordinal < dataset.records; ordinal++)
    instances[ordinal] = (dataset.flags[ordinal] ?? 0) & recordFlags.usable ? 1 : 0;
  const overrides = matchOverrides(request.overrides ?? [], { keys: keys.keys, duplicates: keys.duplicates, instances });
  warnOfUnmatched(overrides, dataset, job);
  const shared = {
    minPerspectives: request.minPerspectives ?? 1,
    seed: request.seed ?? 42,
    sampler: request.sampler ?? 'hash',
    instances,
    protectedInstances: await protectedInstances(dataset, request.protect ?? [], job),
    verdicts: overrides.verdicts,
    counters: instanceCounters(keys.keys, keys.duplicates),
  } as const;
  const standing = standingOf(instances, shared.protectedInstances, overrides.verdicts);
  const model = new VolumeModel(counting);
  await yieldToLoop();
  throwIfCancelled(job);
  const sample = sampleOf(shared.counters);
  const volumeOf = (at: Thresholds['taus'], thinning: number): ExpectedVolume =>
    model.expected(composed, at, { minPerspectives: shared.minPerspectives, alpha: thinning, ...standing });
  const { taus, alpha, boundary, mass, target } = await decideThresholds({
    perspectives: composed,
    request,
    instances: dataset.instances,
    reach: () =>
      reachOf(
        indexes.map((index) => index.rowMinFrequency),
        shared.minPerspectives,
        standing.instances,
        standing.certain,
      ),
    ...(sample
      ? {
          estimate: (at, thinning) =>
            model.estimate(composed, at, { minPerspectives: shared.minPerspectives, alpha: thinning, ...standing }, sample),
        }
      : {}),
    expected: async (at, thinning) => {
      await yieldToLoop();
      throwIfCancelled(job);
      return volumeOf(at, thinning).expected;
    },
  });
  await yieldToLoop();
  return {
    input: { composed: indexes.map((index, k) => ({ index, tau: taus[k] ?? null, counting })), alpha, ...shared },
    boundary: byPerspective(order, boundary),
    mass: byPerspective(order, mass),
    volume: volumeOf(taus, alpha ?? 1),
    entities,
    overrides,
    ...(target ? { target } : {}),
  };
}

/** The frequencies that the probabilities of a perspective use. */
export function drawnRuns(index: PerspectiveIndex, counting: 'instances' | 'mentions'): FrequencyRuns {
  return counting === 'mentions' && index.hasRepeats ? runsOfFrequencies(index.mentionFrequency) : runsOfSorted(index.frequency);
}

export function warnOfUnmatched({ unmatched }: ForcedVerdicts, dataset: Dataset, job: JobContext): void {
  if (unmatched > 0)
    job.log('warn', `${unmatched} overrides match no instance of ${dataset.path}: the record was changed or is not in it.`);
}

function byPerspective<Value>(order: readonly Perspective[], values: readonly Value[]): Partial<Record<Perspective, Value>> {
  return Object.fromEntries(order.map((perspective, k) => [perspective, values[k] as Value])) as Partial<Record<Perspective, Value>>;
}

/** @throws EngineError `usage` */
export function assertParameters(request: RebalanceRequest, order: readonly Perspective[]): void {
  if (order.length === 0)
    throw new EngineError('usage', 'No perspective is composed; name at least one in --perspectives.', { option: 'perspectives' });
  const minPerspectives = request.minPerspectives ?? 1;
  if (minPerspectives > order.length) {
    throw new EngineError('usage', `--min-perspectives ${minPerspectives} can never hold: only ${order.length} composed.`, {
      option: 'min-perspectives',
    });
  }
  checkSettings({ ...request });
}

/** @throws EngineError `entities.perspectiveEmpty` when nothing could ever be kept */
export function assertSomeEntity(dataset: Dataset, indexes: readonly PerspectiveIndex[]): void {
  if (dataset.instances === 0 || indexes.some((index) => index.entities > 0)) return;
  throw new EngineError(
    'entities.perspectiveEmpty',
    `No entity was found in ${indexes.map((index) => index.perspective).join(', ')} over ${dataset.instances} instances, so nothing could ever be kept. Is the text in a script that the extractor does not know (see ballast analyze)? Import entities with --entities, or compose other perspectives.`,
    { instances: dataset.instances },
  );
}
