import { createHash } from 'node:crypto';
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
    keys.set(contentHash(bytes).subarray(0, keyBytes), (ordinal - shard.firstOrdinal) * keyBytes);
  });
  return keys;
}

/** SHA-256 of a record's canonical content. The bytes must be a usable record. */
export function contentHash(bytes: Buffer): Buffer {
  const parsed = parseRecord(bytes, 0, bytes.length, true);
  if (!parsed.ok) throw new Error(`a usable record does not parse any more: ${parsed.reason}`);
  const hash = createHash('sha256').update(JSON.stringify(parsed.value));
  if (isRecordValue(parsed.value) && typeof parsed.value['id'] === 'number') hash.update(`\nid ${spelledId(bytes)}`);
  return hash.digest();
}
