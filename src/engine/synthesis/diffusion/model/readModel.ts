import { basename, join } from 'node:path';
import * as v from 'valibot';
import type { SchedulerName } from '../../../../protocol/synthesis.ts';
import { readSchedule } from '../schedule/schedule.ts';
import { preferredScheduler } from '../schedule/schedulers.ts';
import type { DiffusionModel, ImageMethod, LatentSpace, TokenizerFiles, VisionInput } from './diffusionModel.ts';
import { readLicence } from './licence.ts';
import { findForeignPart, findParts, hashModel, type PartFiles, type ReadingOptions } from './modelFiles.ts';
import { modelInvalid } from './modelInvalid.ts';
import { checked, explained, readModelJson } from './modelJson.ts';

/** Tokens of a prompt; the text encoders of all known models were trained with so many. */
const promptTokens = 77;

const whole = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const indexFile = v.object({ _class_name: v.optional(v.string(), ''), _name_or_path: v.optional(v.string(), '') });
const unetFile = v.object({
  in_channels: v.optional(whole(64), 4),
  sample_size: v.optional(v.union([whole(4096), v.pipe(v.array(whole(4096)), v.minLength(1))]), 64),
  time_cond_proj_dim: v.nullish(whole(65536)),
});
const vaeFile = v.object({
  scaling_factor: v.optional(v.pipe(v.number(), v.minValue(1e-6)), 0.18215),
  latent_channels: v.optional(whole(64), 4),
  block_out_channels: v.optional(v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(8)), [0, 0, 0, 0]),
});
const token = v.union([v.string(), v.object({ content: v.string() })]);
const tokenizerFile = v.object({ model_max_length: v.optional(v.number(), promptTokens), pad_token: v.nullish(token) });
const triple = v.tuple([v.number(), v.number(), v.number()]);
const side = v.union([whole(4096), v.pipe(v.object({ shortest_edge: v.optional(whole(4096)), height: v.optional(whole(4096)) }))]);
const visionFile = v.object({
  crop_size: v.optional(side, 224),
  // Those of CLIP.
  image_mean: v.optional(triple, [0.48145466, 0.4578275, 0.40821073]),
  image_std: v.optional(triple, [0.26862954, 0.26130258, 0.27577711]),
});

/**
 * Reads a model folder in the layout of diffusers and optimum: `model_index.json`, and a folder with a graph for each part.
 * @throws EngineError `model.invalid` saying what is missing or cannot be used; `run.cancelled`
 */
export async function readDiffusionModel(folder: string, signal: AbortSignal, reading: ReadingOptions = {}): Promise<DiffusionModel> {
  const parts = await findParts(folder);
  const foreignPart = await findForeignPart(folder);
  if (foreignPart !== undefined)
    throw modelInvalid(
      folder,
      `has a ${foreignPart}, as Stable Diffusion XL, 3 and Flux do, which this version cannot run. ${usableKinds}`,
    );
  const read = async <Schema extends v.GenericSchema>(file: string, schema: Schema) =>
    checked(join(folder, file), schema, await readModelJson(join(folder, file)));
  const index = await read('model_index.json', indexFile);
  const { unet, vae_decoder } = requiredParts(folder, parts, index._class_name);
  const unetConfig = await read('unet/config.json', unetFile);
  const vaeConfig = await read('vae_decoder/config.json', vaeFile);
  const latent: LatentSpace = {
    channels: vaeConfig.latent_channels,
    factor: 2 ** (vaeConfig.block_out_channels.length - 1),
    scale: vaeConfig.scaling_factor,
  };
  if (unetConfig.in_channels !== latent.channels)
    throw modelInvalid(
      join(folder, 'unet/config.json'),
      `wants ${unetConfig.in_channels} channels where the decoder has ${latent.channels}: models for inpainting or editing by instruction cannot be used.`,
    );
  const { json: scheduler, preferred } = await readScheduler(folder);
  const vision = await read('feature_extractor/preprocessor_config.json', visionFile);
  const conditionedBy = parts.text_encoder === undefined ? 'image' : 'text';
  const sampleSide = Array.isArray(unetConfig.sample_size) ? (unetConfig.sample_size[0] ?? 64) : unetConfig.sample_size;
  const name = index._name_or_path.split(/[\\/]/).at(-1) || basename(folder);
  return {
    folder,
    name,
    licence: await readLicence(folder),
    methods: methodsOf(parts, index._class_name),
    conditionedBy,
    parts: { ...parts, unet, vae_decoder },
    side: sampleSide * latent.factor,
    sizeStep: latent.factor,
    latent,
    guidanceDimensions: unetConfig.time_cond_proj_dim ?? 256,
    scheduler,
    defaults: defaultsOf({ scheduler: preferred, conditionedBy, isConsistency: typeof unetConfig.time_cond_proj_dim === 'number', name }),
    tokenizer: conditionedBy === 'text' ? await readTokenizerFiles(folder) : undefined,
    vision: visionOf(vision),
    ...(await hashModel(folder, signal, reading)),
  };
}

/** Kinds of models that have a part or an input more than this pipeline gives, by the class in `model_index.json`. */
const otherKinds: readonly { readonly name: RegExp; readonly kind: string }[] = [
  { name: /XL/, kind: 'a Stable Diffusion XL model' },
  { name: /StableDiffusion3|SD3/, kind: 'a Stable Diffusion 3 model' },
  { name: /Flux/, kind: 'a Flux model' },
  { name: /Inpaint/, kind: 'a model for inpainting' },
  { name: /Pix2Pix|Upscale|Depth2Img/, kind: 'a model that edits or enlarges pictures' },
  { name: /PixArt|Sana|Kandinsky|Cascade|Wuerstchen|Hunyuan|QwenImage/, kind: 'a model of another architecture' },
];
const usableKinds =
  'Stable Diffusion 1.x and 2.x, latent consistency models (LCM), image variations and ControlNets of these can be used, exported to ONNX.';

function requiredParts(folder: string, parts: PartFiles, className: string): { readonly unet: string; readonly vae_decoder: string } {
  const { unet, vae_decoder, text_encoder, image_encoder } = parts;
  const other = otherKinds.find(({ name }) => name.test(className));
  if (other) throw modelInvalid(folder, `is ${other.kind}, which this version cannot run. ${usableKinds}`);
  const missing = [
    ...(unet === undefined ? ['unet'] : []),
    ...(vae_decoder === undefined ? ['vae_decoder'] : []),
    ...(text_encoder === undefined && image_encoder === undefined ? ['text_encoder (or image_encoder)'] : []),
  ];
  if (unet === undefined || vae_decoder === undefined || missing.length > 0)
    throw modelInvalid(folder, `is no complete diffusion model: there is no model.onnx in ${missing.join(', ')}.`);
  return { unet, vae_decoder };
}

async function readScheduler(folder: string): Promise<{ readonly json: object; readonly preferred: SchedulerName }> {
  const path = join(folder, 'scheduler/scheduler_config.json');
  const json = await readModelJson(path);
  if (!json) throw modelInvalid(path, 'is missing: without it nobody knows what noise the model was trained with.');
  return { json, preferred: explained(path, () => preferredScheduler(readSchedule(json))) };
}

function methodsOf(parts: PartFiles, className: string): ImageMethod[] {
  const takesText = parts.text_encoder !== undefined;
  // A ControlNet may be a part of its own or inside the UNet's graph.
  const hasControl = parts.controlnet !== undefined || className.includes('ControlNet');
  return [
    ...(takesText ? (['text-to-image'] as const) : []),
    ...(!takesText || parts.vae_encoder !== undefined ? (['variation'] as const) : []),
    ...(takesText && hasControl ? (['controlnet'] as const) : []),
  ];
}

interface ModelTraits {
  readonly scheduler: SchedulerName;
  readonly conditionedBy: 'text' | 'image';
  readonly isConsistency: boolean;
  readonly name: string;
}

/** What the authors of the models use. */
function defaultsOf({ scheduler, conditionedBy, isConsistency, name }: ModelTraits): DiffusionModel['defaults'] {
  if (isConsistency) return { scheduler: 'lcm', steps: 4, guidance: 8.5 };
  // Distilled without guidance; four steps, so that an image to image run has some left.
  if (/turbo/i.test(name)) return { scheduler, steps: 4, guidance: 1 };
  return conditionedBy === 'image' ? { scheduler, steps: 50, guidance: 3 } : { scheduler, steps: 50, guidance: 7.5 };
}

async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  const at = (file: string): string => join(folder, 'tokenizer', file);
  const config = checked(at('tokenizer_config.json'), tokenizerFile, await readModelJson(at('tokenizer_config.json')));
  const special = checked(at('special_tokens_map.json'), tokenizerFile, await readModelJson(at('special_tokens_map.json')));
  const pad = config.pad_token ?? special.pad_token ?? '<|endoftext|>';
  const length = Math.trunc(config.model_max_length);
  return {
    vocabulary: at('vocab.json'),
    merges: at('merges.txt'),
    combined: at('tokenizer.json'),
    length: length >= 2 && length <= promptTokens ? length : promptTokens,
    pad: typeof pad === 'string' ? pad : pad.content,
  };
}

function visionOf(config: v.InferOutput<typeof visionFile>): VisionInput {
  const crop = config.crop_size;
  return {
    side: typeof crop === 'number' ? crop : (crop.height ?? crop.shortest_edge ?? 224),
    mean: config.image_mean,
    deviation: config.image_std,
  };
}
