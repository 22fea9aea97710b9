/** One step of a long job. The engine reports facts; the host writes the sentence. At most ten a second. */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  /** 0 when unknown. */
  readonly total: number;
  readonly unit: 'bytes' | 'instances' | 'images' | 'records';
  /** True when the stage's artifact was found and used again. */
  readonly reused?: boolean;
}

export const stages = [
  'hash',
  'index',
  'images',
  'keys',
  'extract',
  'reverseIndex',
  'distribution',
  'columns',
  'search',
  'select',
  'write',
  'verify',
  'wait',
] as const;

export type Stage = (typeof stages)[number];
