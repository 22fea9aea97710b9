import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ListStagingsRequest, StagingList, StagingSummary } from '../../protocol/synthesis.ts';
import { EngineError } from '../jobs/engineError.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { readJson } from '../runs/npy.ts';
import { StagingFolder } from '../synthesis/staging/stagingFolder.ts';

/** Folder of a run folder that remembers where its dataset's candidates are staged. */
const pointerFolder = 'stagings';

/** Remembers a staging folder, wherever it lies, so that it is found again from the dataset. */
export async function rememberStaging(runDir: string, path: string): Promise<void> {
  const name = `${createHash('sha256').update(path).digest('hex').slice(0, 16)}.json`;
  await writeFileAtomic(join(runDir, pointerFolder, name), `${JSON.stringify({ path })}\n`);
}

/** Staging folders of some run folders with what is in them. A folder that was deleted is forgotten, not reported. */
export async function listStagings(request: ListStagingsRequest): Promise<StagingList> {
  const stagings: StagingSummary[] = [];
  const unreadable: string[] = [];
  for (const runDir of new Set(request.runDirs.map((folder) => resolve(folder)))) {
    for (const path of await stagingPaths(runDir)) {
      try {
        const folder = await StagingFolder.open(path);
        const { dataset, sha256 } = folder.source;
        stagings.push({ path, runDir, dataset, datasetSha256: sha256, counts: (await folder.state()).counts });
      } catch (error) {
        if (!(error instanceof EngineError && error.code === 'staging.notFound')) unreadable.push(path);
      }
    }
  }
  return { stagings, unreadable };
}

async function stagingPaths(runDir: string): Promise<string[]> {
  const paths = new Set([join(runDir, 'staging')]);
  for (const name of (await readdir(join(runDir, pointerFolder)).catch(() => [])).sort()) {
    const pointer = name.endsWith('.json') ? await readJson<unknown>(join(runDir, pointerFolder, name)).catch(() => undefined) : undefined;
    if (typeof pointer === 'object' && pointer !== null && 'path' in pointer && typeof pointer.path === 'string') paths.add(pointer.path);
  }
  return [...paths];
}
