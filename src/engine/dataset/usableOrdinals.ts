import { type Dataset, recordFlags } from './dataset.ts';

/** Ordinals of the instances, ascending: row i of every matrix over the dataset belongs to the i-th. */
export function usableOrdinals({ flags, instances }: Pick<Dataset, 'flags' | 'instances'>): Uint32Array {
  const ordinals = new Uint32Array(instances);
  let next = 0;
  for (let ordinal = 0; ordinal < flags.length; ordinal++) if ((flags[ordinal] as number) & recordFlags.usable) ordinals[next++] = ordinal;
  return ordinals;
}
