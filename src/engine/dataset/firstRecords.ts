import type { FirstKeys } from './candidates.ts';
import type { ViewSpec } from './dataset.ts';
import { parseRecord } from './parseRecord.ts';
import { createPieceScanner, PieceList } from './pieceList.ts';
import type { Framing } from './scanner.ts';
import { isRecordValue } from './views/recordValue.ts';
import { detectionSample, detectVariant } from './views/viewTable.ts';

/** Different first keys remembered for the search of candidates; records of one file agree as a rule. */
const keysKept = 4;

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
    // The very first record is broken: what it begins with is the best guess for the others.
    const key = firstKeyAt(head, batch.start[0] ?? Math.max(openAt, 0));
    if (key !== undefined) firstKeys.add(key);
  }
  const spec: ViewSpec = { variant: 'unknown', ...given };
  return { view: { ...spec, variant: detectVariant(values, spec) }, firstKeys: [...firstKeys] };
}

/** First key of the object at `start` as it is spelled, since it is searched for in the bytes. */
function firstKeyAt(head: Buffer, start: number): string | undefined {
  return /^\{\s*"((?:[^"\\]|\\.)*)"/.exec(head.toString('utf8', start, Math.min(head.length, start + 1024)))?.[1];
}
