import { drawingEntities, frequenciesOf, type PassComposition, passProbability } from './composedPerspective.ts';
import type { RowClasses } from './rowClasses.ts';

/** Below this, 1 - fail is 1 in double precision, whatever else fails too. */
export const negligible = 2 ** -54;

/**
 * q_k(x) = 1 - prod over the row's entities of (1 - min(1, tau / f)) of one perspective (ADR specification 2.1), computed when asked for.
 * A row that holds a tail entity (f <= tau) is exactly 1 and never multiplied out, an empty row is 0. What is kept is 1 - q, the
 * probability to fail.
 */
export class PassProbabilities {
  readonly #composed: PassComposition;
  // An index may load its arrays on each access: taken once.
  readonly #rowOffsets: ArrayLike<number>;
  readonly #classes: RowClasses['classes'];
  /** 1 - tau / f by class; 0 for the certain ones. */
  readonly #failOfClass: Float64Array;
  /** Rows list each entity once and frequencies count instances. */
  readonly #isPlain: boolean;
  /**
   * Probability to fail by ordinal: 0 where the perspective passes for certain, 1 where the row is empty, NaN where nobody asked yet.
   * Whoever reads it in a loop calls `failAt` for NaN.
   */
  readonly known: Float64Array;

  /** @param rows of the same index @param memory for `known`, of an object that nobody needs any more */
  constructor(composed: PassComposition, records: number, rows: RowClasses, memory?: Float64Array) {
    const { index } = composed;
    const tau = composed.tau ?? 0;
    this.#composed = composed;
    this.#rowOffsets = index.rowOffsets;
    this.#classes = rows.classes;
    this.#failOfClass = Float64Array.from(rows.values, (frequency) => (frequency <= tau ? 0 : 1 - tau / frequency));
    this.#isPlain = !index.hasRepeats;
    this.known = memory ?? new Float64Array(records);
    fillKnown(this.known, index.rowMinFrequency, tau, this.#isPlain);
  }

  get tau(): number | null {
    return this.#composed.tau;
  }

  /** q of one ordinal. */
  at(ordinal: number): number {
    return 1 - this.failAt(ordinal);
  }

  /** 1 - q of one ordinal. */
  failAt(ordinal: number): number {
    const known = this.known[ordinal] as number;
    if (!Number.isNaN(known)) return known;
    const product = this.#isPlain ? this.#product(ordinal) : this.#productOfRepeats(ordinal);
    const fail = product > negligible ? product : 0;
    this.known[ordinal] = fail;
    return fail;
  }

  /** Probability that no entity of the row wins; every frequency of the row is above tau. Two products at a time: each waits for its last. */
  #product(ordinal: number): number {
    const failOfClass = this.#failOfClass;
    const classes = this.#classes;
    const end = this.#rowOffsets[ordinal + 1] as number;
    let even = 1;
    let odd = 1;
    let i = this.#rowOffsets[ordinal] as number;
    for (; i + 1 < end; i += 2) {
      even *= failOfClass[classes[i] as number] as number;
      odd *= failOfClass[classes[i + 1] as number] as number;
    }
    return i < end ? even * odd * (failOfClass[classes[i] as number] as number) : even * odd;
  }

  #productOfRepeats(ordinal: number): number {
    const frequency = frequenciesOf(this.#composed);
    let fail = 1;
    for (const entity of drawingEntities(this.#composed, ordinal)) fail *= 1 - passProbability(this.tau, frequency[entity] as number);
    return fail;
  }
}

/** What the least frequency of a row says by itself. */
function fillKnown(known: Float64Array, rowMinFrequency: Uint32Array, tau: number, isPlain: boolean): void {
  for (let ordinal = 0; ordinal < known.length; ordinal++) {
    const lowest = rowMinFrequency[ordinal] as number;
    known[ordinal] = lowest === 0 || tau === 0 ? 1 : isPlain && lowest <= tau ? 0 : Number.NaN;
  }
}
