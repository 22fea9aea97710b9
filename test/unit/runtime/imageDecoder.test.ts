import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ImageFailure } from '../../../src/engine/runtime/contracts.ts';
import { createImageDecoder } from '../../../src/engine/runtime/imageDecoder.ts';
import { hammingDistance } from '../../../src/engine/runtime/phash.ts';
import { picture, pngHeader } from './pictures.ts';

const decoder = createImageDecoder();
let jpeg: Buffer;
let png: Buffer;
beforeAll(async () => {
  jpeg = await picture(320, 240, 1).jpeg({ quality: 90 }).toBuffer();
  png = await picture(320, 240, 1).png().toBuffer();
});

/** The PNG with one byte of its image data changed, so that the checksum of the chunk is wrong. */
function badChecksum(): Buffer {
  const damaged = Buffer.from(png);
  const sum = damaged.indexOf('IEND') - 8;
  damaged.writeUInt8(damaged.readUInt8(sum) ^ 0xff, sum);
  return damaged;
}

const damaged: readonly (readonly [name: string, make: () => Buffer | Promise<Buffer>, failure: ImageFailure, detail: RegExp])[] = [
  ['JPEG cut in the middle', () => jpeg.subarray(0, jpeg.length >> 1), 'undecodable', /./],
  ['JPEG without its last 2 bytes', () => jpeg.subarray(0, -2), 'undecodable', /./],
  ['JPEG cut behind its header', () => jpeg.subarray(0, 200), 'undecodable', /./],
  ['PNG with a wrong checksum', badChecksum, 'undecodable', /./],
  ['PNG cut in the middle', () => png.subarray(0, png.length >> 1), 'undecodable', /./],
  ['GIF cut in the middle', async () => (await picture(64, 64, 1).gif().toBuffer()).subarray(0, 300), 'undecodable', /./],
  ['WebP cut in the middle', async () => (await picture(64, 64, 1).webp().toBuffer()).subarray(0, 200), 'undecodable', /./],
  ['no bytes', () => Buffer.alloc(0), 'empty', /no bytes/],
  ['HTML page', () => Buffer.from('<!DOCTYPE html><html><body>404</body></html>'), 'unsupported', /HTML/],
  ['zeros', () => Buffer.alloc(5000), 'unsupported', /zero bytes/],
  [
    'Git LFS pointer',
    () => Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
    'unsupported',
    /git lfs pull/,
  ],
  ['PNG of 50,000 x 50,000', () => pngHeader(50_000, 50_000), 'tooLarge', /pixel/],
  ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'unsupported', /SVG/],
  [
    'SVG behind a declaration and a comment',
    () => Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- a > b -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    'unsupported',
    /SVG/,
  ],
  ['text', () => Buffer.from('just some words'), 'unsupported', /no known picture format/],
  ['PDF', () => Buffer.from('%PDF-1.7\n'), 'unsupported', /PDF/],
  ['video', () => Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'), 'unsupported', /video/],
  ['BMP', () => Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0', 'latin1'), 'unsupported', /BMP/],
  ['only the magic bytes of a JPEG', () => Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'undecodable', /./],
];

describe('damaged pictures', () => {
  test.each(damaged)('%s', async (_, make, failure, detail) => {
    const result = await decoder.check(await make());
    expect(result).toMatchObject({ ok: false, failure });
    expect(result.ok ? '' : result.detail).toMatch(detail);
  });

  test('the bomb costs no memory', async () => {
    const before = process.memoryUsage().rss;
    await decoder.check(pngHeader(50_000, 50_000));
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });
});

const odd: readonly (readonly [name: string, make: () => Promise<Buffer>, format: string, width: number, height: number])[] = [
  ['CMYK JPEG', () => picture(60, 40, 2).toColourspace('cmyk').jpeg().toBuffer(), 'jpeg', 60, 40],
  ['grey JPEG', () => picture(60, 40, 2).greyscale().jpeg().toBuffer(), 'jpeg', 60, 40],
  ['progressive JPEG', () => picture(60, 40, 2).jpeg({ progressive: true }).toBuffer(), 'jpeg', 60, 40],
  ['16-bit PNG', () => picture(60, 40, 2).toColourspace('rgb16').png().toBuffer(), 'png', 60, 40],
  ['RGBA PNG', () => picture(60, 40, 2).ensureAlpha(0.5).png().toBuffer(), 'png', 60, 40],
  ['palette PNG', () => picture(60, 40, 2).png({ palette: true }).toBuffer(), 'png', 60, 40],
  ['GIF', () => picture(60, 40, 2).gif().toBuffer(), 'gif', 60, 40],
  ['WebP', () => picture(60, 40, 2).webp().toBuffer(), 'webp', 60, 40],
  ['AVIF', () => picture(60, 40, 2).avif().toBuffer(), 'avif', 60, 40],
  ['TIFF', () => picture(60, 40, 2).tiff().toBuffer(), 'tiff', 60, 40],
  ['1 x 1', () => picture(1, 1, 2).png().toBuffer(), 'png', 1, 1],
  ['3000 x 2', () => picture(3000, 2, 2).png().toBuffer(), 'png', 3000, 2],
];

describe('odd pictures', () => {
  test.each(odd)('%s', async (_, make, format, width, height) => {
    const result = await decoder.check(await make());
    expect(result).toMatchObject({ ok: true, info: { format, width, height, orientation: 1, pages: 1 } });
    expect(result.ok && result.phash).toMatch(/^[0-9a-f]{16}$/);
  });

  test('a GIF under any name is a GIF', async () => {
    // The decoder never learns the name: what counts is the magic bytes.
    const result = await decoder.check(await picture(30, 30, 3).gif().toBuffer());
    expect(result).toMatchObject({ ok: true, info: { format: 'gif' } });
  });

  test('EXIF orientation is reported and not applied', async () => {
    const turned = await picture(80, 40, 4).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    const plain = await picture(80, 40, 4).jpeg({ quality: 95 }).toBuffer();
    const [a, b] = [await decoder.check(turned), await decoder.check(plain)];
    expect(a).toMatchObject({ ok: true, info: { orientation: 6, width: 80, height: 40 } });
    expect(a.ok && b.ok && hammingDistance(a.phash, b.phash)).toBe(0);
  });

  test('frames of an animation are counted', async () => {
    const frames = await Promise.all([5, 6, 7].map((seed) => picture(20, 20, seed).png().toBuffer()));
    const animation = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect(await decoder.check(animation)).toMatchObject({ ok: true, info: { pages: 3, width: 20, height: 20 } });
  });

  test('a view into a bigger buffer is read from its own beginning', async () => {
    const padded = Buffer.concat([Buffer.from('GIF89a'), png, Buffer.alloc(9)]);
    expect(await decoder.check(padded.subarray(6, 6 + png.length))).toMatchObject({ ok: true, info: { format: 'png' } });
  });
});

describe('thumbnail', () => {
  test('fits into the square, in JPEG, with EXIF applied', async () => {
    const turned = await picture(400, 200, 8).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const thumbnail = await decoder.thumbnail(turned, 128);
    expect(thumbnail).toMatchObject({ width: 64, height: 128 });
    expect(await sharp(thumbnail?.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 128 });
  });

  test('never enlarges', async () => {
    expect(await decoder.thumbnail(await picture(20, 10, 8).png().toBuffer(), 128)).toMatchObject({ width: 20, height: 10 });
  });

  test('shows what is left of a cut picture', async () => {
    expect(await decoder.thumbnail(jpeg.subarray(0, jpeg.length >> 1), 64)).toBeDefined();
  });

  test('is undefined for what is no picture', async () => {
    expect(await decoder.thumbnail(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 64)).toBeUndefined();
    expect(await decoder.thumbnail(pngHeader(50_000, 50_000), 64)).toBeUndefined();
    expect(await decoder.thumbnail(Buffer.alloc(0), 64)).toBeUndefined();
  });
});

test('version names sharp and libvips', async () => {
  expect(await createImageDecoder().version()).toMatch(/^\d+\.\d+\.\d+ \(libvips \d+\.\d+\.\d+\)$/);
});

describe('cover', () => {
  /** Left half red, right half blue, a green row above and below. */
  const striped = async (): Promise<Buffer> => {
    const rgb = Buffer.alloc(40 * 20 * 3);
    for (let y = 0; y < 20; y++)
      for (let x = 0; x < 40; x++) rgb.set(y < 5 || y >= 15 ? [0, 255, 0] : x < 20 ? [255, 0, 0] : [0, 0, 255], (y * 40 + x) * 3);
    return sharp(rgb, { raw: { width: 40, height: 20, channels: 3 } })
      .png()
      .toBuffer();
  };
  const at = (rgb: Uint8Array, width: number, x: number, y: number) => [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];

  test('scales by the tighter side and cuts the middle out', async () => {
    const wide = await decoder.cover(await striped(), 40, 10);
    if (!wide.ok) throw new Error(wide.detail);
    expect(at(wide.rgb, 40, 0, 5)).toEqual([255, 0, 0]);
    expect(at(wide.rgb, 40, 39, 5)).toEqual([0, 0, 255]);
    expect(wide.rgb.every((_, i) => i % 3 !== 1 || wide.rgb[i] !== 255)).toBe(true);
    const square = await decoder.cover(await striped(), 40, 40);
    if (!square.ok) throw new Error(square.detail);
    expect(square.rgb.length).toBe(40 * 40 * 3);
    expect(at(square.rgb, 40, 20, 2)).toEqual([0, 255, 0]);
    expect(at(square.rgb, 40, 2, 20)).toEqual([255, 0, 0]);
  });

  test('takes pixels as well, and gives those of the same size back', async () => {
    const rgb = Uint8Array.from({ length: 6 * 4 * 3 }, (_, i) => i * 3);
    expect(await decoder.cover({ width: 6, height: 4, rgb }, 6, 4)).toEqual({ ok: true, rgb: Buffer.from(rgb) });
  });

  test('drops transparency, makes colours of greys, and refuses what is no picture', async () => {
    const clear = await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 10, g: 20, b: 30, alpha: 0 } } })
      .png()
      .toBuffer();
    const opaque = await decoder.cover(clear, 8, 8);
    expect(opaque.ok && at(opaque.rgb, 8, 0, 0)).toEqual([10, 20, 30]);
    const grey = await decoder.cover(await picture(20, 20, 1).greyscale().png().toBuffer(), 8, 8);
    expect(grey.ok && grey.rgb.length).toBe(192);
    expect(await decoder.cover(Buffer.from('<html>'), 8, 8)).toMatchObject({ ok: false, failure: 'unsupported' });
    expect(await decoder.cover(jpeg.subarray(0, 200), 8, 8)).toMatchObject({ ok: false, failure: 'undecodable' });
  });
});
