/** RGB pixels, row by row. */
export interface RgbImage {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface ImageSynthesis {
  readonly task: 'text-to-image' | 'variation' | 'controlnet';
  /** What the picture shows: the scene and the tail entity. Without effect where the model takes no text. */
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Encoded file of the picture that is varied, or whose outlines a ControlNet follows. */
  readonly source?: Uint8Array;
  /** Share of the noise schedule that an image-to-image run goes through, above 0 to 1. */
  readonly strength?: number;
  /** Whole number, 0 to 2^32 - 1; the same seed gives the same picture. */
  readonly seed: number;
  /** What is left out is what suits the model: steps, classifier-free guidance, pixels on a side. */
  readonly steps?: number;
  readonly guidance?: number;
  readonly size?: number;
  /** Gets the picture as it stands after some of the steps. */
  readonly onPreview: (preview: { readonly step: number; readonly steps: number; readonly image: RgbImage }) => void;
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
  readonly tasks: ReadonlySet<ImageSynthesis['task']>;
  /** @throws EngineError `run.cancelled`, `compute.crashed`, `compute.noMemory` */
  synthesize(request: ImageSynthesis): Promise<RgbImage>;
}

/** Opens the model in a folder. @throws EngineError `synthesis.notAvailable` when the folder holds none that can be run */
export type OpenImageSynthesizer = (folder: string, signal: AbortSignal) => Promise<ImageSynthesizer>;
