import { closeSync, openSync, readSync } from 'node:fs';
import { type Dataset, recordFlags, type ViewSpec } from './dataset.ts';

/** Records of one part that a worker handles in one task; structured-cloneable. */
export interface RecordShard {
  readonly index: number;
  readonly textPath: string;
  readonly view: ViewSpec;
  /** Ordinal of `start[0]`. */
  readonly firstOrdinal: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly usable: Uint8Array;
}

/** Read window of a shard reader. */
const windowBytes = 4 * 1024 * 1024;

/** Cuts a dataset into shards of about `shardBytes`; boundaries depend on the data only, never on threads. */
export function* cutShards(dataset: Dataset, shardBytes: number): Generator<RecordShard> {
  let index = 0;
  for (const part of dataset.parts) {
    const last = part.firstOrdinal + part.records;
    for (let from = part.firstOrdinal; from < last; ) {
      let to = from;
      let bytes = 0;
      while (to < last && (to === from || bytes < shardBytes)) {
        bytes += (dataset.end[to] ?? 0) - (dataset.start[to] ?? 0);
        to++;
      }
      const usable = new Uint8Array(to - from);
      for (let i = from; i < to; i++) usable[i - from] = (dataset.flags[i] ?? 0) & recordFlags.usable;
      yield {
        index,
        textPath: part.textPath,
        view: part.view,
        firstOrdinal: from,
        start: dataset.start.slice(from, to),
        end: dataset.end.slice(from, to),
        usable,
      };
      index++;
      from = to;
    }
  }
}

/** Calls `visit` with the bytes of each usable record, in order. The buffer is reused: keep nothing of it. Runs in a worker. */
export function readShard(shard: RecordShard, visit: (ordinal: number, bytes: Buffer) => void): void {
  const file = openSync(shard.textPath, 'r');
  try {
    let window = Buffer.allocUnsafe(windowBytes);
    let windowStart = 0;
    let windowEnd = 0;
    for (let i = 0; i < shard.start.length; i++) {
      if (!shard.usable[i]) continue;
      const start = shard.start[i] ?? 0;
      const end = shard.end[i] ?? 0;
      if (start < windowStart || end > windowEnd) {
        const length = end - start;
        if (length > window.byteLength) window = Buffer.allocUnsafe(length);
        windowStart = start;
        windowEnd = start + readFully(file, window, start);
      }
      visit(shard.firstOrdinal + i, window.subarray(start - windowStart, end - windowStart));
    }
  } finally {
    closeSync(file);
  }
}

function readFully(file: number, target: Buffer, position: number): number {
  let done = 0;
  while (done < target.byteLength) {
    const read = readSync(file, target, done, target.byteLength - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
