import type { Protection } from '../../protocol/requests.ts';
import { type Dataset, recordFlags } from '../dataset/dataset.ts';
import { cutShards, readShard } from '../dataset/recordShard.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { isProtected } from '../selection/protection.ts';

const shardBytes = 8 * 1024 * 1024;

/** Nonzero per usable instance that a rule protects. Records are only parsed when a rule looks at a field. */
export async function protectedInstances(dataset: Dataset, rules: readonly Protection[], job: JobContext): Promise<Uint8Array> {
  const result = new Uint8Array(dataset.records);
  if (rules.length === 0) return result;
  const isTextOnly = (ordinal: number): boolean => ((dataset.flags[ordinal] ?? 0) & recordFlags.textOnly) !== 0;
  if (rules.every((rule) => rule.kind === 'text-only')) {
    for (let ordinal = 0; ordinal < dataset.records; ordinal++) result[ordinal] = isTextOnly(ordinal) ? 1 : 0;
    return result;
  }
  for (const shard of cutShards(dataset, shardBytes)) {
    throwIfCancelled(job);
    readShard(shard, (ordinal, bytes) => {
      if (isProtected(rules, { textOnly: isTextOnly(ordinal), record: () => JSON.parse(bytes.toString('utf8')) as unknown }))
        result[ordinal] = 1;
    });
    job.report({ stage: 'select', done: shard.firstOrdinal, total: dataset.records, unit: 'instances' });
    await yieldToLoop();
  }
  if (!result.includes(1)) job.log('warn', `No instance is protected by ${rules.map(spelled).join(', ')}; check the field and its value.`);
  return result;
}

function spelled(rule: Protection): string {
  return rule.kind === 'text-only' ? 'text-only' : `${rule.field}=${rule.value}`;
}
