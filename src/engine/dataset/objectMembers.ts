const quote = 0x22;
const backslash = 0x5c;

/** A member of an object, found without parsing its value, which may be larger than what was read. */
export interface Member {
  readonly key: string;
  readonly valueStart: number;
  /** -1 when the value goes on behind what was read. */
  readonly valueEnd: number;
}

export function isSpaceByte(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** First index from `from` on that holds no white space; the length when there is none. */
export function nonSpace(bytes: Uint8Array, from: number): number {
  let i = from;
  while (i < bytes.length && isSpaceByte(bytes[i])) i++;
  return i;
}

export function isBlank(bytes: Uint8Array, from = 0): boolean {
  return nonSpace(bytes, from) === bytes.length;
}

/** Members of the object at `start`, as far as the bytes reach and are well formed. */
export function membersOf(bytes: Buffer, start: number): readonly Member[] {
  const members: Member[] = [];
  let i = nonSpace(bytes, start + 1);
  while (bytes[i] === quote) {
    const keyEnd = stringEnd(bytes, i);
    if (keyEnd < 0) break;
    const colon = nonSpace(bytes, keyEnd);
    if (bytes[colon] !== 0x3a) break;
    const valueStart = nonSpace(bytes, colon + 1);
    if (valueStart >= bytes.length) break;
    const valueEnd = endOfValue(bytes, valueStart);
    members.push({ key: keyText(bytes, i, keyEnd), valueStart, valueEnd });
    if (valueEnd < 0) break;
    const comma = nonSpace(bytes, valueEnd);
    if (bytes[comma] !== 0x2c) break;
    i = nonSpace(bytes, comma + 1);
  }
  return members;
}

function keyText(bytes: Buffer, start: number, end: number): string {
  try {
    return JSON.parse(bytes.toString('utf8', start, end)) as string;
  } catch {
    return bytes.toString('utf8', start + 1, end - 1);
  }
}

/** Index behind the string that begins at `start`, -1 when it does not end. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    if (bytes[i] === backslash) i++;
    else if (bytes[i] === quote) return i + 1;
  }
  return -1;
}

function endOfValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) {
      i = stringEnd(bytes, i) - 1;
      if (i < 0) return -1;
      if (depth === 0) return i + 1;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (byte === 0x2c || isSpaceByte(byte))) return i;
  }
  return -1;
}
