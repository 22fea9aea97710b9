import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomicFile.ts';
import { readJson } from './npy.ts';

/** One finished run, kept in the run folder so that later commands find the newest. */
export interface RunRecord {
  readonly id: string;
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly finished: string;
  /** Absolute paths. */
  readonly dataset: string;
  readonly output: string;
  readonly manifest: string;
  readonly selectionHash: string;
}

const recordSuffix = '.run.json';

/** Sorts by time of start; unique among processes. Never part of a result. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${randomBytes(4).toString('hex')}`;
}

export async function writeRunRecord(runDir: string, record: RunRecord): Promise<void> {
  await writeFileAtomic(join(runDir, 'runs', `${record.id}${recordSuffix}`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Finished runs of a run folder, newest first; a record that cannot be read hides no other. */
export async function listRuns(runDir: string): Promise<RunRecord[]> {
  return (await readRunRecords(runDir)).records;
}

/** As `listRuns`, with the paths of records that cannot be read. */
export async function readRunRecords(runDir: string): Promise<{ readonly records: RunRecord[]; readonly unreadable: string[] }> {
  const folder = join(runDir, 'runs');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(recordSuffix));
  const records: RunRecord[] = [];
  const unreadable: string[] = [];
  for (const name of names.sort().reverse()) {
    const record = await readJson<unknown>(join(folder, name)).catch(() => undefined);
    // The name is what a record is found by again, so it must be the record's own id.
    if (isRunRecord(record) && name === `${record.id}${recordSuffix}`) records.push(record);
    else unreadable.push(join(folder, name));
  }
  return { records, unreadable };
}

/** Forgets a run; its output and manifest stay. False when there was no such record. */
export async function deleteRunRecord(runDir: string, id: string): Promise<boolean> {
  if (!/^[\w-]+$/.test(id)) return false; // never a path out of the folder
  return rm(join(runDir, 'runs', `${id}${recordSuffix}`)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

const recordTexts = ['id', 'command', 'finished', 'dataset', 'output', 'manifest', 'selectionHash'] as const;

function isRunRecord(value: unknown): value is RunRecord {
  if (typeof value !== 'object' || value === null) return false;
  return recordTexts.every((key) => typeof (value as Readonly<Record<string, unknown>>)[key] === 'string');
}
