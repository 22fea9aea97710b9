import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { ComposedPerspective } from './composedPerspective.ts';
import { type ExpectedVolume, expectedVolume } from './expectedVolume.ts';
import { PassProbabilities } from './passProbabilities.ts';

export interface VolumeModelInput {
  readonly indexes: readonly PerspectiveIndex[];
  readonly counting: ComposedPerspective['counting'];
  readonly instances: Uint8Array;
  readonly protectedInstances: Uint8Array;
}

/**
 * Exact expected volume for changing thresholds (ADR specification 2.5): a moved tau recomputes its own perspective only,
 * minPerspectives and alpha recompute none.
 */
export class VolumeModel {
  readonly #input: VolumeModelInput;
  readonly #known: (PassProbabilities | undefined)[];

  constructor(input: VolumeModelInput) {
    this.#input = input;
    this.#known = input.indexes.map(() => undefined);
  }

  /** @param taus one per index, in its order; null for a perspective without entities */
  expected(taus: readonly (number | null)[], minPerspectives: number, alpha: number): ExpectedVolume {
    const { indexes, counting, instances, protectedInstances } = this.#input;
    const q = indexes.map((index, k) => {
      const tau = taus[k] ?? null;
      const known = this.#known[k];
      if (known && known.tau === tau) return known;
      const fresh = new PassProbabilities({ index, tau, counting }, instances.length);
      this.#known[k] = fresh;
      return fresh;
    });
    return expectedVolume({ q, minPerspectives, alpha, instances, protectedInstances });
  }
}
