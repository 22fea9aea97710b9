import type { LengthSummary } from '../../../protocol/reports.ts';
import { part } from './liveSelection.ts';

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
    this.#turns = new Float64Array(turns);
    this.#bytes = new Float64Array(turns.length);
    for (let ordinal = 0; ordinal < turns.length; ordinal++) this.#bytes[ordinal] = (end[ordinal] as number) - (start[ordinal] as number);
    this.#byTurns = sortedBy(this.#turns, instances);
    this.#byBytes = sortedBy(this.#bytes, instances);
  }

  /** Of the selection and of its control, `count` instances each. One pass without a branch: verdicts follow no pattern. */
  summaries(verdicts: Uint8Array, count: number): Record<keyof typeof part, LengthSummary> {
    const turns = this.#turns;
    const bytes = this.#bytes;
    let turnsKept = 0;
    let bytesKept = 0;
    let turnsByChance = 0;
    let bytesByChance = 0;
    for (let ordinal = 0; ordinal < verdicts.length; ordinal++) {
      const kept = (verdicts[ordinal] as number) & part.selection;
      const byChance = (verdicts[ordinal] as number) >> 1;
      turnsKept += (turns[ordinal] as number) * kept;
      bytesKept += (bytes[ordinal] as number) * kept;
      turnsByChance += (turns[ordinal] as number) * byChance;
      bytesByChance += (bytes[ordinal] as number) * byChance;
    }
    return {
      selection: this.#summary(verdicts, part.selection, count, turnsKept, bytesKept),
      control: this.#summary(verdicts, part.control, count, turnsByChance, bytesByChance),
    };
  }

  #summary(verdicts: Uint8Array, bit: number, count: number, turns: number, bytes: number): LengthSummary {
    if (count === 0) return { meanTurns: 0, medianTurns: 0, meanBytes: 0, medianBytes: 0 };
    return {
      meanTurns: turns / count,
      medianTurns: median(this.#byTurns, this.#turns, verdicts, bit, count),
      meanBytes: bytes / count,
      medianBytes: median(this.#byBytes, this.#bytes, verdicts, bit, count),
    };
  }
}

/** Ordinals of the instances by ascending value. Value and ordinal as one number sort without a comparison function where they fit. */
function sortedBy(values: Float64Array, instances: Uint8Array): Uint32Array {
  const scale = instances.length;
  const keys = new Float64Array(scale);
  let count = 0;
  let most = 0;
  for (let ordinal = 0; ordinal < scale; ordinal++) {
    if (!instances[ordinal]) continue;
    const value = values[ordinal] as number;
    keys[count++] = value * scale + ordinal;
    if (value > most) most = value;
  }
  const ordinals = new Uint32Array(count);
  if ((most + 1) * scale > Number.MAX_SAFE_INTEGER) {
    for (let ordinal = 0, next = 0; ordinal < scale; ordinal++) if (instances[ordinal]) ordinals[next++] = ordinal;
    return ordinals.sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
  }
  const sorted = keys.subarray(0, count).sort();
  for (let i = 0; i < count; i++) {
    const key = sorted[i] as number;
    ordinals[i] = key - Math.floor(key / scale) * scale;
  }
  return ordinals;
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
