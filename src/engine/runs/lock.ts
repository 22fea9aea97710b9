import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { isProcessAlive, processStart } from './processAlive.ts';

/** How often a waiting process looks whether the lock is free. */
const pollMs = 200;
/** A lock without content this old belongs to a process that died between creating and writing it. */
const emptyLockMs = 2000;
/** The owner touches its lock this often. */
const heartbeatMs = 5000;
/** A lock of another host (shared file system, container) that nobody touched for this long was left behind. */
const abandonedMs = 60_000;

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start of the owner's process, where the system tells: process ids are used again. */
  readonly started?: string | undefined;
}

/**
 * Holds `path` as a lock file, waiting while another live process has it. A lock whose owner died is taken over: at once on this host,
 * after a minute without a heartbeat on another. Disposal releases it.
 */
export async function acquireLock(path: string, job: JobContext): Promise<AsyncDisposable> {
  for (let waited = 0; ; waited++) {
    throwIfCancelled(job);
    const handle = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (handle) {
      const started = await processStart(process.pid);
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname(), started } satisfies Owner));
      await handle.close();
      return heldLock(path);
    }
    if (await isStale(path)) {
      await takeAway(path);
      continue;
    }
    job.report({ stage: 'wait', done: waited, total: 0, unit: 'records' });
    await sleep(pollMs);
  }
}

function heldLock(path: string): AsyncDisposable {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // released or taken over meanwhile: nothing to keep alive
  }, heartbeatMs);
  heartbeat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      await rm(path, { force: true });
    },
  };
}

async function isStale(path: string): Promise<boolean> {
  const [text, info] = await Promise.all([readFile(path, 'utf8').catch(() => undefined), stat(path).catch(() => undefined)]);
  if (text === undefined || info === undefined) return false; // released meanwhile: the next attempt gets it
  const age = Date.now() - info.mtimeMs;
  const owner = parseOwner(text);
  if (!owner) return age > emptyLockMs;
  if (owner.host !== hostname()) return age > abandonedMs;
  if (!isProcessAlive(owner.pid)) return true;
  return owner.started !== undefined && owner.started !== (await processStart(owner.pid));
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return undefined;
    const { pid, host } = value;
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return { pid, host, started: 'started' in value && typeof value.started === 'string' ? value.started : undefined };
  } catch {
    return undefined; // half-written by a process that died
  }
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
