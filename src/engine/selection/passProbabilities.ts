import { type ComposedPerspective, drawingEntities, frequenciesOf, passProbability } from './composedPerspective.ts';

/** Below this, 1 - fail is 1 in double precision, whatever else fails too. */
export const negligible = 2 ** -54;

/**
 * q_k(x) = 1 - prod over the row's entities of (1 - min(1, tau / f)) of one perspective (ADR specification 2.1), computed when asked for.
 * A row that holds a tail entity (f <= tau) is exactly 1 and never multiplied out, an empty row is 0.
 */
export class PassProbabilities {
  readonly #composed: ComposedPerspective;
  // An index may load its arrays on each access: taken once.
  readonly #rowOffsets: ArrayLike<number>;
  readonly #rowFrequency: Uint32Array;
  readonly #rowMinFrequency: Uint32Array;
  readonly #tau: number;
  /** Rows list each entity once and frequencies count instances, so the row's minimum decides alone whether it is certain. */
  readonly #isPlain: boolean;
  /** NaN: not computed yet. */
  readonly #known: Float64Array;

  constructor(composed: ComposedPerspective, records: number) {
    const { index } = composed;
    this.#composed = composed;
    this.#tau = composed.tau ?? 0;
    this.#rowOffsets = index.rowOffsets;
    this.#rowFrequency = index.rowFrequency;
    this.#rowMinFrequency = index.rowMinFrequency;
    this.#isPlain = !index.hasRepeats;
    this.#known = new Float64Array(records).fill(Number.NaN);
  }

  get tau(): number | null {
    return this.#composed.tau;
  }

  /** True when q is exactly 1 without a look at the row. */
  isCertain(ordinal: number): boolean {
    const lowest = this.#rowMinFrequency[ordinal] as number;
    return this.#isPlain && lowest > 0 && lowest <= this.#tau;
  }

  at(ordinal: number): number {
    if (this.#composed.tau === null || this.#rowMinFrequency[ordinal] === 0) return 0;
    if (this.isCertain(ordinal)) return 1;
    const known = this.#known[ordinal] as number;
    if (!Number.isNaN(known)) return known;
    const q = 1 - (this.#isPlain ? this.#fail(ordinal) : this.#failOfRepeats(ordinal));
    this.#known[ordinal] = q;
    return q;
  }

  /** Sets `fail` to 0 wherever q is exactly 1. One tight loop: this runs over every instance while a threshold is dragged. */
  markCertain(fail: Float64Array): void {
    if (!this.#isPlain) return;
    const lowest = this.#rowMinFrequency;
    const tau = this.#tau;
    for (let ordinal = 0; ordinal < fail.length; ordinal++) {
      const frequency = lowest[ordinal] as number;
      if (frequency <= tau && frequency > 0) fail[ordinal] = 0;
    }
  }

  /** Multiplies `fail` by 1 - q where it still matters. */
  multiplyFail(fail: Float64Array): void {
    for (let ordinal = 0; ordinal < fail.length; ordinal++) {
      const before = fail[ordinal] as number;
      if (before > negligible) fail[ordinal] = before * (1 - this.at(ordinal));
    }
  }

  /** Probability that no entity of the row wins; every frequency of the row is above tau. */
  #fail(ordinal: number): number {
    const frequency = this.#rowFrequency;
    const tau = this.#tau;
    const end = this.#rowOffsets[ordinal + 1] as number;
    let fail = 1;
    for (let i = this.#rowOffsets[ordinal] as number; i < end && fail > negligible; i++) fail *= 1 - tau / (frequency[i] as number);
    return fail > negligible ? fail : 0;
  }

  #failOfRepeats(ordinal: number): number {
    const frequency = frequenciesOf(this.#composed);
    let fail = 1;
    for (const entity of drawingEntities(this.#composed, ordinal)) fail *= 1 - passProbability(this.#tau, frequency[entity] as number);
    return fail;
  }
}
