import type { DetailEntity, InstanceDetail, InstanceDetailRequest, MediaDetail } from '../../protocol/browse.ts';
import type { Perspective } from '../../protocol/perspectives.ts';
import { type Dataset, type Media, partOf } from '../dataset/dataset.ts';
import { readRecord } from '../dataset/readRecord.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { shownTurns, withSpans } from './browse/detailTurns.ts';
import { entityRows, type InstanceEntities } from './browse/entityAccess.ts';
import { identityOf } from './browse/instanceIdentity.ts';
import { assertRecord, isUsable, shownId } from './browse/instanceRows.ts';
import { lineOf } from './browse/lineOf.ts';
import { describeMedium, mediaOf } from './browse/mediaBytes.ts';
import { recordProblems } from './browse/recordProblems.ts';
import { instanceCluster } from './clusters/instanceCluster.ts';
import { ensureRunDir, withThreads } from './openSource.ts';

const textBytes = 256 * 1024;
const entityLimit = 1000;
const mediaLimit = 1000;

/** Everything about one instance but its receipt and its pixels. @throws EngineError `instance.notFound` */
export async function instanceDetail(request: InstanceDetailRequest, browser: Browser, caller: JobContext): Promise<InstanceDetail> {
  const { instance: ordinal } = request;
  const job = withThreads(caller, request.threads);
  const dataset = await browser.hot.dataset(request, job);
  await ensureRunDir(dataset.runDir);
  const record = await readRecord(dataset, ordinal);
  const usable = isUsable(dataset, ordinal);
  if (usable) assertRecord(dataset, record);
  const { bytes, view } = record;
  const part = partOf(dataset, ordinal);
  const table = await browser.table(dataset, job);
  const line = await lineOf(dataset, ordinal, table.lines, job);
  const entities = await entitiesAt(dataset, ordinal, browser);
  const cluster = await instanceCluster(dataset, ordinal, request.clustering, browser.clusters, entities);
  const turns = shownTurns(usable ? view.turns : []);
  const media = usable ? view.media.slice(0, mediaLimit) : [];
  const leftOut = { turns: usable ? view.turns.length - turns.length : 0, media: usable ? view.media.length - media.length : 0 };
  return {
    ordinal,
    usable,
    id: shownId(usable ? view.id : null),
    file: part.path,
    range: part.kind === 'parquet' ? null : { byteStart: dataset.start[ordinal] as number, byteEnd: dataset.end[ordinal] as number, line },
    bytes: bytes.length,
    // A decoder in streaming mode leaves out a character that the limit cuts in two.
    text: new TextDecoder().decode(bytes.subarray(0, textBytes), { stream: bytes.length > textBytes }),
    cut: bytes.length > textBytes,
    turns: await withSpans(turns, entities, browser.mentions, job),
    media: await describeMedia(dataset, ordinal, media, browser),
    problems: recordProblems(dataset, ordinal, table.problems[ordinal] as number, line, record),
    ...(leftOut.turns + leftOut.media > 0 ? { leftOut } : {}),
    ...(entities ? { entities: rarestFirst(entities) } : {}),
    ...(cluster ? { cluster } : {}),
    ...(await identityOf(dataset, ordinal, table, browser, job)),
  };
}

async function describeMedia(dataset: Dataset, ordinal: number, media: readonly Media[], browser: Browser): Promise<MediaDetail[]> {
  const own = await mediaOf(dataset, ordinal, media, browser.deps);
  const details: MediaDetail[] = [];
  for (let index = 0; index < media.length; index++) details.push(await describeMedium(own, index));
  return details;
}

/** The instance's entities when they were extracted. */
async function entitiesAt(dataset: Dataset, ordinal: number, browser: Browser): Promise<InstanceEntities | undefined> {
  const entities = await browser.entities.peek(dataset);
  const [row] = entities ? await entityRows(entities, [ordinal]) : [];
  return entities && row && { ...entities, row };
}

/** By perspective; of equals by name. Ids are ranks, and ids of equal frequency are in order of their names. */
function rarestFirst({ indexes, row, tauOf }: InstanceEntities): Partial<Record<Perspective, readonly DetailEntity[]>> {
  const result: Partial<Record<Perspective, readonly DetailEntity[]>> = {};
  for (const [at, index] of indexes.entries()) {
    const { perspective, frequency, nameOf } = index;
    const ids = Array.from(row[at] ?? []);
    ids.sort((a, b) => (frequency[a] as number) - (frequency[b] as number) || a - b);
    result[perspective] = ids.slice(0, entityLimit).map((id) => {
      const own = frequency[id] as number;
      return { entity: nameOf(id), frequency: own, tail: own <= (tauOf(index) ?? 0) };
    });
  }
  return result;
}
