import type { JobContext } from './jobContext.ts';

/** The job of whoever asks at the moment: what stays in memory between requests must not listen to a caller who has left. */
export class BorrowedJob implements JobContext {
  #caller: JobContext;

  constructor(caller: JobContext) {
    this.#caller = caller;
  }

  lendTo(caller: JobContext): void {
    this.#caller = caller;
  }

  get signal(): AbortSignal {
    return this.#caller.signal;
  }

  get threads(): number {
    return this.#caller.threads;
  }

  report: JobContext['report'] = (progress) => this.#caller.report(progress);

  log: JobContext['log'] = (level, message) => this.#caller.log(level, message);
}
