import type { LengthSummary } from '../../../protocol/reports.ts';

export interface Lengths {
  readonly turns: Uint32Array;
  /** Byte ranges of the records. */
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Instances sorted once by each length, so that the median of any part of them is found by walking to its middle. */
export class LengthRanks {
  readonly #turns: Float64Array;
  readonly #bytes: Float64Array;
  readonly #byTurns: Uint32Array;
  readonly #byBytes: Uint32Array;

  /** @param instances nonzero for instances */
  constructor({ turns, start, end }: Lengths, instances: Uint8Array) {
    const count = instances.reduce((sum, usable) => sum + (usable ? 1 : 0), 0);
    this.#turns = Float64Array.from(turns);
    this.#bytes = Float64Array.from(start, (from, ordinal) => (end[ordinal] as number) - from);
    this.#byTurns = sortedBy(this.#turns, instances, count);
    this.#byBytes = sortedBy(this.#bytes, instances, count);
  }

  /** Of the `count` instances whose verdict has the bit. */
  summary(verdicts: Uint8Array, bit: number, count: number): LengthSummary {
    if (count === 0) return { meanTurns: 0, medianTurns: 0, meanBytes: 0, medianBytes: 0 };
    return {
      meanTurns: sumOf(this.#turns, verdicts, bit) / count,
      medianTurns: median(this.#byTurns, this.#turns, verdicts, bit, count),
      meanBytes: sumOf(this.#bytes, verdicts, bit) / count,
      medianBytes: median(this.#byBytes, this.#bytes, verdicts, bit, count),
    };
  }
}

function sumOf(values: Float64Array, verdicts: Uint8Array, bit: number): number {
  let sum = 0;
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++)
    if (((verdicts[ordinal] as number) & bit) !== 0) sum += values[ordinal] as number;
  return sum;
}

/** Ordinals of the instances by ascending value. Value and ordinal as one number sort without a comparison function where they fit. */
function sortedBy(values: Float64Array, instances: Uint8Array, count: number): Uint32Array {
  const ordinals = new Uint32Array(count);
  let next = 0;
  let most = 0;
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
    if (!instances[ordinal]) continue;
    ordinals[next++] = ordinal;
    most = Math.max(most, values[ordinal] as number);
  }
  const scale = instances.length;
  if ((most + 1) * scale > Number.MAX_SAFE_INTEGER) return ordinals.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  const keys = Float64Array.from(ordinals, (ordinal) => (values[ordinal] as number) * scale + ordinal).sort();
  return Uint32Array.from(keys, (key) => key % scale);
}

/** @param count at least 1 */
function median(sorted: Uint32Array, values: Float64Array, verdicts: Uint8Array, bit: number, count: number): number {
  const upper = count >> 1; // position of the middle, or of the upper one of two
  let before = 0;
  let lower = 0;
  for (let i = 0; i < sorted.length; i++) {
    const ordinal = sorted[i] as number;
    if (((verdicts[ordinal] as number) & bit) === 0) continue;
    if (before === upper)
      return count % 2 === 1 ? (values[ordinal] as number) : ((values[lower] as number) + (values[ordinal] as number)) / 2;
    lower = ordinal;
    before++;
  }
  return 0;
}
