import type { Breath } from '../jobs/breath.ts';

/** Instances of two datasets paired by content, with multiplicity, in order of appearance. */
export interface InstanceMatch {
  /** Ordinals of A and of B that belong together, same index in both; ascending in B. */
  readonly commonA: Uint32Array;
  readonly commonB: Uint32Array;
  /** Instances of A without a partner, and of B; ascending. */
  readonly removed: Uint32Array;
  readonly added: Uint32Array;
}

export interface KeyedInstances {
  /** 16 bytes per ordinal. */
  readonly keys: Uint8Array;
  /** Ordinals of the instances, ascending. */
  readonly ordinals: Uint32Array;
}

/** 32-bit words of a key. */
const keyWords = 4;
/** Instances between two looks at the clock; a power of two. */
const breathEvery = 1 << 13;

export async function matchInstances(a: KeyedInstances, b: KeyedInstances, breath: Breath): Promise<InstanceMatch> {
  const waiting = await WaitingInstances.of(a, breath);
  const wordsB = wordsOf(b.keys);
  const room = Math.min(a.ordinals.length, b.ordinals.length);
  const commonA = new Uint32Array(room);
  const commonB = new Uint32Array(room);
  const added = new Uint32Array(b.ordinals.length);
  let common = 0;
  let alone = 0;
  for (let i = 0; i < b.ordinals.length; i++) {
    if (i % breathEvery === 0 && breath.isDue) await breath.take();
    const ordinal = b.ordinals[i] as number;
    const partner = waiting.take(wordsB, ordinal * keyWords);
    if (partner < 0) added[alone++] = ordinal;
    else {
      commonA[common] = partner;
      commonB[common++] = ordinal;
    }
  }
  return {
    commonA: commonA.slice(0, common),
    commonB: commonB.slice(0, common),
    removed: waiting.rest(),
    added: added.slice(0, alone),
  };
}

/** Instances by their key, each taken at most once, equal ones in order of appearance. An open hash table over flat arrays. */
class WaitingInstances {
  readonly #words: Uint32Array;
  readonly #ordinals: Uint32Array;
  /** Per slot, position + 1 of an instance with the slot's key; 0: free. */
  readonly #slots: Uint32Array;
  /** Per slot, position + 1 of the next instance to take; 0: none is left. */
  readonly #head: Uint32Array;
  /** Per position, position + 1 of the next instance with the same key. */
  readonly #next: Uint32Array;
  readonly #taken: Uint8Array;
  #left: number;

  private constructor({ keys, ordinals }: KeyedInstances) {
    this.#words = wordsOf(keys);
    this.#ordinals = ordinals;
    const room = 1 << Math.max(4, 33 - Math.clz32(ordinals.length));
    this.#slots = new Uint32Array(room);
    this.#head = new Uint32Array(room);
    this.#next = new Uint32Array(ordinals.length);
    this.#taken = new Uint8Array(ordinals.length);
    this.#left = ordinals.length;
  }

  static async of(instances: KeyedInstances, breath: Breath): Promise<WaitingInstances> {
    const made = new WaitingInstances(instances);
    // From the last to the first, so that each chain begins with the earliest.
    for (let position = instances.ordinals.length - 1; position >= 0; position--) {
      if (position % breathEvery === 0 && breath.isDue) await breath.take();
      made.#put(position);
    }
    return made;
  }

  #put(position: number): void {
    const slot = this.#slotOf(this.#words, (this.#ordinals[position] as number) * keyWords);
    this.#next[position] = this.#head[slot] as number;
    this.#slots[slot] = position + 1;
    this.#head[slot] = position + 1;
  }

  /** Ordinal of the earliest instance left with the key at `words[at]`; -1 when there is none. */
  take(words: Uint32Array, at: number): number {
    const slot = this.#slotOf(words, at);
    const found = (this.#head[slot] as number) - 1;
    if (found < 0) return -1;
    this.#head[slot] = this.#next[found] as number;
    this.#taken[found] = 1;
    this.#left--;
    return this.#ordinals[found] as number;
  }

  rest(): Uint32Array {
    const rest = new Uint32Array(this.#left);
    let write = 0;
    for (let position = 0; position < this.#taken.length; position++)
      if (this.#taken[position] === 0) rest[write++] = this.#ordinals[position] as number;
    return rest;
  }

  /** The key's slot, or the free one where it belongs. Keys are parts of a SHA-256: their first word spreads well enough. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = (words[at] as number) & mask;
    for (let held = this.#slots[slot] as number; held !== 0; held = this.#slots[slot] as number) {
      const other = (this.#ordinals[held - 1] as number) * keyWords;
      if (sameKey(this.#words, other, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

function sameKey(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i] === b[j] && a[i + 1] === b[j + 1] && a[i + 2] === b[j + 2] && a[i + 3] === b[j + 3];
}

/** The same bytes as words; copied only when they do not lie on a word's border. */
function wordsOf(keys: Uint8Array): Uint32Array {
  const aligned = keys.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0 ? keys : keys.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / Uint32Array.BYTES_PER_ELEMENT);
}
