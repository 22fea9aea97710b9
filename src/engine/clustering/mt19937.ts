const size = 624;
const shift = 397;

/** MT19937 (Matsumoto and Nishimura 1998) seeded by `init_genrand`, as `std::mt19937` is; 32 bits a draw. */
export class Mt19937 {
  readonly #state = new Uint32Array(size);
  #index = size;

  /** @param seed taken modulo 2^32 */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < size; i++) {
      const previous = state[i - 1] as number;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** Whole number in [0, 2^32). */
  next(): number {
    if (this.#index >= size) this.#regenerate();
    let y = this.#state[this.#index++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #regenerate(): void {
    const state = this.#state;
    for (let k = 0; k < size; k++) {
      const y = ((state[k] as number) & 0x80000000) | ((state[(k + 1) % size] as number) & 0x7fffffff);
      state[k] = (state[(k + shift) % size] as number) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#index = 0;
  }
}
