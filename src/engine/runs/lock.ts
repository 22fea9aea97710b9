import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { isProcessAlive } from './processAlive.ts';

/** How often a waiting process looks whether the lock is free. */
const pollMs = 200;
/** A lock without content this old belongs to a process that died between creating and writing it. */
const emptyLockMs = 2000;

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Holds `path` as a lock file, waiting while another live process has it. A lock whose owner died is taken over.
 * Disposal releases it. A lock of another host (shared file system) is respected until it is removed.
 */
export async function acquireLock(path: string, job: JobContext): Promise<AsyncDisposable> {
  for (let waited = 0; ; waited++) {
    throwIfCancelled(job);
    const handle = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (handle) {
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Owner));
      await handle.close();
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    }
    if (await isStale(path)) {
      await takeAway(path);
      continue;
    }
    job.report({ stage: 'wait', done: waited, total: 0, unit: 'records' });
    await sleep(pollMs);
  }
}

async function isStale(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return false; // released meanwhile: the next attempt gets it
  const owner = parseOwner(text);
  if (owner) return owner.host === hostname() && !isProcessAlive(owner.pid);
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > emptyLockMs;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === 'object' &&
      value !== null &&
      'pid' in value &&
      'host' in value &&
      typeof value.pid === 'number' &&
      typeof value.host === 'string'
    ) {
      return { pid: value.pid, host: value.host };
    }
  } catch {
    return undefined; // half-written by a process that died
  }
  return undefined;
}

/** Of several waiting processes only one wins the rename. */
async function takeAway(path: string): Promise<void> {
  const grave = `${path}.${process.pid}.stale`;
  try {
    await rename(path, grave);
  } catch {
    return; // another process was faster
  }
  await rm(grave, { force: true });
}
