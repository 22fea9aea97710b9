import type { SkipReason, SynthesisParameters, SynthesisTarget, SynthesizeRequest } from '../../protocol/synthesis.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { ImageList } from '../dataset/imageList.ts';
import type { SynthesisMethod } from '../synthesis/methods/method.ts';
import type { WantedPerspective } from '../synthesis/planning/scarcity.ts';

/** A parent's place in a plan. */
export interface PlannedPick {
  readonly ordinal: number;
  readonly copy: number;
  readonly exchange?: { readonly noun: string; readonly synonym: string; readonly target: SynthesisTarget };
}

export interface PlanInput {
  readonly dataset: Dataset;
  readonly request: SynthesizeRequest;
  readonly method: SynthesisMethod;
  readonly parameters: Required<SynthesisParameters>;
  readonly wanted: readonly WantedPerspective[];
  /** Smallest frequency among the scarce entities of each instance, 0 where none is scarce. */
  readonly rarest: Uint32Array;
  /** Seeded order of the instances. */
  readonly rank: Float64Array;
  readonly images: ImageList;
  readonly instanceOf: Int32Array;
}

/** What a call makes, and of what. */
export interface ChosenPicks {
  /** Instances with an entity that has fewer instances than wanted. */
  readonly scarce: number;
  /** Instances that can be parents. */
  readonly parents: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Per perspective and entity: synthetic instances planned for it. */
  readonly planned: readonly Int32Array[];
  readonly picks: readonly PlannedPick[];
}

/** @throws when the instance has no image: its method was asked before */
export function imageOf(images: ImageList, instanceOf: Int32Array, ordinal: number): ImageList['images'][number] {
  const image = images.images[imageIndexOf(images, instanceOf, ordinal) ?? -1];
  if (!image) throw new Error(`instance ${ordinal} has no image`);
  return image;
}

export function imageIndexOf(images: ImageList, instanceOf: Int32Array, ordinal: number): number | undefined {
  const instance = instanceOf[ordinal] as number;
  const first = images.offsets[instance] as number;
  return first < (images.offsets[instance + 1] as number) ? images.imageOf[first] : undefined;
}

export function targetOf({ index, want }: WantedPerspective, entity: number): SynthesisTarget {
  const frequency = index.frequency[entity] as number;
  return {
    perspective: index.perspective,
    entity: index.nameOf(entity),
    frequency,
    want: want ?? 0,
    deficit: Math.max(0, Math.ceil(want ?? 0) - frequency),
  };
}
