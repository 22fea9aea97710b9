import type { InstanceRow } from '../../src/protocol/browse.ts';

/** Rows per request: a few screens, tens of kilobytes. */
export const pageRows = 100;
/** Pages that are kept; the least recently shown go first. */
const mostPages = 60;
/** Requests at a time: one that is answered while the next travels. */
const parallel = 2;
/** Pages that are asked for ahead of the view, in its direction. */
const pagesAhead = 2;

export interface RowCacheOptions {
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<readonly InstanceRow[]>;
  /** Rows from `offset` to before `end` can be had. */
  readonly onLoaded: (offset: number, end: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Rows of the current query by their position, loaded page by page: what is in view first, then what comes into view next. */
export class RowCache {
  readonly #options: RowCacheOptions;
  /** Page number -> rows, in the order of their last use. */
  readonly #pages = new Map<number, readonly InstanceRow[]>();
  readonly #running = new Set<number>();
  #wanted: readonly number[] = [];
  #rows = 0;
  #work = new AbortController();
  #hasFailed = false;

  constructor(options: RowCacheOptions) {
    this.#options = options;
  }

  /** Another query: what was loaded or asked for is forgotten. `known`: rows that are at hand, from the begin of page `firstPage` on. */
  reset(rows: number, known: readonly InstanceRow[] = [], firstPage = 0): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#pages.clear();
    this.#running.clear();
    this.#wanted = [];
    this.#rows = rows;
    this.#hasFailed = false;
    for (let page = 0; page * pageRows < known.length; page++)
      this.#pages.set(firstPage + page, known.slice(page * pageRows, (page + 1) * pageRows));
  }

  /** The row at a position; undefined while it is loading. */
  get(position: number): InstanceRow | undefined {
    return this.#pages.get(Math.floor(position / pageRows))?.[position % pageRows];
  }

  /** Asks for the rows from `first` to before `end`, and for those ahead in a direction; 0 for none ahead. */
  want(first: number, end: number, direction: 1 | -1 | 0): void {
    if (end <= first) return;
    const from = Math.floor(first / pageRows);
    const to = Math.floor((end - 1) / pageRows);
    const visible = range(from, to);
    for (const page of visible) this.#touch(page);
    const below = range(to + 1, to + pagesAhead);
    const above = range(from - pagesAhead, from - 1).reverse();
    const ahead = direction > 0 ? [...below, from - 1] : direction < 0 ? [...above, to + 1] : [];
    const last = Math.ceil(this.#rows / pageRows) - 1;
    this.#wanted = [...visible, ...ahead].filter((page) => page >= 0 && page <= last && !this.#pages.has(page));
    this.#next();
  }

  /** Asks again after a failure. */
  retry(): void {
    this.#hasFailed = false;
    this.#next();
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page);
    if (rows === undefined) return;
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  #next(): void {
    for (const page of this.#wanted) {
      if (this.#hasFailed || this.#running.size >= parallel) return;
      if (!this.#running.has(page) && !this.#pages.has(page)) void this.#load(page);
    }
  }

  async #load(page: number): Promise<void> {
    const work = this.#work;
    const offset = page * pageRows;
    this.#running.add(page);
    try {
      const rows = await this.#options.load(offset, Math.min(pageRows, this.#rows - offset), work.signal);
      if (work !== this.#work) return;
      this.#pages.set(page, rows);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= mostPages) break;
        this.#pages.delete(old);
      }
      this.#options.onLoaded(offset, offset + rows.length);
    } catch (error: unknown) {
      if (work !== this.#work) return;
      this.#hasFailed = true;
      this.#options.onFailed(error);
    } finally {
      if (work === this.#work) {
        this.#running.delete(page);
        this.#next();
      }
    }
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
