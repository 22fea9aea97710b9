import { controlOrder } from './controlOrder.ts';
import { standingOf } from './overrides.ts';
import type { InstanceCounters } from './samplers/hashSampler.ts';
import { type Selection, selectionOf } from './selection.ts';

/**
 * The honest opponent: `size` instances, those that are kept in any case and then the first in the order of a hash of (seed, "control",
 * instance). Forced verdicts stand in it as they do in the selection. Like the sampler it depends on contents only, not on their order
 * in the file.
 */
export function randomControl(input: {
  readonly size: number;
  readonly seed: number;
  readonly instances: Uint8Array;
  readonly protectedInstances: Uint8Array;
  readonly verdicts: Uint8Array;
  readonly counters: InstanceCounters;
}): Selection {
  const { instances, certain } = standingOf(input.instances, input.protectedInstances, input.verdicts);
  const keep = certain.slice();
  let room = input.size;
  for (const one of certain) room -= one ? 1 : 0;
  for (const ordinal of controlOrder(input.seed, input.counters)) {
    if (room <= 0) break;
    if (!instances[ordinal] || certain[ordinal]) continue;
    keep[ordinal] = 1;
    room--;
  }
  return selectionOf(keep);
}
