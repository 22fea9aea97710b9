import { isUtf8 } from 'node:buffer';

export type ParsedRecord =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: 'record.invalidUtf8' | 'record.invalidJson'; readonly reason: string };

/** True when every record inside these bytes is valid UTF-8; records are cut at ASCII bytes, so one check serves them all. */
export function isValidUtf8(bytes: Buffer): boolean {
  return isUtf8(bytes);
}

/**
 * Parses the record in `bytes[start, end)`. Bytes that are not UTF-8 are an error, as with a fatal `TextDecoder`: `isUtf8` applies the
 * same rule, and on valid bytes `toString` gives the same text at less cost. `knownValid` skips the check when it was made for the whole.
 */
export function parseRecord(bytes: Buffer, start: number, end: number, knownValid = false): ParsedRecord {
  if (!knownValid && !isUtf8(bytes.subarray(start, end))) {
    return {
      ok: false,
      code: 'record.invalidUtf8',
      reason: `byte ${firstInvalidByte(bytes.subarray(start, end))} of the record is not valid UTF-8`,
    };
  }
  try {
    return { ok: true, value: JSON.parse(bytes.toString('utf8', start, end)) };
  } catch (error) {
    return { ok: false, code: 'record.invalidJson', reason: error instanceof Error ? shorten(error.message) : String(error) };
  }
}

/** Offset of the first byte that breaks UTF-8; the longest valid prefix is found by halving. */
function firstInvalidByte(bytes: Buffer): number {
  let valid = 0;
  let broken = bytes.length;
  while (broken - valid > 1) {
    const middle = (valid + broken) >> 1;
    // A prefix may end inside a character: up to three of its bytes are left out.
    if ([0, 1, 2, 3].some((cut) => middle - cut >= valid && isUtf8(bytes.subarray(0, middle - cut)))) valid = middle;
    else broken = middle;
  }
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

/** V8 quotes the text around an error; a hostile record must not fill the report. */
function shorten(message: string): string {
  const flat = message.replaceAll(/\s+/g, ' ');
  return flat.length > 160 ? `${flat.slice(0, 157)}...` : flat;
}
