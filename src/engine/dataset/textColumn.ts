/** Texts one behind the other as UTF-8, with the byte length of each: cheap to build, to move between threads and to append to a file. */
export interface TextColumn {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

export class TextColumnBuilder {
  #bytes = Buffer.allocUnsafeSlow(1 << 14);
  #filled = 0;
  #lengths = new Uint32Array(1 << 10);
  #count = 0;

  push(text: string): void {
    const room = text.length * 3;
    if (this.#filled + room > this.#bytes.byteLength) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.byteLength * 2, this.#filled + room));
      this.#bytes.copy(grown, 0, 0, this.#filled);
      this.#bytes = grown;
    }
    if (this.#count === this.#lengths.length) {
      const grown = new Uint32Array(this.#lengths.length * 2);
      grown.set(this.#lengths);
      this.#lengths = grown;
    }
    const written = this.#bytes.write(text, this.#filled, 'utf8');
    this.#filled += written;
    this.#lengths[this.#count++] = written;
  }

  /** What was pushed since the last call. */
  take(): TextColumn {
    const column = { bytes: new Uint8Array(this.#bytes.subarray(0, this.#filled)), lengths: this.#lengths.slice(0, this.#count) };
    this.#filled = 0;
    this.#count = 0;
    return column;
  }
}
