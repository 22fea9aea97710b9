import { braceBefore, type FirstKeys } from './candidates.ts';
import type { ViewSpec } from './dataset.ts';
import { isSpaceByte } from './objectMembers.ts';
import { parseRecord } from './parseRecord.ts';
import { hasTurns } from './views/viewTable.ts';

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;

/** Open candidates kept at a time. Older ones are certainly broken; a hostile file must not fill the memory. */
const openLimit = 100_000;

/** Reads bytes of the file at an absolute position; fewer than asked for only at its end. */
export type ReadAt = (position: number, length: number) => Buffer;

export interface Recovery {
  /** Starts of records that never close, the broken one first, ascending. */
  readonly unclosed: readonly number[];
  /** The record at which reading is taken up again; undefined when there is none up to the end of the search. */
  readonly resumed: { readonly start: number; readonly end: number } | undefined;
  /** Bytes looked at. */
  readonly scanned: number;
}

interface OpenCandidate {
  readonly start: number;
  readonly depth: number;
}

export interface RecoveryRequest {
  readonly readAt: ReadAt;
  /** The broken record. */
  readonly start: number;
  /** Candidates are accepted if they begin before this offset. */
  readonly end: number;
  /** Nothing is looked at behind this offset. */
  readonly limit: number;
  readonly firstKeys: FirstKeys;
  readonly view: ViewSpec;
  /** Accept objects that lie inside a record as a member or in a list of their own. Only where nothing else can be found. */
  readonly nested: boolean;
  /** Records are members of an object: a colon before one does not tell that it is nested. */
  readonly keyed: boolean;
  checkCancelled(): void;
}

const chunkBytes = 256 * 1024;
/** A start this close before the next one cannot have been a record of its own: the two are one broken stretch, and one finding. */
const stretchBytes = 48;
/** Broken records reported of one search; the last one covers the rest. */
const unclosedLimit = 100_000;
/** Candidates are parsed up to this multiple of the bytes passed; beyond it they are taken for nested objects. */
const parsedFactor = 8;

/**
 * Looks behind a broken record for the next one that closes, parses and has turns. One forward pass, however many records are broken in
 * a row: each candidate is opened at its depth on a stack, and a candidate found inside a string proves that a quote was missing before
 * it, since a well-formed string cannot hold one; then everything open is broken and the pass goes on with that candidate.
 */
export function recover(request: RecoveryRequest): Recovery {
  return new RecoveryPass(request).run();
}

class RecoveryPass {
  readonly #request: RecoveryRequest;
  readonly #keys: readonly Buffer[];
  readonly #overlap: number;
  readonly #unclosed: number[];
  #open: OpenCandidate[] = [];
  /** Depths inside the elements of the arrays that began with a candidate and are still open. */
  #lists: number[] = [];
  #depth = 0;
  #inString = false;
  #escaped = false;
  #scanned = 0;
  /** Bytes parsed to test candidates; nested ones would make it grow with the square of their depth. */
  #parsed = 0;

  constructor(request: RecoveryRequest) {
    this.#request = request;
    this.#keys = request.firstKeys.map((key) => Buffer.from(`${key}"`, 'utf8'));
    this.#overlap = Math.max(1, ...this.#keys.map((key) => key.length));
    this.#unclosed = [request.start];
  }

  run(): Recovery {
    const { readAt, start, end, limit } = this.#request;
    for (let position = start + 1; position < limit; position += chunkBytes) {
      this.#request.checkCancelled();
      // Bytes behind the chunk let a key that crosses its end be seen; those before it the `{` and the space before the key.
      const before = Math.min(position - start - 1, 4096);
      const bytes = readAt(position - before, Math.min(before + chunkBytes, limit - position + before) + this.#overlap);
      const to = Math.min(bytes.length, before + Math.min(chunkBytes, limit - position));
      if (to <= before) break;
      const resumed = this.#scan(bytes, before, to, position - before);
      this.#scanned += to - before;
      if (resumed) return { unclosed: stretches(this.#unclosed, resumed.start), resumed, scanned: this.#scanned };
      if (position + chunkBytes >= end && this.#open.length === 0) break;
    }
    for (const { start: at } of this.#open) this.#unclosed.push(at);
    return { unclosed: stretches(this.#unclosed, end), resumed: undefined, scanned: this.#scanned };
  }

  #scan(bytes: Buffer, from: number, to: number, offset: number): { start: number; end: number } | undefined {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.#escaped) {
        this.#escaped = false;
        continue;
      }
      if (byte === quote) {
        const candidate = this.#candidateAt(bytes, i);
        if (candidate >= 0 && offset + candidate > this.#request.start && offset + candidate < this.#request.end)
          this.#openCandidate(offset + candidate, this.#isMember(bytes, candidate, offset));
        this.#inString = !this.#inString;
      } else if (this.#inString) {
        if (byte === backslash) this.#escaped = true;
        else if (byte === lineFeed) this.#inString = false; // no string spans lines: the quote was missing, or the line is broken
      } else if (byte === 0x7b || byte === 0x5b) this.#depth++;
      else if (byte === 0x7d || byte === 0x5d) {
        this.#depth--;
        const resumed = this.#closeCandidates(offset + i + 1);
        if (resumed) return resumed;
      }
    }
    return undefined;
  }

  /** Index of the `{` of a candidate whose key begins with the quote at `at`. */
  #candidateAt(bytes: Buffer, at: number): number {
    for (const key of this.#keys) {
      if (bytes.length - at - 1 < key.length || bytes.compare(key, 0, key.length, at + 1, at + 1 + key.length) !== 0) continue;
      const brace = braceBefore(bytes, 0, at);
      if (brace >= 0) return brace;
    }
    return -1;
  }

  /** True when the candidate whose `{` is at `brace` is a member's value, or stands in an array that began with a candidate. */
  #isMember(bytes: Buffer, brace: number, offset: number): boolean {
    if (this.#inString) return false;
    let at = brace - 1;
    while (at >= 0 && isSpaceByte(bytes[at])) at--;
    const before = bytes[at];
    if (before === 0x5b && offset + at > this.#request.start) {
      this.#lists.push(this.#depth);
      return true;
    }
    return (before === 0x3a && !this.#request.keyed) || (before === 0x2c && this.#lists.at(-1) === this.#depth);
  }

  #openCandidate(start: number, isMember: boolean): void {
    if (isMember && !this.#request.nested) return;
    if (this.#inString) {
      for (const open of this.#open) this.#unclosed.push(open.start);
      this.#open = [];
      this.#lists = [];
      this.#depth = 1;
      this.#inString = false;
    }
    this.#open.push({ start, depth: this.#depth });
    if (this.#open.length > openLimit) for (const old of this.#open.splice(0, openLimit / 2)) this.#unclosed.push(old.start);
  }

  /** Candidates whose brace closed at `end`. One that is a record ends the search; the others were nested objects. */
  #closeCandidates(end: number): { start: number; end: number } | undefined {
    for (let list = this.#lists.at(-1); list !== undefined && this.#depth < list - 1; list = this.#lists.at(-1)) this.#lists.pop();
    for (let last = this.#open.at(-1); last && this.#depth < last.depth; last = this.#open.at(-1)) {
      this.#open.pop();
      this.#parsed += end - last.start;
      if (this.#parsed > parsedFactor * (end - this.#request.start) + chunkBytes) continue;
      const bytes = this.#request.readAt(last.start, end - last.start);
      const parsed = parseRecord(bytes, 0, bytes.length);
      if (!parsed.ok || !hasTurns(parsed.value, this.#request.view)) continue;
      for (const open of this.#open) this.#unclosed.push(open.start);
      return { start: last.start, end };
    }
    return undefined;
  }
}

/** The starts that are a finding each: one of every stretch, the first always. `next` is the start behind the last. */
function stretches(starts: readonly number[], next: number): readonly number[] {
  const kept = starts.filter((start, i) => i === 0 || (starts[i + 1] ?? next) - start >= stretchBytes);
  return kept.slice(0, unclosedLimit);
}
