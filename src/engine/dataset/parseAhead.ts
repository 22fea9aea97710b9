import { yieldToLoop } from '../jobs/jobContext.ts';
import type { WorkerPool } from '../jobs/workerPool.ts';
import type { Finding } from './indexBuilder.ts';
import { type Batch, type BatchResult, parseBatch, type ReadingRules } from './parseBatch.ts';
import type { ParseTask, TaskReply } from './parseTask.ts';

export interface ParsedBatch {
  readonly result: BatchResult;
  readonly findings: readonly Finding[];
}

interface Entry {
  result: BatchResult | Promise<BatchResult>;
  readonly findings: readonly Finding[];
}

/**
 * Batches being parsed, in order of the file. The pool's threads get two each; with more at hand this thread parses too, so that no
 * core waits. Buffers move to a worker and come back, a bounded number of them goes round.
 */
export class ParseAhead {
  readonly #pool: WorkerPool | undefined;
  readonly #rules: ReadingRules;
  readonly #bufferBytes: number;
  readonly #entries: Entry[] = [];
  readonly #free: ArrayBuffer[] = [];
  #inWorkers = 0;

  constructor(pool: WorkerPool | undefined, rules: ReadingRules, bufferBytes: number) {
    this.#pool = pool;
    this.#rules = rules;
    this.#bufferBytes = bufferBytes;
  }

  takeBuffer(): ArrayBuffer {
    return this.#free.pop() ?? new ArrayBuffer(this.#bufferBytes);
  }

  /** Queues a batch. `buffer` is given up by the caller; the batch's bytes may lie in it or be a copy. */
  async submit(batch: Batch, findings: readonly Finding[], buffer: ArrayBuffer): Promise<void> {
    const pool = this.#pool;
    if (pool && batch.start.length > 0 && batch.bytes.buffer === buffer && this.#inWorkers < pool.threads * 2) {
      this.#entries.push(this.#send(pool, batch, findings, buffer));
      return;
    }
    if (pool) await yieldToLoop(); // lets answers of the workers in, so that they get their next task
    this.#entries.push({ result: parseBatch(batch, this.#rules), findings });
    this.#free.push(buffer);
  }

  /** The oldest batch, when it is parsed or when there are too many; undefined when going on is better. */
  next(): Promise<ParsedBatch> | undefined {
    const first = this.#entries[0];
    if (!first || (first.result instanceof Promise && this.#entries.length <= 2 + (this.#pool?.threads ?? 0) * 3)) return undefined;
    return this.shift();
  }

  async shift(): Promise<ParsedBatch> {
    const first = this.#entries.shift();
    if (!first) throw new Error('no batch is under way');
    return { result: await first.result, findings: first.findings };
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Forgets what is under way: it lies behind a broken record. */
  discard(): void {
    for (const { result } of this.#entries.splice(0)) if (result instanceof Promise) result.catch(() => undefined);
  }

  #send(pool: WorkerPool, { bytes, offset, start, end, kinds, strings }: Batch, findings: readonly Finding[], buffer: ArrayBuffer): Entry {
    const task = {
      buffer,
      length: bytes.byteOffset + bytes.length,
      offset: offset - bytes.byteOffset,
      start,
      end,
      kinds,
      strings,
      rules: this.#rules,
    } satisfies ParseTask;
    this.#inWorkers++;
    const pending = pool.run<TaskReply>('parse', task, [buffer]).then((reply) => {
      this.#inWorkers--;
      this.#free.push(reply.buffer);
      entry.result = reply.result;
      return reply.result;
    });
    pending.catch(() => undefined); // reported when the batch's turn comes
    const entry: Entry = { result: pending, findings };
    return entry;
  }
}
