import { parentPort } from 'node:worker_threads';
import type { ErrorReport } from '../../protocol/errors.ts';
import { toErrorReport } from './engineError.ts';

export interface WorkerRequest {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
}

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorReport };

/** A task's result with the buffers that move instead of being copied. */
export interface TaskResult {
  readonly result: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** Runs in a worker: answers each request of the pool with its handler's result, or with an error report. */
export function serveTasks(handlers: Readonly<Record<string, (payload: never) => TaskResult | Promise<TaskResult>>>): void {
  const port = parentPort;
  if (!port) throw new Error('serveTasks needs a worker thread');
  port.on('message', async (request: WorkerRequest) => {
    try {
      const handler = handlers[request.kind];
      if (!handler) throw new Error(`no handler for ${request.kind}`);
      const { result, transfer = [] } = await handler(request.payload as never);
      port.postMessage({ id: request.id, ok: true, result } satisfies WorkerReply, transfer);
    } catch (error) {
      port.postMessage({ id: request.id, ok: false, error: toErrorReport(error) } satisfies WorkerReply);
    }
  });
}
