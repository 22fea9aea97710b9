import type { CandidateStatus, ReviewDecision } from '../../src/protocol/synthesis.ts';
import type { PageContext } from './pageContext.ts';

/** Writes decisions one after the other, in the order in which they were made; a failure does not hold up the next. */
export class Decisions {
  readonly #bridge: PageContext['bridge'];
  readonly #running = new Set<AbortController>();
  #last: Promise<unknown> = Promise.resolve();

  constructor({ bridge }: PageContext) {
    this.#bridge = bridge;
  }

  /** A decision is on its way to the disk. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  decide(ids: readonly string[] | 'gated', status: CandidateStatus, reason?: string): Promise<ReviewDecision> {
    const params = { ids, status, ...(reason === undefined || reason === '' ? {} : { reason }) };
    return this.#write((signal) => this.#bridge.request('decide', params, signal));
  }

  undo(): Promise<ReviewDecision> {
    return this.#write((signal) => this.#bridge.request('undo', null, signal));
  }

  /** Gives up what waits for another process. */
  cancel(): void {
    for (const abort of this.#running) abort.abort();
  }

  #write(work: (signal: AbortSignal) => Promise<ReviewDecision>): Promise<ReviewDecision> {
    const abort = new AbortController();
    this.#running.add(abort);
    const written = this.#last.then(() => work(abort.signal)).finally(() => this.#running.delete(abort));
    this.#last = written.catch(() => undefined);
    return written;
  }
}
