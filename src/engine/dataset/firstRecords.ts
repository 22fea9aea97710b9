import type { FirstKeys } from './candidates.ts';
import type { ViewSpec } from './dataset.ts';
import { nonSpace } from './objectMembers.ts';
import { parseRecord } from './parseRecord.ts';
import { createPieceScanner, PieceList } from './pieceList.ts';
import type { Framing } from './scanner.ts';
import { isRecordValue } from './views/recordValue.ts';
import { detectionSample, detectVariant, hasTurns } from './views/viewTable.ts';

/** Different first keys remembered for the search of candidates; records of one file agree as a rule. */
const keysKept = 4;

/** Keys with which records begin in the formats of `views`, for a file that does not show its own. */
const usualKeys = ['id', 'image', 'conversations', 'messages'];
/** Bytes that an object may have to be found by `lookForRecords`, and bytes that it scans in all. */
const soughtBytes = 1024 * 1024;
const soughtBudget = 32 * 1024 * 1024;

/** What the first records of a file say about all of them. */
export interface FirstRecords {
  readonly view: ViewSpec;
  readonly firstKeys: FirstKeys;
}

/** Detects variant and first keys from the records that lie completely in `head`, at most 200. */
export function readFirstRecords(
  head: Buffer,
  framing: Framing | 'lines',
  recordsFrom: number,
  given: Omit<ViewSpec, 'variant'> = {},
): FirstRecords {
  const pieces = new PieceList();
  const scanner = createPieceScanner(framing, pieces, 0);
  for (let at = recordsFrom; at < head.length && pieces.length < detectionSample; at += 65_536) {
    scanner.push(head, at, Math.min(head.length, at + 65_536), at);
  }
  if (pieces.length < detectionSample && framing === 'lines') scanner.end(head.length);
  const openAt = scanner.openAt;
  const { batch } = pieces.take(head, 0);
  const values: unknown[] = [];
  const firstKeys = new Set<string>();
  for (let i = 0; i < batch.start.length && values.length < detectionSample; i++) {
    const start = batch.start[i] as number;
    const parsed = parseRecord(head, start, batch.end[i] as number);
    if (!parsed.ok || !isRecordValue(parsed.value)) continue;
    values.push(parsed.value);
    const key = firstKeyAt(head, start);
    if (key !== undefined && firstKeys.size < keysKept) firstKeys.add(key);
  }
  if (firstKeys.size === 0) {
    // The very first record is broken, and nothing behind it can be told apart by counting brackets.
    for (const { start, value } of lookForRecords(head, recordsFrom)) {
      values.push(value);
      const key = firstKeyAt(head, start);
      if (key !== undefined && firstKeys.size < keysKept) firstKeys.add(key);
    }
  }
  if (firstKeys.size === 0) {
    const key = firstKeyAt(head, batch.start[0] ?? Math.max(openAt, 0));
    for (const guess of key === undefined ? usualKeys : [key, ...usualKeys]) firstKeys.add(guess);
  }
  const spec: ViewSpec = { variant: 'unknown', ...given };
  return { view: { ...spec, variant: detectVariant(values, spec) }, firstKeys: [...firstKeys] };
}

/** Objects with turns found from any `{` before a quote, at most 200; what lies inside one is not looked at. */
function lookForRecords(head: Buffer, from: number): { readonly start: number; readonly value: unknown }[] {
  const found: { readonly start: number; readonly value: unknown }[] = [];
  let budget = soughtBudget;
  for (let at = head.indexOf(0x7b, from); at >= 0 && budget > 0 && found.length < detectionSample; at = head.indexOf(0x7b, at + 1)) {
    if (head[nonSpace(head, at + 1)] !== 0x22) continue;
    const end = closeOf(head, at, Math.min(head.length, at + Math.min(soughtBytes, budget)));
    budget -= (end < 0 ? Math.min(soughtBytes, head.length - at) : end - at) + 64;
    if (end < 0) continue;
    const parsed = parseRecord(head, at, end);
    if (!parsed.ok || !hasTurns(parsed.value, { variant: 'unknown' })) continue;
    found.push({ start: at, value: parsed.value });
    at = end - 1;
  }
  return found;
}

/** End of the object at `start`, -1 when it does not close before `limit`. */
function closeOf(head: Buffer, start: number, limit: number): number {
  const pieces = new PieceList();
  const scanner = createPieceScanner('concatenated', pieces, 0);
  for (let at = start; at < limit; at += 4096) {
    scanner.push(head, at, Math.min(limit, at + 4096), at);
    if (pieces.firstEnd !== undefined) return pieces.firstEnd;
  }
  return -1;
}

/** First key of the object at `start` as it is spelled, since it is searched for in the bytes. */
function firstKeyAt(head: Buffer, start: number): string | undefined {
  return /^\{\s*"((?:[^"\\]|\\.)*)"/.exec(head.toString('utf8', start, Math.min(head.length, start + 1024)))?.[1];
}
