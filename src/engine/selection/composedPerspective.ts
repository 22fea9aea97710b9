import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';

/** What probabilities need to know of an index. */
export type PassRows = Pick<
  PerspectiveIndex,
  'rowOffsets' | 'rowEntities' | 'rowMinFrequency' | 'hasRepeats' | 'frequency' | 'mentionFrequency'
>;

/** One perspective of a composition with its threshold and the frequencies that its probabilities use. */
export interface ComposedPerspective {
  readonly index: PerspectiveIndex;
  /** Threshold frequency, real, > 0; null when the perspective has no entity (nothing passes). */
  readonly tau: number | null;
  /**
   * `instances`: frequency = instances that hold the entity, repeats in a row count once (Ballast's rule).
   * `mentions`: frequency = length of the posting list with repeats, and repeats draw again (the reference's rule).
   */
  readonly counting: 'instances' | 'mentions';
}

/** A composition as far as probabilities go. */
export type PassComposition = Pick<ComposedPerspective, 'tau' | 'counting'> & { readonly index: PassRows };

export function frequenciesOf(composed: PassComposition): Uint32Array {
  return composed.counting === 'mentions' ? composed.index.mentionFrequency : composed.index.frequency;
}

/** min(1, tau / f); 0 for an entity that nothing holds. */
export function passProbability(tau: number | null, frequency: number): number {
  if (tau === null || frequency === 0) return 0;
  return Math.min(1, tau / frequency);
}

/** Entity ids of a row as they draw: listed order, repeats only when mentions count. */
export function drawingEntities(composed: PassComposition, ordinal: number): Uint32Array | number[] {
  const { rowOffsets, rowEntities } = composed.index;
  const row = rowEntities.subarray(rowOffsets[ordinal], rowOffsets[ordinal + 1]);
  if (composed.counting === 'mentions' || !composed.index.hasRepeats) return row;
  return [...new Set(row)];
}
