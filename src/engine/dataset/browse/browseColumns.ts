import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { WorkerPool } from '../../jobs/workerPool.ts';
import { type Artifact, obtainArtifact, shardFolder } from '../../runs/artifacts.ts';
import { writeFileAtomic } from '../../runs/atomicFile.ts';
import { readJson, readNpy, writeNpy } from '../../runs/npy.ts';
import { type Dataset, partOf } from '../dataset.ts';
import { cutShards } from '../recordShard.ts';
import { type ColumnTask, columnsOfShard, type ShardColumns } from './columnShard.ts';
import { type FacetField, FacetFields, placeCodes } from './facetFields.ts';
import { columnsOfParts, type PartColumns, type PartColumnsTask } from './partColumns.ts';

/** Changes whenever the same records would give other columns. */
const columnsVersion = 1;
const shardBytes = 16 * 1024 * 1024;
/** Datasets below this size are read by this thread alone: a worker would need longer to start. */
const workerBytes = 24 * 1024 * 1024;

/** A record at which counting lines may begin. */
export interface LineMark {
  readonly ordinal: number;
  /** Line feeds of the part's text before the record. */
  readonly lineFeeds: number;
}

/** What the instance browser filters and sorts by, beyond the index: one element per ordinal in every column. */
export interface BrowseColumns {
  readonly fields: readonly (FacetField & { /** Position in `values` plus 1; 0 without the field. */ readonly codes: Uint8Array })[];
  /** Position in `folders` plus 1 of the first image's first folder; 0 without an image path. */
  readonly folder: Uint16Array;
  readonly folders: readonly string[];
  /** Rank of the id in natural order; `noRank` without one. */
  readonly idRank: Uint32Array;
  /** Ascending; the first record of every part is among them. */
  readonly lines: readonly LineMark[];
}

interface ColumnsInfo {
  readonly fields: readonly FacetField[];
  readonly folders: readonly string[];
  readonly lines: readonly LineMark[];
}

interface Deps {
  readonly workerScript: string;
}

/** Columns of a dataset, made once in a pass over all records and resumed where an interrupted call left off. */
export async function obtainBrowseColumns(dataset: Dataset, deps: Deps, job: JobContext): Promise<BrowseColumns> {
  const artifact = await obtainArtifact(dataset.runDir, {
    stage: 'columns',
    inputHash: dataset.identity,
    parameters: { columnsVersion, shardBytes },
    job,
    build: (folder) => buildColumns(dataset, folder, deps, job),
  });
  if (artifact.reused) job.report({ stage: 'columns', done: dataset.records, total: dataset.records, unit: 'instances', reused: true });
  return readColumns(artifact, dataset.records);
}

async function readColumns({ folder: path }: Artifact, records: number): Promise<BrowseColumns> {
  const [{ fields, folders, lines }, codes, folder, idRank] = await Promise.all([
    readJson<ColumnsInfo>(join(path, 'columns.json')),
    readNpy(join(path, 'fields.npy'), '|u1'),
    readNpy(join(path, 'folder.npy'), '<u2'),
    readNpy(join(path, 'idRank.npy'), '<u4'),
  ]);
  return {
    fields: fields.map((field, row) => ({ ...field, codes: codes.subarray(row * records, (row + 1) * records) })),
    folder,
    folders,
    idRank,
    lines,
  };
}

async function buildColumns(dataset: Dataset, folder: string, deps: Deps, job: JobContext): Promise<void> {
  const tasks = columnTasks(dataset, join(folder, shardFolder));
  const { idRank, folder: folderCodes, folders } = await makeParts(dataset, tasks, deps, job);
  const fields = new FacetFields();
  const lineFeeds: number[] = [];
  for (const task of tasks) {
    throwIfCancelled(job);
    const columns = await finishedShard(task);
    fields.add(columns);
    lineFeeds.push(columns.lineFeeds);
  }
  const chosen = fields.chosen();
  const codes = new Uint8Array(chosen.length * dataset.records);
  for (const task of tasks) placeCodes(chosen, await finishedShard(task), task.shard.firstOrdinal, codes, dataset.records);
  await writeNpy(join(folder, 'fields.npy'), codes, [chosen.length, dataset.records]);
  await writeNpy(join(folder, 'folder.npy'), folderCodes);
  await writeNpy(join(folder, 'idRank.npy'), idRank);
  const info: ColumnsInfo = { fields: chosen, folders, lines: lineMarks(tasks, lineFeeds) };
  await writeFileAtomic(join(folder, 'columns.json'), JSON.stringify(info));
}

interface ShardWork extends ColumnTask {
  /** File of the shard's columns. */
  readonly path: string;
}

/** One task per shard; the counted ranges join, from the beginning of each part's text. */
function columnTasks(dataset: Dataset, folder: string): ShardWork[] {
  const shards = [...cutShards(dataset, shardBytes)];
  return shards.map((shard, i) => {
    const before = partOf(dataset, shard.firstOrdinal).firstOrdinal < shard.firstOrdinal ? shards[i - 1] : undefined;
    const path = join(folder, `${String(shard.index).padStart(5, '0')}.bin`);
    return { shard, from: before?.start[0] ?? 0, to: shard.start[0] as number, path };
  });
}

/** Writes the columns of the shards that are missing, and gives those that follow from the index. */
async function makeParts(dataset: Dataset, tasks: readonly ShardWork[], deps: Deps, job: JobContext): Promise<PartColumns> {
  let done = 0;
  const report = ({ shard }: ShardWork): void => {
    done += shard.start.length;
    job.report({ stage: 'columns', done, total: dataset.records, unit: 'instances' });
  };
  const missing: ShardWork[] = [];
  for (const task of tasks) {
    throwIfCancelled(job);
    if (await readShardFile(task.path)) report(task);
    else missing.push(task);
  }
  const store = async (task: ShardWork, columns: ShardColumns): Promise<void> => {
    throwIfCancelled(job);
    await writeFileAtomic(task.path, serialize(columns));
    report(task);
  };
  const partTask: PartColumnsTask = { parts: dataset.parts, flags: dataset.flags };
  const bytes = dataset.parts.reduce((sum, part) => sum + part.bytes, 0);
  if (job.threads < 2 || bytes < workerBytes) {
    for (const task of missing) {
      await store(task, columnsOfShard(task));
      await yieldToLoop();
    }
    return columnsOfParts(partTask);
  }
  await using pool = new WorkerPool({ script: deps.workerScript, threads: job.threads, signal: job.signal, youngMb: 16, tasksAhead: 2 });
  const ofParts = pool.run<PartColumns>('partColumns', partTask);
  ofParts.catch(() => undefined); // met below
  let next = 0;
  const work = missing.map(({ shard, from, to }) => ({ kind: 'columns', payload: { shard, from, to } satisfies ColumnTask }));
  for await (const columns of pool.runInOrder<ShardColumns>(work)) await store(missing[next++] as ShardWork, columns);
  return await ofParts;
}

function lineMarks(tasks: readonly ColumnTask[], lineFeeds: readonly number[]): readonly LineMark[] {
  let total = 0;
  return tasks.map(({ shard, from }, i) => {
    if (from === 0) total = 0; // counted from the beginning
    total += lineFeeds[i] as number;
    return { ordinal: shard.firstOrdinal, lineFeeds: total };
  });
}

async function finishedShard({ path }: ShardWork): Promise<ShardColumns> {
  const columns = await readShardFile(path);
  if (!columns) throw new Error(`${path} was written, but cannot be read`);
  return columns;
}

/** A shard's columns as an earlier call wrote them; undefined when they are not there. */
async function readShardFile(path: string): Promise<ShardColumns | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  try {
    return deserialize(bytes) as ShardColumns;
  } catch {
    return undefined; // cut off by a power failure
  }
}
