import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import type { AtomicFile } from '../runs/atomicFile.ts';
import { readNpy } from '../runs/npy.ts';
import type { DatasetPart } from './dataset.ts';
import { type GapRules, gapRules } from './gapFraming.ts';
import { WindowReader } from './windowReader.ts';

/** Bytes of the source read at a time. */
const windowBytes = 16 * 1024 * 1024;
/** Ranges that follow each other are copied together up to this size. */
const copyBytes = 4 * 1024 * 1024;
/** Bytes behind the last element that are looked at; a wrapper object may go on for long. */
const closingBytes = 1024 * 1024;

export interface WrittenPart {
  readonly bytes: number;
  readonly sha256: string;
}

/** What goes into a part's output. */
export interface PartContent {
  /** Positions in the part's index, ascending. */
  readonly kept: Uint32Array;
  /** New records behind the kept ones, of which there must be one. */
  readonly added: readonly Buffer[];
  /** All is kept and nothing added: the whole file is copied, framing and all. */
  readonly everything: boolean;
}

/** Copies records of a part, byte for byte, into `file`, and new ones behind them. */
export async function writePart(
  part: DatasetPart,
  { kept, added, everything }: PartContent,
  file: AtomicFile,
  job: JobContext,
): Promise<WrittenPart> {
  await using handle = await open(everything ? part.path : part.textPath, 'r');
  const size = Number((await handle.stat()).size);
  const writer = new RangeWriter(new WindowReader(handle.fd, size, windowBytes), size, file, job);
  if (everything) await writer.copy(0, size);
  else await writeRecords(writer, part, kept, added, size);
  return writer.finish();
}

async function writeRecords(
  writer: RangeWriter,
  part: DatasetPart,
  kept: Uint32Array,
  added: readonly Buffer[],
  size: number,
): Promise<void> {
  const { reader } = writer;
  const [start, end] = await Promise.all([
    readNpy(join(part.indexFolder, 'start.npy'), '<f8'),
    readNpy(join(part.indexFolder, 'end.npy'), '<f8'),
  ]);
  const startOf = (position: number): number => start[position] ?? size;
  const endOf = (position: number): number => (position < 0 ? part.recordsFrom : (end[position] ?? size));
  const gapBefore = (position: number): readonly [number, number] => [endOf(position - 1), startOf(position)];

  const before = Buffer.from(reader.readAt(0, startOf(0)));
  const lastEnd = endOf(start.length - 1);
  const behind = Buffer.from(reader.readAt(lastEnd, Math.min(closingBytes, size - lastEnd)));
  const rules = gapRules({ framing: part.framing, recordsFrom: part.recordsFrom, lineEnd: lineEndOf(reader.readAt(0, 64 * 1024)) });
  const first = kept[0];
  if (first === undefined) {
    await writer.write(rules.empty(before, behind));
  } else {
    const [gapStart, gapEnd] = gapBefore(first);
    await writer.write(rules.opening(before, Buffer.from(reader.readAt(gapStart, gapEnd - gapStart)), first));
    await copyRecords(writer, rules, kept, startOf, endOf);
    if (added.length > 0) {
      // As the source's first two records are joined; a source of one record only has what stands before it.
      const [gapFrom, gapTo] = start.length > 1 ? gapBefore(1) : [part.recordsFrom, startOf(0)];
      const joint = rules.between(Buffer.from(reader.readAt(gapFrom, gapTo - gapFrom)), 1);
      for (const record of added) {
        await writer.write(joint);
        await writer.write(record);
      }
    }
    await writer.write(rules.closing(behind));
  }
  // What a wrapper object holds behind its records; where an array ends, nothing may follow.
  if (part.framing === 'wrapped') await writer.copy(lastEnd + behind.length, size);
}

/** Copies records and the gaps between them; neighbours whose gap is fine as it is go out as one range. */
async function copyRecords(
  writer: RangeWriter,
  rules: GapRules,
  kept: Uint32Array,
  startOf: (position: number) => number,
  endOf: (position: number) => number,
): Promise<void> {
  let from = startOf(kept[0] ?? 0);
  let to = endOf(kept[0] ?? 0);
  for (let i = 1; i < kept.length; i++) {
    const position = kept[i] as number;
    const start = startOf(position);
    const owner = rules.gapSide === 'before' ? position : (kept[i - 1] as number) + 1;
    const gapStart = endOf(owner - 1);
    const gap = writer.reader.readAt(gapStart, startOf(owner) - gapStart);
    const framing = rules.between(gap, position);
    const asItIs = owner === position && gapStart === to && framing.equals(gap);
    if (!asItIs || to - from > copyBytes) {
      await writer.copy(from, to);
      await writer.write(framing);
      from = start;
    }
    to = endOf(position);
  }
  await writer.copy(from, to);
}

class RangeWriter {
  readonly reader: WindowReader;
  readonly #size: number;
  readonly #file: AtomicFile;
  readonly #job: JobContext;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(reader: WindowReader, size: number, file: AtomicFile, job: JobContext) {
    this.reader = reader;
    this.#size = size;
    this.#file = file;
    this.#job = job;
  }

  async write(chunk: Uint8Array): Promise<void> {
    throwIfCancelled(this.#job);
    this.#hash.update(chunk);
    this.#bytes += chunk.byteLength;
    await this.#file.write(chunk);
  }

  async copy(from: number, to: number): Promise<void> {
    for (let position = from; position < to; position += copyBytes) {
      await this.write(this.reader.readAt(position, Math.min(copyBytes, to - position)));
      this.#job.report({ stage: 'write', done: position, total: this.#size, unit: 'bytes' });
    }
  }

  finish(): WrittenPart {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** Line end that the file uses, by its first one. */
function lineEndOf(head: Buffer): string {
  const at = head.indexOf(0x0a);
  return at > 0 && head[at - 1] === 0x0d ? '\r\n' : '\n';
}
