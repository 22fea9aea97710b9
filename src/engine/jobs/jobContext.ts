import type { Progress } from '../../protocol/progress.ts';
import { cancelledError } from './engineError.ts';

/** What a cancellable unit of work gets from its caller. */
export interface JobContext {
  readonly signal: AbortSignal;
  /** Worker threads that the job may use, at least 1. */
  readonly threads: number;
  report(progress: Progress): void;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** @throws EngineError `run.cancelled` */
export function throwIfCancelled(job: Pick<JobContext, 'signal'>): void {
  if (job.signal.aborted) throw cancelledError();
}

/** Lets timers, messages and cancellation through in the middle of a long loop. */
export function yieldToLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Passes at most one report per `intervalMs` and stage on, and always the last of a stage (done = total). */
export function throttleProgress(report: (progress: Progress) => void, intervalMs = 100): (progress: Progress) => void {
  let last = 0;
  let stage = '';
  return (progress) => {
    const now = performance.now();
    const due = progress.stage !== stage || now - last >= intervalMs || (progress.total > 0 && progress.done >= progress.total);
    if (!due) return;
    last = now;
    stage = progress.stage;
    report(progress);
  };
}
