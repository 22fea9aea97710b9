import { Mt19937 } from '../../clustering/mt19937.ts';

/** Uniforms are turned into normals in blocks of this size, eight pairs each. */
const block = 16;
const half = block / 2;

/**
 * Normal deviates as `torch.randn` draws them from a seeded generator on the processor, so that a seed means here what it means there.
 * ATen, `DistributionTemplates.h`: `normal_fill` for 16 values and more, `normal_distribution<double>` below. Agrees to 1e-6.
 */
export class TorchNoise {
  readonly #engine: Mt19937;
  /** Second deviate of the last pair, kept by draws of fewer than 16. */
  #spare: number | undefined;

  /** @param seed whole number from 0 to 2^53 - 1; only its low 32 bits matter, as in torch */
  constructor(seed: number) {
    this.#engine = new Mt19937(seed);
  }

  /** One call of `torch.randn(count)`: two calls of half the size do not give the same. */
  draw(count: number): Float32Array {
    const values = new Float32Array(count);
    if (count < block) {
      for (let i = 0; i < count; i++) values[i] = this.#one();
      return values;
    }
    this.#fill(values);
    for (let at = 0; at + block <= count; at += block) pairs(values.subarray(at, at + block));
    if (count % block !== 0) {
      const last = values.subarray(count - block);
      this.#fill(last);
      pairs(last);
    }
    return values;
  }

  #fill(values: Float32Array): void {
    for (let i = 0; i < values.length; i++) values[i] = (this.#engine.next() & 0xffffff) / 2 ** 24;
  }

  #one(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    const angle = 2 * Math.PI * uniform53(this.#engine);
    const radius = Math.sqrt(-2 * Math.log1p(-uniform53(this.#engine)));
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Box-Muller on the first and second half of a block. */
function pairs(values: Float32Array): void {
  for (let j = 0; j < half; j++) {
    const u1 = Math.fround(1 - (values[j] as number)); // never 0
    const angle = 2 * Math.PI * (values[j + half] as number);
    const radius = Math.sqrt(-2 * Math.log(u1));
    values[j] = radius * Math.cos(angle);
    values[j + half] = radius * Math.sin(angle);
  }
}

/** 53 of 64 bits, the first draw being the high word. */
function uniform53(engine: Mt19937): number {
  const high = engine.next() & 0x1fffff;
  return (high * 2 ** 32 + engine.next()) / 2 ** 53;
}
