import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AtomicFile, syncFolder, writeFileAtomic } from './atomicFile.ts';
import { isProcessAlive } from './processAlive.ts';

/** Journal of one commit: the renames that together make a result appear. */
interface CommitJournal {
  readonly pid: number;
  readonly renames: readonly { readonly from: string; readonly to: string }[];
}

const journalSuffix = '.commit.json';

/**
 * Makes several files appear as one: all are on disk before the journal is, and the journal is on disk before the first rename.
 * A kill in between is completed by the next `completeCommits` of the same run folder.
 */
export async function commitTogether(runDir: string, runId: string, files: readonly AtomicFile[]): Promise<void> {
  for (const file of files) await file.prepare();
  const journal = join(runDir, 'runs', `${runId}${journalSuffix}`);
  const renames = files.map((file) => ({ from: file.temporaryPath, to: file.path }));
  await writeFileAtomic(journal, JSON.stringify({ pid: process.pid, renames } satisfies CommitJournal));
  for (const file of files) await file.commit();
  await rm(journal, { force: true });
}

/** Finishes the commits of processes that died in the middle of one. */
export async function completeCommits(runDir: string): Promise<void> {
  const folder = join(runDir, 'runs');
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(journalSuffix)) continue;
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const journal = JSON.parse(text) as CommitJournal;
    if (isProcessAlive(journal.pid) && journal.pid !== process.pid) continue;
    for (const { from, to } of journal.renames) {
      await rename(from, to).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error; // already renamed before the kill
      });
      await syncFolder(dirname(to));
    }
    await rm(path, { force: true });
  }
}
