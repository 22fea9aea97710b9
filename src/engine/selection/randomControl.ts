import { HashDraws, type InstanceCounters } from './samplers/hashSampler.ts';
import { type Selection, selectionOf } from './selection.ts';

/**
 * The honest opponent: `size` instances, the protected ones and then the first in the order of a hash of (seed, "control", instance).
 * Like the sampler it depends on contents only, not on their order in the file.
 */
export function randomControl(input: {
  readonly size: number;
  readonly seed: number;
  readonly instances: Uint8Array;
  readonly protectedInstances: Uint8Array;
  readonly counters: InstanceCounters;
}): Selection {
  const { instances, protectedInstances, counters } = input;
  const draws = new HashDraws(input.seed, counters);
  const [key0, key1] = draws.key('control', '');
  const keep = new Uint8Array(instances.length);
  const free: number[] = [];
  const order = new Float64Array(instances.length);
  let room = input.size;
  for (let ordinal = 0; ordinal < instances.length; ordinal++) {
    if (!instances[ordinal]) continue;
    if (protectedInstances[ordinal]) {
      keep[ordinal] = 1;
      room--;
      continue;
    }
    order[ordinal] = draws.draw(key0, key1, ordinal);
    free.push(ordinal);
  }
  free.sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0) || (counters[a * 2] ?? 0) - (counters[b * 2] ?? 0) || a - b);
  for (const ordinal of free.slice(0, Math.max(0, room))) keep[ordinal] = 1;
  return selectionOf(keep);
}
