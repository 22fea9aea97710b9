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
export function readFirstRecords(head: Buffer, framing: Framing | 'lines', recordsFrom: number, given: Omit<ViewSpec, 'variant'> = {}): FirstRecords {
  const pieces = new PieceList();
  const scanner = createPieceScanner(framing, pieces, 0);
  for (let at = recordsFrom; at < head.length && pieces.length < detectionSample; at += 65_536) {
    scanner.push(head, at, Math.min(head.length, at + 65_536), at);
  }
  if (pieces.length < detectionSample && framing === 'lines') scanner.end(head.length);
  const { batch } = pieces.take(head, 0);
  const values: unknown[] = [];
  const firstKeys = new Set<string>();
  for (let i = 0; i < batch.start.length && values.length < detectionSample; i++) {
    const start = batch.start[i] as number;
    const parsed = parseRecord(head, start, batch.end[i] as number);
    if (!parsed.ok || !isRecordValue(parsed.value)) continue;
    values.push(parsed.value);
    // As spelled, since it is searched for in the bytes.
    const key = /^\{\s*"((?:[^"\\]|\\.)*)"/.exec(head.toString('utf8', start, Math.min(head.length, start + 1024)))?.[1];
    if (key !== undefined && firstKeys.size < keysKept) firstKeys.add(key);
  }
  const spec: ViewSpec = { variant: 'unknown', ...given };
  return { view: { ...spec, variant: detectVariant(values, spec) }, firstKeys: [...firstKeys] };
}
