import type { CandidateStatus, ReviewDecideRequest, ReviewDecision, ReviewUndoRequest } from '../../protocol/synthesis.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { hardGates } from '../synthesis/gates/table.ts';
import type { StagingFolder } from '../synthesis/staging/stagingFolder.ts';
import type { StagingState } from '../synthesis/staging/stagingState.ts';
import { openStaging } from './openStaging.ts';

/** A reason is a sentence, not a document. */
const longestReason = 1000;

/**
 * Accepts, rejects or puts back candidates; every decision is one line of the journal and can be undone.
 * @throws EngineError `review.refused` when one is unknown, or a gate that protects datasets stopped it
 */
export async function reviewDecide(request: ReviewDecideRequest, job: JobContext): Promise<ReviewDecision> {
  const folder = await openStaging(request.staging);
  await using writer = await folder.sharedWriter(job);
  const state = await folder.state();
  const ids = request.ids === 'gated' ? state.acceptable : [...new Set(request.ids)];
  for (const id of ids) assertDecidable(state, id, request.status);
  const before = new Map(ids.map((id) => [id, state.candidate(id)?.status ?? 'pending'] as const));
  const changing = ids.filter((id) => before.get(id) !== request.status || request.reason !== undefined);
  if (changing.length > 0)
    await writer.append([
      {
        event: 'decided',
        number: state.nextDecision,
        ids: changing,
        status: request.status,
        reason: request.reason?.slice(0, longestReason) ?? null,
        by: request.ids === 'gated' ? 'gates' : 'person',
        at: new Date().toISOString(),
      },
    ]);
  return changeReport(folder, await folder.state(), before);
}

function assertDecidable(state: StagingState, id: string, status: CandidateStatus): void {
  const gates = state.gates(id);
  if (!state.made(id)) throw new EngineError('review.refused', `There is no candidate ${id} in this staging folder.`, { id });
  if (status !== 'accepted') return;
  if (!gates)
    throw new EngineError('review.refused', `The gates have not judged ${id} yet. Run ballast synthesize again, which does.`, { id });
  const stop = gates.find(({ gate, verdict }) => verdict === 'failed' && hardGates.has(gate));
  if (stop)
    throw new EngineError('review.refused', `${id} cannot be accepted: the gate ${stop.gate} stopped it (${stop.finding ?? stop.score}).`, {
      id,
      gate: stop.gate,
    });
}

/** Takes the latest decision back. @throws EngineError `review.refused` when there is none */
export async function reviewUndo(request: ReviewUndoRequest, job: JobContext): Promise<ReviewDecision> {
  const folder = await openStaging(request.staging);
  await using writer = await folder.sharedWriter(job);
  const state = await folder.state();
  const last = state.lastDecision;
  if (!last) throw new EngineError('review.refused', 'There is no decision to undo.', {});
  const before = new Map(last.ids.map((id) => [id, state.candidate(id)?.status ?? 'pending'] as const));
  await writer.append([{ event: 'undone', number: last.number, at: new Date().toISOString() }]);
  return changeReport(folder, await folder.state(), before);
}

function changeReport(folder: StagingFolder, state: StagingState, before: ReadonlyMap<string, CandidateStatus>): ReviewDecision {
  const changed = [...before].flatMap(([id, from]) => {
    const to = state.candidate(id)?.status ?? from;
    return from === to ? [] : [{ id, from, to }];
  });
  return { staging: folder.path, changed, counts: state.counts };
}
