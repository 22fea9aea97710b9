import type { PassComposition, PassRows } from './composedPerspective.ts';
import { type ExpectedVolume, expectedVolume } from './expectedVolume.ts';
import { PassProbabilities } from './passProbabilities.ts';
import type { RowClasses } from './rowClasses.ts';
import { pick, sampledRows } from './rowSample.ts';

/** A perspective of a composition, to be asked about under changing thresholds. */
export interface VolumePerspective {
  readonly index: PassRows;
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
  readonly #counting: PassComposition['counting'];
  readonly #samples = new WeakMap<PassRows, VolumePerspective>();
  readonly #known = new WeakMap<PassRows, PassProbabilities>();

  constructor(counting: PassComposition['counting']) {
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
      const fresh = new PassProbabilities({ index, tau, counting: this.#counting }, instances.length, rows, known?.known);
      this.#known.set(index, fresh);
      return fresh;
    });
    return expectedVolume({ q, minPerspectives, alpha, instances, protectedInstances: certain });
  }

  /**
   * An estimate of the expected volume from a sample of the instances.
   * @param sample always the same for a perspective
   */
  estimate(
    perspectives: readonly VolumePerspective[],
    taus: readonly (number | null)[],
    setting: VolumeSetting,
    sample: Uint32Array,
  ): number {
    const sampled = perspectives.map((one) => {
      const known = this.#samples.get(one.index) ?? sampledRows(one.index, one.rows, sample);
      this.#samples.set(one.index, known);
      return known;
    });
    const { expected } = this.expected(sampled, taus, {
      ...setting,
      instances: pick(setting.instances, sample),
      certain: pick(setting.certain, sample),
    });
    return (expected * setting.instances.length) / Math.max(1, sample.length);
  }
}
