import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';

/** Opens a file that a person named. Without `O_NONBLOCK` a pipe would be waited for without end; it does nothing to regular files. */
export async function openSourceFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new EngineError('dataset.notFound', `${path} does not exist. Check the path.`, { path });
    if (error.code === 'EISDIR') throw folderError(path);
    throw new EngineError(
      'dataset.unreadable',
      `${path} cannot be opened for reading (${error.code}). Check its permissions.`,
      { path, reason: error.code ?? '' },
      { cause: error },
    );
  });
}

/** Reads a whole small file that a person named. @throws EngineError when it is no regular file that can be read */
export async function readSource(path: string): Promise<Buffer> {
  await using handle = await openSourceFile(path);
  await statSource(handle, path);
  return handle.readFile();
}

/** @throws EngineError `dataset.notADataset` for a folder, a pipe or a device */
export async function statSource(handle: FileHandle, path: string): Promise<BigIntStats> {
  const stats = await handle.stat({ bigint: true });
  if (stats.isDirectory()) throw folderError(path);
  if (!stats.isFile())
    throw new EngineError('dataset.notADataset', `${path} is no regular file (a pipe or a device). Save it as a file first.`, { path });
  return stats;
}

function folderError(path: string): EngineError {
  return new EngineError('dataset.notADataset', `${path} is a folder. Choose the dataset file in it.`, { path });
}
