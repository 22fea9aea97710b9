const quote = 0x22;
const backslash = 0x5c;

/**
 * The text of a record's top-level `"id"` number as it stands in the bytes: `JSON.parse` rounds integers of more than 15 digits and
 * loses spellings such as `1.0`. Of duplicate keys the last one counts, as for `JSON.parse`. The bytes must be a valid JSON object.
 */
export function spelledId(bytes: Uint8Array): string | undefined {
  let depth = 0;
  let found: string | undefined;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === quote) {
      const start = i + 1;
      for (i = start; bytes[i] !== quote; i++) if (bytes[i] === backslash) i++;
      if (depth === 1 && isIdKey(bytes, start, i)) found = numberAfterColon(bytes, i + 1) ?? found;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return found;
}

/** `id`, also in its escaped spellings. */
function isIdKey(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start === 2) return bytes[start] === 0x69 && bytes[start + 1] === 0x64;
  if (end - start > 12 || bytes.indexOf(backslash, start) >= end || bytes.indexOf(backslash, start) < 0) return false;
  return JSON.parse(`"${Buffer.from(bytes.subarray(start, end)).toString('latin1')}"`) === 'id';
}

function numberAfterColon(bytes: Uint8Array, from: number): string | undefined {
  let i = skipSpace(bytes, from);
  if (bytes[i] !== 0x3a) return undefined; // a string value, not a key
  i = skipSpace(bytes, i + 1);
  let end = i;
  while (end < bytes.length && isNumberByte(bytes[end] as number)) end++;
  return end > i ? Buffer.from(bytes.subarray(i, end)).toString('latin1') : undefined;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let i = from;
  while (bytes[i] === 0x20 || bytes[i] === 0x0a || bytes[i] === 0x0d || bytes[i] === 0x09) i++;
  return i;
}

/** Digits, sign, point and exponent. */
function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x2b || byte === 0x2e || byte === 0x65 || byte === 0x45;
}
