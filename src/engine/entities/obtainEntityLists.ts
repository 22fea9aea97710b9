import type { Perspective } from '../../protocol/perspectives.ts';
import type { AnalyzeReport } from '../../protocol/reports.ts';
import { type EntityLists, type ListedPerspective, listedPerspectives } from './entityLists.ts';
import { type ExtractRequest, extractEntities } from './extract.ts';
import { importEntities } from './importEntities.ts';

export interface EntityListsRequest extends ExtractRequest {
  readonly perspectives: readonly Perspective[];
  /** The user's import file; perspectives that it does not name are extracted. */
  readonly importPath?: string | undefined;
}

export interface ObtainedLists {
  readonly lists: ReadonlyMap<ListedPerspective, EntityLists>;
  readonly from: AnalyzeReport['entitiesFrom'];
}

/** Lists for the wanted perspectives (object also for cooccurrence): imported where the user brings them, else extracted. */
export async function obtainEntityLists(request: EntityListsRequest): Promise<ObtainedLists> {
  const { dataset, job, importPath } = request;
  const wanted = listedPerspectives.filter(
    (p) => request.perspectives.includes(p) || (p === 'object' && request.perspectives.includes('cooccurrence')),
  );
  const imported = importPath === undefined ? undefined : await importEntities({ path: importPath, dataset, job });
  const missing = wanted.filter((perspective) => !imported?.perspectives.includes(perspective));
  const extracted = missing.length > 0 ? await extractEntities(request) : undefined;
  const lists = new Map<ListedPerspective, EntityLists>();
  for (const perspective of wanted) {
    const source = missing.includes(perspective) ? extracted : imported;
    if (source) lists.set(perspective, source);
  }
  const used = new Set([...lists.values()].map((list) => list.source));
  return { lists, from: used.size > 1 ? 'imported and extracted' : used.has('imported') ? 'imported' : 'extracted' };
}
