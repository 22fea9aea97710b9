import type { DiffEntities, DiffEntitiesRequest } from '../../protocol/diff.ts';
import type { EntityFrequency } from '../../protocol/reports.ts';
import { nameMatcher } from '../entities/nameMatcher.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import type { ChangedEntities } from './comparison.ts';
import type { ComparisonMemory } from './comparisonMemory.ts';
import { entityRows } from './diff.ts';
import { assertPage } from './page.ts';

/** Names looked at between two chances to cancel: a few milliseconds. */
const namesPerTurn = 1 << 14;

/** Some of the entities that one dataset has and the other has not, all or those whose name holds a text. */
export async function diffEntities(request: DiffEntitiesRequest, memory: ComparisonMemory, job: JobContext): Promise<DiffEntities> {
  assertPage(request);
  const { perspective, side, offset, limit } = request;
  const list = (await memory.obtain(request, job)).perspectives[perspective][side];
  const total = list.ids.length;
  const wanted = (request.filter ?? '').toLowerCase();
  if (wanted === '') return { perspective, side, total, matches: total, offset, rows: entityRows(list, offset, offset + limit) };
  return { perspective, side, total, offset, ...(await search(list, wanted, offset, limit, job)) };
}

async function search(
  list: ChangedEntities,
  wanted: string,
  offset: number,
  limit: number,
  job: JobContext,
): Promise<Pick<DiffEntities, 'matches' | 'rows'>> {
  const isWanted = nameMatcher(list.index, wanted);
  const rows: EntityFrequency[] = [];
  let matches = 0;
  for (let i = 0; i < list.ids.length; i++) {
    if (i % namesPerTurn === 0) {
      await yieldToLoop();
      throwIfCancelled(job);
    }
    if (!isWanted(list.ids[i] as number)) continue;
    if (matches >= offset && rows.length < limit) rows.push(...entityRows(list, i, i + 1));
    matches++;
  }
  return { matches, rows };
}
