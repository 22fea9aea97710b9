import { HashDraws, type InstanceCounters } from './samplers/hashSampler.ts';

/**
 * All ordinals in the order of a hash of (seed, "control", instance), which depends on contents only; ties by the counter, then by ordinal.
 * A random selection of any size is the beginning of this order.
 */
export function controlOrder(seed: number, counters: InstanceCounters): Uint32Array {
  const count = counters.length / 2;
  const draws = new HashDraws(seed, counters);
  const [key0, key1] = draws.key('control', '');
  const value = new Float64Array(count);
  for (let ordinal = 0; ordinal < count; ordinal++) value[ordinal] = draws.draw(key0, key1, ordinal);
  return sortedByUniform(
    value,
    (a, b) => (value[a] as number) - (value[b] as number) || (counters[a * 2] as number) - (counters[b * 2] as number) || a - b,
  );
}

/** Positions of values uniform in [0, 1), sorted: a bucket for each holds one on average, which a comparison sort then puts in order. */
function sortedByUniform(value: Float64Array, compare: (a: number, b: number) => number): Uint32Array {
  const buckets = value.length;
  const starts = new Uint32Array(buckets + 1);
  const bucketOf = (i: number): number => Math.floor((value[i] as number) * buckets);
  for (let i = 0; i < value.length; i++) starts[bucketOf(i) + 1] = (starts[bucketOf(i) + 1] as number) + 1;
  for (let b = 0; b < buckets; b++) starts[b + 1] = (starts[b + 1] as number) + (starts[b] as number);
  const next = starts.slice();
  const order = new Uint32Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const bucket = bucketOf(i);
    order[next[bucket] as number] = i;
    next[bucket] = (next[bucket] as number) + 1;
  }
  for (let b = 0; b < buckets; b++) {
    const [from, to] = [starts[b] as number, starts[b + 1] as number];
    if (to - from > 1) order.subarray(from, to).sort(compare);
  }
  return order;
}
