import type {
  CandidateStatus,
  GateName,
  ReviewDecideRequest,
  ReviewDecision,
  ReviewFilter,
  ReviewImage,
  ReviewImageRequest,
  ReviewListRequest,
  ReviewPage,
  ReviewSource,
  ReviewSourceRequest,
  ReviewUndoRequest,
  StagedCandidate,
} from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { partOf } from '../dataset/dataset.ts';
import { listImages } from '../dataset/imageList.ts';
import { createImageResolver, openImage } from '../dataset/imageResolver.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { ImageBytes } from '../features/builtin/imageBytes.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import { hardGates } from '../synthesis/gates/table.ts';
import { StagingFolder } from '../synthesis/staging/stagingFolder.ts';
import { passedAll, type StagingState } from '../synthesis/staging/stagingState.ts';
import { openSource } from './openSource.ts';
import { assertPage } from './page.ts';

const defaultLimit = 100;
const listedEntities = 200;
/** A reason is a sentence, not a document. */
const longestReason = 1000;

/** Staging folders that were looked at, so that a page costs only what the journal grew by. */
const openFolders = new Map<string, StagingFolder>();
const keptFolders = 4;

async function openStaging(path: string): Promise<StagingFolder> {
  const known = openFolders.get(path);
  // A folder that was deleted and made again begins anew.
  const folder = await StagingFolder.open(path);
  if (known && JSON.stringify(known.source) === JSON.stringify(folder.source)) return known;
  openFolders.set(path, folder);
  for (const oldest of openFolders.keys()) {
    if (openFolders.size <= keptFolders) break;
    openFolders.delete(oldest);
  }
  return folder;
}

/** A page of candidates with facets. @throws EngineError `staging.notFound`, `staging.invalid` */
export async function reviewList(request: ReviewListRequest): Promise<ReviewPage> {
  const folder = await openStaging(request.staging);
  const state = await folder.state();
  const { offset = 0, limit = defaultLimit } = request;
  assertPage({ offset, limit });
  const all = state.candidates;
  const shown = all.filter((candidate) => fits(candidate, request));
  const last = state.lastDecision;
  return {
    staging: folder.path,
    counts: state.counts,
    total: shown.length,
    offset,
    candidates: shown.slice(offset, offset + limit),
    facets: facetsOf(all, request),
    undoable: last ? { status: last.status, candidates: last.ids.length } : null,
  };
}

function fits(candidate: StagedCandidate, { status, method, gate, perspective, entity }: ReviewFilter): boolean {
  if (status !== undefined && candidate.status !== status) return false;
  if (method !== undefined && candidate.method !== method) return false;
  if (gate !== undefined && stoppedBy(candidate) !== gate) return false;
  if (perspective === undefined && entity === undefined) return true;
  return candidate.targets.some(
    (target) => (perspective === undefined || target.perspective === perspective) && (entity === undefined || target.entity === entity),
  );
}

/** The first gate that stopped it. */
function stoppedBy({ gates }: StagedCandidate): GateName | undefined {
  return gates.find(({ verdict }) => verdict === 'failed')?.gate;
}

/** How many candidates each value of a filter would show, the other filters as they are. */
function facetsOf(all: readonly StagedCandidate[], filter: ReviewFilter): ReviewPage['facets'] {
  const without = (...names: (keyof ReviewFilter)[]): readonly StagedCandidate[] => {
    const rest: ReviewFilter = Object.fromEntries(Object.entries(filter).filter(([name]) => !names.includes(name as keyof ReviewFilter)));
    return all.filter((candidate) => fits(candidate, rest));
  };
  const status: Record<CandidateStatus, number> = { pending: 0, accepted: 0, rejected: 0 };
  for (const candidate of without('status')) status[candidate.status]++;
  const method: Record<string, number> = {};
  for (const candidate of without('method')) method[candidate.method] = (method[candidate.method] ?? 0) + 1;
  const gate: Record<string, number> = {};
  for (const candidate of without('gate')) {
    const name = stoppedBy(candidate);
    if (name) gate[name] = (gate[name] ?? 0) + 1;
  }
  const entities = new Map<string, ReviewPage['facets']['entity'][number]>();
  for (const { targets } of without('perspective', 'entity'))
    for (const { perspective, entity } of targets) {
      const key = `${perspective} ${entity}`;
      entities.set(key, { perspective, entity, candidates: (entities.get(key)?.candidates ?? 0) + 1 });
    }
  const entity = [...entities.values()].sort((a, b) => b.candidates - a.candidates).slice(0, listedEntities);
  return { status, method, gate, entity };
}

/**
 * Accepts, rejects or puts back candidates; every decision is one line of the journal and can be undone.
 * @throws EngineError `review.refused` when one is unknown, or a gate that protects datasets stopped it
 */
export async function reviewDecide(request: ReviewDecideRequest, job: JobContext): Promise<ReviewDecision> {
  const folder = await openStaging(request.staging);
  await using writer = await folder.writer(job);
  const state = await folder.state();
  const ids = request.ids === 'gated' ? gatedIds(state) : [...new Set(request.ids)];
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

function gatedIds(state: StagingState): string[] {
  return state.ids.filter((id) => passedAll(state.gates(id)) && state.candidate(id)?.status === 'pending');
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
  await using writer = await folder.writer(job);
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

/** A candidate's picture, or its source's, as a JPEG to look at. */
export async function reviewImage(request: ReviewImageRequest, deps: EngineDeps, job: JobContext): Promise<ReviewImage> {
  if (!Number.isInteger(request.side) || request.side < 16 || request.side > 2048)
    throw new EngineError('usage', `side takes a whole number from 16 to 2048; got ${request.side}.`, { option: 'side' });
  const folder = await openStaging(request.staging);
  const made = (await folder.state()).made(request.id);
  if (!made) throw new EngineError('review.refused', `There is no candidate ${request.id} in this staging folder.`, { id: request.id });
  const bytes =
    request.which === 'candidate' && made.image
      ? await stagedBytes(folder, made.image.file)
      : await sourceBytes(folder, made.parent.ordinal, made.parent.image, deps, job);
  if (bytes === undefined) return { ok: false, reason: made.parent.image === null ? 'none' : 'missing' };
  const head = await deps.runtime.pictures.head(bytes);
  const tooLarge = head.ok && head.width * head.height > 50_000_000;
  const small = tooLarge ? undefined : await deps.runtime.images.thumbnail(bytes, request.side);
  if (!small) return { ok: false, reason: 'undecodable' };
  return { ok: true, jpeg: Buffer.from(small.jpeg).toString('base64'), width: small.width, height: small.height };
}

/** A file of the staging folder, read through the resolver: a link that somebody put there leads nowhere. */
async function stagedBytes(folder: StagingFolder, file: string): Promise<Uint8Array | undefined> {
  const resolution = await createImageResolver({ roots: [folder.path] }).resolve(file);
  const opened = resolution.kind === 'ok' ? await openImage(resolution) : undefined;
  return opened?.kind === 'ok' ? opened.bytes : undefined;
}

async function sourceBytes(
  folder: StagingFolder,
  ordinal: number,
  image: string | null,
  deps: EngineDeps,
  job: JobContext,
): Promise<Uint8Array | undefined> {
  if (image === null) return undefined;
  const dataset = await openParentDataset(folder, deps, job);
  const part = partOf(dataset, ordinal);
  if (part.kind !== 'parquet') return new ImageBytes(deps.runtime.parquet).read({ part, image });
  const images = await listImages(dataset);
  const listed = images.images[images.imageOf[images.offsets[usableOrdinals(dataset).indexOf(ordinal)] ?? 0] ?? 0];
  return listed && new ImageBytes(deps.runtime.parquet).read(listed);
}

/** What parent and candidate say, to be looked at side by side. */
export async function reviewSource(request: ReviewSourceRequest, deps: EngineDeps, job: JobContext): Promise<ReviewSource> {
  const folder = await openStaging(request.staging);
  const made = (await folder.state()).made(request.id);
  if (!made) throw new EngineError('review.refused', `There is no candidate ${request.id} in this staging folder.`, { id: request.id });
  const dataset = await openParentDataset(folder, deps, job);
  const { view } = await readRecord(dataset, made.parent.ordinal);
  return { ordinal: made.parent.ordinal, id: view.id, turns: view.turns, candidate: made.turns ?? view.turns };
}

/** @throws EngineError `staging.otherDataset` when the dataset changed since the candidates were made */
async function openParentDataset(folder: StagingFolder, deps: EngineDeps, job: JobContext): Promise<Dataset> {
  const { dataset: path, images, runDir } = folder.source;
  const dataset = await openSource({ dataset: path, runDir, ...(images ? { images } : {}) }, deps, job);
  folder.assertOf(dataset.summary.sha256, path);
  return dataset;
}
