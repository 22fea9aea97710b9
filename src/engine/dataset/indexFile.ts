import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { WorkerPool } from '../jobs/workerPool.ts';
import type { Finding, IndexBuilder } from './indexBuilder.ts';
import { type Batch, type BatchResult, type BrokenPiece, brokenMessage, parseBatch, type ReadingRules } from './parseBatch.ts';
import type { ParseTask, TaskReply } from './parseTask.ts';
import { createPieceScanner, PieceList, type PieceScanner } from './pieceList.ts';
import { recover } from './recovery.ts';
import type { Framing } from './scanner.ts';
import { WindowReader } from './windowReader.ts';

/** A record may not be larger. */
export const recordLimitBytes = 64 * 1024 * 1024;
/** Bytes read at a time. */
const chunkBytes = 4 * 1024 * 1024;
/** Room before a chunk for the beginning of a record that it continues. */
const headroomBytes = 256 * 1024;
/** After a resync, bytes that are read record by record before batches go ahead again: what a resync throws away is paid for by then. */
const carefulBytes = 32 * 1024 * 1024;
/** Step of the careful reading; a broken record costs at most one step of scanning twice. */
const carefulStep = 16 * 1024;
/** After the first resync a record is in doubt once it is this many times longer than the longest good one ... */
const doubtFactor = 4;
/** ... and longer than this. */
const doubtBytes = 4096;

export interface FileToIndex {
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Where records begin: behind the byte order mark and the opening bracket. */
  readonly recordsFrom: number;
  readonly framing: Framing | 'lines';
  readonly rules: ReadingRules;
  /** Fed with every byte of the file, in order. */
  readonly hash?: Hash;
}

export interface IndexingLimits {
  readonly recordBytes?: number;
}

interface UnderWay {
  readonly result: BatchResult | Promise<BatchResult>;
  readonly findings: readonly Finding[];
}

/**
 * Indexes one file in one pass: this thread reads, hashes and finds boundaries; batches of records are parsed by the pool, or here when
 * the pool has enough to do. The result depends on the bytes only: broken records end the running ahead and are settled in order.
 */
export async function indexFile(file: FileToIndex, builder: IndexBuilder, pool: WorkerPool | undefined, job: JobContext, limits: IndexingLimits = {}): Promise<IndexingWork> {
  const indexer = new FileIndexer(file, builder, pool, job, limits.recordBytes ?? recordLimitBytes);
  return indexer.run();
}

/** Bytes scanned for boundaries, re-reading included. */
export interface IndexingWork {
  readonly bytesScanned: number;
}

class FileIndexer {
  readonly #file: FileToIndex;
  readonly #builder: IndexBuilder;
  readonly #pool: WorkerPool | undefined;
  readonly #job: JobContext;
  readonly #limit: number;
  readonly #pieces = new PieceList();
  readonly #window: WindowReader;
  readonly #underWay: UnderWay[] = [];
  readonly #freeBuffers: ArrayBuffer[] = [];
  #scanner: PieceScanner;
  /** Next byte to scan. */
  #position = 0;
  #hashed = 0;
  #resyncs = 0;
  /** A record in doubt that showed no other record inside itself gets more room. */
  #grace = { start: -1, bytes: 0 };
  #scanned = 0;

  constructor(file: FileToIndex, builder: IndexBuilder, pool: WorkerPool | undefined, job: JobContext, limit: number) {
    this.#file = file;
    this.#builder = builder;
    this.#pool = pool;
    this.#job = job;
    this.#limit = limit;
    this.#window = new WindowReader(file.handle.fd, file.bytes);
    this.#scanner = createPieceScanner(file.framing, this.#pieces, 0);
  }

  async run(): Promise<IndexingWork> {
    for (;;) {
      const restart = await this.#runAhead();
      if (restart !== undefined) {
        await this.#runCarefully(restart);
        continue;
      }
      const open = this.#scanner.openAt;
      const finished = await this.#finish(open);
      if (finished) break;
    }
    return { bytesScanned: this.#scanned };
  }

  /** Reads on from `#position` to the end of the file. Returns where to start again when a broken record was met. */
  async #runAhead(): Promise<number | undefined> {
    const { handle, bytes: size, recordsFrom, hash } = this.#file;
    if (this.#position >= size) return undefined;
    let next = this.#startRead(handle, this.#position);
    try {
      let carry = Buffer.alloc(0);
      while (this.#position < size) {
        throwIfCancelled(this.#job);
        const read = await next;
        const { buffer, length } = read;
        if (length === 0) return undefined; // shorter than it was; noticed by the caller
        const position = this.#position;
        const following = position + length;
        if (following < size) next = this.#startRead(handle, following);
        if (hash && following > this.#hashed) {
          hash.update(new Uint8Array(buffer, headroomBytes + this.#hashed - position, following - this.#hashed));
          this.#hashed = following;
        }
        let bytes: Buffer;
        if (carry.length <= headroomBytes) {
          bytes = Buffer.from(buffer, headroomBytes - carry.length, carry.length + length);
          carry.copy(bytes);
        } else {
          bytes = Buffer.concat([carry, new Uint8Array(buffer, headroomBytes, length)]);
        }
        const base = position - carry.length;
        const from = Math.max(position, recordsFrom);
        this.#scan(bytes, from - base, bytes.length, from);
        this.#position = following;

        const open = this.#scanner.openAt;
        carry = open < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(open - base));
        if (open >= 0 && following - open > this.#limitOf(open)) {
          const restart = (await this.#submit(bytes, base, buffer)) ?? (await this.#drain()) ?? (await this.#doubt(open, following));
          if (restart !== undefined) {
            if (following < size) await next;
            return restart;
          }
        } else {
          const restart = await this.#submit(bytes, base, buffer);
          if (restart !== undefined) {
            if (following < size) await next;
            return restart;
          }
        }
        this.#job.report({ stage: 'index', done: following, total: size, unit: 'bytes' });
      }
      return await this.#drain();
    } finally {
      for (const { result } of this.#underWay.splice(0)) if (result instanceof Promise) result.catch(() => undefined);
    }
  }

  #scan(bytes: Buffer, from: number, to: number, offset: number): void {
    if (from >= to) return;
    this.#scanner.push(bytes, from, to, offset);
    this.#scanned += to - from;
  }

  async #startRead(handle: FileHandle, position: number): Promise<{ buffer: ArrayBuffer; length: number }> {
    const buffer = this.#freeBuffers.pop() ?? new ArrayBuffer(headroomBytes + chunkBytes);
    const target = new Uint8Array(buffer, headroomBytes);
    const wanted = Math.min(chunkBytes, this.#file.bytes - position);
    let length = 0;
    while (length < wanted) {
      const { bytesRead } = await handle.read(target, length, wanted - length, position + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { buffer, length };
  }

  /** Hands the pieces found so far to the pool or parses them here, and settles results that are ready. */
  async #submit(bytes: Buffer, base: number, buffer: ArrayBuffer): Promise<number | undefined> {
    const ownBuffer = bytes.buffer === buffer;
    const { batch, findings } = this.#pieces.take(bytes, base);
    const workers = this.#pool?.threads ?? 0;
    const waiting = this.#underWay.reduce((sum, one) => sum + (one.result instanceof Promise ? 1 : 0), 0);
    if (batch.start.length === 0) {
      this.#underWay.push({ result: emptyResult(batch, this.#file.rules), findings });
      this.#freeBuffers.push(buffer);
    } else if (this.#pool && ownBuffer && waiting < workers * 2) {
      const task = { buffer, length: bytes.byteOffset + bytes.length, offset: base - bytes.byteOffset, start: batch.start, end: batch.end, kinds: batch.kinds, rules: this.#file.rules } as ParseTask;
      const pending = this.#pool.run<TaskReply>('parse', task, [buffer]).then((reply) => {
        this.#freeBuffers.push(reply.buffer);
        return reply.result;
      });
      const entry: { result: BatchResult | Promise<BatchResult>; findings: readonly Finding[] } = { result: pending, findings };
      pending.then(
        (result) => {
          entry.result = result;
        },
        () => undefined,
      );
      this.#underWay.push(entry);
    } else {
      if (this.#pool) await yieldToLoop(); // lets answers of the workers in, so that they get their next task
      this.#underWay.push({ result: parseBatch(batch, this.#file.rules), findings });
      this.#freeBuffers.push(buffer);
    }
    // Settle what is ready, and wait when too much is under way.
    while (this.#underWay.length > 0 && (!(this.#underWay[0]?.result instanceof Promise) || this.#underWay.length > workers * 2 + 2)) {
      const restart = await this.#settleFirst();
      if (restart !== undefined) return restart;
    }
    return undefined;
  }

  async #drain(): Promise<number | undefined> {
    while (this.#underWay.length > 0) {
      const restart = await this.#settleFirst();
      if (restart !== undefined) return restart;
    }
    return undefined;
  }

  /** Adds the oldest result to the index. Returns where to start again when it ends in a broken record. */
  async #settleFirst(): Promise<number | undefined> {
    const first = this.#underWay.shift();
    if (!first) return undefined;
    return this.#settle(await first.result, first.findings);
  }

  async #settle(result: BatchResult, findings: readonly Finding[]): Promise<number | undefined> {
    const { broken } = result;
    await this.#builder.add(result);
    for (const finding of findings) if (!broken || finding.at <= broken.start) this.#builder.finding(finding);
    return broken && (await this.#settleBroken(broken));
  }

  /** Decides about a record that does not parse and may have swallowed others. Returns where reading goes on. */
  async #settleBroken(broken: BrokenPiece): Promise<number> {
    const { start, end, code, reason } = broken;
    const limit = Math.min(this.#file.bytes, end + Math.max(end - start, doubtBytes));
    const recovered = this.#recover(start, end, limit);
    if (recovered !== undefined) return recovered;
    await this.#addUnusable(start, end, code, reason);
    return end;
  }

  /** An open record has become suspiciously long. Returns where reading goes on when it is given up. */
  async #doubt(start: number, scannedTo: number): Promise<number | undefined> {
    const length = scannedTo - start;
    const recovered = this.#scanner.skip ? undefined : this.#recover(start, scannedTo, scannedTo);
    if (recovered !== undefined) return recovered;
    if (length <= this.#limit) {
      this.#grace = { start, bytes: length * 2 };
      return undefined;
    }
    const end = this.#scanner.skip ? this.#lineEnd(scannedTo) : this.#closeOf(start, scannedTo);
    await this.#addUnusable(start, end, 'record.tooLarge', `more than ${this.#limit} bytes`);
    return end;
  }

  #limitOf(start: number): number {
    if (this.#resyncs === 0 || this.#scanner.skip) return this.#limit;
    if (this.#grace.start === start) return Math.min(this.#limit, this.#grace.bytes);
    return Math.min(this.#limit, Math.max(doubtBytes, doubtFactor * this.#builder.longest));
  }

  /** Looks for the record at which reading can go on and reports what was lost before it. Returns its end's offset as a new start. */
  #recover(start: number, end: number, limit: number): number | undefined {
    const { firstKeys, view } = this.#file.rules;
    const checkCancelled = (): void => throwIfCancelled(this.#job);
    const recovery = recover({ readAt: (position, length) => this.#window.readAt(position, length), start, end, limit, firstKeys, view, checkCancelled });
    this.#scanned += recovery.scanned;
    if (!recovery.resumed) return undefined;
    this.#resyncs++;
    this.#pendingUnclosed = { starts: recovery.unclosed, end: recovery.resumed.start };
    return recovery.resumed.start;
  }

  #pendingUnclosed: { readonly starts: readonly number[]; readonly end: number } | undefined;

  async #addUnclosed(): Promise<void> {
    const pending = this.#pendingUnclosed;
    this.#pendingUnclosed = undefined;
    if (!pending) return;
    for (const [i, start] of pending.starts.entries()) {
      const end = pending.starts[i + 1] ?? pending.end;
      await this.#addUnusable(start, end, 'record.unclosed', `it does not close before the next record at byte ${end}`);
    }
  }

  async #addUnusable(start: number, end: number, code: BrokenPiece['code'] | 'record.tooLarge', reason: string): Promise<void> {
    const ordinal = this.#builder.records;
    await this.#builder.add(unusableResult(start, end));
    this.#builder.problem({ code, ordinal, byteStart: start, byteEnd: end, message: brokenMessage(code, start, reason) });
  }

  /** End of a record that is too large to be one, found without keeping its bytes; the end of the file when it has none. */
  #closeOf(start: number, scannedTo: number): number {
    const pieces = new PieceList();
    const scanner = createPieceScanner(this.#file.framing, pieces, 0);
    for (let position = start; position < this.#file.bytes; position += chunkBytes) {
      throwIfCancelled(this.#job);
      const bytes = this.#window.readAt(position, chunkBytes);
      scanner.push(bytes, 0, bytes.length, position);
      if (position > scannedTo) this.#scanned += bytes.length;
      if (pieces.first !== undefined) return pieces.firstEnd;
    }
    return this.#file.bytes;
  }

  #lineEnd(from: number): number {
    for (let position = from; position < this.#file.bytes; position += chunkBytes) {
      throwIfCancelled(this.#job);
      const at = this.#window.readAt(position, chunkBytes).indexOf(0x0a);
      if (at >= 0) return position + at;
    }
    return this.#file.bytes;
  }

  /** Reads record by record from `start`, until a stretch of the file was free of broken records; then batches go ahead again. */
  async #runCarefully(start: number): Promise<void> {
    const { bytes: size } = this.#file;
    let from = start;
    restart: for (;;) {
      await this.#addUnclosed();
      this.#pieces.take(Buffer.alloc(0), 0);
      this.#scanner = createPieceScanner(this.#file.framing, this.#pieces, this.#builder.records);
      this.#position = from;
      const carefulEnd = from + carefulBytes;
      let steps = 0;
      while (this.#position < size) {
        if (++steps % 64 === 0) await yieldToLoop();
        throwIfCancelled(this.#job);
        const position = this.#position;
        const chunk = this.#window.readAt(position, carefulStep);
        if (chunk.length === 0) return;
        this.#scan(chunk, 0, chunk.length, position);
        this.#position += chunk.length;
        const first = this.#pieces.first;
        if (first !== undefined) {
          const end = this.#pieces.lastEnd;
          const { batch, findings } = this.#pieces.take(this.#window.readAt(first, end - first), first);
          const next = await this.#settle(parseBatch(batch, this.#file.rules), findings);
          if (next !== undefined) {
            from = next;
            continue restart;
          }
          if (end > carefulEnd) {
            this.#position = end;
            this.#scanner = createPieceScanner(this.#file.framing, this.#pieces, this.#builder.records);
            return;
          }
        }
        const open = this.#scanner.openAt;
        if (open >= 0 && this.#position - open > this.#limitOf(open)) {
          const next = await this.#doubt(open, this.#position);
          if (next !== undefined) {
            from = next;
            continue restart;
          }
        }
        this.#job.report({ stage: 'index', done: this.#position, total: size, unit: 'bytes' });
      }
      return;
    }
  }

  /** Settles what is open at the end of the file. False when reading has to go on at `#position`. */
  async #finish(open: number): Promise<boolean> {
    const { bytes: size } = this.#file;
    const lines = this.#scanner.skip !== undefined;
    this.#scanner.end(size);
    const atEnd = this.#pieces.first;
    const openRecord = !lines && open >= 0 && atEnd === undefined;
    const { batch, findings } = this.#pieces.take(atEnd === undefined ? Buffer.alloc(0) : Buffer.from(this.#window.readAt(atEnd, size - atEnd)), atEnd ?? 0);
    const restart = await this.#settle(parseBatch(batch, this.#file.rules), findings);
    if (restart !== undefined) throw new Error('a text or a line cannot swallow records');
    if (!openRecord) {
      if (!this.#scanner.closed) {
        this.#builder.problem({ code: 'file.unclosedArray', ordinal: -1, byteStart: size, byteEnd: size, message: 'The file ends before its array is closed.' });
      }
      return true;
    }
    const recovered = this.#recover(open, size, size);
    if (recovered !== undefined) {
      await this.#runCarefully(recovered);
      return false;
    }
    await this.#addUnusable(open, size, 'record.unclosed', 'the file ends before it is closed');
    return true;
  }
}

function emptyResult(batch: Batch, rules: ReadingRules): BatchResult {
  return parseBatch(batch, rules);
}

function unusableResult(start: number, end: number): BatchResult {
  const none = { bytes: new Uint8Array(0), lengths: new Uint32Array(0) };
  return {
    count: 1,
    start: Float64Array.of(start),
    end: Float64Array.of(end),
    flags: Uint8Array.of(32),
    turns: Uint32Array.of(0),
    imageCounts: Uint32Array.of(0),
    ids: { bytes: new Uint8Array(0), lengths: Uint32Array.of(0) },
    images: none,
    problems: [],
    longest: 0,
    broken: undefined,
  };
}
