import { join } from 'node:path';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { WorkerPool } from '../../jobs/workerPool.ts';
import { type ArtifactKey, hashOf, obtainArtifact } from '../../runs/artifacts.ts';
import { readNpy, writeNpy } from '../../runs/npy.ts';
import { labelPrefix } from '../samplers/hashSampler.ts';
import { criticalTauRule, type DrawnRows, fillCriticalTaus } from './criticalTau.ts';
import { type EntityNames, entityNames, fillEntityKeys } from './entityKeys.ts';

/** Work of one task: tens of milliseconds. */
const keysPerTask = 100_000;
const postingsPerTask = 1_000_000;
/** Below this many postings this thread is done before a worker has started, and the disk is no faster. */
const smallPostings = 1_000_000;

export interface EntityKeyTask {
  readonly names: EntityNames;
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
  readonly out: Uint32Array;
}

export interface CriticalTauTask {
  readonly rows: DrawnRows;
  readonly from: number;
  readonly to: number;
  readonly floor: number;
  readonly out: Float64Array;
}

export function runEntityKeyTask({ names, prefix, from, to, out }: EntityKeyTask): void {
  fillEntityKeys(names, prefix, from, to, out);
}

export function runCriticalTauTask({ rows, from, to, floor, out }: CriticalTauTask): void {
  fillCriticalTaus(rows, from, to, floor, out);
}

export interface CriticalTauRequest {
  readonly index: PerspectiveIndex;
  /** On shared memory. */
  readonly counters: Uint32Array;
  readonly seed: number;
  /** Least threshold that will be asked about; 0 for any. */
  readonly floor: number;
  readonly runDir: string;
  /** Hashes of the index and of the instance keys. */
  readonly inputs: readonly string[];
  readonly script: string;
  readonly job: JobContext;
}

/** Critical taus of all rows under one seed; of a large index they are kept on the disk. */
export async function obtainCriticalTaus(request: CriticalTauRequest): Promise<Float64Array> {
  const { index, job } = request;
  if (index.rowEntities.length < smallPostings) return compute(request);
  const artifact = await obtainArtifact(request.runDir, {
    ...criticalTauKey(request),
    job,
    build: async (folder) => writeNpy(join(folder, 'criticalTau.npy'), await compute(request)),
  });
  return readNpy(join(artifact.folder, 'criticalTau.npy'), '<f8');
}

function criticalTauKey({ index, seed, floor, inputs }: CriticalTauRequest): ArtifactKey {
  return {
    stage: 'select',
    inputHash: hashOf(inputs),
    parameters: { rule: criticalTauRule, perspective: index.perspective, prefix: labelPrefix(seed, index.perspective), floor },
  };
}

async function compute({ index, counters, seed, floor, script, job }: CriticalTauRequest): Promise<Float64Array> {
  const { frequency, rowOffsets, rowEntities, rowMinFrequency } = index;
  // Rows that are drawn hold no rarer entity, and ids go from frequent to rare.
  let drawn = frequency.length;
  while (drawn > 0 && (frequency[drawn - 1] as number) <= floor) drawn--;
  const keys = new Uint32Array(new SharedArrayBuffer(drawn * 8));
  const rows: DrawnRows = { rowOffsets, rowEntities, rowMinFrequency, frequency, keys, counters };
  const out = new Float64Array(new SharedArrayBuffer(index.records * 8));
  const names = entityNames(index, drawn);
  const prefix = labelPrefix(seed, index.perspective);
  const keyTasks: EntityKeyTask[] = [];
  for (let from = 0; from < drawn; from += keysPerTask)
    keyTasks.push({ names, prefix, from, to: Math.min(drawn, from + keysPerTask), out: keys });
  const rowTasks = [...rowRanges(index)].map(({ from, to }): CriticalTauTask => ({ rows, from, to, floor, out }));
  const report = (done: number): void =>
    job.report({
      stage: 'select',
      done: Math.round((done / (keyTasks.length + rowTasks.length)) * index.records),
      total: index.records,
      unit: 'instances',
    });

  if (job.threads < 2 || rowEntities.length < smallPostings) {
    let done = 0;
    for (const run of [
      ...keyTasks.map((task) => () => runEntityKeyTask(task)),
      ...rowTasks.map((task) => () => runCriticalTauTask(task)),
    ]) {
      throwIfCancelled(job);
      run();
      report(++done);
      await yieldToLoop();
    }
    return out;
  }
  await using pool = new WorkerPool({ script, threads: job.threads, signal: job.signal, tasksAhead: 2 });
  let done = 0;
  for await (const _ of pool.runInOrder(keyTasks.map((payload) => ({ kind: 'entityKeys', payload })))) report(++done);
  for await (const _ of pool.runInOrder(rowTasks.map((payload) => ({ kind: 'criticalTaus', payload })))) report(++done);
  return out;
}

function* rowRanges({ records, rowOffsets }: PerspectiveIndex): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < records; ) {
    let to = from + 1;
    while (to < records && (rowOffsets[to] as number) - (rowOffsets[from] as number) < postingsPerTask) to++;
    yield { from, to };
    from = to;
  }
}
