import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { hashOf } from '../runs/artifacts.ts';
import { temporaryName } from '../runs/atomicFile.ts';

/** A file changed in the last moments before it was read may change again without a new time stamp: its hash is not trusted. */
const settledMs = 1000;

/** What a file's metadata say about its content; anything different means that the content has to be hashed again. */
export interface FileStamp {
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
  readonly inode: string;
}

export function stampOf(stats: BigIntStats): FileStamp {
  return { size: String(stats.size), mtimeNs: String(stats.mtimeNs), ctimeNs: String(stats.ctimeNs), inode: String(stats.ino) };
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.inode === b.inode;
}

interface CacheEntry {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly sha256: string;
  readonly settled: boolean;
}

function entryPath(runDir: string, path: string): string {
  return join(runDir, 'sources', `${hashOf(path).slice(0, 24)}.json`);
}

/** The remembered hash of a file: `current` when nothing about it changed, else only that it was seen before. */
export async function rememberedHash(
  runDir: string,
  path: string,
  stamp: FileStamp,
): Promise<{ readonly sha256: string; readonly current: boolean } | undefined> {
  const text = await readFile(entryPath(runDir, path), 'utf8').catch(() => undefined);
  const entry = text === undefined ? undefined : parseEntry(text);
  return entry && { sha256: entry.sha256, current: entry.settled && sameStamp(entry.stamp, stamp) };
}

/** Entries are written without flushing: after a power cut one may be cut off, and the file is hashed again. */
function parseEntry(text: string): CacheEntry | undefined {
  try {
    return JSON.parse(text) as CacheEntry;
  } catch {
    return undefined;
  }
}

export async function rememberHash(runDir: string, path: string, stamp: FileStamp, sha256: string, readAt: number): Promise<void> {
  await mkdir(join(runDir, 'sources'), { recursive: true });
  const changedMs = Number(BigInt(stamp.ctimeNs) / 1_000_000n);
  const entry: CacheEntry = { path, stamp, sha256, settled: readAt - changedMs > settledMs };
  const target = entryPath(runDir, path);
  const temporary = temporaryName(target);
  await writeFile(temporary, JSON.stringify(entry));
  await rename(temporary, target);
}

/** SHA-256 of a whole file, hex. */
export async function hashFile(handle: FileHandle, size: number, job: JobContext): Promise<string> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(4 * 1024 * 1024);
  for (let position = 0; position < size; ) {
    throwIfCancelled(job);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
    job.report({ stage: 'hash', done: position, total: size, unit: 'bytes' });
  }
  return hash.digest('hex');
}
