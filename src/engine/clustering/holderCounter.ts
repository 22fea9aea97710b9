import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';

/** Entities that some instances hold. */
export interface HeldEntities {
  /** Each once, in order of first sight. */
  readonly entities: Uint32Array;
  /** Instances that hold each. */
  readonly instances: Uint32Array;
}

/** Counts the holders of entities among the rows of one cluster after another, with the same scratch for all. */
export class HolderCounter {
  readonly index: PerspectiveIndex;
  readonly #ordinals: Uint32Array;
  readonly #count: Uint32Array;
  /** Row that counted an entity last, plus one: a row may list an entity twice. */
  readonly #lastHolder: Uint32Array;
  #touched: Uint32Array;

  /** @param ordinals of the rows */
  constructor(index: PerspectiveIndex, ordinals: Uint32Array) {
    this.index = index;
    this.#ordinals = ordinals;
    this.#count = new Uint32Array(index.entities);
    this.#lastHolder = new Uint32Array(index.entities);
    this.#touched = new Uint32Array(1024);
  }

  count(rows: Uint32Array): HeldEntities {
    const { rowOffsets, rowEntities } = this.index;
    const count = this.#count;
    const lastHolder = this.#lastHolder;
    let touched = 0;
    for (const row of rows) {
      const ordinal = this.#ordinals[row] as number;
      const end = rowOffsets[ordinal + 1] as number;
      for (let i = rowOffsets[ordinal] as number; i < end; i++) {
        const entity = rowEntities[i] as number;
        if (lastHolder[entity] === row + 1) continue;
        lastHolder[entity] = row + 1;
        if (count[entity] === 0) {
          if (touched === this.#touched.length) this.#grow();
          this.#touched[touched++] = entity;
        }
        count[entity] = (count[entity] as number) + 1;
      }
    }
    const entities = this.#touched.slice(0, touched);
    const instances = new Uint32Array(touched);
    for (let i = 0; i < touched; i++) {
      const entity = entities[i] as number;
      instances[i] = count[entity] as number;
      count[entity] = 0;
      lastHolder[entity] = 0; // the next call may begin with the same row
    }
    return { entities, instances };
  }

  #grow(): void {
    const larger = new Uint32Array(2 * this.#touched.length);
    larger.set(this.#touched);
    this.#touched = larger;
  }
}

/** Entities held by fewer of a cluster's instances do not describe it, however rare they are elsewhere. */
const leastShare = 0.1;
const leastInstances = 2;

/** Holders that an entity needs in a cluster to describe it: a tenth of the instances, and two. */
export function leastHolders(size: number): number {
  return Math.min(size, Math.max(leastInstances, Math.ceil(size * leastShare)));
}

/** Share of holders in a cluster divided by their share in the dataset. */
export function liftOf(instances: number, size: number, frequency: number, total: number): number {
  return ((instances / size) * total) / frequency;
}
