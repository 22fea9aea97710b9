import { recordFlags } from './dataset.ts';
import { keyBytes } from './hashShard.ts';

/**
 * Per ordinal, how many earlier usable records have the same 16-byte key; 0 for unusable ones. An open-addressing table over positions:
 * 8 bytes per record, whatever the keys are.
 */
export function countDuplicates(keys: Uint8Array, flags: Uint8Array): Uint32Array {
  const records = flags.length;
  const duplicates = new Uint32Array(records);
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.byteLength / 4);
  const perKey = keyBytes / 4;
  let slots = 16;
  while (slots < records * 2) slots *= 2;
  /** Latest position with a key, plus 1; 0 is a free slot. */
  const table = new Uint32Array(slots);
  for (let i = 0; i < records; i++) {
    if (!((flags[i] as number) & recordFlags.usable)) continue;
    const at = i * perKey;
    let slot = (words[at] as number) & (slots - 1);
    for (let other = table[slot] as number; other !== 0; other = table[slot] as number) {
      const there = (other - 1) * perKey;
      if (
        words[there] === words[at] &&
        words[there + 1] === words[at + 1] &&
        words[there + 2] === words[at + 2] &&
        words[there + 3] === words[at + 3]
      ) {
        duplicates[i] = (duplicates[other - 1] as number) + 1;
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
    table[slot] = i + 1;
  }
  return duplicates;
}
