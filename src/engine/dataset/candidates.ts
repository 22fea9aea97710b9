const openBrace = 0x7b;

/**
 * The bytes with which a record may begin: `{`, optional whitespace, a first key of the earlier records in quotes. Inside a well-formed
 * string they cannot occur, the quote would be escaped there; a nested object may begin so.
 */
export type FirstKeys = readonly string[];

/** Start of the first candidate in `bytes[from, to)`, -1 when there is none. The key must end before `to`. */
export function findCandidate(bytes: Buffer, from: number, to: number, firstKeys: FirstKeys): number {
  let first = -1;
  for (const key of firstKeys) {
    const pattern = Buffer.from(`"${key}"`, 'utf8');
    for (let hit = bytes.indexOf(pattern, from); hit >= 0 && hit + pattern.length <= to; hit = bytes.indexOf(pattern, hit + 1)) {
      const brace = braceBefore(bytes, from, hit);
      if (brace < 0) continue;
      if (first < 0 || brace < first) first = brace;
      break;
    }
  }
  return first;
}

/** Position of a `{` that only whitespace separates from `at`, -1 when something else stands there. */
export function braceBefore(bytes: Buffer, from: number, at: number): number {
  for (let i = at - 1; i >= from; i--) {
    const byte = bytes[i] as number;
    if (byte === openBrace) return i;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return -1;
  }
  return -1;
}
