/** Sorts behind every key, in both directions. */
export const keyless = 0xffff_ffff;

const digitBits = 11;
const buckets = 1 << digitBits;

/**
 * The ordinals by their keys, equal keys in the order given. A radix sort: hundreds of thousands of rows take a few milliseconds.
 * @param keys one per ordinal of the dataset
 */
export function sortedBy(ordinals: Uint32Array, keys: Uint32Array, descending: boolean): Uint32Array {
  const length = ordinals.length;
  const sortKeys = new Uint32Array(length);
  let most = 0;
  for (let i = 0; i < length; i++) {
    const key = keys[ordinals[i] as number] as number;
    const used = key === keyless || !descending ? key : keyless - 1 - key;
    sortKeys[i] = used;
    if (used > most) most = used;
  }
  let order = ordinals.slice();
  let orderKeys = sortKeys;
  let nextOrder = new Uint32Array(length);
  let nextKeys = new Uint32Array(length);
  const starts = new Uint32Array(buckets);
  for (let shift = 0; shift < 32 && most >>> shift !== 0; shift += digitBits) {
    starts.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = ((orderKeys[i] as number) >>> shift) & (buckets - 1);
      starts[digit] = (starts[digit] as number) + 1;
    }
    let total = 0;
    for (let digit = 0; digit < buckets; digit++) {
      const count = starts[digit] as number;
      starts[digit] = total;
      total += count;
    }
    for (let i = 0; i < length; i++) {
      const key = orderKeys[i] as number;
      const digit = (key >>> shift) & (buckets - 1);
      const at = starts[digit] as number;
      starts[digit] = at + 1;
      nextKeys[at] = key;
      nextOrder[at] = order[i] as number;
    }
    [order, nextOrder] = [nextOrder, order];
    [orderKeys, nextKeys] = [nextKeys, orderKeys];
  }
  return order;
}
