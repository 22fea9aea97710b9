import { toErrorReport } from '../../jobs/engineError.ts';
import type { TaskMessage, TaskReply } from './wire.ts';

export type ComputeTask = (payload: never, progress: (report: unknown) => void) => Promise<unknown>;

/** Runs in the compute process: answers the parent's tasks, and ends when the parent is gone. */
export function serveCompute(tasks: Readonly<Record<string, ComputeTask>>): void {
  const send = (reply: TaskReply): void => {
    process.send?.(reply);
  };
  process.on('message', async ({ id, task, payload }: TaskMessage) => {
    try {
      const run = tasks[task];
      if (!run) throw new Error(`no compute task ${task}`);
      const result = await run(payload as never, (report) => send({ kind: 'progress', id, report }));
      send({ kind: 'done', id, result });
    } catch (error) {
      send({ kind: 'failed', id, error: toErrorReport(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  // The terminal's interrupt reaches the whole group: it is the parent that decides what to do about it.
  process.on('SIGINT', () => undefined);
}
