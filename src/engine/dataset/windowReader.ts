import { readSync } from 'node:fs';

/** Bytes read at a time when reading goes forward in small steps. */
const defaultWindowBytes = 1024 * 1024;

/** Reads at absolute positions of an open file through a window, so that small steps and short jumps back cost no system call. */
export class WindowReader {
  readonly #file: number;
  readonly #size: number;
  readonly #windowBytes: number;
  #window = Buffer.alloc(0);
  #start = 0;

  constructor(file: number, size: number, windowBytes = defaultWindowBytes) {
    this.#file = file;
    this.#size = size;
    this.#windowBytes = windowBytes;
  }

  /** `[position, position + length)`, cut at the end of the file. Valid until the next call. */
  readAt(position: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.#size - position));
    if (position < this.#start || position + wanted > this.#start + this.#window.length) this.#fill(position, wanted);
    return this.#window.subarray(position - this.#start, Math.min(position - this.#start + wanted, this.#window.length));
  }

  #fill(position: number, wanted: number): void {
    const length = Math.min(Math.max(wanted, this.#windowBytes), this.#size - position);
    const window = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#file, window, done, length - done, position + done);
      if (read === 0) break; // the file became shorter; the check behind the indexing reports it
      done += read;
    }
    this.#window = window.subarray(0, done);
    this.#start = position;
  }
}
