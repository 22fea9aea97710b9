import type { ReviewImage, ReviewImageRequest, ReviewSource, ReviewSourceRequest } from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { partOf } from '../dataset/dataset.ts';
import { listImages } from '../dataset/imageList.ts';
import { createImageResolver, openImage } from '../dataset/imageResolver.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { usableOrdinals } from '../dataset/usableOrdinals.ts';
import { parsePairName } from '../entities/pairName.ts';
import { ImageBytes } from '../features/builtin/imageBytes.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { MadeCandidate } from '../synthesis/staging/events.ts';
import type { StagingFolder } from '../synthesis/staging/stagingFolder.ts';
import type { Browser } from './browse/browser.ts';
import { type EntityNames, shownTurns, withSpansOf } from './browse/detailTurns.ts';
import { openStaging } from './openStaging.ts';

/** Pixels of a picture that is decoded to be looked at. */
const mostPixels = 50_000_000;

/** A candidate's picture, or its source's, as a JPEG to look at. */
export async function reviewImage(request: ReviewImageRequest, browser: Browser, job: JobContext): Promise<ReviewImage> {
  if (!Number.isInteger(request.side) || request.side < 16 || request.side > 2048)
    throw new EngineError('usage', `side takes a whole number from 16 to 2048; got ${request.side}.`, { option: 'side' });
  const folder = await openStaging(request.staging);
  const made = await madeIn(folder, request.id);
  const bytes =
    request.which === 'candidate' && made.image
      ? await stagedBytes(folder, made.image.file)
      : await sourceBytes(folder, made.parent.ordinal, made.parent.image, browser, job);
  if (bytes === undefined) return { ok: false, reason: made.parent.image === null ? 'none' : 'missing' };
  const { pictures, images } = browser.deps.runtime;
  const head = await pictures.head(bytes);
  const tooLarge = head.ok && head.width * head.height > mostPixels;
  const small = tooLarge ? undefined : await images.thumbnail(bytes, request.side);
  if (!small) return { ok: false, reason: 'undecodable' };
  return { ok: true, jpeg: Buffer.from(small.jpeg).toString('base64'), width: small.width, height: small.height };
}

async function madeIn(folder: StagingFolder, id: string): Promise<MadeCandidate> {
  const made = (await folder.state()).made(id);
  if (made) return made;
  throw new EngineError('review.refused', `There is no candidate ${id} in this staging folder.`, { id });
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
  browser: Browser,
  job: JobContext,
): Promise<Uint8Array | undefined> {
  if (image === null) return undefined;
  const { parquet } = browser.deps.runtime;
  const dataset = await openParentDataset(folder, browser, job);
  const part = partOf(dataset, ordinal);
  if (part.kind !== 'parquet') return new ImageBytes(parquet).read({ part, image });
  const images = await listImages(dataset);
  const listed = images.images[images.imageOf[images.offsets[usableOrdinals(dataset).indexOf(ordinal)] ?? 0] ?? 0];
  return listed && new ImageBytes(parquet).read(listed);
}

/** What parent and candidate say, with the places of the target entities, to be looked at side by side. */
export async function reviewSource(request: ReviewSourceRequest, browser: Browser, job: JobContext): Promise<ReviewSource> {
  const folder = await openStaging(request.staging);
  const made = await madeIn(folder, request.id);
  const dataset = await openParentDataset(folder, browser, job);
  const { view } = await readRecord(dataset, made.parent.ordinal);
  const names = targetNames(made.targets);
  const source = await withSpansOf(shownTurns(view.turns), names, browser.mentions, job);
  return {
    ordinal: made.parent.ordinal,
    id: view.id,
    turns: source,
    candidate: made.turns ? await withSpansOf(shownTurns(made.turns), names, browser.mentions, job) : source,
  };
}

/** A pair is marked by its two objects. */
function targetNames(targets: MadeCandidate['targets']): EntityNames {
  const names = new Map<MadeCandidate['targets'][number]['perspective'], Set<string>>();
  const add = (perspective: MadeCandidate['targets'][number]['perspective'], name: string): void => {
    names.set(perspective, (names.get(perspective) ?? new Set()).add(name));
  };
  for (const { perspective, entity } of targets)
    if (perspective === 'cooccurrence') for (const name of parsePairName(entity) ?? []) add('object', name);
    else add(perspective, entity);
  return names;
}

/** @throws EngineError `staging.otherDataset` when the dataset changed since the candidates were made */
async function openParentDataset(folder: StagingFolder, browser: Browser, job: JobContext): Promise<Dataset> {
  const { dataset: path, images, runDir } = folder.source;
  const dataset = await browser.hot.dataset({ dataset: path, runDir, ...(images ? { images } : {}) }, job);
  folder.assertOf(dataset.summary.sha256, path);
  return dataset;
}
