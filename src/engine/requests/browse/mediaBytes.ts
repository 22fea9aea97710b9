import type { InstanceImage, MediaDetail } from '../../../protocol/browse.ts';
import { cutText } from '../../dataset/browse/shortText.ts';
import { type Dataset, type DatasetPart, type Media, partOf } from '../../dataset/dataset.ts';
import { createImageResolver, openImage } from '../../dataset/imageResolver.ts';
import type { EngineDeps } from '../../engineDeps.ts';

/** UTF-16 units of a media path that is shown; a longer one is refused anyway. */
const pathUnits = 4096;

/** Media of one instance, with where their bytes are. */
export interface InstanceMedia {
  readonly media: readonly Media[];
  readonly imageRoots: readonly string[];
  /** Pictures that Parquet keeps beside the row text, in order of the row's images. */
  readonly blobs: readonly Uint8Array[];
}

export type MediaBytes =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: Extract<InstanceImage, { ok: false }>['reason'] };

export async function mediaOf(dataset: Dataset, ordinal: number, media: readonly Media[], deps: EngineDeps): Promise<InstanceMedia> {
  const part = partOf(dataset, ordinal);
  const blobs =
    part.kind === 'parquet' && media.length > 0 ? await deps.runtime.parquet.embeddedImages(part.path, rowOf(part, ordinal)) : [];
  return { media, imageRoots: part.imageRoots, blobs };
}

function rowOf({ firstOrdinal, indexFirst }: DatasetPart, ordinal: number): number {
  return ordinal - firstOrdinal + indexFirst;
}

/** Where a medium is, without a look into it. */
export async function describeMedium(own: InstanceMedia, index: number): Promise<MediaDetail> {
  const { kind, path, embedded } = own.media[index] as Media;
  if (blobOf(own, index))
    return { kind, path: path === undefined || isEmbeddedName(path) ? null : cutText(path, pathUnits), state: 'embedded' };
  if (embedded || path === undefined) return { kind, path: path === undefined ? null : cutText(path, pathUnits), state: 'embedded' };
  const found = await createImageResolver({ roots: own.imageRoots }).resolve(path);
  const shown = cutText(path, pathUnits);
  return found.kind === 'ok' ? { kind, path: shown, state: 'present', file: found.path } : { kind, path: shown, state: found.kind };
}

/** The bytes of a medium as they are stored; anything but a picture is refused. */
export async function readMedium(own: InstanceMedia, index: number): Promise<MediaBytes> {
  const medium = own.media[index];
  if (!medium) return { ok: false, reason: 'none' };
  if (medium.kind !== 'image') return { ok: false, reason: 'unsupported' };
  const blob = blobOf(own, index);
  if (blob) return { ok: true, bytes: blob };
  if (medium.data !== undefined) return dataBytes(medium.data);
  if (medium.path === undefined) return { ok: false, reason: 'unsupported' };
  const found = await createImageResolver({ roots: own.imageRoots }).resolve(medium.path);
  if (found.kind !== 'ok') return { ok: false, reason: found.kind };
  const opened = await openImage(found);
  if (opened.kind === 'ok') return { ok: true, bytes: opened.bytes };
  return { ok: false, reason: opened.kind === 'tooLarge' ? 'tooLarge' : 'refused' };
}

/** The picture that Parquet holds for a medium. */
function blobOf({ media, blobs }: InstanceMedia, index: number): Uint8Array | undefined {
  if (blobs.length === 0 || media[index]?.kind !== 'image') return undefined;
  return blobs[media.slice(0, index).filter(({ kind, path }) => kind === 'image' && path !== undefined).length];
}

/** A name made for bytes without a stored path (see `embeddedName`). */
function isEmbeddedName(path: string): boolean {
  return /^row-\d{6,}-/.test(path);
}

/** Bytes of a data URL, or of plain base64. What is no base64 gives no bytes. */
function dataBytes(data: string): MediaBytes {
  const comma = data.startsWith('data:') ? data.indexOf(',') : -1;
  if (data.startsWith('data:') && comma < 0) return { ok: false, reason: 'undecodable' };
  const content = data.slice(comma + 1);
  if (comma < 0 || /;\s*base64\s*$/i.test(data.slice(0, comma))) return { ok: true, bytes: Buffer.from(content, 'base64') };
  try {
    return { ok: true, bytes: Buffer.from(decodeURIComponent(content), 'latin1') };
  } catch {
    return { ok: false, reason: 'undecodable' };
  }
}
