import { type ComposedPerspective, drawingEntities, frequenciesOf, passProbability } from './composedPerspective.ts';

/**
 * q_k(x) = 1 - prod over the row's entities of (1 - min(1, tau / f)), for every ordinal (ADR specification 2.1).
 * Rows without entities give 0. Rows that hold a tail entity (f <= tau) are exactly 1 and are not multiplied out.
 *
 * @param skip ordinals whose value does not matter (bit set): left at 0
 */
export function passProbabilities(composed: ComposedPerspective, records: number, skip?: Uint8Array): Float64Array {
  const q = new Float64Array(records);
  const { tau, index } = composed;
  if (tau === null) return q;
  const frequency = frequenciesOf(composed);
  const loss = lossTable(frequency, tau);
  const repeatsDraw = composed.counting === 'mentions' || !index.hasRepeats;
  const { rowOffsets, rowEntities, rowMinFrequency } = index;
  const shortcut = composed.counting === 'instances';
  for (let ordinal = 0; ordinal < records; ordinal++) {
    if (skip?.[ordinal]) continue;
    const start = rowOffsets[ordinal] ?? 0;
    const end = rowOffsets[ordinal + 1] ?? 0;
    if (start === end) continue;
    if (shortcut && (rowMinFrequency[ordinal] ?? 0) <= tau) {
      q[ordinal] = 1;
      continue;
    }
    let fail = 1;
    if (repeatsDraw) for (let i = start; i < end; i++) fail *= loss[rowEntities[i] ?? 0] ?? 1;
    else for (const entity of drawingEntities(composed, ordinal)) fail *= loss[entity] ?? 1;
    q[ordinal] = 1 - fail;
  }
  return q;
}

/** 1 - min(1, tau / f) per entity. */
function lossTable(frequency: Uint32Array, tau: number): Float64Array {
  const loss = new Float64Array(frequency.length);
  for (let i = 0; i < loss.length; i++) loss[i] = 1 - passProbability(tau, frequency[i] ?? 0);
  return loss;
}
