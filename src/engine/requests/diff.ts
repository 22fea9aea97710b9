import { defaultMass, type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { DiffPerspective, DiffReport, EntityFrequency } from '../../protocol/reports.ts';
import type { DiffRequest } from '../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { distributionSummary, entityFrequency, tailShares } from '../entities/distribution.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { frequenciesIn, lengthSummary, lostEntities } from '../reports/frequencies.ts';
import { type InstanceMatch, matchInstances } from '../reports/matchInstances.ts';
import { obtainEntityStage } from './entityStage.ts';
import { openSource, withThreads } from './openSource.ts';
import { StageLog } from './stageLog.ts';

const defaultTop = 20;

/** What B has lost and gained against A: instances by content, entities and distributions by the built-in extractor. */
export async function diff(request: DiffRequest, deps: EngineDeps, caller: JobContext): Promise<DiffReport> {
  const job = withThreads(caller, request.threads);
  const options = { ...(request.images ? { images: request.images } : {}), ...(request.runDir ? { runDir: request.runDir } : {}) };
  const a = await openSource({ ...options, dataset: request.a }, deps, job);
  const b = await openSource({ ...options, dataset: request.b }, deps, job);
  const keysOf = async (dataset: Dataset) => ({
    keys: (await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job)).keys,
    ordinals: usableOrdinals(dataset),
  });
  const match = matchInstances(await keysOf(a), await keysOf(b));
  const top = request.top ?? defaultTop;
  const perspectiveReports: Partial<Record<Perspective, DiffPerspective>> = {};
  const [indexesA, indexesB] = await openIndexes(a, b, match, deps, job);
  for (const perspective of perspectives)
    perspectiveReports[perspective] = await compare(indexesA?.(perspective), indexesB?.(perspective), match, top);
  return {
    a: { ...a.summary, instances: a.instances },
    b: { ...b.summary, instances: b.instances },
    common: match.commonA.length,
    added: match.added.length,
    removed: match.removed.length,
    addedOrdinals: Array.from(match.added.subarray(0, top)),
    removedOrdinals: Array.from(match.removed.subarray(0, top)),
    lengths: { a: lengthSummary(a, usableOrdinals(a)), b: lengthSummary(b, usableOrdinals(b)) },
    perspectives: perspectiveReports,
  };
}

type OpenIndex = (perspective: Perspective) => Promise<PerspectiveIndex>;

/** Extraction depends on an instance's content only, so a dataset whose instances all occur in the other needs no extraction of its own. */
async function openIndexes(
  a: Dataset,
  b: Dataset,
  match: InstanceMatch,
  deps: EngineDeps,
  job: JobContext,
): Promise<[OpenIndex | undefined, OpenIndex | undefined]> {
  const open = async (dataset: Dataset): Promise<OpenIndex> => {
    const stage = await obtainEntityStage(dataset, { perspectives }, deps, job, new StageLog());
    return (perspective) => loadPerspective(stage.artifact(perspective));
  };
  if (match.added.length === 0) return [await open(a), undefined];
  if (match.removed.length === 0) return [undefined, await open(b)];
  return [await open(a), await open(b)];
}

async function compare(
  openA: Promise<PerspectiveIndex> | undefined,
  openB: Promise<PerspectiveIndex> | undefined,
  match: InstanceMatch,
  top: number,
): Promise<DiffPerspective> {
  const [a, b] = [await openA, await openB];
  if (a && !b) return withinOne(a, a.frequency, frequenciesIn(a, match.commonA), top);
  if (b && !a) return withinOne(b, frequenciesIn(b, match.commonB), b.frequency, top);
  if (!a || !b) throw new Error('no index to compare');
  const namesA = nameSet(a);
  const namesB = nameSet(b);
  const lost = missingFrom(a, namesB);
  const gained = missingFrom(b, namesA);
  return summary(
    a.frequency,
    b.frequency,
    lost.map((id) => entityFrequency(a, id)),
    gained.map((id) => entityFrequency(b, id)),
    top,
  );
}

/** Both sides counted over the entities of one index. */
function withinOne(index: PerspectiveIndex, before: Uint32Array, after: Uint32Array, top: number): DiffPerspective {
  const named = (ids: number[], counts: Uint32Array): EntityFrequency[] =>
    ids.map((id) => ({ ...entityFrequency(index, id), frequency: counts[id] ?? 0 }));
  return summary(before, after, named(lostEntities(before, after), before), named(lostEntities(after, before), after), top);
}

function summary(
  before: Uint32Array,
  after: Uint32Array,
  lost: readonly EntityFrequency[],
  gained: readonly EntityFrequency[],
  top: number,
): DiffPerspective {
  const sorted = before
    .filter((f) => f > 0)
    .sort()
    .reverse();
  const { tau } = tailShares(sorted, { mass: defaultMass.token });
  return {
    before: distributionSummary(before, tau),
    after: distributionSummary(after, tau),
    entitiesLost: lost.length,
    entitiesGained: gained.length,
    lost: lost.slice(0, top),
    gained: gained.slice(0, top),
  };
}

function nameSet(index: PerspectiveIndex): Set<string> {
  const names = new Set<string>();
  for (let id = 0; id < index.entities; id++) names.add(index.nameOf(id));
  return names;
}

function missingFrom(index: PerspectiveIndex, names: ReadonlySet<string>): number[] {
  const missing: number[] = [];
  for (let id = 0; id < index.entities; id++) if (!names.has(index.nameOf(id))) missing.push(id);
  return missing;
}

function usableOrdinals(dataset: Dataset): Uint32Array {
  const ordinals: number[] = [];
  for (let ordinal = 0; ordinal < dataset.records; ordinal++)
    if ((dataset.flags[ordinal] ?? 0) & recordFlags.usable) ordinals.push(ordinal);
  return Uint32Array.from(ordinals);
}
