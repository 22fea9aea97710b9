import type { SourceCount } from '../../protocol/diff.ts';
import { defaultMass, type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { DistributionSummary, LengthSummary } from '../../protocol/reports.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { descending, distributionSummary, tauOfMass } from '../entities/distribution.ts';
import { loadPerspective } from '../entities/loadPerspective.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { Breath } from '../jobs/breath.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { type ChangedInstances, changedInstances } from '../reports/changedInstances.ts';
import { frequenciesAmong, lengthSummary, lostEntities } from '../reports/frequencies.ts';
import { type InstanceMatch, matchInstances } from '../reports/matchInstances.ts';
import { missingEntities } from '../reports/missingEntities.ts';
import { sourceCounts } from '../reports/sourceCounts.ts';
import type { Artifact } from '../runs/artifacts.ts';
import { obtainEntityStage } from './entityStage.ts';
import { ensureRunDir } from './openSource.ts';
import { StageLog } from './stageLog.ts';

/** Everything that is known of two datasets together. Flat arrays only: some bytes per instance and per lost or gained entity. */
export interface Comparison {
  readonly a: ComparedDataset;
  readonly b: ComparedDataset;
  readonly match: InstanceMatch;
  readonly changed: ChangedInstances;
  readonly sources: readonly SourceCount[];
  readonly perspectives: Readonly<Record<Perspective, ComparedPerspective>>;
}

export interface ComparedDataset {
  readonly dataset: Dataset;
  /** 16 bytes of content hash per ordinal. */
  readonly keys: Uint8Array;
  readonly lengths: LengthSummary;
}

export interface ComparedPerspective {
  readonly tau: number | null;
  readonly before: DistributionSummary;
  readonly after: DistributionSummary;
  readonly lost: ChangedEntities;
  readonly gained: ChangedEntities;
}

/** Entities that one dataset has and the other has not, the most frequent first. */
export interface ChangedEntities {
  /** Where the names are; its arrays are read again when a name is asked for. */
  readonly index: PerspectiveIndex;
  readonly ids: Uint32Array;
  /** Instances that hold each of `ids`, in the dataset that has it. */
  readonly frequency: Uint32Array;
}

/** Compares two datasets: instances by content, entities and distributions by the built-in extractor. */
export async function compareDatasets(a: Dataset, b: Dataset, deps: EngineDeps, job: JobContext): Promise<Comparison> {
  const [ordinalsA, ordinalsB] = [usableOrdinals(a), usableOrdinals(b)];
  const keysOf = async (dataset: Dataset): Promise<Uint8Array> => {
    await ensureRunDir(dataset.runDir);
    return (await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job)).keys;
  };
  const [keysA, keysB] = [await keysOf(a), await keysOf(b)];
  const breath = new Breath(job);
  const match = await matchInstances({ keys: keysA, ordinals: ordinalsA }, { keys: keysB, ordinals: ordinalsB }, breath);
  await breath.take();
  const changed = await changedInstances({ dataset: a, ordinals: match.removed }, { dataset: b, ordinals: match.added }, breath);
  await breath.take();
  const sources = await sourceCounts(a, b, breath);
  await breath.take();
  const compared = await compareEntities(a, b, match, deps, job);
  return {
    a: { dataset: a, keys: keysA, lengths: lengthSummary(a, ordinalsA) },
    b: { dataset: b, keys: keysB, lengths: lengthSummary(b, ordinalsB) },
    match,
    changed,
    sources,
    perspectives: compared,
  };
}

async function compareEntities(
  a: Dataset,
  b: Dataset,
  match: InstanceMatch,
  deps: EngineDeps,
  job: JobContext,
): Promise<Comparison['perspectives']> {
  const [artifactA, artifactB] = await obtainIndexes(a, b, match, deps, job);
  const compared: Partial<Record<Perspective, ComparedPerspective>> = {};
  for (const [i, perspective] of perspectives.entries()) {
    job.report({ stage: 'distribution', done: i, total: perspectives.length, unit: 'records' });
    compared[perspective] = await comparePerspective(perspective, artifactA?.(perspective), artifactB?.(perspective), match, job);
  }
  job.report({ stage: 'distribution', done: perspectives.length, total: perspectives.length, unit: 'records' });
  return compared as Comparison['perspectives'];
}

type ArtifactOf = (perspective: Perspective) => Artifact;

/** Extraction depends on an instance's content only, so a dataset whose instances all occur in the other needs no extraction of its own. */
async function obtainIndexes(
  a: Dataset,
  b: Dataset,
  match: InstanceMatch,
  deps: EngineDeps,
  job: JobContext,
): Promise<readonly [ArtifactOf | undefined, ArtifactOf | undefined]> {
  const indexesOf = async (dataset: Dataset): Promise<ArtifactOf> =>
    (await obtainEntityStage(dataset, { perspectives }, deps, job, new StageLog())).artifact;
  if (match.added.length === 0) return [await indexesOf(a), undefined];
  if (match.removed.length === 0) return [undefined, await indexesOf(b)];
  return [await indexesOf(a), await indexesOf(b)];
}

/** One perspective at a time: the index of the pairs alone can take hundreds of megabytes. */
async function comparePerspective(
  perspective: Perspective,
  artifactA: Artifact | undefined,
  artifactB: Artifact | undefined,
  match: InstanceMatch,
  job: JobContext,
): Promise<ComparedPerspective> {
  const a = artifactA && (await loadPerspective(artifactA));
  const b = artifactB && (await loadPerspective(artifactB));
  const one = a ?? b;
  if (!one) throw new Error('no index to compare');
  const breath = new Breath(job);
  await breath.take();
  const before = a ? a.frequency : await frequenciesAmong(one, match.commonB, breath);
  await breath.take();
  const after = b ? b.frequency : await frequenciesAmong(one, match.commonA, breath);
  await breath.take();
  const lostIds = a && b ? await missingEntities(a, b, breath) : lostEntities(before, after);
  await breath.take();
  const gainedIds = a && b ? await missingEntities(b, a, breath) : lostEntities(after, before);
  await breath.take();
  const tau = tauOfMass(a ? before : descending(before), defaultMass[perspective])?.tau ?? null;
  await breath.take();
  const beforeSummary = distributionSummary(before, tau);
  await breath.take();
  const summaries = { before: beforeSummary, after: distributionSummary(after, tau) };
  await breath.take();
  // Opened anew, so that only what naming needs is read and kept.
  const named = async (ids: Uint32Array, frequency: Uint32Array, artifact: Artifact | undefined): Promise<ChangedEntities> => ({
    index: await loadPerspective((artifact ?? artifactA ?? artifactB) as Artifact),
    ids,
    frequency: ids.map((id) => frequency[id] as number),
  });
  return { tau, ...summaries, lost: await named(lostIds, before, artifactA), gained: await named(gainedIds, after, artifactB) };
}

function usableOrdinals(dataset: Dataset): Uint32Array {
  const ordinals = new Uint32Array(dataset.instances);
  let write = 0;
  for (let ordinal = 0; ordinal < dataset.records; ordinal++)
    if ((dataset.flags[ordinal] as number) & recordFlags.usable) ordinals[write++] = ordinal;
  return ordinals;
}
