import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { AtomicFile } from '../runs/atomicFile.ts';
import type { ParquetStore } from '../runtime/contracts.ts';
import type { Dataset, DatasetPart } from './dataset.ts';
import { type OutputPlan, planMixtureOutput } from './mixtures/mixtureOutput.ts';
import { assertNotSource } from './outputGuard.ts';
import { type WrittenPart, writePart } from './partWriter.ts';

export interface WriterDeps {
  readonly parquet: ParquetStore;
}

export interface WrittenOutput extends WrittenPart {
  /** Absolute. */
  readonly path: string;
  readonly role: 'selection' | 'part';
}

/** A written selection: complete under temporary names, to be committed with its manifest, or disposed of. */
export interface WrittenSelection {
  readonly files: readonly AtomicFile[];
  /** The named output first; the parts of a mixture behind it. */
  readonly outputs: readonly WrittenOutput[];
}

/**
 * Writes the kept instances with the source's framing; the source is only read. Selecting everything gives the identical file.
 * @param kept ordinals of usable instances, ascending
 * @param added new records that follow the kept ones, as they are to stand; only in a single text file of records (`canAdd`)
 * @throws EngineError `output.wouldOverwriteSource`
 */
export async function writeSelection(
  dataset: Dataset,
  kept: Uint32Array,
  output: string,
  deps: WriterDeps,
  job: JobContext,
  added: readonly Buffer[] = [],
): Promise<WrittenSelection> {
  const plan: OutputPlan =
    dataset.summary.format === 'mixture'
      ? await planMixtureOutput(dataset, kept, output)
      : { parts: dataset.parts.map((part) => ({ part, path: output })), mixture: undefined };
  const paths = [output, ...plan.parts.map(({ path }) => path)];
  for (const path of new Set(paths)) await assertNotSource(dataset, path);

  const files: AtomicFile[] = [];
  const outputs: WrittenOutput[] = [];
  try {
    for (const { part, path } of plan.parts) {
      const file = await AtomicFile.create(path);
      files.push(file);
      const written = await writeOne(part, positionsIn(part, kept), added, file, deps, job);
      outputs.push({ path, ...written, role: plan.mixture === undefined ? 'selection' : 'part' });
    }
    if (plan.mixture !== undefined) {
      const bytes = Buffer.from(plan.mixture, 'utf8');
      const file = await AtomicFile.create(output);
      files.push(file);
      await file.write(bytes);
      outputs.unshift({ path: output, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), role: 'selection' });
    }
    return { files, outputs };
  } catch (error) {
    for (const file of files) await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** Why new records cannot follow the dataset's own; undefined when they can. */
export function cannotAdd({ summary, parts }: Dataset): 'parquet' | 'mixture' | 'keyed' | undefined {
  if (summary.format === 'parquet' || summary.format === 'mixture') return summary.format;
  return parts.some(({ framing }) => framing === 'keyed') ? 'keyed' : undefined;
}

/** Positions in the part's index of the kept ordinals that belong to it. */
function positionsIn(part: DatasetPart, kept: Uint32Array): Uint32Array {
  const from = lowerBound(kept, part.firstOrdinal);
  const to = lowerBound(kept, part.firstOrdinal + part.records);
  const shift = part.indexFirst - part.firstOrdinal;
  return kept.slice(from, to).map((ordinal) => ordinal + shift);
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function writeOne(
  part: DatasetPart,
  positions: Uint32Array,
  added: readonly Buffer[],
  file: AtomicFile,
  deps: WriterDeps,
  job: JobContext,
): Promise<WrittenPart> {
  // All elements of the file are instances and all are kept: the framing is copied too, whatever is odd about it.
  const everything = positions.length === part.indexRecords && added.length === 0;
  await assertUnchanged(part);
  const written =
    everything || part.kind !== 'parquet'
      ? await writePart(part, { kept: positions, added, everything }, file, job)
      : await writeParquet(part, positions, file, deps, job);
  await assertUnchanged(part);
  return written;
}

async function writeParquet(
  part: DatasetPart,
  rows: Uint32Array,
  file: AtomicFile,
  deps: WriterDeps,
  job: JobContext,
): Promise<WrittenPart> {
  await deps.parquet.writeSubset(part.path, rows, file.temporaryPath, job.signal);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file.temporaryPath, { highWaterMark: 1 << 20 })) {
    throwIfCancelled(job);
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A source that became another one since it was indexed would be cut at the wrong places. */
async function assertUnchanged(part: DatasetPart): Promise<void> {
  const stats = await stat(part.path, { bigint: true }).catch(() => undefined);
  if (Number(stats?.size) !== part.bytes || String(stats?.mtimeNs) !== part.modifiedNs) {
    throw new EngineError('dataset.changed', `${part.path} changed since it was indexed. Run the same command again.`, { path: part.path });
  }
}
