import type { ProblemCode } from '../../protocol/dataset.ts';
import { braceBefore, type FirstKeys, findCandidate } from './candidates.ts';
import { recordFlags, type ViewSpec } from './dataset.ts';
import { nonSpace } from './objectMembers.ts';
import { isValidUtf8, parseRecord } from './parseRecord.ts';
import { RecordScanner } from './scanner.ts';
import { spelledId } from './spelledId.ts';
import { splitLine } from './splitLine.ts';
import { summarizeRecord } from './summarizeRecord.ts';
import { type TextColumn, TextColumnBuilder } from './textColumn.ts';
import { isRecordValue, type RecordValue } from './views/recordValue.ts';
import { idText } from './views/viewTable.ts';

/** How the pieces of a batch are to be read. */
export interface ReadingRules {
  readonly view: ViewSpec;
  readonly firstKeys: FirstKeys;
  /** Pieces are lines of JSONL, not elements that a scanner closed. */
  readonly lines: boolean;
  /** A record with more bytes is unusable. */
  readonly recordBytes: number;
}

/** What kind of piece a scanner found; one byte each in `Batch.kinds`. */
export const pieceKinds = { object: 0, other: 1, closedByBracket: 2 } as const;

/** Pieces found in one stretch of a file, with the bytes that hold them. Moves between threads. */
export interface Batch {
  readonly bytes: Buffer;
  /** Absolute offset of `bytes[0]`. */
  readonly offset: number;
  /** Absolute ranges, ascending. */
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** Strings directly inside each object; not counted for lines. */
  readonly strings: Uint32Array<ArrayBuffer>;
}

export interface BatchProblem {
  readonly code: ProblemCode;
  /** Position in the result, -1 for a finding of the file. */
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** An element that is no record. It may have swallowed its neighbours, or have ended too early, so reading is taken up again with care. */
export interface BrokenPiece {
  readonly start: number;
  readonly end: number;
  /** `file.strayText`: no record, but a string between records that ends where a key begins: a quote too many stands before it. */
  readonly code: 'record.invalidUtf8' | 'record.invalidJson' | 'record.unclosed' | 'record.notAnObject' | 'file.strayText';
  readonly reason: string;
}

/** The index of a batch's records, in order. Ends before `broken` when there is one. */
export interface BatchResult {
  readonly count: number;
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  readonly flags: Uint8Array<ArrayBuffer>;
  readonly turns: Uint32Array<ArrayBuffer>;
  readonly imageCounts: Uint32Array<ArrayBuffer>;
  readonly ids: TextColumn;
  readonly images: TextColumn;
  readonly problems: readonly BatchProblem[];
  /** Bytes of the longest usable record. */
  readonly longest: number;
  readonly broken: BrokenPiece | undefined;
}

/** Reads the pieces of a batch. Pure: the same bytes give the same result in any thread. */
export function parseBatch(batch: Batch, rules: ReadingRules): BatchResult {
  return new BatchReader(batch, rules).read();
}

class BatchReader {
  readonly #batch: Batch;
  readonly #rules: ReadingRules;
  readonly #valid: boolean;
  #start: Float64Array<ArrayBuffer>;
  #end: Float64Array<ArrayBuffer>;
  #flags: Uint8Array<ArrayBuffer>;
  #turns: Uint32Array<ArrayBuffer>;
  #imageCounts: Uint32Array<ArrayBuffer>;
  readonly #ids = new TextColumnBuilder();
  readonly #images = new TextColumnBuilder();
  readonly #problems: BatchProblem[] = [];
  #count = 0;
  #longest = 0;

  constructor(batch: Batch, rules: ReadingRules) {
    this.#batch = batch;
    this.#rules = rules;
    const { bytes, offset, start, end } = batch;
    const pieces = start.length;
    this.#valid = pieces > 0 && isValidUtf8(bytes.subarray((start[0] ?? 0) - offset, (end[pieces - 1] ?? 0) - offset));
    this.#start = new Float64Array(pieces);
    this.#end = new Float64Array(pieces);
    this.#flags = new Uint8Array(pieces);
    this.#turns = new Uint32Array(pieces);
    this.#imageCounts = new Uint32Array(pieces);
  }

  read(): BatchResult {
    const { start, end, kinds, strings } = this.#batch;
    let broken: BrokenPiece | undefined;
    for (let i = 0; i < start.length && !broken; i++) {
      const from = start[i] as number;
      const to = end[i] as number;
      if (to - from > this.#rules.recordBytes)
        this.#addBroken('record.tooLarge', from, to, `it has more than ${this.#rules.recordBytes} bytes`);
      else if (this.#rules.lines) this.#readLine(from, to);
      else if (kinds[i] === pieceKinds.other) broken = this.#readOther(from, to);
      else broken = this.#readElement(from, to, kinds[i] === pieceKinds.closedByBracket, strings[i] as number);
    }
    const count = this.#count;
    return {
      count,
      start: this.#start.slice(0, count),
      end: this.#end.slice(0, count),
      flags: this.#flags.slice(0, count),
      turns: this.#turns.slice(0, count),
      imageCounts: this.#imageCounts.slice(0, count),
      ids: this.#ids.take(),
      images: this.#images.take(),
      problems: this.#problems,
      longest: this.#longest,
      broken,
    };
  }

  #parse(from: number, to: number): ReturnType<typeof parseRecord> {
    return parseRecord(this.#batch.bytes, from - this.#batch.offset, to - this.#batch.offset, this.#valid);
  }

  /** An object that the scanner closed. Returned when it is broken. */
  #readElement(from: number, to: number, byBracket: boolean, strings: number): BrokenPiece | undefined {
    if (byBracket) return { start: from, end: to - 1, code: 'record.unclosed', reason: 'it is not closed before the `]`' };
    const parsed = this.#parse(from, to);
    if (parsed.ok) {
      this.#addValue(parsed.value, from, to, strings);
      return undefined;
    }
    return { start: from, end: to, code: parsed.code, reason: parsed.reason };
  }

  /** A scalar, an array, or text that is no JSON at all. Returned when it is an array that may hold records: a bracket too many. */
  #readOther(from: number, to: number): BrokenPiece | undefined {
    const { bytes, offset } = this.#batch;
    const isArray = bytes[from - offset] === 0x5b;
    if (isArray && findCandidate(bytes.subarray(from - offset, to - offset), 1, to - from, this.#rules.firstKeys) >= 0) {
      return { start: from, end: to, code: 'record.notAnObject', reason: 'it is an array' };
    }
    if (bytes[from - offset] === 0x22 && endsBeforeKey(bytes, from - offset, to - offset))
      return { start: from, end: to, code: 'file.strayText', reason: 'it is no JSON value' };
    const parsed = this.#parse(from, to);
    if (parsed.ok) this.#addValue(parsed.value, from, to, 0);
    else if (isArray) this.#addBroken(parsed.code, from, to, parsed.reason);
    else
      this.#problems.push({
        code: 'file.strayText',
        index: -1,
        start: from,
        end: to,
        message: strayTextMessage(from),
      });
    return undefined;
  }

  /** A line: one record as a rule; else what can be told apart in it. */
  #readLine(from: number, to: number): void {
    const parsed = this.#parse(from, to);
    const { bytes, offset } = this.#batch;
    if (parsed.ok) {
      this.#addValue(parsed.value, from, to, countStrings(bytes.subarray(from - offset, to - offset)));
      return;
    }
    for (const piece of splitLine(bytes.subarray(from - offset, to - offset), from, parsed)) {
      if (piece.kind === 'value')
        this.#addValue(piece.value, piece.start, piece.end, countStrings(bytes.subarray(piece.start - offset, piece.end - offset)));
      else if (piece.kind === 'broken') this.#addBroken(piece.code, piece.start, piece.end, piece.reason);
      else this.#problems.push({ code: piece.code, index: -1, start: piece.start, end: piece.end, message: piece.message });
    }
  }

  #addValue(value: unknown, from: number, to: number, strings: number): void {
    const index = this.#add(from, to);
    if (!isRecordValue(value)) {
      const what = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
      this.#problems.push({ code: 'record.notAnObject', index, start: from, end: to, message: `Position holds ${what}, not a record.` });
      this.#ids.push('');
      this.#flags[index] = recordFlags.noId;
      return;
    }
    const summary = summarizeRecord(value, this.#rules.view);
    const rawId = value.id;
    const id = typeof rawId === 'number' ? spelledNumber(this.#batch, from, to, rawId) : idText(rawId);
    this.#ids.push(id ?? '');
    this.#flags[index] = summary.flags | (id === null ? recordFlags.noId : 0);
    this.#turns[index] = summary.turns;
    let images = 0;
    for (const media of summary.media) {
      if (media.kind !== 'image' || media.path === undefined) continue;
      this.#images.push(media.path);
      images++;
    }
    this.#imageCounts[index] = images;
    for (const { code, message } of summary.findings) this.#problems.push({ code, index, start: from, end: to, message });
    if (strings > stringsOf(value))
      this.#problems.push({
        code: 'record.duplicateKey',
        index,
        start: from,
        end: to,
        message: 'A key occurs twice; readers take its last value.',
      });
    if (to - from > this.#longest) this.#longest = to - from;
  }

  #addBroken(code: ProblemCode, from: number, to: number, reason: string): void {
    const index = this.#add(from, to);
    this.#flags[index] = recordFlags.noId;
    this.#ids.push('');
    this.#problems.push({ code, index, start: from, end: to, message: brokenMessage(code, from, reason) });
  }

  #add(from: number, to: number): number {
    const index = this.#count++;
    if (index >= this.#start.length) this.#grow();
    this.#start[index] = from;
    this.#end[index] = to;
    return index;
  }

  /** Only a line that holds several records makes more records than pieces. */
  #grow(): void {
    const room = this.#start.length * 2 + 16;
    const start = new Float64Array(room);
    const end = new Float64Array(room);
    const flags = new Uint8Array(room);
    const turns = new Uint32Array(room);
    const imageCounts = new Uint32Array(room);
    start.set(this.#start);
    end.set(this.#end);
    flags.set(this.#flags);
    turns.set(this.#turns);
    imageCounts.set(this.#imageCounts);
    this.#start = start;
    this.#end = end;
    this.#flags = flags;
    this.#turns = turns;
    this.#imageCounts = imageCounts;
  }
}

/** Strings that a record without a repeated key has directly inside: its keys and its string values. */
function stringsOf(record: RecordValue): number {
  let strings = 0;
  for (const key in record) strings += typeof record[key] === 'string' ? 2 : 1;
  return strings;
}

/** Strings directly inside the object that the bytes hold. */
function countStrings(bytes: Buffer): number {
  let count = 0;
  const scanner = new RecordScanner('concatenated', {
    element(_kind, _start, _end, _closer, strings) {
      count = strings;
    },
    finding: () => undefined,
  });
  scanner.push(bytes, 0, bytes.length, 0);
  return count;
}

/** True when the string `bytes[from, to)` closes with the quote that opens an object's first key, and something other than framing follows. */
function endsBeforeKey(bytes: Buffer, from: number, to: number): boolean {
  if (braceBefore(bytes, from, to) >= 0) return true; // the end of the line cut the string before that quote
  if (to - from < 3 || bytes[to - 1] !== 0x22 || braceBefore(bytes, from, to - 1) < 0) return false;
  const next = nonSpace(bytes, to);
  return next >= bytes.length || (bytes[next] !== 0x2c && bytes[next] !== 0x5d);
}

/** Sentence of a problem that is text between records. */
export function strayTextMessage(start: number): string {
  return `Text between records at byte ${start} is no JSON value.`;
}

/** Sentence of a problem that makes a record unusable. */
export function brokenMessage(code: ProblemCode, start: number, reason: string): string {
  switch (code) {
    case 'record.unclosed':
      return `Record open at byte ${start}: ${reason}.`;
    case 'record.notAnObject':
      return `Position at byte ${start} holds no record: ${reason}.`;
    case 'record.tooLarge':
      return `Record open at byte ${start} is too large: ${reason}.`;
    case 'record.invalidUtf8':
      return `Record at byte ${start} is not UTF-8: ${reason}.`;
    default:
      return `Record at byte ${start} is not valid JSON: ${reason}.`;
  }
}

/** Integers that JavaScript holds exactly and that can be spelled in one way only need no look at the bytes; the rest does. */
function spelledNumber(batch: Batch, from: number, to: number, id: number): string {
  return spelledId(batch.bytes.subarray(from - batch.offset, to - batch.offset)) ?? String(id);
}

/** The result of one broken record, `[start, end)`. */
export function unusableResult(start: number, end: number): BatchResult {
  return {
    count: 1,
    start: Float64Array.of(start),
    end: Float64Array.of(end),
    flags: Uint8Array.of(recordFlags.noId),
    turns: Uint32Array.of(0),
    imageCounts: Uint32Array.of(0),
    ids: { bytes: new Uint8Array(0), lengths: Uint32Array.of(0) },
    images: { bytes: new Uint8Array(0), lengths: new Uint32Array(0) },
    problems: [],
    longest: 0,
    broken: undefined,
  };
}
