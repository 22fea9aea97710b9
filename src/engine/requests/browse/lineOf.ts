import { open } from 'node:fs/promises';
import type { LineMark } from '../../dataset/browse/browseColumns.ts';
import { type Dataset, partOf } from '../../dataset/dataset.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';

const blockBytes = 1024 * 1024;
const lineFeed = 0x0a;

/**
 * 1-based line of a record in its part's text.
 * @param marks records from which counting may begin; the first one of the record's part is among them
 */
export async function lineOf(dataset: Dataset, ordinal: number, marks: readonly LineMark[], job: JobContext): Promise<number> {
  const part = partOf(dataset, ordinal);
  const mark = marks.findLast((one) => one.ordinal <= ordinal);
  const end = dataset.start[ordinal] as number;
  let line = 1 + (mark?.lineFeeds ?? 0);
  await using handle = await open(part.textPath, 'r');
  const block = Buffer.allocUnsafe(blockBytes);
  for (let at = mark ? (dataset.start[mark.ordinal] as number) : 0; at < end; ) {
    throwIfCancelled(job);
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, end - at), at);
    if (bytesRead === 0) break;
    for (let i = 0; i < bytesRead; i++) if (block[i] === lineFeed) line++;
    at += bytesRead;
  }
  return line;
}
