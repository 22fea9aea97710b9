/** Levels of a byte on each side of its middle. */
const levels = 127;
/** Bins of the magnitudes, by exponent and the first seven digits of a float32. */
const binCount = 1 << 15;
/** Six powers of two. */
const searchedBins = 6 * 128;

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** How often magnitudes occur, finely enough to choose the range of a byte. */
export class MagnitudeHistogram {
  readonly #bins = new Float64Array(binCount);

  add(value: number): void {
    floats[0] = value;
    this.addBits((bits[0] as number) & 0x7fffffff);
  }

  /** @param magnitude bits of a float32 without its sign */
  addBits(magnitude: number): void {
    const bin = magnitude >>> 16;
    this.#bins[bin] = (this.#bins[bin] as number) + 1;
  }

  /**
   * The magnitude to give the largest byte to, so that the sum of squared errors is smallest: what is cut off against the steps of what is
   * not. 0 when all values are 0. Whole counts and a fixed order of additions, hence the same everywhere.
   */
  clip(): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    const used = Array.from(this.#bins.keys()).filter((bin) => bin > 0 && (this.#bins[bin] as number) > 0);
    const last = used.at(-1) ?? 0;
    // Ends of bins down to a 64th of the largest value; a far smaller range would cut off what matters.
    for (let end = last + 1; last > 0 && end > Math.max(0, last - searchedBins); end--) {
      const clip = magnitudeOf(end);
      const step = clip / levels;
      let error = 0;
      for (const bin of used) {
        const magnitude = magnitudeOf(bin + 0.5);
        // Cut off, become zero, or rounded to a step.
        const one = magnitude > clip ? (magnitude - clip) ** 2 : magnitude < step / 2 ? magnitude * magnitude : (step * step) / 12;
        error += (this.#bins[bin] as number) * one;
      }
      if (error < least) {
        least = error;
        best = clip;
      }
    }
    return best;
  }
}

/** Lower end of a bin; half a bin further its middle. */
function magnitudeOf(bin: number): number {
  bits[0] = Math.round(bin * 65536);
  return floats[0] as number;
}
