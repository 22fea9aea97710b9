import type { DatasetFormat, DatasetVariant, ProblemCode } from '../../../protocol/dataset.ts';
import { readContentKind } from '../contentKind.ts';
import { type InstanceView, recordFlags } from '../dataset.ts';
import { readFirstRecords } from '../firstRecords.ts';
import { recordProblemCodes } from '../indexBuilder.ts';
import { recordLimitBytes } from '../indexFile.ts';
import { parseBatch } from '../parseBatch.ts';
import { parseRecord } from '../parseRecord.ts';
import { createPieceScanner, PieceList } from '../pieceList.ts';
import { openSourceFile, statSource } from '../sourceFile.ts';
import { viewRecord } from '../views/viewTable.ts';

/** Bytes scanned at a time until there are enough records. */
const stepBytes = 64 * 1024;

/** A record at the beginning of a file; its ordinal is the index's unless something before it is broken. */
export interface HeadRecord {
  readonly ordinal: number;
  readonly usable: boolean;
  readonly turns: number;
  readonly bytes: number;
  readonly problems: readonly ProblemCode[];
  readonly view: InstanceView;
}

export interface HeadRecords {
  readonly format: DatasetFormat;
  readonly variant: DatasetVariant;
  readonly bytes: number;
  readonly records: readonly HeadRecord[];
  /** Nothing follows. */
  readonly complete: boolean;
}

/**
 * The first records of a file without an index, from its first 4 MiB: as many as lie there before the first broken one. Writes nothing.
 * Undefined for a file that cannot be read so: Parquet, or a mixture of other files.
 * @throws EngineError when the file is no dataset
 */
export async function readHeadRecords(path: string, limit: number): Promise<HeadRecords | undefined> {
  await using handle = await openSourceFile(path);
  const size = Number((await statSource(handle, path)).size);
  const kind = await readContentKind(handle, size, path);
  if (kind.kind !== 'records') return undefined;
  const { head, framing, recordsFrom } = kind;
  const { view, firstKeys } = readFirstRecords(head, framing, recordsFrom);
  const pieces = new PieceList();
  const scanner = createPieceScanner(framing, pieces, 0);
  let at = recordsFrom;
  for (; at < head.length && pieces.length <= limit; at += stepBytes) scanner.push(head, at, Math.min(head.length, at + stepBytes), at);
  const atEnd = at >= head.length && head.length === size;
  if (atEnd) scanner.end(size);
  const { batch } = pieces.take(head, 0);
  const found = parseBatch(batch, { view, firstKeys, lines: framing === 'lines', recordBytes: recordLimitBytes });
  const problems = new Map<number, Set<ProblemCode>>();
  for (const { index, code } of found.problems) problems.set(index, (problems.get(index) ?? new Set()).add(code));
  const records = Array.from({ length: Math.min(limit, found.count) }, (_, ordinal): HeadRecord => {
    const start = found.start[ordinal] as number;
    const end = found.end[ordinal] as number;
    const usable = ((found.flags[ordinal] as number) & recordFlags.usable) !== 0;
    const parsed = usable ? parseRecord(head, start, end) : undefined;
    return {
      ordinal,
      usable,
      turns: found.turns[ordinal] as number,
      bytes: end - start,
      problems: recordProblemCodes.filter((code) => problems.get(ordinal)?.has(code)),
      view: viewRecord(parsed?.ok ? parsed.value : undefined, view, head.subarray(start, end)),
    };
  });
  return {
    format: framing === 'lines' ? 'jsonl' : framing === 'concatenated' ? 'concatenated' : 'json',
    variant: view.variant,
    bytes: size,
    records,
    complete: atEnd && scanner.openAt < 0 && found.broken === undefined && found.count <= limit,
  };
}
