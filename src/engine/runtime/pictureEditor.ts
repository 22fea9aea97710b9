import type { Sharp } from 'sharp';
import type { PictureChange, PictureEditor, PictureFile, PictureHead } from './contracts.ts';
import { decodeFailure, formatOf, loadSharp, maxPixels, type SharpModule } from './imageDecoder.ts';

/** Strict reading: what is damaged is no source and no candidate. */
const reading = { failOn: 'warning', limitInputPixels: maxPixels } as const;
/** Above what training uses, so that saving costs the picture nothing that could be seen. */
const jpegQuality = 92;
/** Border pixels that the background colour is taken from: all of a picture squeezed to this side. */
const borderSide = 32;

type Colour = { readonly r: number; readonly g: number; readonly b: number };

/** Pictures through sharp, which is loaded by the first call. */
export function createPictureEditor(): PictureEditor {
  let loading: Promise<SharpModule> | undefined;
  const load = (): Promise<SharpModule> => {
    loading ??= loadSharp();
    return loading;
  };
  return {
    async head(bytes) {
      return readHead(await load(), bytes);
    },
    async grey(bytes, side) {
      const sharp = await load();
      return orUndefined(async () => {
        const grey = await sharp(bytes, reading)
          .flatten({ background: '#ffffff' })
          .greyscale()
          .resize(side, side, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
          .toColourspace('b-w')
          .raw({ depth: 'uchar' })
          .toBuffer();
        return grey.byteLength === side * side ? grey : undefined;
      });
    },
    async square(bytes, side) {
      const sharp = await load();
      return orUndefined(async () => {
        const rgb = await opaque(sharp, bytes)
          .resize(side, side, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
          .raw({ depth: 'uchar' })
          .toBuffer();
        return rgb.byteLength === 3 * side * side ? rgb : undefined;
      });
    },
    async change(bytes, change) {
      const sharp = await load();
      return orUndefined(() => changed(sharp, bytes, change));
    },
    async encode(rgb, width, height) {
      const sharp = await load();
      const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
      return { bytes: png, format: 'png', width, height };
    },
    async rgb(bytes, side) {
      const sharp = await load();
      return orUndefined(async () => {
        const { data, info } = await opaque(sharp, bytes)
          .resize(side, side, { fit: 'inside', withoutEnlargement: true })
          .raw({ depth: 'uchar' })
          .toBuffer({ resolveWithObject: true });
        return info.channels === 3 ? { rgb: data, width: info.width, height: info.height } : undefined;
      });
    },
  };
}

/** Damage and odd colour spaces are data, not failures. */
async function orUndefined<T>(run: () => Promise<T | undefined>): Promise<T | undefined> {
  return run().catch(() => undefined);
}

function opaque(sharp: SharpModule, bytes: Uint8Array): Sharp {
  return sharp(bytes, reading).flatten({ background: '#ffffff' }).toColourspace('srgb');
}

async function readHead(sharp: SharpModule, bytes: Uint8Array): Promise<PictureHead> {
  const format = formatOf(bytes);
  if (typeof format !== 'string') return format;
  try {
    // No limit here: the caller wants to say how large it is.
    const { width, height, pages = 1 } = await sharp(bytes, { failOn: 'warning', limitInputPixels: false }).metadata();
    return { ok: true, format, width, height, pages };
  } catch (error) {
    return decodeFailure(error);
  }
}

async function changed(sharp: SharpModule, bytes: Uint8Array, change: PictureChange): Promise<PictureFile | undefined> {
  const format = formatOf(bytes);
  if (format !== 'jpeg' && format !== 'png' && format !== 'webp' && format !== 'gif' && format !== 'tiff' && format !== 'avif')
    return undefined;
  const { width, height } = await sharp(bytes, reading).metadata();
  const background = await borderColour(sharp, bytes);
  const upright = change.flip ? opaque(sharp, bytes).flop() : opaque(sharp, bytes);
  // Each geometric step is a picture of its own: sharp orders the steps of one pipeline itself.
  const turned = change.angle === 0 ? upright : (await step(sharp, upright)).rotate(change.angle, { background });
  const content = await step(sharp, turned);
  const { width: innerWidth, height: innerHeight } = await content.metadata();
  const canvasWidth = Math.ceil(innerWidth / change.scale);
  const canvasHeight = Math.ceil(innerHeight / change.scale);
  const left = place(canvasWidth, innerWidth, change.x);
  const top = place(canvasHeight, innerHeight, change.y);
  const right = canvasWidth - innerWidth - left;
  const bottom = canvasHeight - innerHeight - top;
  const side = Math.max(width, height);
  let canvas = (await step(sharp, content.extend({ left, top, right, bottom, background }))).resize(side, side, { fit: 'inside' });
  if (change.brightness !== 1 || change.saturation !== 1)
    canvas = canvas.modulate({ brightness: change.brightness, saturation: change.saturation });
  if (change.contrast !== 1) canvas = canvas.linear(change.contrast, 128 * (1 - change.contrast));
  const own = format === 'jpeg' ? 'jpeg' : format === 'webp' ? 'webp' : 'png';
  const { data, info } = await encoded(canvas.removeAlpha(), own).toBuffer({ resolveWithObject: true });
  return { bytes: data, format: own, width: info.width, height: info.height };
}

/** What a pipeline makes, as the source of the next one. */
async function step(sharp: SharpModule, picture: Sharp): Promise<Sharp> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

function encoded(picture: Sharp, format: PictureFile['format']): Sharp {
  if (format === 'jpeg') return picture.jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' });
  return format === 'webp' ? picture.webp({ quality: jpegQuality }) : picture.png();
}

/** Pixels before the content on a side, so that it stays inside. */
function place(side: number, inner: number, offset: number): number {
  return Math.min(side - inner, Math.max(0, Math.round((side - inner) / 2 + offset * side)));
}

/** Median colour of the border: white paper stays white, a photograph gets a quiet frame. */
async function borderColour(sharp: SharpModule, bytes: Uint8Array): Promise<Colour> {
  const rgb = await opaque(sharp, bytes)
    .resize(borderSide, borderSide, { fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false })
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer();
  const median = (channel: number): number => {
    const values: number[] = [];
    const last = borderSide - 1;
    for (let i = 0; i < borderSide; i++)
      for (const at of [i, last * borderSide + i, i * borderSide, i * borderSide + last]) values.push(rgb[3 * at + channel] as number);
    values.sort((a, b) => a - b);
    return values[values.length >> 1] as number;
  };
  return { r: median(0), g: median(1), b: median(2) };
}
