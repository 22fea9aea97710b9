/**
 * Many sums side by side, each carried in two doubles (Knuth's two-sum), so that its rounded value does not depend on the order of its terms.
 * Instances that tie exactly, such as duplicates, then tie in floating point too, and the tie rule decides instead of the rounding.
 */
export class ExactSums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(length: number) {
    this.#high = new Float64Array(length);
    this.#low = new Float64Array(length);
  }

  add(at: number, value: number): void {
    const before = this.#high[at] as number;
    const sum = before + value;
    const added = sum - before;
    this.#low[at] = (this.#low[at] as number) + (before - (sum - added)) + (value - added);
    this.#high[at] = sum;
  }

  at(index: number): number {
    return (this.#high[index] as number) + (this.#low[index] as number);
  }
}
