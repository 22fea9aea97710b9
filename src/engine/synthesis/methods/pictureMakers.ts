import type { SynthesisMethodName, SynthesisUsage } from '../../../protocol/synthesis.ts';
import { EngineError } from '../../jobs/engineError.ts';
import type { PictureEditor, RgbPicture } from '../../runtime/contracts.ts';
import type { ImageFacts, ImageSynthesizer } from '../diffusion/imageSynthesizer.ts';
import type { ImagesEndpoint } from '../endpoint/imagesEndpoint.ts';
import { noUsage } from '../endpoint/languageModel.ts';
import { ItemFailed, type MethodTools, type SynthesisItem } from './method.ts';

export type PictureMethod = Extract<SynthesisMethodName, 'variation' | 'text-to-image' | 'controlnet'>;

/** Pixels on a side that every images endpoint makes. */
const endpointSide = 512;
const negativePrompt = 'text, watermark, blurry, deformed, low quality';

export interface PictureCall {
  readonly method: PictureMethod;
  readonly item: SynthesisItem;
  readonly prompt: string;
  /** Of this picture, 0 to 2^32 - 1. */
  readonly seed: number;
  /** Encoded file of the parent's picture. */
  readonly parentImage: Uint8Array | undefined;
  readonly tools: MethodTools;
}

export interface MadePicture {
  /** Encoded. */
  readonly bytes: Uint8Array;
  /** Undefined where somebody else made the file. */
  readonly pixels: RgbPicture | undefined;
  readonly usage: SynthesisUsage;
  /** What its provenance tells beside the call's parameters. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** Makes one picture, by whichever model there is. @throws ItemFailed; EngineError: no picture can be made */
export async function makePicture(call: PictureCall): Promise<MadePicture> {
  const { images, synthesizer } = call.tools;
  const source = call.method === 'text-to-image' ? undefined : call.parentImage;
  if (call.method !== 'text-to-image' && !source) throw new ItemFailed('image.missing', 'the image cannot be read');
  if (images) return makeByEndpoint(images, source, call);
  if (synthesizer) return makeLocally(synthesizer, source, call);
  throw new ItemFailed('noModel', 'no image model is configured');
}

async function makeByEndpoint(images: ImagesEndpoint, source: Uint8Array | undefined, call: PictureCall): Promise<MadePicture> {
  const { parameters, pictures, signal } = call.tools;
  const side = parameters.size || endpointSide;
  const png = source && (await asPng(source, side, pictures));
  const { bytes, usage } = await images.make({ prompt: call.prompt, size: side, signal, ...(png ? { source: png } : {}) });
  return { bytes, pixels: undefined, usage, facts: {} };
}

async function makeLocally(synthesizer: ImageSynthesizer, sourceImage: Uint8Array | undefined, call: PictureCall): Promise<MadePicture> {
  const { method, prompt, seed, item, tools } = call;
  const { size, steps, guidance, strength, scheduler, controlScale, controlBy } = tools.parameters;
  const made = await synthesizer
    .synthesize({
      method,
      prompt,
      negativePrompt,
      seed,
      signal: tools.signal,
      ...(sourceImage ? { sourceImage } : {}),
      ...(method === 'variation' ? { strength } : {}),
      ...(method === 'controlnet' ? { controlScale, controlBy } : {}),
      ...(steps > 0 ? { steps } : {}),
      ...(guidance > 0 ? { guidance } : {}),
      ...(scheduler === 'model' ? {} : { scheduler }),
      ...(size > 0 ? { width: size, height: size } : {}),
      onProgress: (progress) => tools.preview(item, progress),
    })
    .catch((error: unknown) => {
      // One picture that cannot be decoded says nothing about the next.
      if (error instanceof EngineError && error.code === 'usage' && 'failure' in error.data)
        throw new ItemFailed('image.undecodable', error.message);
      throw error;
    });
  const { bytes } = await tools.pictures.encode(made.rgb, made.width, made.height);
  return { bytes, pixels: made, usage: noUsage, facts: { ...told(made.facts), ...licenceOf(synthesizer) } };
}

/** The facts that a manifest keeps: those that are the same whenever it is made again, and where it was made. */
function told({ provider, scheduler, steps, stepsRun, guidance, strength, controlScale, seed, promptCut, repeatable }: ImageFacts) {
  return {
    executionProvider: provider,
    scheduler,
    steps,
    stepsRun,
    guidance,
    ...(strength === null ? {} : { strength }),
    ...(controlScale === null ? {} : { controlScale }),
    pictureSeed: seed,
    ...(promptCut ? { promptCut } : {}),
    ...(repeatable ? {} : { repeatable }),
  };
}

function licenceOf({ model }: ImageSynthesizer): { readonly licence?: string } {
  return model.licence.id === null ? {} : { licence: model.licence.id };
}

/** Endpoints take PNG, and none takes a picture larger than what it makes. */
async function asPng(source: Uint8Array, side: number, pictures: PictureEditor): Promise<Uint8Array> {
  const pixels = await pictures.rgb(source, side);
  if (!pixels) throw new ItemFailed('image.undecodable', 'the image cannot be decoded');
  return (await pictures.encode(pixels.rgb, pixels.width, pixels.height)).bytes;
}
