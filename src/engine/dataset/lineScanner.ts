const lineFeed = 0x0a;

/** Finds the lines of JSONL. Push-style, like `RecordScanner`; a line's range leaves out the space around it. Blank lines are framing. */
export class LineScanner {
  readonly #line: (start: number, end: number) => void;
  #start = -1;
  #textEnd = -1;
  #skipping = false;

  constructor(line: (start: number, end: number) => void) {
    this.#line = line;
  }

  /** Absolute start of the line that is open, -1 when nothing but space was seen of it. */
  get openAt(): number {
    return this.#start;
  }

  /** Gives up the open line: nothing of it is reported, reading goes on behind its end. */
  skipLine(): void {
    this.#start = -1;
    this.#skipping = true;
  }

  push(bytes: Buffer, from: number, to: number, offset: number): void {
    const shift = offset - from;
    for (let i = from; i < to; ) {
      let end = bytes.indexOf(lineFeed, i);
      if (end < 0 || end > to) end = to;
      if (!this.#skipping) this.#take(bytes, i, end, shift);
      if (end < to) {
        this.#finishLine();
        this.#skipping = false;
      }
      i = end + 1;
    }
  }

  end(): void {
    this.#finishLine();
  }

  #take(bytes: Buffer, from: number, to: number, shift: number): void {
    let first = from;
    let last = to;
    while (first < last && isSpace(bytes[first] as number)) first++;
    while (last > first && isSpace(bytes[last - 1] as number)) last--;
    if (first === last) return;
    if (this.#start < 0) this.#start = shift + first;
    this.#textEnd = shift + last;
  }

  #finishLine(): void {
    if (this.#start >= 0) this.#line(this.#start, this.#textEnd);
    this.#start = -1;
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}
