import type { BrowseResult } from '../../src/protocol/browse.ts';
import type { PageQuery } from '../../src/protocol/instancesPage.ts';

export type QueryState =
  | { readonly kind: 'running'; readonly indexing: boolean; readonly query: PageQuery }
  /** The dataset is indexed; what was asked for is still running. */
  | { readonly kind: 'indexed'; readonly result: BrowseResult }
  | { readonly kind: 'done'; readonly query: PageQuery; readonly result: BrowseResult }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly query: PageQuery; readonly error: unknown };

export interface QueryRunnerOptions {
  /** A number that no other request of the page has. */
  readonly ticket: () => number;
  readonly run: (ticket: number, query: PageQuery, signal: AbortSignal) => Promise<BrowseResult>;
  readonly onState: (state: QueryState) => void;
}

/**
 * Runs the newest query. Before the dataset is indexed, another filter does not start the indexing again: it waits for it. After
 * that, the newest query cancels the one before.
 */
export class QueryRunner {
  readonly #options: QueryRunnerOptions;
  #wanted: PageQuery = {};
  #running: { readonly ticket: number; readonly query: PageQuery; readonly abort: AbortController } | undefined;
  #isIndexed = false;

  constructor(options: QueryRunnerOptions) {
    this.#options = options;
  }

  /** Number of the request that runs now; 0 when none does. */
  get ticket(): number {
    return this.#running?.ticket ?? 0;
  }

  get isIndexed(): boolean {
    return this.#isIndexed;
  }

  /** Shows another query, or the same one again. */
  set(query: PageQuery): void {
    this.#wanted = query;
    if (this.#running !== undefined && !this.#isIndexed) return;
    this.#start();
  }

  /** Stops what runs; `set` or `resume` starts it again. */
  cancel(): void {
    if (this.#stop()) this.#options.onState({ kind: 'cancelled' });
  }

  resume(): void {
    this.#start();
  }

  /** The dataset is another one now: it must be indexed again. */
  forget(): void {
    this.#stop();
    this.#isIndexed = false;
  }

  #stop(): boolean {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    return running !== undefined;
  }

  #start(): void {
    this.#stop();
    const query = this.#isIndexed || isBare(this.#wanted) ? this.#wanted : {};
    const running = { ticket: this.#options.ticket(), query, abort: new AbortController() };
    this.#running = running;
    this.#options.onState({ kind: 'running', indexing: !this.#isIndexed, query });
    this.#options.run(running.ticket, query, running.abort.signal).then(
      (result) => {
        if (this.#running !== running) return;
        this.#running = undefined;
        this.#isIndexed = true;
        if (queryKey(query) === queryKey(this.#wanted)) this.#options.onState({ kind: 'done', query, result });
        else {
          this.#options.onState({ kind: 'indexed', result });
          this.#start();
        }
      },
      (error: unknown) => {
        if (this.#running !== running) return;
        this.#running = undefined;
        this.#options.onState({ kind: 'failed', query, error });
      },
    );
  }
}

/** Needs nothing but the index. */
function isBare({ filter, sort }: PageQuery): boolean {
  return Object.keys(filter ?? {}).length === 0 && (sort === undefined || sort.by === 'ordinal');
}

/** Equal for queries that show the same. */
export function queryKey(query: PageQuery): string {
  return JSON.stringify([query.filter ?? {}, query.sort ?? null, query.manifest ?? null]);
}
