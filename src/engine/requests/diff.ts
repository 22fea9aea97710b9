import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { DiffPerspective, DiffReport } from '../../protocol/reports.ts';
import type { DiffRequest } from '../../protocol/requests.ts';
import { entityFrequency } from '../entities/distribution.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { ChangedEntities, ComparedDataset, ComparedPerspective } from './comparison.ts';
import type { ComparisonMemory } from './comparisonMemory.ts';

const defaultTop = 20;
/** Sources listed; a dataset with an image folder per instance has one for each. */
const sourceLimit = 100;

/** What B has lost and gained against A. */
export async function diff(request: DiffRequest, memory: ComparisonMemory, job: JobContext): Promise<DiffReport> {
  const { a, b, match, changed, sources, perspectives: compared } = await memory.obtain(request, job);
  const top = request.top ?? defaultTop;
  const byImage = changed.byImage.reduce((sum, one) => sum + one, 0);
  const reports: Partial<Record<Perspective, DiffPerspective>> = {};
  for (const perspective of perspectives) reports[perspective] = perspectiveReport(compared[perspective], top);
  return {
    a: summaryOf(a),
    b: summaryOf(b),
    common: match.commonA.length,
    added: match.added.length,
    removed: match.removed.length,
    addedOrdinals: Array.from(match.added.subarray(0, top)),
    removedOrdinals: Array.from(match.removed.subarray(0, top)),
    changed: { id: changed.a.length - byImage, image: byImage },
    changedOrdinals: Array.from(changed.a.subarray(0, top), (ordinal, i) => [ordinal, changed.b[i] as number] as const),
    sources: sources.slice(0, sourceLimit),
    moreSources: Math.max(0, sources.length - sourceLimit),
    lengths: { a: a.lengths, b: b.lengths },
    perspectives: reports,
  };
}

function summaryOf({ dataset }: ComparedDataset): DiffReport['a'] {
  return { ...dataset.summary, instances: dataset.instances };
}

function perspectiveReport({ tau, before, after, lost, gained }: ComparedPerspective, top: number): DiffPerspective {
  return {
    tau,
    before,
    after,
    entitiesLost: lost.ids.length,
    entitiesGained: gained.ids.length,
    lost: entityRows(lost, 0, top),
    gained: entityRows(gained, 0, top),
  };
}

/** Rows `[from, to)` of a list, as far as it goes. */
export function entityRows({ index, ids, frequency }: ChangedEntities, from: number, to: number): DiffPerspective['lost'] {
  return Array.from(ids.subarray(from, to), (id, i) => ({ ...entityFrequency(index, id), frequency: frequency[from + i] as number }));
}
