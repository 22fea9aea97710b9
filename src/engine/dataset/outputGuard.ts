import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EngineError } from '../jobs/engineError.ts';
import type { Dataset } from './dataset.ts';

/**
 * Refuses an output that is the source, a part of it, or a name of it: directly, through a folder's or a file's symlink, or as a hard link.
 * @throws EngineError `output.wouldOverwriteSource`
 */
export async function assertNotSource(dataset: Dataset, output: string): Promise<void> {
  const target = await realTarget(output);
  const targetStats = await stat(output, { bigint: true }).catch(() => undefined);
  for (const source of new Set([dataset.path, ...dataset.parts.map((part) => part.path)])) {
    const sameName = (await realTarget(source)) === target;
    const sourceStats = targetStats && (await stat(source, { bigint: true }).catch(() => undefined));
    const sameFile =
      targetStats !== undefined && sourceStats !== undefined && targetStats.ino === sourceStats.ino && targetStats.dev === sourceStats.dev;
    if (sameName || sameFile) {
      throw new EngineError(
        'output.wouldOverwriteSource',
        `${output} is the source dataset${output === source ? '' : ` (${source})`}. The source is never written: choose another output file.`,
        { path: output, source },
      );
    }
  }
  const there = await lstat(output).catch(() => undefined);
  if (there?.isDirectory())
    throw new EngineError('usage', `${output} is a folder. Name the output file inside it.`, { option: 'output', path: output });
}

/** The path behind all links; of a file that does not exist yet, by its folder. */
export async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}
