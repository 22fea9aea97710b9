import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AtomicFile } from './atomicFile.ts';
import { readNpy, writeNpy } from './npy.ts';

/** Many strings as concatenated UTF-8 with offsets: a fraction of the heap that JavaScript strings would take. */
export class StringTable {
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array | Float64Array;

  constructor(bytes: Buffer, offsets: Uint32Array | Float64Array) {
    this.#bytes = bytes;
    this.#offsets = offsets;
  }

  get length(): number {
    return this.#offsets.length - 1;
  }

  at(index: number): string {
    return this.#bytes.toString('utf8', this.#offsets[index], this.#offsets[index + 1]);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  async write(folder: string, name: string): Promise<void> {
    await using file = await AtomicFile.create(join(folder, `${name}.utf8`));
    await file.write(this.#bytes);
    await file.commit();
    await writeNpy(join(folder, `${name}.offsets.npy`), Float64Array.from(this.#offsets));
  }

  static async read(folder: string, name: string): Promise<StringTable> {
    const [bytes, offsets] = await Promise.all([
      readFile(join(folder, `${name}.utf8`)),
      readNpy(join(folder, `${name}.offsets.npy`), '<f8'),
    ]);
    return new StringTable(bytes, offsets);
  }

  static from(strings: Iterable<string>): StringTable {
    const builder = new StringTableBuilder();
    for (const text of strings) builder.push(text);
    return builder.build();
  }
}

/** Collects strings one by one into growing byte and offset buffers. */
export class StringTableBuilder {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #filled = 0;
  #offsets = new Float64Array(1 << 10);
  #count = 0;

  get length(): number {
    return this.#count;
  }

  push(text: string): number {
    const room = text.length * 3;
    if (this.#filled + room > this.#bytes.byteLength) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.byteLength * 2, this.#filled + room));
      this.#bytes.copy(grown, 0, 0, this.#filled);
      this.#bytes = grown;
    }
    this.#filled += this.#bytes.write(text, this.#filled, 'utf8');
    if (this.#count + 2 > this.#offsets.length) {
      const grown = new Float64Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    this.#offsets[++this.#count] = this.#filled;
    return this.#count - 1;
  }

  build(): StringTable {
    return new StringTable(Buffer.from(this.#bytes.subarray(0, this.#filled)), this.#offsets.slice(0, this.#count + 1));
  }
}
