import type { Problem, ProblemCode } from '../../../protocol/dataset.ts';
import { problemsOf } from '../../dataset/browse/problemBits.ts';
import { type Dataset, type DatasetPart, partOf } from '../../dataset/dataset.ts';
import { brokenMessage } from '../../dataset/parseBatch.ts';
import { parseRecord } from '../../dataset/parseRecord.ts';
import type { ReadRecord } from '../../dataset/readRecord.ts';
import { summarizeRecord } from '../../dataset/summarizeRecord.ts';
import { isRecordValue } from '../../dataset/views/recordValue.ts';

/** Problems of one record. The dataset lists the first thousands of each code; what it leaves out is found again from the record. */
export function recordProblems(dataset: Dataset, ordinal: number, bits: number, line: number, record: ReadRecord): readonly Problem[] {
  const listed = dataset.problems.filter((problem) => problem.ordinal === ordinal);
  const codes = problemsOf(bits).filter((code) => !listed.some((problem) => problem.code === code));
  if (codes.length === 0) return listed;
  const part = partOf(dataset, ordinal);
  const place = {
    ordinal,
    byteStart: dataset.start[ordinal] as number,
    byteEnd: dataset.end[ordinal] as number,
    line,
    ...(part.path === dataset.path ? {} : { file: part.path }),
  };
  return [...listed, ...codes.map((code) => ({ code, ...place, message: messageOf(code, place.byteStart, part, record) }))];
}

function messageOf(code: ProblemCode, start: number, { view }: DatasetPart, { value, bytes }: ReadRecord): string {
  if (isRecordValue(value)) {
    const finding = summarizeRecord(value, view).findings.find((one) => one.code === code);
    return finding?.message ?? 'A key occurs twice; readers take its last value.';
  }
  const parsed = parseRecord(bytes, 0, bytes.length);
  return brokenMessage(code, start, parsed.ok ? 'it is no object' : parsed.reason);
}
