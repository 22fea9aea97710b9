import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { OutputFile } from '../../protocol/reports.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import { commitTogether } from '../runs/commit.ts';
import { newRunId } from '../runs/runRecord.ts';
import type { Features } from './featureMatrix.ts';

/** What an exported file was made from, beside it; a file without it is believed. */
interface Origin {
  /** SHA-256 of the features' file. */
  readonly features: string;
  /** SHA-256 of the dataset. */
  readonly dataset: string;
  readonly datasetPath: string;
  readonly provider: string;
  readonly model: string;
}

function originPath(path: string): string {
  return `${path}.features.json`;
}

/** Copies the rows to `target`, and writes beside it what they were made from; both appear or none. */
export async function exportFeatures(features: Features, dataset: Dataset, target: string, job: JobContext): Promise<OutputFile> {
  const { path, sha256, provider, model } = features;
  await using file = await AtomicFile.create(target);
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) {
    throwIfCancelled(job);
    await file.write(chunk as Buffer);
  }
  await using note = await AtomicFile.create(originPath(target));
  const origin: Origin = { features: sha256, dataset: dataset.summary.sha256, datasetPath: dataset.path, provider, model };
  await note.write(Buffer.from(`${JSON.stringify(origin, null, 2)}\n`));
  await commitTogether(dataset.runDir, newRunId(), [file, note]);
  return { path: target, sha256, bytes: file.bytes };
}

/** @throws EngineError `arrays.invalid` when the note beside the file says that it belongs to another dataset */
export async function assertOrigin(path: string, sha256: string, dataset: Dataset): Promise<void> {
  const origin = await readOrigin(path);
  if (origin === undefined || origin.features !== sha256 || origin.dataset === dataset.summary.sha256) return;
  throw new EngineError(
    'arrays.invalid',
    `${path} holds the features of another dataset (${origin.datasetPath}), not of ${dataset.path} as it is now. Compute them again with ballast features.`,
    { path },
  );
}

async function readOrigin(path: string): Promise<Origin | undefined> {
  try {
    return JSON.parse(await readFile(originPath(path), 'utf8')) as Origin;
  } catch {
    return undefined; // none, or somebody else's
  }
}
