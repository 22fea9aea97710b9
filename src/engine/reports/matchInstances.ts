/** Instances of two datasets paired by content, with multiplicity, in order of appearance. */
export interface InstanceMatch {
  /** Ordinals of A and of B that belong together, same index in both. */
  readonly commonA: Uint32Array;
  readonly commonB: Uint32Array;
  /** Instances of A without a partner, and of B. */
  readonly removed: Uint32Array;
  readonly added: Uint32Array;
}

export interface KeyedInstances {
  /** 16 bytes per ordinal. */
  readonly keys: Uint8Array;
  /** Ordinals of the instances, ascending. */
  readonly ordinals: Uint32Array;
}

export function matchInstances(a: KeyedInstances, b: KeyedInstances): InstanceMatch {
  const waiting = new Map<string, number[]>();
  for (const ordinal of a.ordinals) {
    const key = keyOf(a.keys, ordinal);
    const list = waiting.get(key);
    if (list) list.push(ordinal);
    else waiting.set(key, [ordinal]);
  }
  for (const list of waiting.values()) list.reverse(); // so that `pop` gives the earliest
  const commonA: number[] = [];
  const commonB: number[] = [];
  const added: number[] = [];
  for (const ordinal of b.ordinals) {
    const partner = waiting.get(keyOf(b.keys, ordinal))?.pop();
    if (partner === undefined) added.push(ordinal);
    else {
      commonA.push(partner);
      commonB.push(ordinal);
    }
  }
  const removed = [...waiting.values()].flat().sort((x, y) => x - y);
  return {
    commonA: Uint32Array.from(commonA),
    commonB: Uint32Array.from(commonB),
    removed: Uint32Array.from(removed),
    added: Uint32Array.from(added),
  };
}

function keyOf(keys: Uint8Array, ordinal: number): string {
  return Buffer.from(keys.buffer, keys.byteOffset + ordinal * 16, 16).toString('latin1');
}
