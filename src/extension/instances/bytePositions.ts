/** 0-based line and UTF-16 unit within it, as the editor counts. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

const bom = [0xef, 0xbb, 0xbf];

/**
 * Where byte offsets of a UTF-8 file lie in the editor, which knows lines and UTF-16 units only. Lines end with \n, \r\n or \r; a byte
 * order mark is no character. An offset behind the end is the end. Reads no further than the last offset and keeps nothing.
 */
export async function bytePositions(
  chunks: AsyncIterable<Uint8Array>,
  offsets: readonly number[],
): Promise<ReadonlyMap<number, TextPosition>> {
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  const found = new Map<number, TextPosition>();
  let at = 0;
  let next = 0;
  let line = 0;
  let character = 0;
  let afterReturn = false;
  let isBom = true;
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (wanted[next] === at) found.set(wanted[next++] as number, { line, character });
      if (next === wanted.length) return found;
      if (byte === 0x0a || byte === 0x0d) {
        if (!(byte === 0x0a && afterReturn)) line++;
        character = 0;
      } else if ((byte & 0xc0) !== 0x80) character += byte >= 0xf0 ? 2 : 1;
      afterReturn = byte === 0x0d;
      if (at < bom.length) isBom &&= byte === bom[at];
      at++;
      if (at === bom.length && isBom) character = 0;
    }
  }
  for (; next < wanted.length; next++) found.set(wanted[next] as number, { line, character });
  return found;
}
