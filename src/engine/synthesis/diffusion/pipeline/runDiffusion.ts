import type { ControlKind, SchedulerName } from '../../../../protocol/synthesis.ts';
import { EngineError } from '../../../jobs/engineError.ts';
import type { RgbPicture } from '../../../runtime/contracts.ts';
import { edgesOf } from '../edges.ts';
import type { DiffusionModel, ImageMethod } from '../model/diffusionModel.ts';
import { modelInvalid } from '../model/modelInvalid.ts';
import { explained } from '../model/modelJson.ts';
import { guidanceEmbedding } from '../schedule/lcm.ts';
import { advance, combine, type DenoisingPlan } from '../schedule/plan.ts';
import { readSchedule } from '../schedule/schedule.ts';
import { planDenoising } from '../schedule/schedulers.ts';
import { readTokenizer } from '../tokenizer/readTokenizer.ts';
import { TorchNoise } from '../torchNoise.ts';
import { decodePicture, type EncodedPicture, encodePicture } from './autoencoder.ts';
import { type Condition, embedPicture, embedPrompt, pictureConditions } from './conditioning.ts';
import { type ControlPicture, takesResiduals } from './control.ts';
import { Denoiser } from './denoiser.ts';
import type { Parts, RefusedProvider } from './parts.ts';
import { previewOf } from './preview.ts';
import { planesOf } from './tensors.ts';

/** One picture to make, everything decided. Structured-cloneable. */
export interface DiffusionRequest {
  readonly method: ImageMethod;
  readonly prompt: string;
  readonly negativePrompt: string;
  /** RGB pixels of the source: `width` x `height`, or what the image encoder takes where that conditions the model. */
  readonly source: Uint8Array | undefined;
  readonly strength: number;
  readonly controlScale: number;
  readonly controlBy: ControlKind;
  readonly scheduler: SchedulerName;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly width: number;
  readonly height: number;
}

/** How a picture came about. */
export interface DiffusionFacts {
  /** Execution provider of the denoiser. */
  readonly provider: string;
  readonly refused: readonly RefusedProvider[];
  /** Runs of the denoiser's steps: fewer than asked for when a picture is varied. */
  readonly stepsRun: number;
  /** Whether the prompt was too long and its end did not count. */
  readonly promptCut: boolean;
  /** False when the encoder's graph draws without a seed: the same request may give another picture. */
  readonly repeatable: boolean;
  readonly seconds: number;
}

export interface DiffusionProgress {
  readonly step: number;
  readonly steps: number;
  /** A small picture of what is coming. */
  readonly preview?: RgbPicture;
}

/**
 * Makes one picture. Noise is drawn in this order: the encoder's, that of the whole picture, that of each step.
 * @throws EngineError `usage`, `model.invalid`
 */
export async function runDiffusion(
  model: DiffusionModel,
  parts: Parts,
  request: DiffusionRequest,
  report: (progress: DiffusionProgress) => void,
): Promise<RgbPicture & { readonly facts: DiffusionFacts }> {
  const started = performance.now();
  const { width, height } = request;
  const isVaried = startsFromPicture(model, request);
  const schedule = explained(model.folder, () => readSchedule(model.scheduler));
  const plan = planDenoising({ ...request, strength: isVaried ? request.strength : undefined }, schedule);
  const { denoiser, promptCut } = await createDenoiser(model, parts, request);
  const noise = new TorchNoise(request.seed);
  const encoded = isVaried
    ? await encodePicture(await parts.get('vae_encoder'), model.latent, sourceOf(request), { width, height }, noise)
    : undefined;
  const latents = await denoise({ model, request, plan, denoiser, noise, encoded, report });
  const rgb = await decodePicture(await parts.get('vae_decoder'), model.latent, latents, { width, height });
  return {
    width,
    height,
    rgb,
    facts: {
      provider: (await parts.get('unet')).provider,
      refused: [...parts.refused],
      stepsRun: plan.steps.length,
      promptCut,
      repeatable: encoded?.drewItself !== true,
      seconds: (performance.now() - started) / 1000,
    },
  };
}

/** Whether noise is added to the source, rather than the model being told of it. */
export function startsFromPicture(model: DiffusionModel, { method }: Pick<DiffusionRequest, 'method'>): boolean {
  return method === 'variation' && model.conditionedBy === 'text';
}

interface Denoising {
  readonly model: DiffusionModel;
  readonly request: DiffusionRequest;
  readonly plan: DenoisingPlan;
  readonly denoiser: Denoiser;
  readonly noise: TorchNoise;
  readonly encoded: EncodedPicture | undefined;
  readonly report: (progress: DiffusionProgress) => void;
}

async function denoise({ model, request, plan, denoiser, noise, encoded, report }: Denoising): Promise<Float32Array> {
  const { channels, factor } = model.latent;
  const [width, height] = [request.width / factor, request.height / factor];
  const count = channels * width * height;
  const drawn = noise.draw(count);
  const start = plan.steps[0]?.start ?? { signal: 1, noise: 0 };
  let sample = encoded ? combine(encoded.values, start.signal, drawn, start.noise) : drawn.map((value) => value * plan.initialScale);
  for (const [i, step] of plan.steps.entries()) {
    const output = await denoiser.predict(
      sample.map((value) => value * step.input),
      step.timestep,
    );
    if (output.some((value) => !Number.isFinite(value)))
      throw modelInvalid(model.parts.unet, 'gives what is no number: its precision is too low for this picture. Use the float32 export.');
    const preview = previewOf(combine(sample, step.clean.sample, output, step.clean.output), model.latent, width, height);
    sample = advance(step, sample, output, step.draws ? noise.draw(count) : undefined);
    report({ step: i + 1, steps: plan.steps.length, ...(preview ? { preview } : {}) });
  }
  return sample;
}

async function createDenoiser(
  model: DiffusionModel,
  parts: Parts,
  request: DiffusionRequest,
): Promise<{ readonly denoiser: Denoiser; readonly promptCut: boolean }> {
  const unet = await parts.get('unet');
  const { width, height, guidance } = request;
  const takesGuidance = unet.input('timestep_cond') !== undefined;
  const isGuided = guidance > 1 && !takesGuidance;
  const { condition, unconditioned, promptCut } = await conditionsOf(model, parts, request);
  const denoiser = new Denoiser({
    unet,
    controlNet: takesResiduals(unet) ? await parts.find('controlnet') : undefined,
    latent: model.latent,
    width: width / model.latent.factor,
    height: height / model.latent.factor,
    condition,
    unconditioned: isGuided ? await unconditioned() : undefined,
    guidance,
    guidanceEmbedding: takesGuidance ? guidanceEmbedding(guidance, model.guidanceDimensions) : undefined,
    control: request.method === 'controlnet' ? controlOf(request) : undefined,
  });
  return { denoiser, promptCut };
}

interface Conditions {
  readonly condition: Condition;
  unconditioned(): Promise<Condition>;
  readonly promptCut: boolean;
}

async function conditionsOf(model: DiffusionModel, parts: Parts, request: DiffusionRequest): Promise<Conditions> {
  if (model.tokenizer) {
    const [encoder, tokenizer] = [await parts.get('text_encoder'), await readTokenizer(model.tokenizer)];
    const { condition, cut } = await embedPrompt(encoder, tokenizer, request.prompt);
    return {
      condition,
      unconditioned: async () => (await embedPrompt(encoder, tokenizer, request.negativePrompt)).condition,
      promptCut: cut,
    };
  }
  const embedding = await embedPicture(await parts.get('image_encoder'), model.vision, sourceOf(request));
  const { condition, none } = pictureConditions(embedding);
  return { condition, unconditioned: () => Promise.resolve(none), promptCut: false };
}

function controlOf(request: DiffusionRequest): ControlPicture {
  const { width, height, controlBy, controlScale } = request;
  const source = sourceOf(request);
  const followed = controlBy === 'edges' ? edgesOf({ width, height, rgb: source }) : source;
  return { pixels: planesOf(followed, 1 / 255, 0), scale: controlScale };
}

function sourceOf({ source, method }: DiffusionRequest): Uint8Array {
  if (!source) throw new EngineError('usage', `The method ${method} needs a source picture.`, { method });
  return source;
}
