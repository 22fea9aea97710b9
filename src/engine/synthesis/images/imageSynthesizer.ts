/** RGB pixels, row by row. */
export interface RgbImage {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageSynthesis {
  /** What the picture shows: the scene and the tail entity; empty where the model takes no text. */
  readonly prompt: string;
  readonly negativePrompt?: string;
  /** Start of an image-to-image run or picture to be varied; absent for text to image. */
  readonly source?: RgbImage;
  /** Share of the noise schedule that an image-to-image run goes through, above 0 to 1. */
  readonly strength?: number;
  /** Picture whose edges or depth guide a ControlNet. */
  readonly control?: RgbImage;
  /** Whole number, 0 to 2^32 - 1; the same seed gives the same picture. */
  readonly seed: number;
  readonly steps: number;
  /** Classifier-free guidance; 1 switches it off. */
  readonly guidance: number;
  /** Pixels on a side of the picture. */
  readonly size: number;
  /** Gets the picture as it stands after some of the steps. */
  readonly onPreview?: (preview: { readonly step: number; readonly steps: number; readonly image: RgbImage }) => void;
  readonly signal: AbortSignal;
}

/** A local image model, opened. Implemented by the diffusion pipeline; one call at a time. */
export interface ImageSynthesizer extends AsyncDisposable {
  /** Name of the model's folder. */
  readonly model: string;
  /** SHA-256, hex, over the model's files: part of every candidate's identity. */
  readonly modelHash: string;
  /** Licence that the model's card names; null when it names none. `forbidsTraining`: its outputs may not train other models. */
  readonly licence: { readonly name: string; readonly forbidsTraining: boolean } | null;
  readonly tasks: ReadonlySet<'text-to-image' | 'variation' | 'controlnet'>;
  /** @throws EngineError `run.cancelled`, `compute.crashed`, `compute.noMemory` */
  synthesize(request: ImageSynthesis): Promise<RgbImage>;
}

/** Opens the model in a folder. @throws EngineError `synthesis.notAvailable` when the folder holds none that can be run */
export type OpenImageSynthesizer = (folder: string, signal: AbortSignal) => Promise<ImageSynthesizer>;
