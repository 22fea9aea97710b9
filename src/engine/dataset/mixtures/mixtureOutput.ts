import type { Dataset, DatasetPart } from '../dataset.ts';

/** Where the parts of a selection go. */
export interface OutputPlan {
  readonly parts: readonly { readonly part: DatasetPart; readonly path: string }[];
  /** Text of the new mixture file; undefined for a plain dataset. */
  readonly mixture: string | undefined;
}

export async function planMixtureOutput(_dataset: Dataset, _kept: Uint32Array, _output: string): Promise<OutputPlan> {
  throw new Error('not yet');
}
