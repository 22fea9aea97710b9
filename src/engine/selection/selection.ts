import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Ordinals handed to the hash at a time. */
const hashedTogether = 1 << 14;

/** Ordinals of the kept instances, ascending, and their hash. */
export interface Selection {
  readonly kept: Uint32Array;
  /** SHA-256, hex, of `kept` as little-endian u32. */
  readonly hash: string;
}

/** @param keep nonzero per kept ordinal */
export function selectionOf(keep: Uint8Array): Selection {
  let count = 0;
  for (const flag of keep) if (flag) count++;
  const kept = new Uint32Array(count);
  let next = 0;
  for (let ordinal = 0; ordinal < keep.length; ordinal++) if (keep[ordinal]) kept[next++] = ordinal;
  return { kept, hash: selectionHash(kept) };
}

export function selectionHash(kept: Uint32Array): string {
  return createHash('sha256').update(littleEndian(kept)).digest('hex');
}

/** As `selectionHash`, of the ordinals whose verdict has the bit. */
export function hashOfVerdicts(verdicts: Uint8Array, bit: number): string {
  const hash = createHash('sha256');
  const ordinals = new Uint32Array(hashedTogether);
  let count = 0;
  for (let ordinal = 0; ordinal < verdicts.length; ordinal++) {
    if (((verdicts[ordinal] as number) & bit) === 0) continue;
    ordinals[count++] = ordinal;
    if (count === hashedTogether) {
      hash.update(littleEndian(ordinals));
      count = 0;
    }
  }
  return hash.update(littleEndian(ordinals.subarray(0, count))).digest('hex');
}

function littleEndian(words: Uint32Array): Uint8Array {
  if (endianness() === 'LE') return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const bytes = Buffer.alloc(words.length * 4);
  for (let i = 0; i < words.length; i++) bytes.writeUInt32LE(words[i] as number, i * 4);
  return bytes;
}

/** One bit per ordinal (lowest bit first), deflated, base64: the whole selection in a manifest at about N / 8 bytes. */
export function packKept(kept: Uint32Array, records: number): string {
  const bits = new Uint8Array(Math.ceil(records / 8));
  for (const ordinal of kept) bits[ordinal >> 3] = (bits[ordinal >> 3] ?? 0) | (1 << (ordinal & 7));
  return deflateRawSync(bits).toString('base64');
}

/** Inverse of `packKept`; undefined when the text is no such packing. */
export function unpackKept(packed: string, records: number): Uint32Array | undefined {
  let bits: Buffer;
  try {
    bits = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: Math.ceil(records / 8) + 1 });
  } catch {
    return undefined;
  }
  if (bits.byteLength !== Math.ceil(records / 8)) return undefined;
  const kept: number[] = [];
  for (let ordinal = 0; ordinal < records; ordinal++) if (((bits[ordinal >> 3] ?? 0) >> (ordinal & 7)) & 1) kept.push(ordinal);
  return Uint32Array.from(kept);
}
