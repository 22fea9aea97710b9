import { tiny, weights } from './tinyWeights.ts';

/** The tiny models' mathematics written out in plain loops; nothing of the engine is used. Numbers pass a graph's border in its type. */
export class TinyOracle {
  readonly width: number;
  readonly height: number;
  readonly #border: (value: number) => number;
  readonly #vocabularySize: number;

  /** @param width of the latent picture */
  constructor(width: number, height: number, vocabularySize: number, type: 'float32' | 'float16' = 'float32') {
    this.width = width;
    this.height = height;
    this.#vocabularySize = vocabularySize;
    this.#border = type === 'float16' ? (value) => Math.f16round(value) : Math.fround;
  }

  text(ids: readonly number[]): number[][] {
    const table = weights('text table', this.#vocabularySize * tiny.dimensions, 1);
    const places = weights('text places', tiny.tokens * tiny.dimensions, 1);
    return ids.map((id, place) =>
      Array.from({ length: tiny.dimensions }, (_, d) =>
        this.#border(Math.tanh((table[id * tiny.dimensions + d] ?? 0) + (places[place * tiny.dimensions + d] ?? 0))),
      ),
    );
  }

  /** @param pixels colour planes of 16 x 16 */
  image(pixels: readonly number[]): number[] {
    const matrix = weights('image projection', 3 * tiny.dimensions, 1);
    const size = tiny.visionSide ** 2;
    const mean = [0, 1, 2].map((c) => pixels.slice(c * size, (c + 1) * size).reduce((sum, value) => sum + this.#border(value), 0) / size);
    return Array.from({ length: tiny.dimensions }, (_, d) =>
      this.#border(Math.tanh(mean.reduce((sum, value, c) => sum + value * (matrix[c * tiny.dimensions + d] ?? 0), 0))),
    );
  }

  unet(
    sample: readonly number[],
    timestep: number,
    states: readonly number[][],
    more: { guidance?: number; control?: Control } = {},
  ): number[] {
    const { width, height } = this;
    const border = this.#border;
    const kernel = weights('unet kernel', 4 * 4 * 9, 0.3);
    const frequencies = weights('unet frequencies', 4, 0.01);
    const matrix = weights('unet states', tiny.dimensions * 4, 3);
    const guidanceMatrix = weights('unet guidance', tiny.guidanceDimensions * 4, 0.2);
    const embedding = more.guidance === undefined ? [] : guidanceEmbedding(more.guidance);
    const x = sample.map(border);
    const result: number[] = [];
    for (let out = 0; out < 4; out++) {
      let constant = Math.sin(timestep * (frequencies[out] ?? 0));
      for (let d = 0; d < tiny.dimensions; d++) {
        const mean = states.reduce((sum, state) => sum + border(state[d] ?? 0), 0) / states.length;
        constant += mean * (matrix[d * 4 + out] ?? 0);
      }
      for (const [i, value] of embedding.entries()) constant += border(value) * (guidanceMatrix[i * 4 + out] ?? 0);
      for (let y = 0; y < height; y++) {
        for (let column = 0; column < width; column++) {
          let sum = constant;
          for (let from = 0; from < 4; from++)
            for (let ky = 0; ky < 3; ky++)
              for (let kx = 0; kx < 3; kx++) {
                const [sy, sx] = [y + ky - 1, column + kx - 1];
                if (sy < 0 || sy >= height || sx < 0 || sx >= width) continue;
                sum += (x[(from * height + sy) * width + sx] ?? 0) * (kernel[((out * 4 + from) * 3 + ky) * 3 + kx] ?? 0);
              }
          const at = (out * height + y) * width + column;
          result.push(border(Math.tanh(sum + this.#controlled(more.control, at, x[at] ?? 0, timestep))));
        }
      }
    }
    return result;
  }

  #controlled(control: Control | undefined, at: number, x: number, timestep: number): number {
    if (!control) return 0;
    const shape = this.#patch('control kernel', 3, 0.1, control.pixels.map(this.#border), at);
    if (control.kind === 'fused') return shape * control.scale;
    return (
      this.#border((shape + 0.1 * x) * control.scale) +
      0.5 * this.#border(shape * shape * control.scale) +
      0.25 * this.#border((Math.tanh(shape) + 0.001 * timestep) * control.scale)
    );
  }

  /** Product of an 8 x 8 patch of colour planes with a channel's kernel. @param at channel and place in the latent picture */
  #patch(name: string, colours: number, range: number, pixels: readonly number[], at: number, channels = 4): number {
    const { width, height } = this;
    const kernel = weights(name, channels * colours * 64, range);
    const [channel, y, x] = [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
    let sum = 0;
    for (let colour = 0; colour < colours; colour++)
      for (let ky = 0; ky < 8; ky++)
        for (let kx = 0; kx < 8; kx++)
          sum +=
            (pixels[(colour * height * 8 + y * 8 + ky) * width * 8 + x * 8 + kx] ?? 0) *
            (kernel[((channel * colours + colour) * 8 + ky) * 8 + kx] ?? 0);
    return sum;
  }

  /** Mean and logarithm of the variance of each latent value. @param pixels colour planes in -1..1 */
  encode(pixels: readonly number[]): { readonly mean: number[]; readonly logVariance: number[] } {
    const count = 4 * this.width * this.height;
    const seen = pixels.map(this.#border);
    const all = Array.from({ length: 2 * count }, (_, at) => this.#border(this.#patch('encoder kernel', 3, 0.1, seen, at, 8)));
    return { mean: all.slice(0, count), logVariance: all.slice(count) };
  }

  /** RGB bytes. */
  decode(latents: readonly number[]): number[] {
    const { width, height } = this;
    const kernel = weights('decoder kernel', 4 * 3 * 64, 0.4);
    const z = latents.map((value) => this.#border(value / tiny.scale));
    const rgb: number[] = [];
    for (let y = 0; y < height * 8; y++)
      for (let x = 0; x < width * 8; x++)
        for (let colour = 0; colour < 3; colour++) {
          let sum = 0;
          for (let c = 0; c < 4; c++)
            sum +=
              (z[(c * height + Math.floor(y / 8)) * width + Math.floor(x / 8)] ?? 0) *
              (kernel[((c * 3 + colour) * 8 + (y % 8)) * 8 + (x % 8)] ?? 0);
          rgb.push(Math.round(Math.min(Math.max(this.#border(Math.tanh(sum)) / 2 + 0.5, 0), 1) * 255));
        }
    return rgb;
  }
}

export interface Control {
  readonly kind: 'separate' | 'fused';
  /** Colour planes in 0..1. */
  readonly pixels: readonly number[];
  readonly scale: number;
}

function guidanceEmbedding(guidance: number): number[] {
  const half = tiny.guidanceDimensions / 2;
  const angles = Array.from({ length: half }, (_, i) => 1000 * (guidance - 1) * Math.exp((-Math.log(10000) * i) / (half - 1)));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

/** Shares of signal that Stable Diffusion leaves at its 1000 timesteps. */
export function alphas(): number[] {
  let product = 1;
  return Array.from({ length: 1000 }, (_, i) => {
    product *= 1 - (Math.sqrt(0.00085) + (i / 999) * (Math.sqrt(0.012) - Math.sqrt(0.00085))) ** 2;
    return product;
  });
}
