const size = 624;
const shift = 397;

/** MT19937 seeded and read as Python's `random.seed(int)` and `random.random()` do (Matsumoto and Nishimura 1998; CPython `_randommodule.c`). */
export class MersenneTwister {
  readonly #state = new Uint32Array(size);
  #index = size;

  /** @param seed any integer; its sign is ignored, as in Python */
  constructor(seed: number | bigint) {
    this.#initByArray(wordsOf(seed));
  }

  /** Double in [0, 1) with 53 bits, from two outputs. */
  random(): number {
    const a = this.#next() >>> 5;
    const b = this.#next() >>> 6;
    return (a * 0x4000000 + b) / 0x20000000000000;
  }

  #initByArray(key: readonly number[]): void {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < size; i++) {
      const previous = word(state, i - 1);
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    let i = 1;
    let j = 0;
    for (let k = Math.max(size, key.length); k > 0; k--) {
      const previous = word(state, i - 1);
      state[i] = (word(state, i) ^ Math.imul(previous ^ (previous >>> 30), 1664525)) + (key[j] ?? 0) + j;
      if (++i >= size) {
        state[0] = word(state, size - 1);
        i = 1;
      }
      if (++j >= key.length) j = 0;
    }
    for (let k = size - 1; k > 0; k--) {
      const previous = word(state, i - 1);
      state[i] = (word(state, i) ^ Math.imul(previous ^ (previous >>> 30), 1566083941)) - i;
      if (++i >= size) {
        state[0] = word(state, size - 1);
        i = 1;
      }
    }
    state[0] = 0x80000000;
  }

  #next(): number {
    if (this.#index >= size) this.#regenerate();
    let y = word(this.#state, this.#index++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #regenerate(): void {
    const state = this.#state;
    for (let k = 0; k < size; k++) {
      const y = (word(state, k) & 0x80000000) | (word(state, (k + 1) % size) & 0x7fffffff);
      state[k] = word(state, (k + shift) % size) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}

function word(state: Uint32Array, index: number): number {
  return state[index] ?? 0;
}

/** 32-bit words of |seed|, least significant first; one zero word for 0. */
function wordsOf(seed: number | bigint): number[] {
  let rest = BigInt(seed);
  if (rest < 0n) rest = -rest;
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
