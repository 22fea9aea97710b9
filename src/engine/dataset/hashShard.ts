import { hash } from 'node:crypto';
import { EngineError } from '../jobs/engineError.ts';
import { parseRecord } from './parseRecord.ts';
import { type RecordShard, readShard } from './recordShard.ts';
import { spelledId } from './spelledId.ts';
import { isRecordValue } from './views/recordValue.ts';

/** Bytes of an instance's content hash. */
export const keyBytes = 16;

export interface KeyShardTask {
  readonly shard: RecordShard;
}

/**
 * 128-bit content hashes of a shard's records, zeros for unusable ones. Content is the record's JSON value with keys in source order and,
 * for an id that is a number, its spelling; indentation, escapes and the spelling of other numbers do not count.
 */
export function hashShard({ shard }: KeyShardTask): Uint8Array<ArrayBuffer> {
  const keys = new Uint8Array(shard.start.length * keyBytes);
  readShard(shard, (ordinal, bytes) => {
    const row = ordinal - shard.firstOrdinal;
    keys.set(contentKey(shardRecord(shard, row, bytes), bytes), row * keyBytes);
  });
  return keys;
}

/** Value of a shard's usable record. @throws EngineError `dataset.changed` when the bytes are no record any more */
export function shardRecord(shard: RecordShard, row: number, bytes: Buffer): unknown {
  const parsed = parseRecord(bytes, 0, bytes.length, true);
  if (parsed.ok) return parsed.value;
  throw new EngineError(
    'dataset.changed',
    `${shard.textPath} changed since it was indexed (byte ${shard.start[row]}). Run the same command again.`,
    { path: shard.textPath },
  );
}

/** First bytes of the SHA-256 of a record's canonical content. */
export function contentKey(value: unknown, bytes: Buffer): Uint8Array {
  const id = isRecordValue(value) && typeof value.id === 'number' ? `\nid ${spelledId(bytes)}` : '';
  return hash('sha256', JSON.stringify(value) + id, 'buffer').subarray(0, keyBytes);
}
