import { stat } from 'node:fs/promises';
import type { InstanceImage, InstanceImageRequest } from '../../protocol/browse.ts';
import { createImageResolver } from '../dataset/imageResolver.ts';
import { readRecord } from '../dataset/readRecord.ts';
import { EngineError } from '../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { isUsable } from './browse/instanceRows.ts';
import { type InstanceMedia, mediaOf, readMedium } from './browse/mediaBytes.ts';
import { withThreads } from './openSource.ts';

const smallestSide = 16;
const largestSide = 2048;

/**
 * A picture of an instance, made small. What is wrong with it is an answer, not an error.
 * @throws EngineError `instance.notFound`; `usage` for a side that is none
 */
export async function instanceImage(request: InstanceImageRequest, browser: Browser, caller: JobContext): Promise<InstanceImage> {
  const { instance, index = 0, side } = request;
  if (!Number.isInteger(side) || side < smallestSide || side > largestSide)
    throw new EngineError('usage', `A picture's side is ${smallestSide} to ${largestSide} pixels; got ${side}.`, { option: 'side' });
  const { media, key } = await mediaFor(request, browser, withThreads(caller, request.threads));
  throwIfCancelled(caller);
  const ownKey = JSON.stringify([key, await fileStamp(media, index), instance, index, side]);
  const known = browser.thumbnails.get(ownKey);
  if (known) return known;
  const read = await readMedium(media, index);
  if (!read.ok) return read;
  throwIfCancelled(caller);
  const { images } = browser.deps.runtime;
  const made = await images.thumbnail(read.bytes, side);
  if (!made) {
    const checked = await images.check(read.bytes);
    return { ok: false, reason: checked.ok ? 'undecodable' : checked.failure };
  }
  const { jpeg, width, height } = made;
  const thumbnail = { ok: true, jpeg: Buffer.from(jpeg).toString('base64'), width, height } as const;
  browser.thumbnails.set(ownKey, thumbnail);
  return thumbnail;
}

/** The instance's media; before the dataset is open, those of the first rows that were shown already. */
async function mediaFor(
  request: InstanceImageRequest,
  browser: Browser,
  job: JobContext,
): Promise<{ readonly media: InstanceMedia; readonly key: string }> {
  const opened = await browser.hot.opened(request);
  const shown = opened ? undefined : await browser.firstMedia.get(request);
  if (shown) return { media: shown, key: request.dataset };
  const dataset = opened ?? (await browser.hot.dataset(request, job));
  const { view } = await readRecord(dataset, request.instance);
  const media = isUsable(dataset, request.instance) ? view.media : [];
  return { media: await mediaOf(dataset, request.instance, media, browser.deps), key: String(browser.numberOf(dataset)) };
}

/** Changes with the file of a picture; empty for embedded ones. */
async function fileStamp({ media, imageRoots, blobs }: InstanceMedia, index: number): Promise<string> {
  const { path, data } = media[index] ?? {};
  if (path === undefined || data !== undefined || blobs.length > 0) return '';
  const found = await createImageResolver({ roots: imageRoots }).resolve(path);
  if (found.kind !== 'ok') return found.kind;
  const stats = await stat(found.path, { bigint: true }).catch(() => undefined);
  return [found.path, stats?.size, stats?.mtimeNs, stats?.ino].join(' ');
}
