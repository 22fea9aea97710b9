import type { Device } from '../../../protocol/requests.ts';
import { type ControlKind, type SchedulerName, schedulerNames } from '../../../protocol/synthesis.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { orCancelled } from '../../jobs/orCancelled.ts';
import type { ComputeProcess, ImageDecoder, InferenceProviders, RgbPicture } from '../../runtime/contracts.ts';
import { type DiffusionTask, diffuseTask, type EmbeddingTask, embedTask } from './diffusionTasks.ts';
import type { DiffusionModel, ImageMethod } from './model/diffusionModel.ts';
import { demandLicence } from './model/licence.ts';
import type { ReadingOptions } from './model/modelFiles.ts';
import { readDiffusionModel } from './model/readModel.ts';
import { type DiffusionFacts, type DiffusionProgress, type DiffusionRequest, startsFromPicture } from './pipeline/runDiffusion.ts';
import { describe, descriptorSide, type Ranking, rank } from './ranking.ts';

export interface SynthesizerOptions {
  readonly compute: ComputeProcess;
  readonly images: ImageDecoder;
  readonly device: Device;
  readonly threads: number;
  /** The user was shown the licence and accepts it; needed where it forbids training other models. */
  readonly licenceAccepted?: boolean;
  readonly reading?: ReadingOptions;
}

/** A picture to make. What is left out is what suits the model (`DiffusionModel.defaults`). */
export interface ImageRequest {
  readonly method: ImageMethod;
  readonly prompt: string;
  /** What must not be seen; default nothing. Without effect where the model takes no negative prompt. */
  readonly negativePrompt?: string;
  /** Encoded file; needed by `variation` and `controlnet`. */
  readonly sourceImage?: Uint8Array;
  /** How far a variation may leave its source, above 0 to 1; default 0.6. Without effect where a picture's embedding conditions the model. */
  readonly strength?: number;
  /** How closely a ControlNet is followed, default 1. */
  readonly controlScale?: number;
  /** What a ControlNet follows: the source's edges, which is the default, or the source as it is, where that already shows edges, depths or poses. */
  readonly controlBy?: ControlKind;
  readonly scheduler?: SchedulerName;
  readonly steps?: number;
  /** Above 1: how much more the prompt counts than no prompt. */
  readonly guidance?: number;
  /** Whole number from 0 to 2^53 - 1, of which the low 32 bits count. */
  readonly seed: number;
  /** Multiples of the model's `sizeStep`; default its `side`. */
  readonly width?: number;
  readonly height?: number;
  readonly signal: AbortSignal;
  /** After each step. */
  onProgress?(progress: DiffusionProgress): void;
  log?(message: string): void;
}

export interface SynthesizedImage extends RgbPicture {
  readonly facts: ImageFacts;
}

/** What a picture's provenance has to tell, beside the model's `sha256` and the prompt. The same on one provider; not across providers. */
export interface ImageFacts extends DiffusionFacts {
  readonly scheduler: SchedulerName;
  readonly steps: number;
  readonly guidance: number;
  /** Null where no picture was varied. */
  readonly strength: number | null;
  /** Null where no ControlNet was followed. */
  readonly controlScale: number | null;
  readonly seed: number;
}

/** Makes pictures with one model folder. */
export interface ImageSynthesizer {
  readonly model: DiffusionModel;
  /**
   * Makes one picture in the compute process; an abort kills that process.
   * @throws EngineError `usage` for a request that the model cannot answer; `model.licence`; `model.invalid` for parts that are broken or do not
   * belong together; `device.unavailable`; `compute.crashed`; `run.cancelled`
   */
  synthesize(request: ImageRequest): Promise<SynthesizedImage>;
  /** Compares candidates with their source: by the model's image encoder, or by the builtin descriptor where it has none. @throws EngineError as above */
  rank(source: Uint8Array, candidates: readonly RgbPicture[], signal: AbortSignal): Promise<Ranking>;
}

const defaultStrength = 0.6;
/** Latents of larger pictures would not fit into memory long before this. */
const mostSide = 4096;

/**
 * Opens a model folder: reads its small files and hashes it; graphs are loaded by the first picture.
 * @throws EngineError `model.invalid` saying what is missing; `run.cancelled`
 */
export async function openImageSynthesizer(folder: string, options: SynthesizerOptions, signal: AbortSignal): Promise<ImageSynthesizer> {
  const model = await readDiffusionModel(folder, signal, options.reading);
  const { compute, images, threads } = options;
  let providers: Promise<InferenceProviders> | undefined;
  // Trying a device takes a second or more, and cannot be interrupted.
  const usable = async (abort: AbortSignal): Promise<readonly string[]> => {
    providers ??= compute.providersFor(options.device);
    return (await orCancelled(providers, abort)).usable;
  };
  return {
    model,
    async synthesize(request) {
      demandLicence(model, options.licenceAccepted === true);
      const decided = decide(model, request);
      const source =
        request.sourceImage && request.method !== 'text-to-image'
          ? await sourcePixels(images, model, decided, request.sourceImage)
          : undefined;
      const task: DiffusionTask = { model, providers: await usable(request.signal), threads, request: { ...decided, source } };
      const { signal: abort, log, onProgress } = request;
      const made = await compute.run<RgbPicture & { readonly facts: DiffusionFacts }>(diffuseTask, task, {
        signal: abort,
        ...(onProgress ? { progress: (report) => onProgress(report as DiffusionProgress) } : {}),
        ...(log ? { log } : {}),
      });
      const { scheduler, steps, guidance, seed } = decided;
      const strength = startsFromPicture(model, decided) ? decided.strength : null;
      const controlScale = decided.method === 'controlnet' ? decided.controlScale : null;
      const refused = [
        ...((await providers)?.refused ?? []).map(({ provider, detail }) => ({ provider, reason: detail })),
        ...made.facts.refused,
      ];
      return { ...made, facts: { ...made.facts, refused, scheduler, steps, guidance, strength, controlScale, seed } };
    },
    async rank(source, candidates, abort) {
      const side = model.parts.image_encoder === undefined ? descriptorSide : model.vision.side;
      const all: Uint8Array[] = [];
      for (const picture of [source, ...candidates]) all.push(await covered(images, picture, side, side));
      if (model.parts.image_encoder === undefined) return rankAll('builtin', all.map(describe));
      const task: EmbeddingTask = { model, providers: await usable(abort), threads, pictures: all };
      return rankAll('clip', await compute.run<readonly Float32Array[]>(embedTask, task, { signal: abort }));
    },
  };
}

function rankAll(by: Ranking['by'], [source, ...candidates]: readonly ArrayLike<number>[]): Ranking {
  return rank(by, source ?? [], candidates);
}

/** Fills in what the request leaves out. @throws EngineError `usage` */
function decide(model: DiffusionModel, request: ImageRequest): Omit<DiffusionRequest, 'source'> {
  const refuse = (what: string, data: Record<string, string | number>): never => {
    throw new EngineError('usage', what, data);
  };
  const { method, seed, width = model.side, height = model.side, guidance = model.defaults.guidance, controlScale = 1 } = request;
  if (!model.methods.includes(method)) throw cannotDo(model, method);
  if (method !== 'text-to-image' && !request.sourceImage) refuse(`The method ${method} needs a source picture.`, { method });
  for (const side of [width, height])
    if (!Number.isInteger(side) || side < model.sizeStep || side > mostSide || side % model.sizeStep !== 0)
      refuse(`${width} x ${height} pixels are not possible: both are multiples of ${model.sizeStep}, up to ${mostSide}.`, {
        width,
        height,
      });
  if (!Number.isSafeInteger(seed) || seed < 0) refuse(`${seed} is no seed: seeds are whole numbers from 0 on.`, { seed });
  if (!Number.isFinite(guidance) || guidance < 0) refuse(`A guidance of ${guidance} is not possible: it is 0 or more.`, { guidance });
  if (!Number.isFinite(controlScale) || controlScale < 0)
    refuse(`A control scale of ${controlScale} is not possible: it is 0 or more.`, { controlScale });
  const scheduler = request.scheduler ?? model.defaults.scheduler;
  if (!schedulerNames.includes(scheduler))
    refuse(`There is no scheduler ${scheduler}: choose ${schedulerNames.join(', ')}.`, { scheduler });
  return {
    method,
    prompt: request.prompt,
    negativePrompt: request.negativePrompt ?? '',
    strength: request.strength ?? defaultStrength,
    controlScale,
    controlBy: request.controlBy ?? 'edges',
    scheduler,
    steps: request.steps ?? model.defaults.steps,
    guidance,
    seed,
    width,
    height,
  };
}

/** Why a method is refused, and what the model can do. */
export function cannotDo({ name, methods }: DiffusionModel, method: ImageMethod): EngineError {
  return new EngineError('usage', `${name} cannot do ${method}: ${whyNot[method]} It can do ${methods.join(', ')}.`, { method });
}

/** What a model lacks that cannot do a method. */
const whyNot: Readonly<Record<ImageMethod, string>> = {
  'text-to-image': 'it has no text_encoder.',
  variation: 'its export has no vae_encoder, which image to image needs.',
  controlnet: 'it has no controlnet.',
};

async function sourcePixels(
  images: ImageDecoder,
  model: DiffusionModel,
  { method, width, height }: Omit<DiffusionRequest, 'source'>,
  file: Uint8Array,
) {
  const isEmbedded = method === 'variation' && model.conditionedBy === 'image';
  return isEmbedded ? covered(images, file, model.vision.side, model.vision.side) : covered(images, file, width, height);
}

/** @throws EngineError `usage` */
async function covered(images: ImageDecoder, picture: Uint8Array | RgbPicture, width: number, height: number): Promise<Uint8Array> {
  const pixels = await images.cover(picture, width, height);
  if (!pixels.ok) throw new EngineError('usage', `The source picture cannot be used: ${pixels.detail}.`, { failure: pixels.failure });
  return pixels.rgb;
}
