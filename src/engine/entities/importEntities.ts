import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { obtainArtifact } from '../runs/artifacts.ts';
import { writeFileAtomic } from '../runs/atomicFile.ts';
import { type EntityLists, listedPerspectives, readListsInfo, writeRawLists } from './entityLists.ts';
import { GrowingArray } from './growingArray.ts';
import { type JsonLine, readJsonLines } from './jsonLines.ts';
import { Vocabulary } from './vocabulary.ts';

/** Meaning of the imported lists. */
const importVersion = 1;
/** Elements handed to the writer at once. */
const pieceElements = 1 << 16;
const readBytes = 1 << 20;

export interface ImportRequest {
  /** JSONL, one line per instance: `{ordinal, token?: [], object?: [], interrogation?: []}`; lines in any order, other keys ignored. */
  readonly path: string;
  readonly dataset: Pick<Dataset, 'records' | 'flags' | 'identity' | 'runDir'>;
  readonly job: JobContext;
}

/**
 * Lists that the user brings. A perspective is imported when at least one line names it: instances whose line, or whose key, is missing
 * then have an empty list. A perspective that no line names is not among the result's `perspectives`; it is for the extractor.
 * Order and repeats are kept as listed. Lists of positions that hold no instance are ignored.
 * @throws EngineError `entities.importInvalid` naming path, line and byte offset
 */
export async function importEntities(request: ImportRequest): Promise<EntityLists> {
  const { path, dataset, job } = request;
  const { sha256, bytes } = await fingerprint(path, job);
  const artifact = await obtainArtifact(dataset.runDir, {
    stage: 'extract',
    inputHash: dataset.identity,
    parameters: { import: importVersion, sha256 },
    job,
    build: (folder) => buildImport(folder, bytes, request),
  });
  const { perspectives } = await readListsInfo(artifact.folder);
  return { artifact, source: 'imported', perspectives };
}

async function fingerprint(path: string, job: JobContext): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    throwIfCancelled(job);
    hash.update(chunk as Buffer);
  }
  return { sha256: hash.digest('hex'), bytes: size };
}

/** Lists of one perspective as they arrive, in order of the lines. */
class Collector {
  readonly vocabulary = new Vocabulary();
  readonly elements = new GrowingArray();
  readonly start: Float64Array;
  readonly lengths: Uint32Array;
  named = false;

  constructor(records: number) {
    this.start = new Float64Array(records);
    this.lengths = new Uint32Array(records);
  }

  add(ordinal: number, entities: readonly string[]): void {
    this.start[ordinal] = this.elements.length;
    this.lengths[ordinal] = entities.length;
    for (const entity of entities) this.elements.push(this.vocabulary.idOf(entity));
  }

  /** The elements in order of the ordinals. */
  *inOrder(): Generator<Uint32Array> {
    let piece = new Uint32Array(pieceElements);
    let filled = 0;
    for (let ordinal = 0; ordinal < this.lengths.length; ordinal++) {
      const from = this.start[ordinal] ?? 0;
      const length = this.lengths[ordinal] ?? 0;
      for (let i = from; i < from + length; i++) {
        piece[filled++] = this.elements.at(i);
        if (filled < pieceElements) continue;
        yield piece;
        piece = new Uint32Array(pieceElements);
        filled = 0;
      }
    }
    yield piece.subarray(0, filled);
  }
}

async function buildImport(folder: string, bytes: number, { path, dataset, job }: ImportRequest): Promise<void> {
  const lineOf = new Uint32Array(dataset.records);
  const collectors = new Map(listedPerspectives.map((perspective) => [perspective, new Collector(dataset.records)]));
  let lines = 0;
  let ignored = 0;
  for await (const line of readJsonLines(path)) {
    throwIfCancelled(job);
    const record = parseLine(line, path);
    const ordinal = ordinalOf(record, dataset.records, lineOf, line, path);
    lineOf[ordinal] = line.number;
    lines++;
    const usable = ((dataset.flags[ordinal] ?? 0) & recordFlags.usable) !== 0;
    if (!usable) ignored++;
    for (const [perspective, collector] of collectors) {
      const entities = record[perspective];
      if (entities === undefined) continue;
      if (!isStringList(entities)) throw invalid(path, line, `"${perspective}" must be a list of strings`);
      collector.named = true;
      if (usable) collector.add(ordinal, entities);
    }
    job.report({ stage: 'extract', done: line.byteEnd, total: bytes, unit: 'bytes' });
  }
  if (lines === 0)
    throw new EngineError('entities.importInvalid', `${path} holds no line. Give one JSON object per instance, or leave --entities out.`, {
      path,
    });
  if (ignored > 0)
    job.log('warn', `${path}: ${ignored} line(s) name a position of the dataset that holds no instance; their entities are ignored.`);
  const named = [...collectors].filter(([, collector]) => collector.named);
  if (named.length === 0)
    throw new EngineError(
      'entities.importInvalid',
      `${path}: no line names "token", "object" or "interrogation", so nothing could be imported. Check the spelling of the keys.`,
      { path },
    );
  const missing = dataset.flags.reduce((sum, flags, ordinal) => sum + (flags & recordFlags.usable && lineOf[ordinal] === 0 ? 1 : 0), 0);
  if (missing > 0) job.log('warn', `${path}: ${missing} instance(s) have no line; they count as having no imported entity.`);
  for (const [perspective, collector] of named) {
    await writeRawLists(folder, perspective, {
      names: () => collector.vocabulary.names(),
      rowLengths: collector.lengths,
      pieces: collector.inOrder(),
    });
  }
  await writeFileAtomic(
    join(folder, 'lists.json'),
    `${JSON.stringify({ perspectives: named.map(([perspective]) => perspective), lines })}\n`,
  );
}

function parseLine(line: JsonLine, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line.bytes));
  } catch (error) {
    throw invalid(path, line, error instanceof SyntaxError ? `no valid JSON (${error.message})` : 'no valid UTF-8');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, line, 'a line must be an object like {"ordinal":0,"token":["cat"]}');
  return value as Record<string, unknown>;
}

function ordinalOf(record: Readonly<Record<string, unknown>>, records: number, lineOf: Uint32Array, line: JsonLine, path: string): number {
  const { ordinal } = record;
  if (typeof ordinal !== 'number' || !Number.isInteger(ordinal))
    throw invalid(path, line, '"ordinal" must be an integer, the 0-based position of the instance in the dataset');
  if (ordinal < 0 || ordinal >= records)
    throw invalid(path, line, `ordinal ${ordinal} is out of range, the dataset has the positions 0 to ${records - 1}`, ordinal);
  const earlier = lineOf[ordinal] ?? 0;
  if (earlier > 0) throw invalid(path, line, `ordinal ${ordinal} was given by line ${earlier} already`, ordinal);
  return ordinal;
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function invalid(path: string, line: JsonLine, reason: string, ordinal: number | null = null): EngineError {
  return new EngineError(
    'entities.importInvalid',
    `${path}, line ${line.number} (byte ${line.byteStart}): ${reason}. Correct the line, then run the same command again.`,
    {
      path,
      line: line.number,
      byteStart: line.byteStart,
      reason,
      ordinal,
    },
  );
}
