import { type JobContext, throwIfCancelled, yieldToLoop } from './jobContext.ts';

/** Longest time without a look at messages: short enough that nobody waits for an answer. */
const sliceMs = 25;

/** Lets messages and cancellation into a long computation. `if (breath.isDue) await breath.take()` every some thousand steps. */
export class Breath {
  readonly #job: Pick<JobContext, 'signal'>;
  #last = performance.now();

  constructor(job: Pick<JobContext, 'signal'>) {
    this.#job = job;
  }

  get isDue(): boolean {
    return performance.now() - this.#last >= sliceMs;
  }

  /** @throws EngineError `run.cancelled` */
  async take(): Promise<void> {
    await yieldToLoop();
    throwIfCancelled(this.#job);
    this.#last = performance.now();
  }
}
