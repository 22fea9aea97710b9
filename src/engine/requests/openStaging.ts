import { StagingFolder } from '../synthesis/staging/stagingFolder.ts';

/** Staging folders that were looked at, so that a page costs only what the journal grew by. */
const openFolders = new Map<string, StagingFolder>();
const keptFolders = 4;

/** @throws EngineError `staging.notFound`, `staging.invalid` */
export async function openStaging(path: string): Promise<StagingFolder> {
  const known = openFolders.get(path);
  // A folder that was deleted and made again begins anew.
  const folder = await StagingFolder.open(path);
  if (known && JSON.stringify(known.source) === JSON.stringify(folder.source)) return known;
  openFolders.set(path, folder);
  for (const oldest of openFolders.keys()) {
    if (openFolders.size <= keptFolders) break;
    openFolders.delete(oldest);
  }
  return folder;
}
