import type { InstanceDetail } from '../../../protocol/browse.ts';
import type { BrowseTable } from '../../dataset/browse/browseTable.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { contentKey, keyBytes } from '../../dataset/hashShard.ts';
import { type InstanceKeys, keysAreReady } from '../../dataset/instanceKeys.ts';
import { RecordReader } from '../../dataset/readRecord.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import { contentOf } from '../../selection/overrides.ts';
import type { Browser } from './browser.ts';
import { assertRecord, isUsable } from './instanceRows.ts';

/** Instances and bytes that are read to find the copies of one; with more of them the keys of all are made. */
const likelyLimit = 200;
const likelyBytes = 16 * 1024 * 1024;

type Identity = Pick<InstanceDetail, 'instanceKey' | 'copies'>;

/**
 * What an override names an instance by, and how often its content occurs; zeros for a broken record. While nobody has made the keys of
 * all instances, only those that agree with it in every column are read: a handful, where instances have ids.
 */
export async function identityOf(
  dataset: Dataset,
  ordinal: number,
  table: BrowseTable,
  browser: Browser,
  job: JobContext,
): Promise<Identity> {
  if (!isUsable(dataset, ordinal)) return { instanceKey: { content: '0'.repeat(keyBytes * 2), duplicate: 0 }, copies: 0 };
  if (!(await keysAreReady(dataset))) {
    const likely = likelyCopies(dataset, ordinal, table);
    if (likely) return amongLikely(dataset, ordinal, likely, job);
  }
  return amongAll(await browser.instanceKeys(dataset, job), ordinal);
}

/** Instances that agree with one in every column, itself among them; undefined when there are too many to read. */
function likelyCopies(dataset: Dataset, ordinal: number, { idRank, likeness, bytes }: BrowseTable): readonly number[] | undefined {
  const likely: number[] = [];
  let total = 0;
  for (let other = 0; other < dataset.records; other++) {
    if (idRank[other] !== idRank[ordinal] || !isUsable(dataset, other)) continue;
    if (likeness.some((column) => column[other] !== column[ordinal])) continue;
    likely.push(other);
    total += bytes[other] as number;
    if (likely.length > likelyLimit || (total > likelyBytes && likely.length > 1)) return undefined;
  }
  return likely;
}

async function amongLikely(dataset: Dataset, ordinal: number, likely: readonly number[], job: JobContext): Promise<Identity> {
  await using reader = new RecordReader(dataset);
  const contents: string[] = [];
  for (const other of likely) {
    throwIfCancelled(job);
    const record = await reader.read(other);
    assertRecord(dataset, record);
    contents.push(Buffer.from(contentKey(record.value, record.bytes)).toString('hex'));
  }
  const content = contents[likely.indexOf(ordinal)] as string;
  const copies = likely.filter((_, i) => contents[i] === content);
  return { instanceKey: { content, duplicate: copies.indexOf(ordinal) }, copies: copies.length };
}

function amongAll({ keys, duplicates }: InstanceKeys, ordinal: number): Identity {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, keys.byteLength / 4);
  const perKey = keyBytes / 4;
  const [a, b, c, d] = words.subarray(ordinal * perKey, (ordinal + 1) * perKey);
  let copies = 0;
  for (let at = 0; at < words.length; at += perKey)
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) copies++;
  return { instanceKey: { content: contentOf(keys, ordinal), duplicate: duplicates[ordinal] as number }, copies };
}
