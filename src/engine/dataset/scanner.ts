import type { ProblemCode } from '../../protocol/dataset.ts';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBracket = 0x5d;
const lineFeed = 0x0a;
/** `[` and `{`, `]` and `}` differ in this bit only. */
const braceBit = 0x20;
const closeBrace = 0x7d;

/**
 * Bytes of a string looked at by hand before `indexOf` is called: most strings are keys or short values and end there.
 * 24 is the measured optimum (1.7 times faster than a plain loop on LLaVA-665K's shape).
 */
const quoteJump = 24;

/** How records lie in the bytes that are pushed. */
export type Framing =
  /** Records between `[` and `]`; the bytes pushed begin behind the `[`. */
  | 'array'
  /** Records one after another. */
  | 'concatenated'
  /** The array is a member of an object: its first `]` that the object continues behind is the end. Pushed behind the `[`. */
  | 'wrapped'
  /** Records are the values of an object; the bytes pushed begin behind the `{`. */
  | 'keyed';

/** What lies at record depth: a record (`object`), or something else that takes a position. `text` is a scalar or garbage. */
export type ElementKind = 'object' | 'array' | 'text';

export type FramingFinding = Extract<ProblemCode, 'file.missingComma' | 'file.extraComma' | 'file.trailingComma' | 'file.strayCloser'>;

export interface ScanSink {
  /**
   * A complete element `[start, end)`. `closer` is the byte that closed it: a record closed by `]` is broken. `strings` counts the strings
   * directly inside it, keys and values, which tells whether a key occurs twice.
   */
  element(kind: ElementKind, start: number, end: number, closer: number, strings: number): void;
  finding(code: FramingFinding, at: number): void;
}

/**
 * Finds the byte ranges of records without looking at text: UTF-8 continuation bytes never equal the ASCII bytes it looks for.
 * Push-style: its whole state survives a chunk border anywhere. Offsets are absolute and may pass 4 GiB.
 */
export class RecordScanner {
  readonly #sink: ScanSink;
  readonly #framing: Framing;
  /** Brackets open inside the current element; 0 between elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #kind: ElementKind = 'object';
  #start = -1;
  #textEnd = -1;
  #strings = 0;
  /** The open text cannot be a value, a comment for instance: commas do not separate it from its neighbours. */
  #garbage = false;
  #elements: number;
  #commas = 0;
  #firstComma = -1;
  /** Closers below record depth that may turn out to be the end of the array. */
  #closer = -1;
  #closerByte = 0;
  /** Wrapped: behind the possible end, waiting for what tells. 1: for `}` or a comma, 2: behind the comma. */
  #ending: 0 | 1 | 2 = 0;
  #expectValue: boolean;
  #keyString = false;
  /** The wrapped array has ended: nothing behind it is looked at. */
  #finished = false;

  /** `elements` were found before: scanning begins behind one of them. */
  constructor(framing: Framing, sink: ScanSink, elements = 0) {
    this.#framing = framing;
    this.#sink = sink;
    this.#elements = elements;
    this.#expectValue = framing !== 'keyed';
  }

  /** Absolute start of the element that is open, -1 between elements. */
  get openAt(): number {
    return this.#start;
  }

  /** The last closer is where the array ends (known once everything was pushed). */
  get closed(): boolean {
    return (
      this.#finished ||
      this.#framing === 'concatenated' ||
      (this.#closer >= 0 && this.#closerByte === (this.#framing === 'keyed' ? closeBrace : closeBracket))
    );
  }

  /**
   * Scans `bytes[from, to)`; `bytes[from]` lies at `offset` in the file.
   */
  push(bytes: Buffer, from: number, to: number, offset: number): void {
    const shift = offset - from;
    let i = from;
    while (i < to && !this.#finished) i = this.#depth === 0 ? this.#between(bytes, i, to, shift) : this.#inside(bytes, i, to, shift);
  }

  /** Ends the input at absolute offset `end`. An open record stays readable through `openAt`. */
  end(end: number): void {
    if (this.#depth > 0 || this.#finished) return;
    if (this.#start >= 0) this.#endText(this.#inString ? end : this.#textEnd);
    this.#settleCommas();
    if (this.#closer >= 0 && !this.closed) this.#sink.finding('file.strayCloser', this.#closer);
    if (this.#framing === 'concatenated' && this.#closer >= 0) this.#sink.finding('file.strayCloser', this.#closer);
  }

  #settleCommas(): void {
    if (this.#commas > 0)
      this.#sink.finding(this.#framing === 'concatenated' || this.#commas > 1 ? 'file.extraComma' : 'file.trailingComma', this.#firstComma);
    this.#commas = 0;
  }

  /** Between elements, or inside a text at record depth. Returns the next index. */
  #between(bytes: Buffer, from: number, to: number, shift: number): number {
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number;
      if (this.#inString && byte !== lineFeed) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#keyString) this.#keyString = false;
          else this.#endText(shift + i + 1);
        }
        continue;
      }
      if (byte === 0x20 || byte === 0x09 || byte === 0x0d) continue;
      if (byte === lineFeed) {
        // A string at record depth never spans lines: a lone quote costs one line, not the file.
        if (this.#start >= 0) this.#endText(this.#inString ? shift + i : this.#textEnd);
        this.#inString = false;
        this.#escaped = false;
        this.#keyString = false;
        continue;
      }
      if (this.#ending !== 0 && this.#decideEnding(byte)) return to;
      if (byte === comma) {
        if (this.#start >= 0) this.#endText(this.#textEnd);
        if (this.#closer >= 0 && this.#ending === 0) this.#strayCloser();
        if (this.#commas++ === 0) this.#firstComma = shift + i;
        if (this.#framing === 'keyed') this.#expectValue = false;
        continue;
      }
      const bracket = byte | braceBit;
      if (bracket === openBrace) {
        if (this.#start >= 0) this.#endText(this.#textEnd);
        this.#open(byte === openBrace ? 'object' : 'array', shift + i);
        this.#depth = 1;
        return i + 1;
      }
      if (bracket === closeBrace) {
        if (this.#start >= 0) this.#endText(this.#textEnd);
        this.#close(byte, shift + i);
        continue;
      }
      if (!this.#expectValue) {
        if (byte === quote) {
          this.#inString = true;
          this.#keyString = true;
          continue;
        }
        if (byte === colon) {
          this.#expectValue = true;
          continue;
        }
      }
      if (byte === quote) {
        if (this.#start >= 0) this.#endText(this.#textEnd);
        this.#open('text', shift + i);
        this.#inString = true;
        continue;
      }
      if (this.#start < 0) {
        this.#garbage = !beginsScalar(byte);
        if (this.#garbage) this.#start = shift + i;
        else this.#open('text', shift + i);
      }
      this.#textEnd = shift + i + 1;
    }
    return to;
  }

  /** Inside a record or a nested array: only quotes and brackets matter. Returns the next index. */
  #inside(bytes: Buffer, from: number, to: number, shift: number): number {
    let i = from;
    let depth = this.#depth;
    if (this.#inString) {
      i = this.#skipString(bytes, i, to);
      if (this.#inString) return to;
    }
    while (i < to) {
      const byte = bytes[i++] as number;
      if (byte === quote) {
        if (depth === 1) this.#strings++;
        this.#inString = true;
        i = this.#skipString(bytes, i, to);
        if (this.#inString) break;
        continue;
      }
      const bracket = byte | braceBit;
      if (bracket === openBrace) depth++;
      else if (bracket === closeBrace && --depth === 0) {
        this.#depth = 0;
        const start = this.#start;
        this.#start = -1;
        this.#afterElement();
        this.#sink.element(this.#kind, start, shift + i, byte, this.#strings);
        return i;
      }
    }
    this.#depth = depth;
    return i;
  }

  /** From inside a string to behind its closing quote; leaves `#inString` set when the chunk ends first. */
  #skipString(bytes: Buffer, from: number, to: number): number {
    let i = from;
    if (this.#escaped) {
      if (i >= to) return to;
      this.#escaped = false;
      i++;
    }
    const hand = Math.min(to, i + quoteJump);
    while (i < hand) {
      const byte = bytes[i++] as number;
      if (byte === quote) {
        this.#inString = false;
        return i;
      }
      if (byte === backslash) {
        if (i >= to) {
          this.#escaped = true;
          return to;
        }
        i++;
      }
    }
    // `i` is outside an escape here; backslashes before it do not count.
    for (;;) {
      let hit = i >= to ? -1 : bytes.indexOf(quote, i);
      if (hit >= to) hit = -1;
      const border = hit < 0 ? to : hit;
      let slashes = 0;
      while (border - 1 - slashes >= i && bytes[border - 1 - slashes] === backslash) slashes++;
      const odd = (slashes & 1) === 1;
      if (hit < 0) {
        this.#escaped = odd;
        return to;
      }
      i = hit + 1;
      if (!odd) {
        this.#inString = false;
        return i;
      }
    }
  }

  #open(kind: ElementKind, at: number): void {
    if (this.#closer >= 0) this.#strayCloser();
    if (this.#framing === 'concatenated' || this.#elements === 0) {
      if (this.#commas > 0) this.#sink.finding('file.extraComma', this.#firstComma);
    } else if (this.#commas === 0) this.#sink.finding('file.missingComma', at);
    else if (this.#commas > 1) this.#sink.finding('file.extraComma', this.#firstComma);
    this.#commas = 0;
    this.#kind = kind;
    this.#start = at;
    this.#strings = 0;
  }

  #endText(end: number): void {
    const start = this.#start;
    this.#start = -1;
    if (!this.#garbage) this.#afterElement();
    this.#garbage = false;
    this.#sink.element('text', start, end, 0, 0);
  }

  #afterElement(): void {
    this.#elements++;
    if (this.#framing === 'keyed') this.#expectValue = false;
  }

  /** A closer below record depth: the end of the array if nothing follows it, else a stray one; the depth stays as it is. */
  #close(byte: number, at: number): void {
    if (this.#closer >= 0) this.#strayCloser();
    this.#closer = at;
    this.#closerByte = byte;
    if (this.#framing === 'wrapped' && byte === closeBracket) this.#ending = 1;
  }

  #strayCloser(): void {
    this.#sink.finding('file.strayCloser', this.#closer);
    this.#closer = -1;
  }

  /** Wrapped arrays end where the wrapper goes on: `]}` or `], "key"`. True when the end is certain. */
  #decideEnding(byte: number): boolean {
    const behindComma = this.#ending === 2;
    this.#ending = !behindComma && byte === comma ? 2 : 0;
    const ends = behindComma ? byte === quote : byte === closeBrace;
    if (!ends) return false;
    // The comma behind the bracket belongs to the wrapper, those before it to the array.
    if (behindComma) this.#commas--;
    this.#settleCommas();
    this.#finished = true;
    return true;
  }
}

/** First bytes of numbers, `true`, `false` and `null`. */
function beginsScalar(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}
