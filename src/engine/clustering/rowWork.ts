import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { type RowTasks, rowTasks } from './rowTasks.ts';

/** Multiplications below which starting a thread costs more than it saves. */
const smallWork = 5e8;

export interface RowTask<Kind extends keyof RowTasks> {
  readonly payload: RowTasks[Kind]['payload'];
  /** Instances or clusters that the task stands for, for the progress. */
  readonly units: number;
}

/**
 * Runs tasks on worker threads, or here when they are small, and hands their results over in order. Results do not depend on the number
 * of threads.
 * @param multiplications of all tasks together, roughly
 */
export async function* runRowTasks<Kind extends keyof RowTasks>(
  kind: Kind,
  tasks: readonly RowTask<Kind>[],
  multiplications: number,
  script: string,
  job: JobContext,
): AsyncGenerator<RowTasks[Kind]['result']> {
  if (multiplications < smallWork) {
    for (const { payload } of tasks) {
      throwIfCancelled(job);
      yield rowTasks[kind](payload as never) as RowTasks[Kind]['result'];
      await yieldToLoop();
    }
    return;
  }
  const threads = Math.max(1, Math.min(job.threads, tasks.length));
  await using pool = new WorkerPool({ script, threads, signal: job.signal });
  yield* pool.runInOrder<RowTasks[Kind]['result']>(tasks.map(({ payload }) => ({ kind, payload })));
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
