import type Sharp from 'sharp';
import type { ImageCheck, ImageDecoder, ImageFailure, ImagePixels } from './contracts.ts';
import { type ImageFormat, sniffFile } from './magicBytes.ts';
import { phash, phashSide } from './phash.ts';
import { RuntimeUnavailable } from './runtimeUnavailable.ts';

/** Where PIL, which training opens the pictures with, raises DecompressionBombError (2 x MAX_IMAGE_PIXELS). */
export const maxPixels = 178_956_970;
/** No picture of a training set comes near it; a file above it is an archive or a video by mistake. */
export const maxImageBytes = 256 * 1024 * 1024;

export type SharpModule = typeof Sharp;

/** Pictures through sharp, which is loaded by the first call and may be missing. */
export function createImageDecoder(): ImageDecoder {
  let loading: Promise<SharpModule> | undefined;
  const load = () => {
    loading ??= loadSharp();
    return loading;
  };
  return {
    async check(bytes) {
      return checkImage(await load(), bytes);
    },
    async pixels(bytes, side) {
      return decodePixels(await load(), bytes, side);
    },
    async thumbnail(bytes, side) {
      const sharp = await load();
      if (bytes.byteLength > maxImageBytes || !sniffFile(bytes).decodable) return undefined;
      try {
        // Only to look at: what is left of a damaged picture is better than nothing.
        const { data, info } = await sharp(bytes, { failOn: 'none', limitInputPixels: maxPixels })
          .autoOrient()
          .resize(side, side, { fit: 'inside', withoutEnlargement: true })
          .flatten({ background: '#ffffff' })
          .toColourspace('srgb')
          .jpeg({ quality: 80 })
          .toBuffer({ resolveWithObject: true });
        return { jpeg: data, width: info.width, height: info.height };
      } catch {
        return undefined;
      }
    },
    async version() {
      try {
        const { versions } = await load();
        return `${versions.sharp} (libvips ${versions.vips})`;
      } catch {
        return undefined;
      }
    },
  };
}

/** @throws RuntimeUnavailable */
export async function loadSharp(): Promise<SharpModule> {
  try {
    const { default: sharp } = await import('sharp');
    // Callers keep several pictures in flight, so one thread each; and no picture is decoded twice, so no cache.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch (error) {
    throw new RuntimeUnavailable('sharp', 'to decode pictures', error);
  }
}

interface Failed {
  readonly ok: false;
  readonly failure: ImageFailure;
  readonly detail: string;
}

function failed(failure: ImageFailure, detail: string): Failed {
  return { ok: false, failure, detail };
}

/** What the first bytes say: a format to decode, or why not. */
export function formatOf(bytes: Uint8Array): ImageFormat | Failed {
  if (bytes.byteLength === 0) return failed('empty', 'the file has no bytes');
  if (bytes.byteLength > maxImageBytes) return failed('tooLarge', `${bytes.byteLength} bytes; at most ${maxImageBytes} are read`);
  const kind = sniffFile(bytes);
  return kind.decodable ? kind.format : failed('unsupported', `this is ${kind.what}`);
}

async function checkImage(sharp: SharpModule, bytes: Uint8Array): Promise<ImageCheck> {
  const format = formatOf(bytes);
  return typeof format === 'string' ? decode(sharp, bytes, format) : format;
}

async function decodePixels(sharp: SharpModule, bytes: Uint8Array, side: number): Promise<ImagePixels> {
  const format = formatOf(bytes);
  if (typeof format !== 'string') return format;
  try {
    const rgb = await sharp(bytes, { failOn: 'warning', limitInputPixels: maxPixels })
      .removeAlpha()
      .resize(side, side, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    if (rgb.byteLength !== side * side * 3) return failed('undecodable', `it decodes to ${rgb.byteLength / (side * side)} channels`);
    return { ok: true, rgb };
  } catch (error) {
    return decodeFailure(error);
  }
}

export function decodeFailure(error: unknown): Failed {
  const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').trim() : String(error);
  return /pixel limit/i.test(reason) ? failed('tooLarge', reason) : failed('undecodable', reason);
}

async function decode(sharp: SharpModule, bytes: Uint8Array, format: ImageFormat): Promise<ImageCheck> {
  const options = { failOn: 'warning', limitInputPixels: maxPixels } as const;
  try {
    const { width, height, orientation = 1, pages = 1 } = await sharp(bytes, options).metadata();
    if (width * height > maxPixels) return failed('tooLarge', `${width} x ${height} pixels; at most ${maxPixels} are decoded`);
    // Every row has to be decoded for this, so damage anywhere shows. No EXIF rotation: training does not rotate either.
    const grey = await sharp(bytes, options)
      .removeAlpha()
      .greyscale()
      .resize(phashSide, phashSide, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return { ok: true, info: { format, width, height, orientation, pages }, phash: phash(grey) };
  } catch (error) {
    return decodeFailure(error);
  }
}
