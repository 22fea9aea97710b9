import { Worker } from 'node:worker_threads';
import { cancelledError, EngineError } from './engineError.ts';
import type { WorkerReply, WorkerRequest } from './workerProtocol.ts';

export interface WorkerPoolOptions {
  /** Bundled script that calls `serveTasks`. */
  readonly script: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Passed to each worker as `workerData`. */
  readonly workerData?: unknown;
  /** Heap limit of a worker in MB, old and young generation; keeps a big run flat. */
  readonly heapMb?: number;
  readonly youngMb?: number;
  /** Tasks sent to a thread before it answers the first, so that it need not wait for a busy main thread; default 1. */
  readonly tasksAhead?: number;
}

interface Pending {
  readonly request: WorkerRequest;
  readonly transfer: readonly ArrayBuffer[];
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Lane {
  readonly worker: Worker;
  /** Tasks sent and not yet answered. */
  readonly sent: Map<number, Pending>;
}

/**
 * A fixed number of worker threads that take tasks one at a time, first come first served.
 * Results do not depend on which thread ran a task. Abort ends the threads at once.
 */
export class WorkerPool implements AsyncDisposable {
  readonly #options: WorkerPoolOptions;
  readonly #lanes: Lane[] = [];
  readonly #queue: Pending[] = [];
  readonly #onAbort = (): void => this.#failAll(cancelledError());
  #failed: unknown;
  #nextId = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
    for (let i = 0; i < Math.max(1, options.threads); i++) this.#startLane();
  }

  get threads(): number {
    return Math.max(1, this.#options.threads);
  }

  run<Result>(kind: string, payload: unknown, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    if (this.#options.signal.aborted) return Promise.reject(cancelledError());
    if (this.#failed !== undefined) return Promise.reject(this.#failed);
    return new Promise<Result>((resolve, reject) => {
      this.#queue.push({ request: { id: this.#nextId++, kind, payload }, transfer, resolve: resolve as (value: unknown) => void, reject });
      this.#dispatch();
    });
  }

  /**
   * Runs `tasks` with at most `threads + ahead` under way and hands the results over in order of the tasks.
   */
  async *runInOrder<Result>(
    tasks: Iterable<{ readonly kind: string; readonly payload: unknown; readonly transfer?: readonly ArrayBuffer[] }>,
    ahead = 2,
  ): AsyncGenerator<Result> {
    const running: Promise<Result>[] = [];
    for (const task of tasks) {
      const result = this.run<Result>(task.kind, task.payload, task.transfer);
      // It may fail while the consumer is busy with an earlier one, or after it left; whoever awaits it still hears of it.
      result.catch(() => undefined);
      running.push(result);
      if (running.length >= this.threads + ahead) yield await (running.shift() as Promise<Result>);
    }
    while (running.length > 0) yield await (running.shift() as Promise<Result>);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    const lanes = this.#lanes.splice(0);
    await Promise.all(lanes.map((lane) => lane.worker.terminate()));
  }

  #startLane(): void {
    const { script, workerData, heapMb, youngMb } = this.#options;
    const resourceLimits = {
      ...(heapMb ? { maxOldGenerationSizeMb: heapMb } : {}),
      ...(youngMb ? { maxYoungGenerationSizeMb: youngMb } : {}),
    };
    const lane: Lane = { worker: new Worker(script, { workerData, resourceLimits }), sent: new Map() };
    this.#lanes.push(lane);
    lane.worker.on('message', (reply: WorkerReply) => this.#settle(lane, reply));
    lane.worker.on('error', (error) => this.#failAll(error));
    lane.worker.on('exit', (code) => {
      if (this.#lanes.includes(lane) && this.#failed === undefined)
        this.#failAll(new EngineError('internal', `A worker thread ended by itself (code ${code}).`, { code }));
    });
  }

  #dispatch(): void {
    const depth = this.#options.tasksAhead ?? 1;
    for (let level = 0; level < depth; level++) {
      for (const lane of this.#lanes) {
        if (lane.sent.size > level) continue;
        const next = this.#queue.shift();
        if (!next) return;
        lane.sent.set(next.request.id, next);
        lane.worker.postMessage(next.request, next.transfer);
      }
    }
  }

  #settle(lane: Lane, reply: WorkerReply): void {
    const pending = lane.sent.get(reply.id);
    if (!pending) return;
    lane.sent.delete(reply.id);
    if (reply.ok) pending.resolve(reply.result);
    else pending.reject(new EngineError(reply.error.code, reply.error.message, reply.error.data));
    this.#dispatch();
  }

  #failAll(error: unknown): void {
    this.#failed = error;
    for (const pending of this.#queue.splice(0)) pending.reject(error);
    for (const lane of this.#lanes.splice(0)) {
      for (const pending of lane.sent.values()) pending.reject(error);
      lane.sent.clear();
      void lane.worker.terminate();
    }
  }
}
