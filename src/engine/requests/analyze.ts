import { perspectives as allPerspectives, defaultMass, type Perspective } from '../../protocol/perspectives.ts';
import type { AnalyzeReport, HygieneEffect, PerspectiveReport } from '../../protocol/reports.ts';
import { type AnalyzeRequest, hygieneSwitches } from '../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { compareCodePoints } from '../entities/codePointOrder.ts';
import { perspectiveReport } from '../entities/distribution.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import { pairName, parsePairName } from '../entities/pairName.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { entityOrdinals } from '../entities/reverseIndex.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { expectedVolume } from '../selection/expectedVolume.ts';
import { PassProbabilities } from '../selection/passProbabilities.ts';
import { buildRowClasses } from '../selection/rowClasses.ts';
import { type EntityStage, obtainEntityStage } from './entityStage.ts';
import { ensureRunDir, openSource, withThreads } from './openSource.ts';
import { assertOwnOutputs } from './outputPaths.ts';
import { StageLog } from './stageLog.ts';

/** Entities, distributions and the expected volume at their taus. */
export async function analyze(request: AnalyzeRequest, deps: EngineDeps, caller: JobContext): Promise<AnalyzeReport> {
  const started = performance.now();
  const job = withThreads(caller, request.threads);
  const log = new StageLog();
  const dataset = await openSource(request, deps, job);
  await ensureRunDir(dataset.runDir);
  if (request.export) await assertOwnOutputs(dataset, request, [{ option: 'export', path: request.export }]);
  const order = request.perspectives ?? allPerspectives;
  const stage = await obtainEntityStage(dataset, { ...request, perspectives: order }, deps, job, log);
  const measured = await measure(dataset, stage, request, order, job);
  const entity =
    request.entity === undefined || request.entityPerspective === undefined
      ? undefined
      : await findEntity(stage, request.entityPerspective, request.entity, order);
  const exported = request.export === undefined ? undefined : await stage.exportTo(request.export);
  const effects = request.hygieneEffects ? await hygieneEffects(dataset, request, deps, job, measured) : undefined;
  return {
    dataset: dataset.summary,
    instances: dataset.instances,
    perspectives: Object.fromEntries(order.map((perspective, k) => [perspective, measured.reports[k]])),
    runDir: dataset.runDir,
    expected: measured.expected,
    text: stage.text,
    entitiesFrom: stage.from,
    hygiene: stage.hygiene,
    ...(effects ? { hygieneEffects: effects } : {}),
    ...(entity ? { entity } : {}),
    ...(exported ? { exported } : {}),
    reused: log.reused,
    seconds: (performance.now() - started) / 1000,
  };
}

interface Measured {
  readonly reports: readonly PerspectiveReport[];
  readonly expected: number;
  readonly entities: number;
  readonly postings: number;
}

/** Reports of all perspectives and the volume at their taus. */
async function measure(
  dataset: Dataset,
  stage: EntityStage,
  request: AnalyzeRequest,
  order: readonly Perspective[],
  job: JobContext,
): Promise<Measured> {
  const reports: PerspectiveReport[] = [];
  const q: PassProbabilities[] = [];
  for (const [done, perspective] of order.entries()) {
    throwIfCancelled(job);
    const index: PerspectiveIndex = await loadPerspective(stage.artifact(perspective));
    const report = perspectiveReport(index, {
      mass: request.mass?.[perspective] ?? defaultMass[perspective],
      tau: request.tau?.[perspective],
      top: request.top,
    });
    reports.push(report);
    q.push(new PassProbabilities({ index, tau: report.tau, counting: 'instances' }, dataset.records, await buildRowClasses(index, job)));
    job.report({ stage: 'distribution', done: done + 1, total: order.length, unit: 'records' });
    await yieldToLoop();
  }
  const instances = dataset.flags.map((flags) => flags & recordFlags.usable);
  const { expected } = expectedVolume({ q, minPerspectives: 1, alpha: 1, instances, protectedInstances: new Uint8Array(dataset.records) });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    reports,
    expected,
    entities: sum(reports.map(({ entities }) => entities)),
    postings: sum(reports.map(({ postings }) => postings)),
  };
}

async function findEntity(
  stage: EntityStage,
  perspective: Perspective,
  name: string,
  order: readonly Perspective[],
): Promise<AnalyzeReport['entity']> {
  if (!order.includes(perspective))
    throw new EngineError('usage', `--perspective ${perspective} is not among --perspectives ${order.join(',')}.`, {
      option: 'perspective',
    });
  const index = await loadPerspective(stage.artifact(perspective));
  const id = index.find(perspective === 'cooccurrence' ? inAscendingOrder(name) : name);
  if (id < 0) {
    const hint = perspective === 'cooccurrence' ? ' A cooccurrence is two objects joined by a comma.' : '';
    throw new EngineError('entity.notFound', `No instance holds the ${perspective} entity "${name}".${hint}`, {
      entity: name,
      perspective,
    });
  }
  return { perspective, entity: index.nameOf(id), frequency: index.frequency[id] ?? 0, ordinals: Array.from(entityOrdinals(index, id)) };
}

/** A pair is named by its objects in ascending order; people need not know which that is. */
function inAscendingOrder(name: string): string {
  const pair = parsePairName(name);
  return pair ? pairName(...([...pair].sort(compareCodePoints) as [string, string])) : name;
}

/** The volume as set against the volume with one switch turned the other way, for each switch. */
async function hygieneEffects(
  dataset: Dataset,
  request: AnalyzeRequest,
  deps: EngineDeps,
  job: JobContext,
  now: Measured,
): Promise<HygieneEffect[]> {
  const order = request.perspectives ?? allPerspectives;
  const base = await obtainEntityStage(dataset, { ...request, perspectives: order }, deps, job, new StageLog());
  const minFrequency = request.minFrequency ?? 1;
  const turned: { readonly name: HygieneEffect['switch']; readonly on: boolean; readonly change: Partial<AnalyzeRequest> }[] =
    hygieneSwitches.map((name) => {
      const on = base.hygiene.includes(name);
      return { name, on, change: { hygiene: on ? base.hygiene.filter((each) => each !== name) : [...base.hygiene, name] } };
    });
  turned.push({ name: 'minFrequency', on: minFrequency > 1, change: { minFrequency: minFrequency > 1 ? 1 : 2 } });
  const effects: HygieneEffect[] = [];
  for (const { name, on, change } of turned) {
    const stage = await obtainEntityStage(dataset, { ...request, perspectives: order, ...change }, deps, job, new StageLog());
    const other = await measure(dataset, stage, request, order, job);
    effects.push({
      switch: name,
      on,
      entities: Math.abs(other.entities - now.entities),
      postings: Math.abs(other.postings - now.postings),
      expected: now.expected,
      expectedOtherwise: other.expected,
    });
  }
  return effects;
}
