/** Rows per request: a few screens. */
const pageRows = 60;
/** Pages that are kept; the least recently shown go first. */
const mostPages = 40;

export interface PagedRowsOptions<Row> {
  readonly load: (offset: number, limit: number, signal: AbortSignal) => Promise<readonly Row[]>;
  /** Rows from `offset` to before `end` can be had. */
  readonly onLoaded: (offset: number, end: number) => void;
  readonly onFailed: (error: unknown) => void;
}

/** Rows of a list of any length, loaded page by page as they come into view; one request at a time, what is in view first. */
export class PagedRows<Row> {
  readonly #options: PagedRowsOptions<Row>;
  readonly #count: number;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #work = new AbortController();
  #wanted: readonly number[] = [];
  #isRunning = false;
  #hasFailed = false;

  constructor(count: number, options: PagedRowsOptions<Row>) {
    this.#count = count;
    this.#options = options;
  }

  /** The row at a position; undefined while it is loading. */
  get(position: number): Row | undefined {
    return this.#pages.get(Math.floor(position / pageRows))?.[position % pageRows];
  }

  /** Asks for the rows from `first` to before `end`, and for a page behind them. */
  want(first: number, end: number): void {
    if (end <= first) return;
    const from = Math.floor(first / pageRows);
    const to = Math.min(Math.floor((end - 1) / pageRows) + 1, Math.ceil(this.#count / pageRows) - 1);
    const pages = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    for (const page of pages) this.#touch(page);
    this.#wanted = pages.filter((page) => !this.#pages.has(page));
    void this.#next();
  }

  /** Asks again after a failure. */
  retry(): void {
    this.#hasFailed = false;
    void this.#next();
  }

  dispose(): void {
    this.#work.abort();
    this.#wanted = [];
  }

  #touch(page: number): void {
    const rows = this.#pages.get(page);
    if (rows === undefined) return;
    this.#pages.delete(page);
    this.#pages.set(page, rows);
  }

  async #next(): Promise<void> {
    const page = this.#wanted.find((each) => !this.#pages.has(each));
    if (page === undefined || this.#isRunning || this.#hasFailed) return;
    this.#isRunning = true;
    const offset = page * pageRows;
    try {
      const rows = await this.#options.load(offset, Math.min(pageRows, this.#count - offset), this.#work.signal);
      if (this.#work.signal.aborted) return;
      this.#pages.set(page, rows);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= mostPages) break;
        this.#pages.delete(old);
      }
      this.#options.onLoaded(offset, offset + rows.length);
    } catch (error: unknown) {
      if (this.#work.signal.aborted) return;
      this.#hasFailed = true;
      this.#options.onFailed(error);
    } finally {
      this.#isRunning = false;
    }
    void this.#next();
  }
}
