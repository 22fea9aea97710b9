import { scarceEntitiesOf, type WantedPerspective } from './scarcity.ts';

export interface QuotaInput {
  readonly perspectives: readonly WantedPerspective[];
  /** Scarce instances that can be parents: their ordinals in the order of preference. */
  readonly parents: Uint32Array;
  /** Synthetic instances that each of `parents` can give. */
  readonly capacity: Uint8Array;
  /** Synthetic instances per entity at most; `Infinity`: only the deficit bounds them. */
  readonly entityCap: number;
  /** Synthetic instances in all at most. */
  readonly limit: number;
}

export interface Pick {
  readonly ordinal: number;
  /** From 0: which of several instances of this parent. */
  readonly copy: number;
}

export interface Quota {
  readonly picks: readonly Pick[];
  /** Per perspective and entity: synthetic instances that are still wanted. */
  readonly remaining: readonly Int32Array[];
}

/** Deficit max(0, want - f) of every entity, rounded up since instances are whole, and not above the cap. */
export function deficits({ index, want }: WantedPerspective, entityCap = Number.POSITIVE_INFINITY): Int32Array {
  const gaps = new Int32Array(index.entities);
  if (want !== null)
    for (let entity = 0; entity < index.entities; entity++)
      gaps[entity] = Math.min(entityCap, Math.max(0, Math.ceil(want) - (index.frequency[entity] as number)));
  return gaps;
}

/**
 * Parents until the deficits are filled. A copy of an instance adds to every scarce entity that it holds, so it is taken only while each
 * of them still wants one: no entity that is scarce ever gets more than its quota. Every parent gives its first copy before any gives its
 * second.
 */
export function fillDeficits({ perspectives, parents, capacity, entityCap, limit }: QuotaInput): Quota {
  const remaining = perspectives.map((perspective) => deficits(perspective, entityCap));
  const picks: Pick[] = [];
  const most = capacity.reduce((largest, one) => Math.max(largest, one), 0);
  for (let copy = 0; copy < most && picks.length < limit; copy++) {
    for (let i = 0; i < parents.length && picks.length < limit; i++) {
      if (copy >= (capacity[i] as number)) continue;
      const ordinal = parents[i] as number;
      const scarce = scarceEntitiesOf(perspectives, ordinal);
      const wanted = scarce.every(({ perspective, entity }) => (remaining[perspective]?.[entity] ?? 0) > 0);
      if (scarce.length === 0 || !wanted) continue;
      for (const { perspective, entity } of scarce) {
        const left = remaining[perspective] as Int32Array;
        left[entity] = (left[entity] as number) - 1;
      }
      picks.push({ ordinal, copy });
    }
  }
  return { picks, remaining };
}
