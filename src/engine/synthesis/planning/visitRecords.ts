import type { Dataset, InstanceView } from '../../dataset/dataset.ts';
import { partOf } from '../../dataset/dataset.ts';
import { parseRecord } from '../../dataset/parseRecord.ts';
import { cutShards, readShard } from '../../dataset/recordShard.ts';
import { viewRecord } from '../../dataset/views/viewTable.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';

const shardBytes = 16 * 1024 * 1024;

/** Calls `visit` with what each wanted instance says, in order of the dataset. The bytes are used again: keep nothing of them. */
export async function visitRecords(
  dataset: Dataset,
  wanted: Uint8Array,
  visit: (ordinal: number, view: InstanceView, record: Buffer) => void,
  job: JobContext,
): Promise<void> {
  for (const shard of cutShards(dataset, shardBytes)) {
    throwIfCancelled(job);
    const usable = shard.usable.map((flag, i) => (flag && wanted[shard.firstOrdinal + i] ? 1 : 0));
    if (!usable.includes(1)) continue;
    const { view: spec } = partOf(dataset, shard.firstOrdinal);
    readShard({ ...shard, usable }, (ordinal, bytes) => {
      const parsed = parseRecord(bytes, 0, bytes.length);
      if (parsed.ok) visit(ordinal, viewRecord(parsed.value, spec, bytes), bytes);
    });
    await yieldToLoop();
  }
}
