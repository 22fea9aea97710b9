import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
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

/** Sorts by time of start; unique among processes. Never part of a result. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${randomBytes(4).toString('hex')}`;
}

export async function writeRunRecord(runDir: string, record: RunRecord): Promise<void> {
  await writeFileAtomic(join(runDir, 'runs', `${record.id}.run.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** Finished runs of a run folder, newest first. */
export async function listRuns(runDir: string): Promise<RunRecord[]> {
  const folder = join(runDir, 'runs');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.run.json'));
  return Promise.all(
    names
      .sort()
      .reverse()
      .map((name) => readJson<RunRecord>(join(folder, name))),
  );
}
