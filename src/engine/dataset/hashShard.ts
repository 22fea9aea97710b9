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
    const hashed = contentHash(bytes);
    if (!hashed)
      throw new EngineError(
        'dataset.changed',
        `${shard.textPath} changed since it was indexed (byte ${shard.start[ordinal - shard.firstOrdinal]}). Run the same command again.`,
        { path: shard.textPath },
      );
    keys.set(hashed.subarray(0, keyBytes), (ordinal - shard.firstOrdinal) * keyBytes);
  });
  return keys;
}

/** SHA-256 of a record's canonical content; undefined when the bytes are no record (any more). */
function contentHash(bytes: Buffer): Buffer | undefined {
  const parsed = parseRecord(bytes, 0, bytes.length, true);
  if (!parsed.ok) return undefined;
  const text = JSON.stringify(parsed.value);
  const id = isRecordValue(parsed.value) && typeof parsed.value.id === 'number' ? `\nid ${spelledId(bytes)}` : '';
  return hash('sha256', text + id, 'buffer');
}
