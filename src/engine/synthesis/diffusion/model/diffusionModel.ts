import type { ModelLicence, SchedulerName } from '../../../../protocol/synthesis.ts';
import type { ModelContent, PartFiles } from './modelFiles.ts';

/** Ways to make a picture; a model knows some of them. */
export const imageMethods = ['text-to-image', 'variation', 'controlnet'] as const;
export type ImageMethod = (typeof imageMethods)[number];

/** What a model folder holds, as its small files tell; no graph has been loaded. Structured-cloneable. */
export interface DiffusionModel extends ModelContent {
  readonly folder: string;
  readonly name: string;
  readonly licence: ModelLicence;
  readonly methods: readonly ImageMethod[];
  /** What conditions it: a prompt, or the embedding of a picture. */
  readonly conditionedBy: 'text' | 'image';
  readonly parts: PartFiles & { readonly unet: string; readonly vae_decoder: string };
  /** Pixels a side that it was trained for. */
  readonly side: number;
  /** Width and height must be multiples of this. */
  readonly sizeStep: number;
  readonly latent: LatentSpace;
  /** Length of the guidance embedding of a consistency model, where its UNet takes one. */
  readonly guidanceDimensions: number;
  /** Parsed `scheduler_config.json`. */
  readonly scheduler: object;
  /** What suits the model where a request is silent. */
  readonly defaults: { readonly scheduler: SchedulerName; readonly steps: number; readonly guidance: number };
  readonly tokenizer: TokenizerFiles | undefined;
  readonly vision: VisionInput;
}

/** The small picture that is denoised. */
export interface LatentSpace {
  readonly channels: number;
  /** Pixels a side that one value of a channel stands for. */
  readonly factor: number;
  /** What the encoder's values are multiplied with, so that their variance is about 1. */
  readonly scale: number;
}

export interface TokenizerFiles {
  readonly vocabulary: string;
  readonly merges: string;
  /** File that holds both in one, where they are not. */
  readonly combined: string;
  readonly length: number;
  readonly pad: string;
}

/** How the image encoder wants its pictures: `side` x `side` pixels in 0..1, less the mean, divided by the deviation of each colour. */
export interface VisionInput {
  readonly side: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}
