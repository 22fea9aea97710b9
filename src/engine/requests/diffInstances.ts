import type { DiffInstance, DiffInstances, DiffInstancesRequest, DiffRow } from '../../protocol/diff.ts';
import { conversationBegin } from '../dataset/browse/shortText.ts';
import { RecordReader } from '../dataset/readRecord.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { contentOf } from '../selection/overrides.ts';
import { assertRecord, shownId } from './browse/instanceRows.ts';
import type { ComparedDataset, Comparison } from './comparison.ts';
import type { ComparisonMemory } from './comparisonMemory.ts';
import { assertPage } from './page.ts';

/** Some of the instances that only one dataset has, with their changed partners, or of the changed pairs. */
export async function diffInstances(request: DiffInstancesRequest, memory: ComparisonMemory, job: JobContext): Promise<DiffInstances> {
  assertPage(request);
  const { side, offset, limit } = request;
  const comparison = await memory.obtain(request, job);
  const { total, pairs } = pageOf(comparison, side, offset, offset + limit);
  await using readerA = new RecordReader(comparison.a.dataset);
  await using readerB = new RecordReader(comparison.b.dataset);
  const rows: DiffRow[] = [];
  for (const { a, b, by } of pairs) {
    throwIfCancelled(job);
    rows.push({
      a: a === null ? null : await instanceOf(comparison.a, readerA, a),
      b: b === null ? null : await instanceOf(comparison.b, readerB, b),
      by,
    });
  }
  return { side, total, offset, rows };
}

interface PairedOrdinals {
  readonly a: number | null;
  readonly b: number | null;
  readonly by: DiffRow['by'];
}

function pageOf(
  { match, changed }: Comparison,
  side: DiffInstancesRequest['side'],
  from: number,
  to: number,
): { readonly total: number; readonly pairs: readonly PairedOrdinals[] } {
  const pair = (i: number): PairedOrdinals => ({
    a: changed.a[i] as number,
    b: changed.b[i] as number,
    by: changed.byImage[i] === 1 ? 'image' : 'id',
  });
  if (side === 'changed') return { total: changed.a.length, pairs: Array.from(changed.a.subarray(from, to), (_, i) => pair(from + i)) };
  const [all, paired] = side === 'removed' ? [match.removed, changed.a] : [match.added, changed.b];
  const page = all.subarray(from, to);
  const partners = new Map<number, number>();
  const wanted = new Set(page);
  for (let i = 0; i < paired.length && partners.size < wanted.size; i++)
    if (wanted.has(paired[i] as number)) partners.set(paired[i] as number, i);
  const pairs = Array.from(page, (ordinal): PairedOrdinals => {
    const i = partners.get(ordinal);
    if (i !== undefined) return pair(i);
    return side === 'removed' ? { a: ordinal, b: null, by: null } : { a: null, b: ordinal, by: null };
  });
  return { total: all.length, pairs };
}

/** @throws EngineError `dataset.changed` when the bytes hold no record any more */
async function instanceOf({ dataset, keys }: ComparedDataset, reader: RecordReader, ordinal: number): Promise<DiffInstance> {
  const record = await reader.read(ordinal);
  assertRecord(dataset, record);
  const { bytes, view } = record;
  return {
    ordinal,
    id: shownId(view.id),
    begin: conversationBegin(view.turns),
    turns: view.turns.length,
    bytes: bytes.length,
    content: contentOf(keys, ordinal),
  };
}
