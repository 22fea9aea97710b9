import { cancelledError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { readLexiconText } from './lexicon.ts';
import type { LocateTask, Mention } from './mentions.ts';

/** An unused worker is ended: its model takes more memory than its start takes time. */
const idleMs = 120_000;
const heapMb = 512;

/** Finds mentions in turns, in a worker that stays for the next call: the tagger's model takes half a second to load. */
export class MentionFinder {
  readonly #options: { readonly workerScript: string; readonly lexiconPath: string };
  #pool: Promise<WorkerPool> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #calls = 0;

  constructor(options: { readonly workerScript: string; readonly lexiconPath: string }) {
    this.#options = options;
  }

  /** Mentions of each turn. A cancelled call does not wait; the worker goes on. */
  async find(turns: LocateTask['turns'], job: JobContext): Promise<readonly (readonly Mention[])[]> {
    throwIfCancelled(job);
    clearTimeout(this.#idle);
    this.#calls++;
    this.#pool ??= this.#start();
    const pool = this.#pool;
    try {
      const found = (await pool).run<readonly (readonly Mention[])[]>('locate', { turns } satisfies LocateTask);
      return await Promise.race([found, cancelled(job.signal)]);
    } catch (error) {
      if (!job.signal.aborted && this.#pool === pool) await this.#end(); // a broken worker serves nobody
      throw error;
    } finally {
      if (--this.#calls === 0) this.#idle = setTimeout(() => void this.#end(), idleMs).unref();
    }
  }

  async #start(): Promise<WorkerPool> {
    const { workerScript, lexiconPath } = this.#options;
    return new WorkerPool({
      script: workerScript,
      threads: 1,
      signal: new AbortController().signal,
      workerData: await readLexiconText(lexiconPath),
      heapMb,
    });
  }

  async #end(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await (await pool?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }
}

/** Rejects when the signal aborts. */
function cancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(cancelledError());
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true });
  });
}
