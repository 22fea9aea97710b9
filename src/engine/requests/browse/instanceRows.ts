import type { InstanceRow } from '../../../protocol/browse.ts';
import type { ProblemCode } from '../../../protocol/dataset.ts';
import { problemsOf } from '../../dataset/browse/problemBits.ts';
import { conversationBegin, cutText } from '../../dataset/browse/shortText.ts';
import { type Dataset, type InstanceView, recordFlags } from '../../dataset/dataset.ts';
import { type ReadRecord, RecordReader } from '../../dataset/readRecord.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import { type DatasetEntities, type EntityRow, entityRows } from './entityAccess.ts';
import { type RunVerdicts, verdictOf } from './verdictMemory.ts';

/** UTF-16 units of an id. */
const idUnits = 1000;
/** Entities of a row. */
const rowEntities = 4;
/** Bytes of records read together; a larger record is read alone. */
const readTogether = 8 * 1024 * 1024;

/** What is known of instances besides their records. */
export interface RowFacts {
  /** Bits of every ordinal's problems. */
  readonly problems: Uint16Array;
  readonly entities?: DatasetEntities | undefined;
  readonly verdicts?: RunVerdicts | undefined;
}

/** The part of a row that its record alone gives. */
export type RecordRow = Omit<InstanceRow, 'entities' | 'verdict' | 'forced'>;

/** Rows of the ordinals, in their order, from the records in the file. */
export async function instanceRows(
  dataset: Dataset,
  ordinals: Uint32Array | readonly number[],
  facts: RowFacts,
  job: JobContext,
): Promise<InstanceRow[]> {
  await using reader = new RecordReader(dataset);
  const rows: InstanceRow[] = [];
  for (let from = 0; from < ordinals.length; ) {
    throwIfCancelled(job);
    let to = from;
    for (let bytes = 0; to < ordinals.length && (to === from || bytes < readTogether); to++)
      bytes += bytesOf(dataset, ordinals[to] as number);
    const some = ordinals.slice(from, to);
    const lists = facts.entities && (await entityRows(facts.entities, some));
    const read = await Promise.all(
      Array.from(some, async (ordinal, i) => rowOf(dataset, ordinal, facts, lists?.[i], await reader.read(ordinal))),
    );
    rows.push(...read);
    from = to;
  }
  return rows;
}

function bytesOf({ start, end }: Dataset, ordinal: number): number {
  return (end[ordinal] as number) - (start[ordinal] as number);
}

function rowOf(
  dataset: Dataset,
  ordinal: number,
  { problems, entities, verdicts }: RowFacts,
  ids: EntityRow | undefined,
  record: ReadRecord,
): InstanceRow {
  const usable = isUsable(dataset, ordinal);
  if (usable) assertRecord(dataset, record);
  const verdict = verdicts && verdictOf(verdicts, ordinal);
  return {
    ...recordRow(
      {
        ordinal,
        usable,
        turns: dataset.turns[ordinal] as number,
        bytes: record.bytes.length,
        problems: problemsOf(problems[ordinal] as number),
      },
      record.view,
    ),
    ...(entities && ids ? { entities: rarestOf(entities, ids) } : {}),
    ...(verdict ? { verdict } : {}),
    ...(verdicts?.forced?.[ordinal] ? { forced: true } : {}),
  };
}

export function recordRow(
  facts: {
    readonly ordinal: number;
    readonly usable: boolean;
    readonly turns: number;
    readonly bytes: number;
    readonly problems: readonly ProblemCode[];
  },
  { id, turns, media }: InstanceView,
): RecordRow {
  return {
    ...facts,
    id: shownId(facts.usable ? id : null),
    begin: facts.usable ? conversationBegin(turns) : '',
    images: facts.usable ? media.filter(({ kind }) => kind === 'image').length : 0,
  };
}

export function shownId(id: string | null): string | null {
  return id === null ? null : cutText(id, idUnits);
}

export function isUsable(dataset: Dataset, ordinal: number): boolean {
  return ((dataset.flags[ordinal] ?? 0) & recordFlags.usable) !== 0;
}

/** @throws EngineError `dataset.changed` when an instance's bytes hold no record any more */
export function assertRecord(dataset: Dataset, { value }: ReadRecord): void {
  if (value !== undefined) return;
  throw new EngineError('dataset.changed', `${dataset.path} changed since it was indexed. Run the same command again.`, {
    path: dataset.path,
  });
}

/** The rarest entities of an instance over all perspectives, the rarest first; of equals those of the earlier perspective, by name. */
function rarestOf({ indexes, tauOf }: DatasetEntities, row: EntityRow): NonNullable<InstanceRow['entities']> {
  const best: Rarity[] = [];
  for (const [at, { frequency }] of indexes.entries()) {
    for (const id of row[at] ?? []) {
      const candidate = { at, id, frequency: frequency[id] as number };
      const last = best[rowEntities - 1];
      if (last && compareRarity(candidate, last) >= 0) continue;
      best.push(candidate);
      best.sort(compareRarity);
      if (best.length > rowEntities) best.pop();
    }
  }
  return best.flatMap(({ at, id, frequency }) => {
    const index = indexes[at];
    if (!index) return [];
    return { perspective: index.perspective, entity: index.nameOf(id), frequency, tail: frequency <= (tauOf(index) ?? 0) };
  });
}

/** Ids of an index are ranks, and those of equal frequency are in order of their names. */
interface Rarity {
  readonly at: number;
  readonly id: number;
  readonly frequency: number;
}

function compareRarity(a: Rarity, b: Rarity): number {
  return a.frequency - b.frequency || a.at - b.at || a.id - b.id;
}
