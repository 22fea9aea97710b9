import type { Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { WorkerPool } from '../jobs/workerPool.ts';
import { findCandidate } from './candidates.ts';
import type { Finding, IndexBuilder } from './indexBuilder.ts';
import { isBlank, isSpaceByte, nonSpace } from './objectMembers.ts';
import { ParseAhead } from './parseAhead.ts';
import {
  type BatchResult,
  type BrokenPiece,
  brokenMessage,
  parseBatch,
  type ReadingRules,
  strayTextMessage,
  unusableResult,
} from './parseBatch.ts';
import { parseRecord } from './parseRecord.ts';
import { createPieceScanner, PieceList, type PieceScanner } from './pieceList.ts';
import { recover } from './recovery.ts';
import type { Framing } from './scanner.ts';
import { WindowReader } from './windowReader.ts';

/** A record may not be larger. */
export const recordLimitBytes = 64 * 1024 * 1024;
/** Bytes read at a time. */
const chunkBytes = 2 * 1024 * 1024;
/** Room before a chunk for the beginning of a record that it continues. */
const headroomBytes = 256 * 1024;
/** After a resync, bytes that are read in small steps before reading runs ahead again: they pay for what a resync throws away. */
const carefulBytes = 32 * 1024 * 1024;
/** Step of the careful reading; a broken record costs at most one step of scanning twice. */
const carefulStep = 1024;
/** After the first resync a record is in doubt once it is this many times longer than the longest good one, and longer than `doubtBytes`. */
const doubtFactor = 4;
const doubtBytes = 1024;
/** Bytes searched for a record behind a stray quote, and bytes after which that is given up for the file. */
const strayRoom = 256 * 1024;
const vainLimit = 64 * 1024 * 1024;
/** An open record that holds objects like records in lists of its own is believed up to here; beyond, they are taken for records. */
const nestedBytes = 1024 * 1024;

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

/** Where reading goes on after a broken record. */
interface Restart {
  readonly at: number;
  /** Records that never close before `at`, which begins a record; empty when `at` lies behind one. */
  readonly unclosed: readonly number[];
  /** `at` begins a record although nothing before it is unclosed. */
  readonly beginsRecord?: boolean;
}

/** Bytes scanned for boundaries, those scanned twice because of broken records included. */
export interface IndexingWork {
  readonly bytesScanned: number;
}

/**
 * Indexes one file in one pass: this thread reads, hashes and finds boundaries; batches of records are parsed by the pool, or here when
 * the pool has enough to do. The result depends on the bytes only: a record that may have swallowed others ends the running ahead, what
 * lies behind it is forgotten, and reading goes on carefully from there.
 */
export function indexFile(file: FileToIndex, builder: IndexBuilder, pool: WorkerPool | undefined, job: JobContext): Promise<IndexingWork> {
  return new FileIndexer(file, builder, pool, job).run();
}

class FileIndexer {
  readonly #file: FileToIndex;
  readonly #builder: IndexBuilder;
  readonly #job: JobContext;
  readonly #limit: number;
  readonly #pieces = new PieceList();
  readonly #window: WindowReader;
  readonly #ahead: ParseAhead;
  #scanner: PieceScanner;
  /** Next byte to scan. */
  #position = 0;
  #hashed = 0;
  /** Longest record that is not in doubt while running ahead. Fixed there, since the results come in late. */
  #doubtLimit: number;
  /** A record in doubt that showed no other record inside itself gets more room. */
  #grace = { start: -1, bytes: 0 };
  #scanned = 0;
  /** Bytes searched behind stray quotes without a result. */
  #vainBytes = 0;

  constructor(file: FileToIndex, builder: IndexBuilder, pool: WorkerPool | undefined, job: JobContext) {
    this.#file = file;
    this.#builder = builder;
    this.#job = job;
    this.#limit = file.rules.recordBytes;
    this.#doubtLimit = this.#limit;
    this.#window = new WindowReader(file.handle.fd, file.bytes);
    this.#ahead = new ParseAhead(pool, file.rules, headroomBytes + chunkBytes);
    this.#scanner = createPieceScanner(file.framing, this.#pieces, 0);
  }

  async run(): Promise<IndexingWork> {
    for (let restart = await this.#runAhead(); ; restart = await this.#runAhead()) {
      if (!restart) {
        restart = await this.#finish();
        if (!restart) return { bytesScanned: this.#scanned };
      }
      while (restart) restart = await this.#runCarefully(restart);
    }
  }

  /** Reads on from `#position`, between two records, to the end of the file or to a broken record. */
  async #runAhead(): Promise<Restart | undefined> {
    const { bytes: size, recordsFrom } = this.#file;
    let carry = Buffer.alloc(0);
    let reading = this.#read(this.#position);
    try {
      while (this.#position < size) {
        throwIfCancelled(this.#job);
        const { buffer, length } = await reading;
        if (length === 0) break; // shorter than it was, which the caller finds out
        const position = this.#position;
        this.#position += length;
        reading = this.#read(this.#position);
        this.#hashChunk(Buffer.from(buffer, headroomBytes, length), position);

        const bytes = joinCarry(carry, buffer, length);
        const base = position - carry.length;
        const from = Math.max(position, recordsFrom);
        this.#scan(bytes, from - base, bytes.length, from);

        const open = this.#scanner.openAt;
        carry = open < 0 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(open - base));
        const { batch, findings } = this.#pieces.take(bytes, base);
        await this.#ahead.submit(batch, findings, buffer);
        const doubtful = open >= 0 && this.#position - open > this.#roomOf(open, this.#doubtLimit);
        const restart = (await this.#settleParsed(doubtful)) ?? (doubtful ? await this.#doubt(open) : undefined);
        if (restart) return restart;
        this.#job.report({ stage: 'index', done: this.#position, total: size, unit: 'bytes' });
      }
      return await this.#settleParsed(true);
    } finally {
      this.#ahead.discard();
      await reading.catch(() => undefined);
    }
  }

  async #read(position: number): Promise<{ readonly buffer: ArrayBuffer; readonly length: number }> {
    const wanted = Math.min(chunkBytes, this.#file.bytes - position);
    if (wanted <= 0) return { buffer: new ArrayBuffer(0), length: 0 };
    const buffer = this.#ahead.takeBuffer();
    const target = new Uint8Array(buffer, headroomBytes);
    let length = 0;
    while (length < wanted) {
      const { bytesRead } = await this.#file.handle.read(target, length, wanted - length, position + length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { buffer, length };
  }

  /** Reading never leaves a gap behind what is hashed; what is read again after a broken record is hashed once. */
  #hashChunk(bytes: Buffer, position: number): void {
    const { hash } = this.#file;
    const end = position + bytes.length;
    if (!hash || end <= this.#hashed) return;
    hash.update(bytes.subarray(this.#hashed - position));
    this.#hashed = end;
  }

  #scan(bytes: Buffer, from: number, to: number, offset: number): void {
    if (from >= to) return;
    this.#scanner.push(bytes, from, to, offset);
    this.#scanned += to - from;
  }

  /** Adds parsed batches to the index, in order; all of them, or only what is ready. */
  async #settleParsed(all: boolean): Promise<Restart | undefined> {
    for (;;) {
      const next = all && this.#ahead.length > 0 ? this.#ahead.shift() : this.#ahead.next();
      if (!next) return undefined;
      const { result, findings } = await next;
      const restart = await this.#settle(result, findings);
      if (restart) return restart;
    }
  }

  async #settle(result: BatchResult, findings: readonly Finding[]): Promise<Restart | undefined> {
    const { broken } = result;
    await this.#builder.add(result);
    for (const finding of findings) if (!broken || finding.at <= broken.start) this.#builder.finding(finding);
    return broken && this.#settleBroken(broken);
  }

  /** An object that does not parse: did it swallow the next record, or end before its time, or is it broken and nothing else? */
  async #settleBroken({ start, end, code, reason }: BrokenPiece): Promise<Restart> {
    const { bytes: size, framing, rules } = this.#file;
    if (code === 'file.strayText') return this.#settleStrayQuote(start, end);
    const inside = this.#window.readAt(start, end - start);
    if (findCandidate(inside, 1, inside.length, rules.firstKeys) >= 0) {
      const recovered = this.#recover(start, end, Math.min(size, end + Math.max(end - start, doubtBytes)));
      if (recovered) return recovered;
    }
    if (!goesOnWell(this.#window.readAt(end, 4096), framing)) {
      const room = Math.max(doubtBytes, doubtFactor * this.#builder.longest);
      const recovered = this.#recover(start, Math.min(size, end + room), Math.min(size, end + 2 * room));
      if (recovered) return recovered;
    }
    await this.#addUnusable(start, end, code, reason);
    return { at: end, unclosed: [] };
  }

  /** A string between records that ends before a key: its quote is one too many, records are looked for behind it. */
  async #settleStrayQuote(start: number, end: number): Promise<Restart> {
    const next = nonSpace(this.#window.readAt(end, 4096), 0);
    const byte = this.#window.readAt(end + next, 1)[0];
    if (byte !== 0x2c && byte !== 0x5d && this.#vainBytes < vainLimit) {
      const limit = Math.min(this.#file.bytes, end + Math.max(strayRoom, doubtFactor * this.#builder.longest));
      const recovered = this.#recover(start, limit, limit);
      if (recovered) {
        this.#addStrayText(start, this.#endBefore(start, recovered.unclosed[1] ?? recovered.at));
        return { at: recovered.at, unclosed: recovered.unclosed.slice(1), beginsRecord: true };
      }
      this.#vainBytes += limit - start;
    }
    const parsed = parseRecord(this.#window.readAt(start, end - start), 0, end - start);
    if (parsed.ok) await this.#addUnusable(start, end, 'record.notAnObject', 'it is a string');
    else this.#addStrayText(start, end);
    return { at: end, unclosed: [] };
  }

  #addStrayText(start: number, end: number): void {
    this.#builder.problem({ code: 'file.strayText', ordinal: -1, byteStart: start, byteEnd: end, message: strayTextMessage(start) });
  }

  /** Bytes that an open record may have before it is in doubt. */
  #roomOf(start: number, limit: number): number {
    return Math.min(this.#limit, this.#grace.start === start ? Math.max(limit, this.#grace.bytes) : limit);
  }

  /** The open record is suspiciously long. Where reading goes on if it is given up; undefined gives it more room. */
  async #doubt(start: number): Promise<Restart | undefined> {
    const scannedTo = this.#position;
    const recovered = this.#recover(start, scannedTo, scannedTo, scannedTo - start > nestedBytes);
    if (recovered) return recovered;
    if (scannedTo - start <= this.#limit) {
      this.#grace = { start, bytes: (scannedTo - start) * 2 };
      return undefined;
    }
    const end = this.#file.framing === 'lines' ? this.#lineEnd(scannedTo) : this.#closeOf(start);
    await this.#addUnusable(start, end, 'record.tooLarge', `it has more than ${this.#limit} bytes`);
    return { at: end, unclosed: [] };
  }

  /**
   * Looks for the record at which reading can go on; lines need none. `nested`: when there is none, what lies in lists of other records
   * is accepted too, since a list that never closed may have swallowed records.
   */
  #recover(start: number, end: number, limit: number, nested = false): Restart | undefined {
    return this.#search(start, end, limit, false) ?? (nested ? this.#search(start, end, limit, true) : undefined);
  }

  #search(start: number, end: number, limit: number, nested: boolean): Restart | undefined {
    const { framing, rules } = this.#file;
    if (framing === 'lines') return undefined;
    const recovery = recover({
      readAt: (position, length) => this.#window.readAt(position, length),
      start,
      end,
      limit,
      firstKeys: rules.firstKeys,
      view: rules.view,
      nested,
      keyed: framing === 'keyed',
      checkCancelled: () => throwIfCancelled(this.#job),
    });
    this.#scanned += recovery.scanned;
    return recovery.resumed && { at: recovery.resumed.start, unclosed: recovery.unclosed };
  }

  async #addUnusable(
    start: number,
    end: number,
    code: Exclude<BrokenPiece['code'], 'file.strayText'> | 'record.tooLarge',
    reason: string,
  ): Promise<void> {
    const ordinal = this.#builder.records;
    await this.#builder.add(unusableResult(start, end));
    this.#builder.problem({ code, ordinal, byteStart: start, byteEnd: end, message: brokenMessage(code, start, reason) });
  }

  /** End of a record that is too large to be one, found without keeping its bytes; the end of the file when it never closes. */
  #closeOf(start: number): number {
    const pieces = new PieceList();
    const scanner = createPieceScanner(this.#file.framing, pieces, 0);
    for (let position = start; position < this.#file.bytes; position += chunkBytes) {
      throwIfCancelled(this.#job);
      const bytes = this.#window.readAt(position, chunkBytes);
      scanner.push(bytes, 0, bytes.length, position);
      this.#scanned += bytes.length;
      if (pieces.firstEnd !== undefined) return pieces.firstEnd;
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

  /** Reads in small steps until a stretch of the file was free of broken records, or to the next one. */
  async #runCarefully({ at, unclosed, beginsRecord }: Restart): Promise<Restart | undefined> {
    for (const [i, start] of unclosed.entries()) {
      const next = unclosed[i + 1] ?? at;
      await this.#addUnusable(
        start,
        this.#endBefore(start, next),
        'record.unclosed',
        `it does not close before the next record, at byte ${next}`,
      );
    }
    this.#pieces.take(Buffer.alloc(0), 0);
    this.#scanner = createPieceScanner(this.#file.framing, this.#pieces, beginsRecord || unclosed.length > 0 ? 0 : this.#builder.records);
    this.#position = at;
    for (let steps = 1; this.#position < this.#file.bytes; steps++) {
      if (steps % 1024 === 0) await yieldToLoop();
      throwIfCancelled(this.#job);
      const position = this.#position;
      const chunk = this.#window.readAt(position, carefulStep);
      if (chunk.length === 0) return undefined;
      this.#hashChunk(chunk, position);
      this.#scan(chunk, 0, chunk.length, position);
      this.#position += chunk.length;
      const first = this.#pieces.first;
      if (first !== undefined) {
        const end = this.#pieces.lastEnd;
        const { batch, findings } = this.#pieces.take(this.#window.readAt(first, end - first), first);
        const restart = await this.#settle(parseBatch(batch, this.#file.rules), findings);
        if (restart) return restart;
        if (end - at > carefulBytes) {
          this.#position = end;
          this.#scanner = createPieceScanner(this.#file.framing, this.#pieces, this.#builder.records);
          break;
        }
      }
      const open = this.#scanner.openAt;
      if (open >= 0 && this.#position - open > this.#roomOf(open, this.#lowered())) {
        const restart = await this.#doubt(open);
        if (restart) return restart;
      }
      this.#job.report({ stage: 'index', done: this.#position, total: this.#file.bytes, unit: 'bytes' });
    }
    this.#doubtLimit = this.#lowered();
    return undefined;
  }

  /** End of what belongs to the record at `start` when the next one begins at `next`: comma and space between them are framing. */
  #endBefore(start: number, next: number): number {
    const from = Math.max(start + 1, next - 4096);
    const bytes = this.#window.readAt(from, next - from);
    let length = bytes.length;
    while (length > 0 && isSpaceByte(bytes[length - 1])) length--;
    if (bytes[length - 1] === 0x2c) length--;
    while (length > 0 && isSpaceByte(bytes[length - 1])) length--;
    return from + length;
  }

  /** Lines cannot swallow each other; elsewhere a record much longer than all before it is in doubt. */
  #lowered(): number {
    return this.#file.framing === 'lines' ? this.#limit : Math.max(doubtBytes, doubtFactor * this.#builder.longest);
  }

  /** Settles what is open at the end of the file. */
  async #finish(): Promise<Restart | undefined> {
    const { bytes: size, framing } = this.#file;
    const open = this.#scanner.openAt;
    this.#scanner.end(size);
    const rest = this.#pieces.first; // a text or a line that only the end of the file ended
    const { batch, findings } = this.#pieces.take(rest === undefined ? Buffer.alloc(0) : this.#window.readAt(rest, size - rest), rest ?? 0);
    await this.#settle(parseBatch(batch, this.#file.rules), findings);
    if (rest === undefined && open >= 0) {
      const recovered = this.#recover(open, size, size, true);
      if (recovered) return recovered;
      await this.#addUnusable(open, size, 'record.unclosed', 'the file ends before it is closed');
    } else if (framing !== 'lines' && !this.#scanner.closed) {
      this.#builder.problem({
        code: 'file.unclosedArray',
        ordinal: -1,
        byteStart: size,
        byteEnd: size,
        message: 'The file ends before its array is closed.',
      });
    }
    return undefined;
  }
}

/** Whether the bytes behind a broken record are what stands between records, so that its end can be believed. */
function goesOnWell(behind: Buffer, framing: Framing | 'lines'): boolean {
  let at = nonSpace(behind, 0);
  const comma = behind[at] === 0x2c;
  if (comma) at = nonSpace(behind, at + 1);
  const byte = behind[at];
  if (byte === undefined || byte === 0x7b) return true;
  if (byte === (framing === 'keyed' ? 0x7d : 0x5d)) return framing === 'wrapped' || isBlank(behind, at + 1);
  return comma && (framing === 'keyed' ? byte === 0x22 : byte !== 0x22 && byte !== 0x7d);
}

/** The carried beginning of a record and the chunk as one: in place where it fits before the chunk. */
function joinCarry(carry: Buffer, buffer: ArrayBuffer, length: number): Buffer {
  if (carry.length > headroomBytes) return Buffer.concat([carry, new Uint8Array(buffer, headroomBytes, length)]);
  const bytes = Buffer.from(buffer, headroomBytes - carry.length, carry.length + length);
  carry.copy(bytes);
  return bytes;
}
