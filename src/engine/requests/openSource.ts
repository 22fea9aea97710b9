import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { DatasetRequest } from '../../protocol/requests.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { openDataset } from '../dataset/openDataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError, isDiskFull } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { completeCommits } from '../runs/commit.ts';

/** Opens the request's dataset, after finishing what a killed process left half-renamed in its run folder. */
export async function openSource(request: DatasetRequest, deps: EngineDeps, job: JobContext): Promise<Dataset> {
  for (const root of request.images ?? []) {
    if (!(await stat(root).catch(() => undefined))?.isDirectory())
      throw new EngineError('usage', `--images ${root} is no folder. Name the folder that the records' image paths start from.`, {
        option: 'images',
        path: root,
      });
  }
  const dataset = await openDataset(
    request.dataset,
    { ...(request.images ? { images: request.images } : {}), ...(request.runDir ? { runDir: request.runDir } : {}) },
    { parquet: deps.runtime.parquet, workerScript: deps.scripts.dataset },
    job,
  ).catch((error: unknown) => {
    const runDir = request.runDir ?? join(dirname(request.dataset), '.ballast');
    throw isDeniedBelow(runDir, error) ? runDirError(runDir, error) : error;
  });
  await completeCommits(dataset.runDir);
  return dataset;
}

/** The job with the request's own thread count. */
export function withThreads(job: JobContext, threads: number | undefined): JobContext {
  return threads === undefined ? job : { ...job, threads: Math.max(1, Math.floor(threads)) };
}

/** Fails early, with the folder's name, when artifacts cannot be written. */
export async function ensureRunDir(runDir: string): Promise<void> {
  try {
    await mkdir(runDir, { recursive: true });
    // Artifacts are made again from the dataset at any time: version control need not see them.
    await writeFile(join(runDir, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    if (isDiskFull(error)) throw error; // its own message says what to do
    throw runDirError(runDir, error);
  }
}

function isDeniedBelow(runDir: string, error: unknown): boolean {
  const { code, path } = error as NodeJS.ErrnoException;
  return (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') && path !== undefined && `${path}${sep}`.startsWith(`${runDir}${sep}`);
}

function runDirError(runDir: string, cause: unknown): EngineError {
  return new EngineError(
    'output.noPermission',
    `The run folder ${runDir} cannot be written. Change its permissions or choose another with --run-dir.`,
    { path: runDir, option: 'run-dir' },
    { cause },
  );
}
