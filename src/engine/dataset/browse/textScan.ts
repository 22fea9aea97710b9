import { type JobContext, throwIfCancelled, yieldToLoop } from '../../jobs/jobContext.ts';
import { WorkerPool } from '../../jobs/workerPool.ts';
import { type Dataset, recordFlags } from '../dataset.ts';
import { shardRecord } from '../hashShard.ts';
import { cutShards, type RecordShard, readShard } from '../recordShard.ts';
import { viewRecord } from '../views/viewTable.ts';

const shardBytes = 8 * 1024 * 1024;
/** Text below this size is searched by this thread alone: a worker would need longer to start. */
const workerBytes = 24 * 1024 * 1024;

export interface ScanTask {
  readonly shard: RecordShard;
  /** In lower case. */
  readonly wanted: string;
}

/** Nonzero per record of the shard whose id or a turn's text holds the text, both in lower case. Runs in a worker. */
export function scanShard({ shard, wanted }: ScanTask): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(shard.start.length);
  const canHold = rawTest(wanted);
  const holds = textTest(wanted);
  readShard(shard, (ordinal, bytes) => {
    if (!canHold(bytes.toString('utf8'))) return;
    const row = ordinal - shard.firstOrdinal;
    const { id, turns } = viewRecord(shardRecord(shard, row, bytes), shard.view, bytes);
    if (holds(id?.toLowerCase() ?? '') || turns.some(({ text }) => holds(text.toLowerCase()))) found[row] = 1;
  });
  return found;
}

/** Whether a text holds `wanted` by whole characters: half of a surrogate pair is no part of the character. */
export function textTest(wanted: string): (text: string) => boolean {
  if (!/\p{Surrogate}/u.test(wanted)) return (text) => text.includes(wanted);
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'u');
  return (text) => pattern.test(text);
}

/** Numbers that JavaScript may spell otherwise than the record does, or what looks like them. */
const respelledNumber = /[:[,]\s*-?\d+(?:\.|[eE]|\d{15})/;

/**
 * Rules most records out by their text in the file, without parsing. A text stands there as JSON spells it, unless a character is
 * written as \u escape (a slash also as \/), or it is part of a number's text (`1e2` reads 100, `1e999` Infinity). Two exceptions:
 * a line feed may join what are two texts in the record, and the lower case of a sigma depends on what is around it.
 */
function rawTest(wanted: string): (raw: string) => boolean {
  if (/[\n\u03c2\u03c3]/.test(wanted)) return () => true;
  const spelled = JSON.stringify(wanted).slice(1, -1);
  const hasSlash = wanted.includes('/');
  const inNumber = /^[-+.0-9e]*$/.test(wanted) || 'infinity'.includes(wanted);
  return (raw) =>
    raw.toLowerCase().includes(spelled) ||
    raw.includes('\\u') ||
    (hasSlash && raw.includes('\\/')) ||
    (inNumber && respelledNumber.test(raw));
}

/**
 * Nonzero per ordinal whose id or a turn's text holds `wanted` (lower case), upper and lower case alike.
 * @param among nonzero for the ordinals that may hold it; default all
 */
export async function scanText(
  dataset: Dataset,
  wanted: string,
  among: Uint8Array | undefined,
  deps: { readonly workerScript: string },
  job: JobContext,
): Promise<Uint8Array> {
  const found = new Uint8Array(dataset.records);
  const tasks = [...scanTasks(dataset, wanted, among)];
  const take = ({ shard }: ScanTask, part: Uint8Array): void => {
    found.set(part, shard.firstOrdinal);
    job.report({ stage: 'search', done: shard.firstOrdinal + part.length, total: dataset.records, unit: 'instances' });
  };
  const bytes = tasks.reduce((sum, { shard }) => sum + bytesOf(shard), 0);
  if (job.threads < 2 || bytes < workerBytes) {
    for (const task of tasks) {
      throwIfCancelled(job);
      take(task, scanShard(task));
      await yieldToLoop();
    }
    return found;
  }
  await using pool = new WorkerPool({ script: deps.workerScript, threads: job.threads, signal: job.signal, youngMb: 16, tasksAhead: 2 });
  let next = 0;
  for await (const part of pool.runInOrder<Uint8Array>(tasks.map((payload) => ({ kind: 'scan', payload })))) {
    take(tasks[next++] as ScanTask, part);
  }
  return found;
}

function* scanTasks(dataset: Dataset, wanted: string, among: Uint8Array | undefined): Generator<ScanTask> {
  const flags = dataset.flags;
  const searched = among ? { ...dataset, flags: flags.map((flag, i) => (among[i] ? flag : flag & ~recordFlags.usable)) } : dataset;
  for (const shard of cutShards(searched, shardBytes)) if (shard.usable.includes(1)) yield { shard, wanted };
}

function bytesOf({ start, end, usable }: RecordShard): number {
  let bytes = 0;
  for (let i = 0; i < usable.length; i++) if (usable[i]) bytes += (end[i] as number) - (start[i] as number);
  return bytes;
}
