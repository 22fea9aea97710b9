import type { EntityChoices } from '../../src/protocol/instancesPage.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { PageContext } from './pageContext.ts';

/** Searches of entities beside the query. The first one extracts them, which takes its time and can be stopped. */
export class EntitySearch {
  readonly #context: PageContext;
  readonly #nextTicket: () => number;
  readonly #onIdle: () => void;
  #running: { readonly ticket: number; readonly abort: AbortController } | undefined;

  constructor(context: PageContext, nextTicket: () => number, onIdle: () => void) {
    this.#context = context;
    this.#nextTicket = nextTicket;
    this.#onIdle = onIdle;
  }

  /** Number of the search that runs; undefined when none does. */
  get ticket(): number | undefined {
    return this.#running?.ticket;
  }

  /** Entities of a perspective that hold a text, the most frequent ones. */
  async search(perspective: Perspective, text: string, signal?: AbortSignal): Promise<EntityChoices> {
    const running = { ticket: this.#nextTicket(), abort: new AbortController() };
    signal?.addEventListener('abort', () => running.abort.abort(), { once: true });
    this.#running = running;
    try {
      return await this.#context.bridge.request('entities', { ticket: running.ticket, perspective, text }, running.abort.signal);
    } finally {
      if (this.#running === running) this.#end();
    }
  }

  /** Stops the search; false when none runs. */
  cancel(): boolean {
    const running = this.#running;
    running?.abort.abort();
    if (running !== undefined) this.#end();
    return running !== undefined;
  }

  #end(): void {
    this.#running = undefined;
    this.#onIdle();
  }
}
