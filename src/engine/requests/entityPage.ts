import type { EntityPage, EntityPageRequest, RankedEntity } from '../../protocol/entities.ts';
import { defaultMass } from '../../protocol/perspectives.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { entityFrequency, tauOfMass } from '../entities/distribution.ts';
import { nameMatcher } from '../entities/nameMatcher.ts';
import type { PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import { type JobContext, throwIfCancelled, yieldToLoop } from '../jobs/jobContext.ts';
import { obtainEntityStage } from './entityStage.ts';
import type { HotData } from './hotData.ts';
import { ensureRunDir, withThreads } from './openSource.ts';
import { assertPage } from './page.ts';
import { StageLog } from './stageLog.ts';

/** Names looked at between two chances to cancel: a few milliseconds. */
const namesPerTurn = 1 << 14;

/** Some entities of one perspective by rank, all or those whose name holds a text. */
export async function entityPage(request: EntityPageRequest, deps: EngineDeps, hot: HotData, caller: JobContext): Promise<EntityPage> {
  assertPage(request);
  const job = withThreads(caller, request.threads);
  const dataset = await hot.dataset(request, job);
  await ensureRunDir(dataset.runDir);
  const { perspective, offset, limit } = request;
  // All perspectives at once, as analyze and rebalance do: the extraction is theirs and is used again.
  const stage = await obtainEntityStage(dataset, {}, deps, job, new StageLog());
  const index = await hot.perspective(stage.artifact(perspective));
  const wanted = (request.filter ?? '').toLowerCase();
  const found = wanted === '' ? slice(index, offset, limit) : await search(index, wanted, offset, limit, job);
  return {
    perspective,
    instances: dataset.instances,
    entities: index.entities,
    matches: found.matches,
    tau: tauOfMass(index.frequency, defaultMass[perspective])?.tau ?? null,
    offset,
    rows: found.rows,
  };
}

interface Found {
  readonly matches: number;
  readonly rows: readonly RankedEntity[];
}

function slice(index: PerspectiveIndex, offset: number, limit: number): Found {
  const size = Math.max(0, Math.min(limit, index.entities - offset));
  return { matches: index.entities, rows: Array.from({ length: size }, (_, i) => ranked(index, offset + i)) };
}

async function search(index: PerspectiveIndex, wanted: string, offset: number, limit: number, job: JobContext): Promise<Found> {
  const isWanted = nameMatcher(index, wanted);
  const rows: RankedEntity[] = [];
  let matches = 0;
  for (let rank = 0; rank < index.entities; rank++) {
    if (rank % namesPerTurn === 0) {
      await yieldToLoop();
      throwIfCancelled(job);
    }
    if (!isWanted(rank)) continue;
    if (matches >= offset && rows.length < limit) rows.push(ranked(index, rank));
    matches++;
  }
  return { matches, rows };
}

function ranked(index: PerspectiveIndex, rank: number): RankedEntity {
  return { rank, ...entityFrequency(index, rank) };
}
