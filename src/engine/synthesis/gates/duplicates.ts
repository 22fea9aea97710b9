import { alignedCorrelation } from './alignment.ts';
import type { CandidatePicture } from './candidatePicture.ts';
import { type Gate, passed, skipped, within } from './gate.ts';

/**
 * Correlation of details above which two pictures are the same one for training. On 379 diagrams and some photographs, copies that were
 * saved again, brightened, shifted by up to a tenth or cropped by up to a tenth on every side reach 0.81 to 1, turns of 11 degrees and
 * pictures at 60 % size at most 0.71, unrelated pictures at most 0.58.
 */
export const duplicateBound = 0.75;

/** Correlation after the best crop and shift; 1 for equal bytes. Undefined when one of the two cannot be decoded. */
export async function pictureCorrelation(a: CandidatePicture, b: CandidatePicture): Promise<number | undefined> {
  if (a.sha256 === b.sha256) return 1;
  const [first, second] = [await a.pyramid(), await b.pyramid()];
  return first && second && alignedCorrelation(first, second).correlation;
}

/** Not its source once more, not even re-encoded, brightened, cropped or shifted. Holds for plain augmentation too. */
export const sourceDuplicateGate: Gate = {
  name: 'sourceDuplicate',
  hard: false,
  about: 'picture',
  async judge({ picture, parent }) {
    if (!picture || !parent.picture) return skipped;
    const correlation = await pictureCorrelation(picture, parent.picture);
    return correlation === undefined ? skipped : within(correlation, null, duplicateBound);
  },
};

/** Not a picture of the dataset, whichever instance it belongs to. */
export const datasetDuplicateGate: Gate = {
  name: 'datasetDuplicate',
  hard: false,
  about: 'picture',
  async judge({ picture, parent }, { dataset }) {
    if (!picture) return skipped;
    const closest = await dataset.closest(picture, parent.imageIndex);
    return closest ? within(closest.correlation, null, duplicateBound, { subject: closest.subject }) : passed({ upper: duplicateBound });
  },
};

/** Not a candidate that was judged before it. */
export const candidateDuplicateGate: Gate = {
  name: 'candidateDuplicate',
  hard: false,
  about: 'picture',
  async judge({ picture }, { candidates }) {
    if (!picture) return skipped;
    const closest = await candidates.closest(picture);
    return closest ? within(closest.correlation, null, duplicateBound, { subject: closest.subject }) : passed({ upper: duplicateBound });
  },
};
