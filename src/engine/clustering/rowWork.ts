import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { shardFolder } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { type RowTasks, rowTasks } from './rowTasks.ts';

/** Multiplications below which starting a thread costs more than it saves. */
const smallWork = 5e8;

export interface RowWork {
  /** Multiplications of all tasks together, roughly. */
  readonly multiplications: number;
  readonly script: string;
  /** Folder of the artifact being built: finished tasks are kept in it until all are, so that an interrupted call is gone on with. */
  readonly folder: string;
  readonly job: JobContext;
}

/**
 * Runs tasks on worker threads, or here when they are small, and hands their results over in order. Results do not depend on the number
 * of threads.
 */
export async function* runRowTasks<Kind extends keyof RowTasks>(
  kind: Kind,
  payloads: readonly RowTasks[Kind]['payload'][],
  work: RowWork,
): AsyncGenerator<RowTasks[Kind]['result']> {
  const { multiplications, script, folder, job } = work;
  type Result = RowTasks[Kind]['result'];
  if (multiplications < smallWork) {
    for (const payload of payloads) {
      throwIfCancelled(job);
      yield rowTasks[kind](payload as never) as Result;
      await yieldToLoop();
    }
    return;
  }
  const fileOf = (task: number): string => join(folder, shardFolder, `${String(task).padStart(6, '0')}.bin`);
  const done = await Promise.all(payloads.map((_, task) => readResult<Result>(fileOf(task))));
  const missing = payloads.flatMap((payload, task) => (done[task] === undefined ? [{ kind, payload }] : []));
  await using pool = new WorkerPool({ script, threads: Math.max(1, Math.min(job.threads, missing.length)), signal: job.signal });
  const running = pool.runInOrder<Result>(missing);
  for (const [task, ready] of done.entries()) {
    if (ready !== undefined) {
      yield ready;
      continue;
    }
    const next = await running.next();
    if (next.done) throw new Error(`no result of task ${task}`);
    await writeFileAtomic(fileOf(task), serialize(next.value));
    yield next.value;
  }
}

/** A result that an interrupted call left; undefined when there is none that this version of Node can read. */
async function readResult<Result>(path: string): Promise<Result | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    return deserialize(bytes) as Result;
  } catch {
    return undefined;
  }
}

/** Cuts 0 to `length` into ranges of about equal cost. */
export function cutRanges(
  length: number,
  costs: (index: number) => number,
  most: number,
): { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  let from = 0;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += costs(i);
    if (sum < most && i + 1 < length) continue;
    ranges.push({ from, to: i + 1 });
    from = i + 1;
    sum = 0;
  }
  return ranges;
}
