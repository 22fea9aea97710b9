/** One step of a long job. The engine reports facts; the host writes the sentence. At most ten a second. */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  /** 0 when unknown. */
  readonly total: number;
  readonly unit: 'bytes' | 'instances' | 'images' | 'records' | 'clusters' | 'candidates';
  /** True when the stage's artifact was found and used again. */
  readonly reused?: boolean;
  /** The training of clusters as it stands after its last finished iteration. */
  readonly clustering?: {
    readonly iteration: number;
    readonly iterations: number;
    readonly objective: number;
    readonly imbalance: number;
    readonly splits: number;
  };
  /** The latest synthetic instance: staged, or a picture on its way. Paths are absolute; an image is absent where only the text is new. */
  readonly synthesis?: {
    readonly id: string;
    readonly ordinal: number;
    readonly image?: string;
    /** What an unfinished picture looks like so far: a small JPEG in base64, to be scaled up by who shows it. */
    readonly preview?: { readonly jpeg: string; readonly width: number; readonly height: number };
    /** Of a picture that is not finished. */
    readonly step?: number;
    readonly steps?: number;
  };
}

export const stages = [
  'hash',
  'index',
  'images',
  'keys',
  'extract',
  'reverseIndex',
  'distribution',
  'features',
  'cluster',
  'scores',
  'neighbours',
  'columns',
  'search',
  'select',
  'plan',
  'synthesize',
  'gates',
  'write',
  'verify',
  'wait',
] as const;

export type Stage = (typeof stages)[number];
