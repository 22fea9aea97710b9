import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../protocol/dataset.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import type { UnplacedProblem } from './indexBuilder.ts';

const lineFeed = 0x0a;

/** Gives each problem the 1-based line of its first byte. Lines are counted only where there are problems, and only as far as they go. */
export async function addLines(handle: FileHandle, problems: readonly UnplacedProblem[], job: JobContext): Promise<Problem[]> {
  const sorted = problems.map((problem, index) => ({ problem, index })).sort((a, b) => a.problem.byteStart - b.problem.byteStart);
  const lines = new Array<number>(problems.length).fill(1);
  const chunk = Buffer.allocUnsafe(4 * 1024 * 1024);
  let line = 1;
  let position = 0;
  let next = 0;
  while (next < sorted.length) {
    throwIfCancelled(job);
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    let at = 0;
    for (; next < sorted.length; next++) {
      const entry = sorted[next] as (typeof sorted)[number];
      const target = entry.problem.byteStart - position;
      if (target > bytesRead || (target === bytesRead && bytesRead === chunk.length)) break;
      for (; at < target; at++) if (chunk[at] === lineFeed) line++;
      lines[entry.index] = line;
    }
    for (; at < bytesRead; at++) if (chunk[at] === lineFeed) line++;
    if (bytesRead === 0) break;
    position += bytesRead;
  }
  return problems.map((problem, index) => ({ ...problem, line: lines[index] as number }));
}
