import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Stage } from '../../protocol/progress.ts';
import { ballastVersion } from '../../protocol/version.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { syncFolder, writeFileAtomic } from './atomicFile.ts';
import { acquireLock } from './lock.ts';

/** One finished stage: a folder of files that nothing changes any more. */
export interface Artifact {
  readonly stage: Stage;
  readonly folder: string;
  readonly inputHash: string;
  readonly parameterHash: string;
  /** Seconds that the building took, whenever it was. */
  readonly seconds: number;
  /** Found ready from an earlier call. */
  readonly reused: boolean;
}

/** What decides where an artifact lies. */
export interface ArtifactKey {
  readonly stage: Stage;
  /** Hash of all inputs: file contents and artifacts before this one. */
  readonly inputHash: string;
  /** Everything else that decides the result, the stage's own format version included. */
  readonly parameters: unknown;
}

/** Place of an artifact, built or not. */
export type ArtifactAddress = Pick<Artifact, 'stage' | 'folder' | 'inputHash' | 'parameterHash'>;

export interface ArtifactRequest extends ArtifactKey {
  readonly job: JobContext;
  /**
   * Fills `folder`. The folder outlives a kill: what lies in `folder/shards` was written atomically by an earlier, interrupted call
   * with the same hashes and may be used again. `shards` is removed when the stage is done.
   */
  build(folder: string): Promise<void>;
}

interface DoneMark {
  readonly stage: string;
  readonly inputHash: string;
  readonly parameterHash: string;
  readonly parameters: unknown;
  readonly seconds: number;
  readonly ballastVersion: string;
}

/** Name of the folder below an artifact's folder that holds resumable parts. */
export const shardFolder = 'shards';

/** SHA-256, hex, of JSON with the key order as given. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

export function addressOf(runDir: string, { stage, inputHash, parameters }: ArtifactKey): ArtifactAddress {
  const parameterHash = hashOf(parameters);
  const folder = join(runDir, 'artifacts', `${stage}-${hashOf([stage, inputHash, parameterHash]).slice(0, 24)}`);
  return { stage, folder, inputHash, parameterHash };
}

/** The artifact at an address if it is finished. Never builds, waits or writes. */
export async function peekArtifact(address: ArtifactAddress): Promise<Artifact | undefined> {
  const done = await readDone(address.folder);
  return done && { ...address, seconds: done.seconds, reused: true };
}

/** The stage's artifact: an existing one with the same hashes, else a new one that appears complete or not at all. */
export async function obtainArtifact(runDir: string, request: ArtifactRequest): Promise<Artifact> {
  const { stage, inputHash, parameters, job } = request;
  const address = addressOf(runDir, request);
  const { folder, parameterHash } = address;
  const ready = await peekArtifact(address);
  if (ready) return ready;

  await mkdir(dirname(folder), { recursive: true });
  await using _lock = await acquireLock(`${folder}.lock`, job);
  const meanwhile = await peekArtifact(address);
  if (meanwhile) return meanwhile;

  const started = performance.now();
  const partial = `${folder}.partial`;
  await mkdir(partial, { recursive: true });
  await request.build(partial);
  const seconds = (performance.now() - started) / 1000;
  await rm(join(partial, shardFolder), { recursive: true, force: true });
  const mark: DoneMark = { stage, inputHash, parameterHash, parameters, seconds, ballastVersion };
  await writeFileAtomic(join(partial, 'done.json'), `${JSON.stringify(mark, null, 2)}\n`);
  await rm(folder, { recursive: true, force: true }); // a folder without a done mark: not ours to keep
  await rename(partial, folder);
  await syncFolder(dirname(folder));
  return { ...address, seconds, reused: false };
}

async function readDone(folder: string): Promise<DoneMark | undefined> {
  const text = await readFile(join(folder, 'done.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as DoneMark);
}
