const roundConstants = constantsOf(64, 3n);
const initialState = constantsOf(8, 2n);
const blockBytes = 64;

/**
 * Keys of labels that begin alike: the first 64 bits of SHA-256 of the beginning and a name, as two words in the order of their bytes.
 * Node's own hash takes three times as long for a text as short as an entity, and there are millions of them.
 * Source: FIPS 180-4, section 6.2; the tests compare with Node.
 */
export class LabelKeys {
  readonly #words = new Int32Array(64);
  readonly #state = new Int32Array(8);
  readonly #prefixBytes: number;
  #buffer: Buffer;
  #length: number;

  constructor(prefix: string) {
    this.#prefixBytes = Buffer.byteLength(prefix);
    this.#buffer = Buffer.alloc(blockBytes * Math.ceil((this.#prefixBytes + 512) / blockBytes));
    this.#length = this.#buffer.write(prefix);
  }

  /** Writes the key of the beginning and `name` to `out[at]` and `out[at + 1]`. */
  keyOf(name: string, out: Uint32Array, at: number): void {
    this.#reserve(name.length * 3);
    this.#length += this.#buffer.write(name, this.#length);
    this.finish(out, at);
  }

  /** Appends a piece of a name, UTF-8. */
  append(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    for (let i = start; i < end; i++) this.#buffer[this.#length++] = bytes[i] as number;
  }

  appendByte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  /** Writes the key of what was appended; the next name begins. */
  finish(out: Uint32Array, at: number): void {
    const buffer = this.#buffer;
    const bytes = this.#length;
    const end = Math.ceil((bytes + 9) / blockBytes) * blockBytes; // room for the closing bit and the length
    buffer.fill(0, bytes, end);
    buffer[bytes] = 0x80;
    buffer.writeUInt32BE(Math.floor(bytes / 0x2000_0000), end - 8);
    buffer.writeUInt32BE((bytes * 8) >>> 0, end - 4);
    this.#state.set(initialState);
    for (let block = 0; block < end; block += blockBytes) this.#compress(block);
    out[at] = swapped(this.#state[0] as number);
    out[at + 1] = swapped(this.#state[1] as number);
    this.#length = this.#prefixBytes;
  }

  /** Room for `more` bytes and the padding behind them. */
  #reserve(more: number): void {
    const needed = this.#length + more + 2 * blockBytes;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.alloc(Math.ceil((needed * 2) / blockBytes) * blockBytes);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }

  #compress(from: number): void {
    const words = this.#words;
    const buffer = this.#buffer;
    for (let t = 0, i = from; t < 16; t++, i += 4)
      words[t] =
        ((buffer[i] as number) << 24) | ((buffer[i + 1] as number) << 16) | ((buffer[i + 2] as number) << 8) | (buffer[i + 3] as number);
    for (let t = 16; t < 64; t++) {
      const x = words[t - 15] as number;
      const y = words[t - 2] as number;
      const mixedX = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const mixedY = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[t] = ((words[t - 16] as number) + mixedX + (words[t - 7] as number) + mixedY) | 0;
    }
    const state = this.#state;
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let e = state[4] as number;
    let f = state[5] as number;
    let g = state[6] as number;
    let h = state[7] as number;
    for (let t = 0; t < 64; t++) {
      const mixedE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const chosen = (e & f) ^ (~e & g);
      const first = (h + mixedE + chosen + (roundConstants[t] as number) + (words[t] as number)) | 0;
      const mixedA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + mixedA + majority) | 0;
    }
    state[0] = ((state[0] as number) + a) | 0;
    state[1] = ((state[1] as number) + b) | 0;
    state[2] = ((state[2] as number) + c) | 0;
    state[3] = ((state[3] as number) + d) | 0;
    state[4] = ((state[4] as number) + e) | 0;
    state[5] = ((state[5] as number) + f) | 0;
    state[6] = ((state[6] as number) + g) | 0;
    state[7] = ((state[7] as number) + h) | 0;
  }
}

/** The bytes of a word the other way round. */
function swapped(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** First 32 bits of the fractional parts of the roots of the first primes. */
function constantsOf(count: number, power: bigint): Int32Array {
  const result = new Int32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) isPrime = false;
    if (isPrime) result[found++] = Number(BigInt.asIntN(32, shiftedRoot(BigInt(candidate), power)));
  }
  return result;
}

/** floor(root * 2^32), exact: floating-point roots may round differently elsewhere. */
function shiftedRoot(prime: bigint, power: bigint): bigint {
  const wanted = prime << (32n * power);
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root + bit) ** power <= wanted) root += bit;
  return root;
}
