import { createHash } from 'node:crypto';
import type { Offsets } from '../../entities/perspectiveIndex.ts';
import { type ComposedPerspective, drawingEntities, passProbability } from '../composedPerspective.ts';
import { LabelKeys } from './labelKeys.ts';
import { threefry2x32, toUnitInterval } from './threefry.ts';

/** Part of every label, so that a change of the sampler can never pass for the old one. */
export const samplerVersion = 'ballast-hash-1';

/** What the text behind every key of a kind begins with. */
export function labelPrefix(seed: number, kind: string): string {
  return `${samplerVersion}\0${seed}\0${kind}\0`;
}

/** 64-bit counters of the instances, two words each: what makes draws belong to a content and not to a place in the file. */
export type InstanceCounters = Uint32Array;

/**
 * Counter of each instance from its 128-bit content hash and its ordinal among exact duplicates.
 *
 * @param keys 16 bytes per ordinal
 * @param duplicates how many earlier instances have the same hash
 */
export function instanceCounters(keys: Uint8Array, duplicates: Uint32Array): InstanceCounters {
  const counters = new Uint32Array(duplicates.length * 2);
  const view = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
  for (let ordinal = 0; ordinal < duplicates.length; ordinal++) {
    const duplicate = duplicates[ordinal] ?? 0;
    if (duplicate === 0) {
      counters[ordinal * 2] = view.getUint32(ordinal * 16, true);
      counters[ordinal * 2 + 1] = view.getUint32(ordinal * 16 + 4, true);
      continue;
    }
    const digest = createHash('sha256')
      .update(keys.subarray(ordinal * 16, ordinal * 16 + 16))
      .update(`duplicate ${duplicate}`)
      .digest();
    counters[ordinal * 2] = digest.readUInt32LE(0);
    counters[ordinal * 2 + 1] = digest.readUInt32LE(4);
  }
  return counters;
}

/** Uniform draws in [0, 1) addressed by (seed, label, instance): order, threads and other draws never matter. */
export class HashDraws {
  readonly #seed: number;
  readonly #counters: InstanceCounters;
  readonly #words = new Uint32Array(2);

  constructor(seed: number, counters: InstanceCounters) {
    this.#seed = seed;
    this.#counters = counters;
  }

  /** 64-bit key of a label: two words. */
  key(kind: string, name: string): readonly [number, number] {
    const words = new Uint32Array(2);
    this.keysOf(kind).keyOf(name, words, 0);
    return [words[0] as number, words[1] as number];
  }

  /** Keys of many labels of one kind. */
  keysOf(kind: string): LabelKeys {
    return new LabelKeys(labelPrefix(this.#seed, kind));
  }

  draw(key0: number, key1: number, ordinal: number): number {
    threefry2x32(key0, key1, this.#counters[ordinal * 2] ?? 0, this.#counters[ordinal * 2 + 1] ?? 0, this.#words);
    return toUnitInterval(this.#words);
  }
}

/** Draws of one perspective: the perspective passes when any u < min(1, tau / f). */
export class PerspectiveDraws {
  readonly #composed: ComposedPerspective;
  readonly #draws: HashDraws;
  readonly #labels: LabelKeys;
  readonly #keys: Uint32Array;
  readonly #known: Uint8Array;
  // An index may load its arrays on each access: taken once, since `passes` runs for every instance.
  readonly #frequency: Uint32Array;
  readonly #rowOffsets: Offsets;
  readonly #rowEntities: Uint32Array;
  readonly #rowMinFrequency: Uint32Array;

  constructor(composed: ComposedPerspective, draws: HashDraws) {
    this.#composed = composed;
    this.#draws = draws;
    this.#labels = draws.keysOf(composed.index.perspective);
    this.#frequency = composed.index.frequency;
    this.#rowOffsets = composed.index.rowOffsets;
    this.#rowEntities = composed.index.rowEntities;
    this.#rowMinFrequency = composed.index.rowMinFrequency;
    this.#keys = new Uint32Array(this.#frequency.length * 2);
    this.#known = new Uint8Array(this.#frequency.length);
  }

  draw(ordinal: number, entity: number): number {
    if (!this.#known[entity]) {
      this.#labels.keyOf(this.#composed.index.nameOf(entity), this.#keys, entity * 2);
      this.#known[entity] = 1;
    }
    return this.#draws.draw(this.#keys[entity * 2] ?? 0, this.#keys[entity * 2 + 1] ?? 0, ordinal);
  }

  passes(ordinal: number): boolean {
    const { tau } = this.#composed;
    if (tau === null) return false;
    const lowest = this.#rowMinFrequency[ordinal] ?? 0;
    if (lowest === 0) return false; // an empty row
    if (lowest <= tau) return true; // p >= 1 for its rarest entity, and every draw is below 1
    const end = this.#rowOffsets[ordinal + 1] ?? 0;
    for (let i = this.#rowOffsets[ordinal] ?? 0; i < end; i++) {
      const entity = this.#rowEntities[i] ?? 0;
      if (this.draw(ordinal, entity) < passProbability(tau, this.#frequency[entity] ?? 0)) return true;
    }
    return false;
  }

  /** Every draw of the row, also those that the decision did not need. */
  trace(ordinal: number): { readonly entity: number; readonly probability: number; readonly draw: number }[] {
    return Array.from(drawingEntities(this.#composed, ordinal), (entity) => ({
      entity,
      probability: passProbability(this.#composed.tau, this.#frequency[entity] ?? 0),
      draw: this.draw(ordinal, entity),
    }));
  }
}
