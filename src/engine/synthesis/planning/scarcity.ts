import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';

/** A perspective with the number of instances that each of its entities should have. */
export interface WantedPerspective {
  readonly index: PerspectiveIndex;
  readonly tau: number | null;
  /** An entity with fewer instances is scarce; null: the perspective has no entity. */
  readonly want: number | null;
}

/**
 * Scarce instances by the reference's rule (ADR specification, section 3): the maximum of tau / f over composed perspectives and entities is
 * **strictly** above 1, so some entity has f < tau; rebalancing's tail is f <= tau. Repeated mentions do not matter.
 * @returns per ordinal the smallest frequency among the entities below what is wanted, 0 where there is none
 */
export function rarestScarce(perspectives: readonly WantedPerspective[], records: number): Uint32Array {
  const rarest = new Uint32Array(records);
  for (const { index, want } of perspectives) {
    if (want === null) continue;
    for (let ordinal = 0; ordinal < records; ordinal++) {
      const least = index.rowMinFrequency[ordinal] as number;
      if (least === 0 || least >= want) continue;
      const known = rarest[ordinal] as number;
      if (known === 0 || least < known) rarest[ordinal] = least;
    }
  }
  return rarest;
}

/** A scarce entity of an instance. */
export interface ScarceEntity {
  /** Position among the perspectives. */
  readonly perspective: number;
  readonly entity: number;
}

/** Scarce entities of an instance, each once, in order of the perspectives and of their listing. */
export function scarceEntitiesOf(perspectives: readonly WantedPerspective[], ordinal: number): ScarceEntity[] {
  const found: ScarceEntity[] = [];
  for (let perspective = 0; perspective < perspectives.length; perspective++) {
    const { index, want } = perspectives[perspective] as WantedPerspective;
    if (want === null) continue;
    const seen = new Set<number>();
    const end = index.rowOffsets[ordinal + 1] as number;
    for (let i = index.rowOffsets[ordinal] as number; i < end; i++) {
      const entity = index.rowEntities[i] as number;
      if ((index.frequency[entity] as number) >= want) continue;
      if (index.hasRepeats && seen.has(entity)) continue;
      seen.add(entity);
      found.push({ perspective, entity });
    }
  }
  return found;
}
