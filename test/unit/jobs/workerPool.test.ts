import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkerPool } from '../../../src/engine/jobs/workerPool.ts';

// A failure that nobody awaits yet would end the engine's process; vitest fails on it too.
describe('tasks in order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-pool-'));
  const script = join(folder, 'worker.mjs');
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): void => void unhandled.push(reason);

  beforeAll(() => {
    process.on('unhandledRejection', listen);
    writeFileSync(
      script,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ id, payload }) =>
         setTimeout(() => parentPort.postMessage(payload === 'bad' ? { id, ok: false, error: { code: 'internal', message: 'bad task' } } : { id, ok: true, result: payload }), 5));`,
    );
  });
  afterAll(() => {
    process.off('unhandledRejection', listen);
    rmSync(folder, { recursive: true });
  });

  const tasks = (payloads: readonly unknown[]): { kind: string; payload: unknown }[] =>
    payloads.map((payload) => ({ kind: 'any', payload }));

  it('come back in the order of asking', async () => {
    await using pool = new WorkerPool({ script, threads: 2, signal: new AbortController().signal });
    const results: unknown[] = [];
    for await (const result of pool.runInOrder(tasks([1, 2, 3, 4, 5, 6, 7, 8, 9]))) results.push(result);
    expect(results).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('may be cancelled while the consumer is busy with an earlier one', async () => {
    const cancel = new AbortController();
    await using pool = new WorkerPool({ script, threads: 2, signal: cancel.signal });
    const work = async (): Promise<void> => {
      for await (const _ of pool.runInOrder(tasks([1, 2, 3, 4, 5, 6, 7, 8]))) {
        cancel.abort();
        await wait(50);
      }
    };
    await expect(work()).rejects.toMatchObject({ code: 'run.cancelled' });
    expect(unhandled).toEqual([]);
  });

  it('may fail while the consumer is busy, and after it left', async () => {
    const seen: unknown[] = [];
    {
      await using pool = new WorkerPool({ script, threads: 1, signal: new AbortController().signal });
      const work = async (): Promise<void> => {
        for await (const result of pool.runInOrder(tasks([1, 'bad', 3, 4]))) {
          seen.push(result);
          await wait(50);
        }
      };
      await expect(work()).rejects.toThrow('bad task');
    }
    {
      await using pool = new WorkerPool({ script, threads: 1, signal: new AbortController().signal });
      for await (const result of pool.runInOrder(tasks([1, 'bad', 'bad']))) {
        seen.push(result);
        break;
      }
      await wait(50);
    }
    expect(seen).toEqual([1, 1]);
    expect(unhandled).toEqual([]);
  });
});
