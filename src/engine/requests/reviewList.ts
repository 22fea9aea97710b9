import type { Perspective } from '../../protocol/perspectives.ts';
import type {
  CandidateStatus,
  ReviewCandidates,
  ReviewCandidatesRequest,
  ReviewFacets,
  ReviewFilter,
  ReviewIndex,
  ReviewIndexRequest,
  ReviewListRequest,
  ReviewPage,
  StagedCandidate,
  SynthesisTarget,
  UndoableDecision,
} from '../../protocol/synthesis.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { StagingState } from '../synthesis/staging/stagingState.ts';
import { openStaging } from './openStaging.ts';
import { assertPage } from './page.ts';

const defaultLimit = 100;
const listedEntities = 200;
const mostCandidates = 1000;
const letters: Readonly<Record<CandidateStatus, string>> = { pending: 'p', accepted: 'a', rejected: 'r' };

/** A page of candidates with facets. @throws EngineError `staging.notFound`, `staging.invalid` */
export async function reviewList(request: ReviewListRequest): Promise<ReviewPage> {
  const folder = await openStaging(request.staging);
  const state = await folder.state();
  const { offset = 0, limit = defaultLimit } = request;
  assertPage({ offset, limit });
  const { shown, facets } = look(state, request);
  return {
    staging: folder.path,
    counts: state.counts,
    total: shown.length,
    offset,
    candidates: shown.slice(offset, offset + limit),
    facets,
    undoable: undoableOf(state),
  };
}

/** Ids and statuses of everything that a filter shows, with facets. @throws EngineError `staging.notFound`, `staging.invalid` */
export async function reviewIndex(request: ReviewIndexRequest): Promise<ReviewIndex> {
  const folder = await openStaging(request.staging);
  const state = await folder.state();
  const { shown, facets } = look(state, request);
  return {
    staging: folder.path,
    dataset: folder.source.dataset,
    counts: state.counts,
    ids: shown.map(({ id }) => id),
    statuses: shown.map(({ status }) => letters[status]).join(''),
    facets,
    undoable: undoableOf(state),
    acceptable: state.acceptable.length,
    reasons: state.reasons,
  };
}

/** What is known of some candidates, in the order of their ids. @throws EngineError `staging.notFound`, `staging.invalid`, `usage` */
export async function reviewCandidates({ staging, ids }: ReviewCandidatesRequest): Promise<ReviewCandidates> {
  if (ids.length > mostCandidates)
    throw new EngineError('usage', `ids takes at most ${mostCandidates} candidates; got ${ids.length}.`, { option: 'ids' });
  const state = await (await openStaging(staging)).state();
  return { candidates: ids.flatMap((id) => state.candidate(id) ?? []) };
}

function undoableOf({ lastDecision }: StagingState): UndoableDecision | null {
  return lastDecision ? { status: lastDecision.status, candidates: lastDecision.ids.length } : null;
}

/** The candidates of a filter, and how many each value of it would show with the other parts as they are: one walk over all. */
function look(
  state: StagingState,
  { status, method, gate, perspective, entity, contains }: ReviewFilter,
): { readonly shown: readonly StagedCandidate[]; readonly facets: ReviewFacets } {
  const shown: StagedCandidate[] = [];
  const statuses: Record<CandidateStatus, number> = { pending: 0, accepted: 0, rejected: 0 };
  const [methods, gates, perspectives] = [new Map<string, number>(), new Map<string, number>(), new Map<Perspective, number>()];
  const entities = new Map<string, { perspective: Perspective; entity: string; candidates: number }>();
  const text = contains?.toLowerCase();
  const named = (name: string): boolean =>
    (entity === undefined || name === entity) && (text === undefined || name.toLowerCase().includes(text));
  const isFree = perspective === undefined && entity === undefined && text === undefined;
  const isOf = (target: SynthesisTarget): boolean => perspective === undefined || target.perspective === perspective;
  for (const candidate of state.candidates) {
    const stopped = candidate.gates.find(({ verdict }) => verdict === 'failed')?.gate;
    const { targets } = candidate;
    const missesStatus = status !== undefined && candidate.status !== status;
    const missesMethod = method !== undefined && candidate.method !== method;
    const missesGate = gate !== undefined && stopped !== gate;
    const missesTarget = !isFree && !targets.some((target) => isOf(target) && named(target.entity));
    const misses = Number(missesStatus) + Number(missesMethod) + Number(missesGate) + Number(missesTarget);
    // A value of one part counts what only this part hides.
    if (misses > 1) continue;
    if (misses === 0) shown.push(candidate);
    if (misses === 0 || missesStatus) statuses[candidate.status]++;
    if (misses === 0 || missesMethod) count(methods, candidate.method);
    if (stopped && (misses === 0 || missesGate)) count(gates, stopped);
    if (misses > 0 && !missesTarget) continue;
    for (const each of new Set(targets.filter((target) => named(target.entity)).map((target) => target.perspective)))
      count(perspectives, each);
    for (const target of targets) {
      if (!isOf(target)) continue;
      const key = `${target.perspective} ${target.entity}`;
      const known = entities.get(key);
      if (known) known.candidates++;
      else entities.set(key, { perspective: target.perspective, entity: target.entity, candidates: 1 });
    }
  }
  const facets: ReviewFacets = {
    status: statuses,
    method: Object.fromEntries(methods),
    gate: Object.fromEntries(gates),
    perspective: Object.fromEntries(perspectives),
    entity: [...entities.values()].sort((a, b) => b.candidates - a.candidates).slice(0, listedEntities),
  };
  return { shown, facets };
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
