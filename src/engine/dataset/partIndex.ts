import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, ProblemCode } from '../../protocol/dataset.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { WorkerPool } from '../jobs/workerPool.ts';
import { type Artifact, hashOf, obtainArtifact } from '../runs/artifacts.ts';
import { acquireLock } from '../runs/lock.ts';
import { readJson } from '../runs/npy.ts';
import type { ParquetStore } from '../runtime/contracts.ts';
import { writeWhole } from './artifactFile.ts';
import { type ContentKind, readContentKind } from './contentKind.ts';
import type { DatasetPart, ViewSpec } from './dataset.ts';
import { readFirstRecords } from './firstRecords.ts';
import { IndexBuilder, recordProblemCodes } from './indexBuilder.ts';
import { indexFile, recordLimitBytes } from './indexFile.ts';
import { addLines } from './problemLines.ts';
import type { Framing } from './scanner.ts';
import { hashFile, rememberedHash, rememberHash, sameStamp, stampOf } from './sourceCache.ts';
import { openSourceFile, statSource } from './sourceFile.ts';

/** Changes whenever an index is built differently from the same bytes. */
const indexVersion = 3;
/** Files below this size are parsed by this thread alone: a worker would need longer to start. */
const workerBytes = 24 * 1024 * 1024;
/** Young generation of a parse worker: its objects die at once, more room only costs memory. */
const workerYoungMb = 16;
const workerHeapMb = 512;
/** Name of the row text derived from a Parquet file, in its index artifact. */
const rowTextName = 'rows.jsonl';

export interface ReadingDeps {
  readonly parquet: ParquetStore;
  /** Bundled `worker.ts`. */
  readonly workerScript: string;
}

/** `index.json` of an index artifact: everything that is not an array. */
export interface PartIndex {
  readonly kind: DatasetPart['kind'];
  readonly framing: Framing | 'lines';
  readonly recordsFrom: number;
  readonly view: ViewSpec;
  readonly bytes: number;
  readonly sha256: string;
  readonly records: number;
  readonly problems: readonly Problem[];
  readonly problemCounts: Readonly<Partial<Record<ProblemCode, number>>>;
  /** Code of each bit in `problems.npy`, lowest first. */
  readonly problemBits: readonly ProblemCode[];
}

export interface OpenedPart {
  readonly path: string;
  readonly artifact: Artifact;
  readonly index: PartIndex;
  /** File whose bytes hold the records. */
  readonly textPath: string;
  readonly modifiedNs: string;
}

/** What a path turned out to be. */
export type Opened = { readonly kind: 'part'; readonly part: OpenedPart } | { readonly kind: 'mixture' };

/** How the records of a file are to be read when that is known from outside (LLaMA-Factory). */
export type GivenView = Omit<ViewSpec, 'variant'>;

/** Opens one file of records, building its index or using the one at hand. @throws EngineError when it is no such file */
export async function openPart(path: string, runDir: string, given: GivenView, deps: ReadingDeps, job: JobContext): Promise<Opened> {
  await using handle = await openSourceFile(path);
  const before = await statSource(handle, path);
  const size = Number(before.size);
  const stamp = stampOf(before);
  const readAt = Date.now();
  const remembered = await rememberedHash(runDir, path, stamp);
  const parameters = { indexVersion, ...given };

  const build = async (folder: string, kind: Exclude<ContentKind, { kind: 'mixture' }>, knownHash: string | undefined): Promise<string> => {
    const sha256 = await buildIndex({ path, folder, handle, size, kind, given, knownHash, deps, job });
    await checkUnchanged(handle, before, path);
    return sha256;
  };
  const finish = async (artifact: Artifact, sha256: string): Promise<Opened> => {
    await rememberHash(runDir, path, stamp, sha256, readAt);
    const index = await readJson<PartIndex>(join(artifact.folder, 'index.json'));
    return {
      kind: 'part',
      part: {
        path,
        artifact,
        index,
        modifiedNs: stamp.mtimeNs,
        textPath: index.kind === 'parquet' ? join(artifact.folder, rowTextName) : path,
      },
    };
  };

  if (remembered) {
    // Seen before: with its hash the index may be at hand. Without, hashing first is cheap against indexing.
    const sha256 = remembered.current ? remembered.sha256 : await hashFile(handle, size, job);
    if (!remembered.current) await checkUnchanged(handle, before, path);
    const artifact = await obtainArtifact(runDir, {
      stage: 'index',
      inputHash: sha256,
      parameters,
      job,
      build: async (folder) => {
        const kind = await readContentKind(handle, size, path);
        if (kind.kind === 'mixture') throw changedError(path);
        if ((await build(folder, kind, sha256)) !== sha256) throw changedError(path);
      },
    });
    return finish(artifact, sha256);
  }

  const kind = await readContentKind(handle, size, path);
  if (kind.kind === 'mixture') return { kind: 'mixture' };
  // New: hash and index in one pass, into a folder that becomes the artifact once its hash is known.
  const staging = join(runDir, 'artifacts', `indexing-${hashOf([path, parameters]).slice(0, 24)}`);
  await mkdir(join(runDir, 'artifacts'), { recursive: true });
  await using _lock = await acquireLock(`${staging}.lock`, job);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging);
  try {
    const sha256 = await build(staging, kind, undefined);
    const artifact = await obtainArtifact(runDir, {
      stage: 'index',
      inputHash: sha256,
      parameters,
      job,
      build: (folder) => moveFiles(staging, folder),
    });
    return await finish(artifact, sha256);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function moveFiles(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
}

function changedError(path: string): EngineError {
  return new EngineError(
    'dataset.changed',
    `${path} changed while it was read. Wait until nothing writes to it, then run the same command again.`,
    { path },
  );
}

async function checkUnchanged(handle: FileHandle, before: BigIntStats, path: string): Promise<void> {
  if (!sameStamp(stampOf(before), stampOf(await handle.stat({ bigint: true })))) throw changedError(path);
}

interface BuildRequest {
  readonly path: string;
  readonly folder: string;
  readonly handle: FileHandle;
  readonly size: number;
  readonly kind: Exclude<ContentKind, { kind: 'mixture' }>;
  readonly given: GivenView;
  readonly knownHash: string | undefined;
  readonly deps: ReadingDeps;
  readonly job: JobContext;
}

/** Fills `folder` with the index of a file. Returns the SHA-256 of the file. */
async function buildIndex(request: BuildRequest): Promise<string> {
  const { path, folder, handle, size, kind, deps, job } = request;
  if (kind.kind === 'records') {
    const hash = createHash('sha256');
    const built = await indexRecords(request, handle, size, kind, hash);
    const sha256 = hash.digest('hex');
    const format = kind.framing === 'lines' ? 'jsonl' : kind.framing === 'concatenated' ? 'concatenated' : 'json';
    await writeIndex(folder, { ...built, kind: format, bytes: size, sha256 });
    return sha256;
  }
  const sha256 = request.knownHash ?? (await hashFile(handle, size, job));
  const rowText = join(folder, rowTextName);
  await deps.parquet.toJsonl(path, rowText, job.signal);
  await using rows = await open(rowText, 'r');
  const rowBytes = Number((await rows.stat()).size);
  const rowKind = { kind: 'records', framing: 'lines', recordsFrom: 0, head: await readHead(rows) } as const;
  const built = await indexRecords(request, rows, rowBytes, rowKind, undefined);
  await writeIndex(folder, { ...built, kind: 'parquet', bytes: size, sha256 });
  return sha256;
}

async function readHead(handle: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(4 * 1024 * 1024);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  return head.subarray(0, bytesRead);
}

async function indexRecords(
  { folder, given, deps, job }: BuildRequest,
  handle: FileHandle,
  size: number,
  kind: Extract<ContentKind, { kind: 'records' }>,
  hash: ReturnType<typeof createHash> | undefined,
): Promise<Omit<PartIndex, 'kind' | 'bytes' | 'sha256'>> {
  const { framing, recordsFrom, wrapper } = kind;
  const { view, firstKeys } = readFirstRecords(kind.head, framing, recordsFrom, given);
  await using builder = await IndexBuilder.create(folder);
  await using pool =
    job.threads > 1 && size >= workerBytes
      ? new WorkerPool({
          script: deps.workerScript,
          threads: job.threads - 1,
          signal: job.signal,
          youngMb: workerYoungMb,
          heapMb: workerHeapMb,
          tasksAhead: 2,
        })
      : undefined;
  const rules = { view, firstKeys, lines: framing === 'lines', recordBytes: recordLimitBytes };
  await indexFile({ handle, bytes: size, recordsFrom, framing, rules, ...(hash ? { hash } : {}) }, builder, pool, job);
  if (wrapper)
    builder.problem({
      code: 'file.wrapper',
      ordinal: -1,
      byteStart: 0,
      byteEnd: recordsFrom,
      message: `The file is no plain list: ${wrapper}.`,
    });
  const { problems, counts } = await builder.finish();
  return {
    framing,
    recordsFrom,
    view,
    records: builder.records,
    problems: await addLines(handle, problems, job),
    problemCounts: counts,
    problemBits: recordProblemCodes,
  };
}

async function writeIndex(folder: string, index: PartIndex): Promise<void> {
  await writeWhole(join(folder, 'index.json'), Buffer.from(JSON.stringify(index)));
}
