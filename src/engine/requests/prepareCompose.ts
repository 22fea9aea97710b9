import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import type { ComposeRequest, StagedCandidate } from '../../protocol/synthesis.ts';
import { type Dataset, partOf } from '../dataset/dataset.ts';
import { obtainInstanceKeys } from '../dataset/instanceKeys.ts';
import { cannotAdd } from '../dataset/losslessWriter.ts';
import { realTarget } from '../dataset/outputGuard.ts';
import { parseRecord } from '../dataset/parseRecord.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import { viewRecord } from '../dataset/views/viewTable.ts';
import type { EngineDeps } from '../engineDeps.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import { type Selection, selectionHash, unpackKept } from '../selection/selection.ts';
import { chooseSynthetic } from '../synthesis/composing/chooseSynthetic.ts';
import { syntheticRecord, UnwritableRecord } from '../synthesis/records/syntheticRecord.ts';
import { StagingFolder } from '../synthesis/staging/stagingFolder.ts';
import type { SyntheticProvenance } from './composeManifest.ts';
import { openManifest } from './manifestFile.ts';
import { openSelectManifest } from './selectManifest.ts';

const defaultSeed = 42;

/** A synthetic instance as it goes into the output. */
export interface ComposedInstance {
  readonly record: Buffer;
  readonly provenance: SyntheticProvenance;
  /** The staged file that becomes `provenance.image`; undefined for the parent's own image. */
  readonly from: string | undefined;
}

export interface PreparedCompose {
  readonly selection: Selection;
  readonly selectedBy: { readonly path: string; readonly sha256: string } | undefined;
  readonly accepted: { readonly person: number; readonly gates: number };
  readonly instances: readonly ComposedInstance[];
  readonly imageRoots: readonly string[];
  readonly seed: number;
}

/**
 * Decides and writes out, in memory, what a composition adds to the kept instances.
 * @throws EngineError `compose.infeasible`, `compose.unsupported`, `staging.otherDataset`
 */
export async function prepareCompose(
  dataset: Dataset,
  request: ComposeRequest,
  deps: EngineDeps,
  job: JobContext,
): Promise<PreparedCompose> {
  assertFormat(dataset);
  const { selection, selectedBy } = await selectionOfRequest(dataset, request);
  const candidates = await acceptedCandidates(dataset, request, deps, job);
  const seed = request.seed ?? defaultSeed;
  const volume = request.volume === 'keep' ? dataset.instances : request.volume;
  const chosen = chooseSynthetic([...candidates.keys()], selection.kept.length, volume, seed);
  if (chosen.length > 0 && selection.kept.length === 0)
    throw new EngineError('compose.unsupported', 'The selection keeps nothing; synthetic instances follow kept ones.', {});
  const place = await imagePlace(dataset, request.output);
  const instances: ComposedInstance[] = [];
  for (const id of chosen) {
    throwIfCancelled(job);
    const found = candidates.get(id);
    if (found) instances.push(await composeOne(dataset, found.candidate, found.folder, place));
    job.report({ stage: 'select', done: instances.length, total: chosen.length, unit: 'instances' });
  }
  let person = 0;
  for (const { candidate } of candidates.values()) if (candidate.decidedBy === 'person') person++;
  return { selection, selectedBy, accepted: { person, gates: candidates.size - person }, instances, imageRoots: place.roots, seed };
}

function assertFormat(dataset: Dataset): void {
  const reason = cannotAdd(dataset);
  if (!reason) return;
  const why = {
    parquet: 'Rows cannot be added to Parquet files yet. Convert it to JSON lines first',
    mixture: 'A mixture names several files, so it is not said where synthetic instances belong. Compose one of its files',
    keyed: 'Its records are members of an object, and synthetic ones have no keys. Turn it into an array first',
  }[reason];
  throw new EngineError('compose.unsupported', `${dataset.path}: ${why}.`, { path: dataset.path, reason });
}

/** Kept ordinals of the request's manifest; all of them without one. */
async function selectionOfRequest(dataset: Dataset, request: ComposeRequest): Promise<Pick<PreparedCompose, 'selection' | 'selectedBy'>> {
  if (request.selection === undefined) {
    const kept = usableOrdinals(dataset);
    return { selection: { kept, hash: selectionHash(kept) }, selectedBy: undefined };
  }
  const manifest = (await openSelectManifest(request.selection)) ?? (await openManifest(request.selection));
  if (manifest.source.sha256 !== dataset.summary.sha256)
    throw new EngineError('dataset.changed', `${manifest.path} is a selection of another dataset, or ${dataset.path} has changed since.`, {
      path: dataset.path,
    });
  const kept = unpackKept(manifest.kept.deflatedBits, manifest.kept.records);
  if (!kept || selectionHash(kept) !== manifest.selectionHash)
    throw new EngineError('manifest.invalid', `${manifest.path}: its kept instances do not have the hash that it states.`, {
      path: manifest.path,
    });
  const sha256 = createHash('sha256')
    .update(await readFile(manifest.path))
    .digest('hex');
  return { selection: { kept, hash: manifest.selectionHash }, selectedBy: { path: manifest.path, sha256 } };
}

/** Accepted candidates of all staging folders, the same one once. Each must still have the parent that it names. */
async function acceptedCandidates(
  dataset: Dataset,
  request: ComposeRequest,
  deps: EngineDeps,
  job: JobContext,
): Promise<Map<string, { readonly candidate: StagedCandidate; readonly folder: StagingFolder }>> {
  const accepted = new Map<string, { readonly candidate: StagedCandidate; readonly folder: StagingFolder }>();
  const { keys } = await obtainInstanceKeys(dataset, { workerScript: deps.scripts.dataset }, job);
  for (const path of request.synthetic) {
    const folder = await StagingFolder.open(path);
    folder.assertOf(dataset.summary.sha256, dataset.path);
    for (const candidate of (await folder.state()).candidates) {
      if (candidate.status !== 'accepted' || accepted.has(candidate.id)) continue;
      const { ordinal, key } = candidate.parent;
      if (Buffer.from(keys.subarray(ordinal * 16, ordinal * 16 + 16)).toString('hex') !== key)
        throw new EngineError('staging.invalid', `${candidate.id} in ${folder.path} names a parent that ${dataset.path} does not hold.`, {
          path: folder.path,
          id: candidate.id,
        });
      accepted.set(candidate.id, { candidate, folder });
    }
  }
  return accepted;
}

interface ImagePlace {
  /** Folder of the new images, absolute. */
  readonly folder: string;
  /** What stands before an image's name in a record. */
  readonly prefix: string;
  /** Roots that the output's image paths start from. */
  readonly roots: readonly string[];
}

/**
 * Folder of the new images beside the output. Where the output lies inside of an image root, records name them from there and one root
 * serves all; else the output's own folder is a second root.
 */
export async function imagePlace(dataset: Dataset, output: string): Promise<ImagePlace> {
  const folder = join(dirname(resolve(output)), `${parse(output).name}.synthetic`);
  const target = await realTarget(folder);
  const roots = [...new Set(dataset.parts.flatMap(({ imageRoots }) => imageRoots))];
  for (const root of roots) {
    const path = relative(await realTarget(root), target);
    if (path !== '' && !path.startsWith('..') && !path.includes(':')) return { folder, prefix: `${path.split(sep).join('/')}/`, roots };
  }
  return { folder, prefix: `${parse(folder).base}/`, roots: [...roots, dirname(folder)] };
}

async function composeOne(
  dataset: Dataset,
  candidate: StagedCandidate,
  folder: StagingFolder,
  place: ImagePlace,
): Promise<ComposedInstance> {
  const { parent, image } = candidate;
  const { bytes } = await readRecord(dataset, parent.ordinal);
  const spec = partOf(dataset, parent.ordinal).view;
  const name = image ? (image.file.split('/').pop() ?? '') : '';
  try {
    const record = syntheticRecord(bytes, spec, {
      candidate: candidate.id,
      ...(candidate.turns ? { turns: candidate.turns } : {}),
      ...(image && parent.image !== null ? { image: { from: parent.image, to: `${place.prefix}${name}` } } : {}),
    });
    const parsed = parseRecord(record, 0, record.length);
    return {
      record,
      from: image ? folder.fileOf(image.file) : undefined,
      provenance: {
        candidate: candidate.id,
        id: parsed.ok ? viewRecord(parsed.value, spec, record).id : null,
        sha256: createHash('sha256').update(record).digest('hex'),
        parent: { ordinal: parent.ordinal, id: parent.id, key: parent.key, duplicate: parent.duplicate },
        method: candidate.method,
        provider: candidate.provider,
        model: candidate.model,
        seed: candidate.seed,
        parameters: { ...candidate.parameters },
        targets: candidate.targets.map(({ perspective, entity, frequency, deficit }) => ({ perspective, entity, frequency, deficit })),
        gates: candidate.gates.map(({ gate, verdict, score }) => ({ gate, verdict, score })),
        acceptedBy: candidate.decidedBy ?? 'person',
        reason: candidate.reason,
        image: image ? { path: join(place.folder, name), sha256: image.sha256, bytes: image.bytes } : null,
      },
    };
  } catch (error) {
    if (!(error instanceof UnwritableRecord)) throw error;
    throw new EngineError(
      'compose.unsupported',
      `${candidate.id} cannot be written as a record like instance ${parent.ordinal}: ${error.message}. Reject it.`,
      {
        id: candidate.id,
        ordinal: parent.ordinal,
      },
    );
  }
}
