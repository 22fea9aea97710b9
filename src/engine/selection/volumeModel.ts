import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { ComposedPerspective } from './composedPerspective.ts';
import { type ExpectedVolume, expectedVolume } from './expectedVolume.ts';
import { PassProbabilities } from './passProbabilities.ts';
import type { RowClasses } from './rowClasses.ts';

/** A perspective of a composition, to be asked about under changing thresholds. */
export interface VolumePerspective {
  readonly index: PerspectiveIndex;
  readonly rows: RowClasses;
}

/** What a volume depends on beside thresholds. */
export interface VolumeSetting {
  readonly minPerspectives: number;
  /** 0 to 1. */
  readonly alpha: number;
  /** Nonzero for instances that may be kept. */
  readonly instances: Uint8Array;
  /** Nonzero for instances that are kept whatever the draws say. */
  readonly certain: Uint8Array;
}

/**
 * Exact expected volume for changing thresholds (ADR specification 2.5): a moved tau recomputes its own perspective only,
 * everything else recomputes none. The answer depends on the question alone, never on what was asked before.
 */
export class VolumeModel {
  readonly #counting: ComposedPerspective['counting'];
  readonly #known = new WeakMap<PerspectiveIndex, PassProbabilities>();

  constructor(counting: ComposedPerspective['counting']) {
    this.#counting = counting;
  }

  /** @param taus one per perspective, in its order; null for a perspective without entities */
  expected(
    perspectives: readonly VolumePerspective[],
    taus: readonly (number | null)[],
    { minPerspectives, alpha, instances, certain }: VolumeSetting,
  ): ExpectedVolume {
    const q = perspectives.map(({ index, rows }, k) => {
      const tau = taus[k] ?? null;
      const known = this.#known.get(index);
      if (known && known.tau === tau) return known;
      const fresh = new PassProbabilities({ index, tau, counting: this.#counting }, instances.length, rows);
      this.#known.set(index, fresh);
      return fresh;
    });
    return expectedVolume({ q, minPerspectives, alpha, instances, protectedInstances: certain });
  }
}
