import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { type Artifact, type ArtifactKey, addressOf, obtainArtifact, peekArtifact, shardFolder } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { readNpy, writeNpy } from '../runs/npy.ts';
import type { Dataset } from './dataset.ts';
import { countDuplicates } from './duplicates.ts';
import { hashShard, keyBytes } from './hashShard.ts';
import { cutShards, type RecordShard } from './recordShard.ts';

/** Changes whenever the same content would get another key. */
const keysVersion = 1;
const shardBytes = 16 * 1024 * 1024;
/** Datasets below this size are hashed by this thread alone: a worker would need longer to start. */
const workerBytes = 24 * 1024 * 1024;

export interface InstanceKeys {
  readonly artifact: Artifact;
  /** 16 bytes per ordinal: the 128-bit hash of the instance's content; zeros where there is no instance. */
  readonly keys: Uint8Array;
  /** Per ordinal: how many earlier instances have the same content. */
  readonly duplicates: Uint32Array;
}

/** Content hashes of all instances, computed once per dataset and resumed where an interrupted call left off. */
export async function obtainInstanceKeys(
  dataset: Dataset,
  deps: { readonly workerScript: string },
  job: JobContext,
): Promise<InstanceKeys> {
  const artifact = await obtainArtifact(dataset.runDir, {
    ...keysKey(dataset),
    job,
    build: async (folder) => {
      const keys = await hashDataset(dataset, folder, deps.workerScript, job);
      await writeNpy(join(folder, 'keys.npy'), keys, [dataset.records, keyBytes]);
      await writeNpy(join(folder, 'duplicates.npy'), countDuplicates(keys, dataset.flags));
    },
  });
  if (artifact.reused) job.report({ stage: 'keys', done: dataset.records, total: dataset.records, unit: 'instances', reused: true });
  const [keys, duplicates] = await Promise.all([
    readNpy(join(artifact.folder, 'keys.npy'), '|u1'),
    readNpy(join(artifact.folder, 'duplicates.npy'), '<u4'),
  ]);
  return { artifact, keys, duplicates };
}

/** The keys of a dataset are computed already. */
export async function keysAreReady(dataset: Dataset): Promise<boolean> {
  return (await peekArtifact(addressOf(dataset.runDir, keysKey(dataset)))) !== undefined;
}

function keysKey(dataset: Dataset): ArtifactKey {
  return { stage: 'keys', inputHash: dataset.identity, parameters: { keysVersion, shardBytes } };
}

async function hashDataset(dataset: Dataset, folder: string, script: string, job: JobContext): Promise<Uint8Array> {
  const keys = new Uint8Array(dataset.records * keyBytes);
  const bytes = dataset.parts.reduce((sum, part) => sum + part.bytes, 0);
  const fileOf = (shard: RecordShard): string => join(folder, shardFolder, `${String(shard.index).padStart(5, '0')}.bin`);
  const take = async (shard: RecordShard, part: Uint8Array, isNew: boolean): Promise<void> => {
    keys.set(part, shard.firstOrdinal * keyBytes);
    if (isNew) await writeFileAtomic(fileOf(shard), part);
    job.report({ stage: 'keys', done: shard.firstOrdinal + shard.start.length, total: dataset.records, unit: 'instances' });
  };

  const missing: RecordShard[] = [];
  for (const shard of cutShards(dataset, shardBytes)) {
    const done = await readFile(fileOf(shard)).catch(() => undefined);
    if (done?.length === shard.start.length * keyBytes) await take(shard, done, false);
    else missing.push(shard);
  }
  if (job.threads < 2 || bytes < workerBytes) {
    for (const shard of missing) {
      throwIfCancelled(job);
      await take(shard, hashShard({ shard }), true);
      await yieldToLoop();
    }
    return keys;
  }
  await using pool = new WorkerPool({ script, threads: job.threads, signal: job.signal, youngMb: 16, tasksAhead: 2 });
  let next = 0;
  for await (const part of pool.runInOrder<Uint8Array>(missing.map((shard) => ({ kind: 'hash', payload: { shard } })))) {
    await take(missing[next++] as RecordShard, part, true);
  }
  return keys;
}
