import type { StagedCandidate } from '../../src/protocol/synthesis.ts';
import type { PageContext } from './pageContext.ts';

/** Candidates per request, and those that are kept. */
const pageSize = 100;
const mostKept = 2000;

/** What is known of candidates, asked for by id as they come into view; one request at a time. */
export class CandidateCache {
  readonly #context: PageContext;
  readonly #onLoaded: (ids: readonly string[]) => void;
  readonly #onFailed: (error: unknown) => void;
  readonly #kept = new Map<string, StagedCandidate>();
  /** Kept ones that are shown until their new state has come. */
  readonly #stale = new Set<string>();
  #wanted: readonly string[] = [];
  #isRunning = false;

  constructor(context: PageContext, onLoaded: (ids: readonly string[]) => void, onFailed: (error: unknown) => void) {
    this.#context = context;
    this.#onLoaded = onLoaded;
    this.#onFailed = onFailed;
  }

  get(id: string): StagedCandidate | undefined {
    return this.#kept.get(id);
  }

  /** Asks for these, in this order, and no longer for any others. */
  want(ids: readonly string[]): void {
    this.#wanted = ids;
    void this.#next();
  }

  /** These have changed; without ids, any may have. */
  forget(ids?: Iterable<string>): void {
    for (const id of ids ?? this.#kept.keys()) this.#stale.add(id);
    void this.#next();
  }

  async #next(): Promise<void> {
    if (this.#isRunning) return;
    const missing = this.#wanted.filter((id) => !this.#kept.has(id) || this.#stale.has(id)).slice(0, pageSize);
    if (missing.length === 0) return;
    this.#isRunning = true;
    for (const id of missing) this.#stale.delete(id);
    try {
      const { candidates } = await this.#context.bridge.request('candidates', missing);
      for (const candidate of candidates) {
        this.#kept.delete(candidate.id);
        this.#kept.set(candidate.id, candidate);
      }
      // What the engine does not know any more is not asked for again until the index is another one.
      const known = new Set(candidates.map(({ id }) => id));
      this.#wanted = this.#wanted.filter((id) => known.has(id) || !missing.includes(id));
      for (const old of this.#kept.keys()) {
        if (this.#kept.size <= mostKept) break;
        this.#kept.delete(old);
      }
      this.#onLoaded(missing);
    } catch (error: unknown) {
      this.#wanted = [];
      this.#onFailed(error);
    } finally {
      this.#isRunning = false;
    }
    void this.#next();
  }
}
