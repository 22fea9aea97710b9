import type { ProblemCode } from '../../protocol/dataset.ts';
import { parseRecord } from './parseRecord.ts';
import { RecordScanner } from './scanner.ts';

export type LinePiece =
  | { readonly kind: 'value'; readonly value: unknown; readonly start: number; readonly end: number }
  | { readonly kind: 'broken'; readonly code: ProblemCode; readonly start: number; readonly end: number; readonly reason: string }
  | { readonly kind: 'finding'; readonly code: ProblemCode; readonly start: number; readonly end: number; readonly message: string };

/**
 * What a line of JSONL that is no JSON value by itself holds: a record with a comma or a stray bracket behind it, several records, or one
 * broken piece. A line is taken apart only if every element in it parses; else it is broken as a whole. `failure` says why.
 */
export function splitLine(
  line: Buffer,
  offset: number,
  failure: { readonly code: 'record.invalidUtf8' | 'record.invalidJson'; readonly reason: string },
): readonly LinePiece[] {
  const values: LinePiece[] = [];
  const findings: LinePiece[] = [];
  let sound = true;
  const scanner = new RecordScanner('concatenated', {
    element(kind, start, end) {
      const parsed = kind === 'object' ? parseRecord(line, start - offset, end - offset) : undefined;
      if (!parsed?.ok) sound = false;
      else values.push({ kind: 'value', value: parsed.value, start, end });
    },
    finding: (code, at) =>
      findings.push({
        kind: 'finding',
        code,
        start: at,
        end: at + 1,
        message: code === 'file.strayCloser' ? `Stray closing bracket at byte ${at}.` : `Comma at byte ${at}; lines need none.`,
      }),
  });
  scanner.push(line, 0, line.length, offset);
  const open = scanner.openAt;
  scanner.end(offset + line.length);
  if (sound && open < 0 && values.length + findings.length > 0) {
    if (values.length > 1) {
      const second = values[1]?.start ?? offset;
      findings.push({
        kind: 'finding',
        code: 'file.missingLineBreak',
        start: second,
        end: second + 1,
        message: `${values.length} records stand in one line at byte ${offset}.`,
      });
    }
    return [...values, ...findings];
  }
  const end = offset + line.length;
  if (open === offset)
    return [
      { kind: 'broken', code: 'record.unclosed', start: offset, end, reason: `its line ends before it is closed (${failure.reason})` },
    ];
  return [{ kind: 'broken', code: failure.code, start: offset, end, reason: failure.reason }];
}
