import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { JobContext } from '../jobs/jobContext.ts';
import { hashOf } from '../runs/artifacts.ts';
import { readNpy } from '../runs/npy.ts';
import type { Dataset } from './dataset.ts';
import { countUsable, datasetPart } from './datasetPart.ts';
import { openMixture } from './mixtures/openMixture.ts';
import { type OpenedPart, openPart, type ReadingDeps } from './partIndex.ts';

export interface OpenOptions {
  /** Image roots in order of search; default: the dataset's folder. */
  readonly images?: readonly string[];
  /** Default: `.ballast` beside the dataset. */
  readonly runDir?: string;
}

/** Opens a dataset by its content. @throws EngineError saying what the file is and what to do when it is none */
export async function openDataset(path: string, options: OpenOptions, deps: ReadingDeps, job: JobContext): Promise<Dataset> {
  const { file, name } = await splitName(resolve(path));
  const runDir = resolve(options.runDir ?? join(dirname(file), '.ballast'));
  const imageRoots = options.images && options.images.length > 0 ? options.images.map((root) => resolve(root)) : [dirname(file)];
  const started = performance.now();
  if (name === undefined) {
    const opened = await openPart(file, runDir, {}, deps, job);
    if (opened.kind === 'part') return plainDataset(opened.part, imageRoots, runDir, started);
  }
  return openMixture({ path: file, name, imageRoots, runDir }, deps, job);
}

/** Takes `dataset_info.json#name` apart, unless a file has just that name. `path` is absolute. */
export async function splitName(path: string): Promise<{ readonly file: string; readonly name: string | undefined }> {
  const at = path.lastIndexOf('#');
  if (at < 0 || (await stat(path).catch(() => undefined))) return { file: path, name: undefined };
  return { file: path.slice(0, at), name: path.slice(at + 1) };
}

async function plainDataset(opened: OpenedPart, imageRoots: readonly string[], runDir: string, started: number): Promise<Dataset> {
  const { path, artifact, index } = opened;
  const { folder } = artifact;
  const [start, end, flags, turns] = await Promise.all([
    readNpy(join(folder, 'start.npy'), '<f8'),
    readNpy(join(folder, 'end.npy'), '<f8'),
    readNpy(join(folder, 'flags.npy'), '|u1'),
    readNpy(join(folder, 'turns.npy'), '<u4'),
  ]);
  const { bytes, sha256, view, records, kind } = index;
  const part = datasetPart(opened, { imageRoots, firstOrdinal: 0, indexFirst: 0, records });
  return {
    path,
    summary: { path, bytes, sha256, format: kind, variant: view.variant },
    identity: hashOf([artifact.inputHash, artifact.parameterHash]),
    parts: [part],
    records,
    instances: countUsable(flags),
    start,
    end,
    flags,
    turns,
    problems: index.problems,
    problemCounts: index.problemCounts,
    runDir,
    reused: artifact.reused,
    indexSeconds: artifact.reused ? artifact.seconds : (performance.now() - started) / 1000,
  };
}
