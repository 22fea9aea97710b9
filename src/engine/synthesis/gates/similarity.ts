import type { SynthesisMethodName } from '../../../protocol/synthesis.ts';
import { describePicture, pictureSide, visualDimensions } from '../../features/builtin/visualDescriptor.ts';
import type { PictureEditor } from '../../runtime/contracts.ts';
import type { CandidatePicture } from './candidatePicture.ts';
import { type Gate, skipped, within } from './gate.ts';

/**
 * Window of the cosine between a candidate and its source (built-in descriptors: colours, edges, layout). Below it the picture shows
 * something else than its text; above it is the source again. Pictures made from words alone need not look like the source. These
 * descriptors see what a picture looks like, not what it means: two unrelated photographs reach about 0.45, diagrams 0.57, an augmented
 * diagram and its source 0.31 to 0.80. So the lower bounds stop only what is far off.
 */
const windows: Readonly<Partial<Record<SynthesisMethodName, readonly [lower: number | null, upper: number]>>> = {
  augment: [0.25, 0.999],
  variation: [0.5, 0.995],
  controlnet: [0.2, 0.995],
  'text-to-image': [null, 0.995],
};

export const similarityGate: Gate = {
  name: 'similarity',
  hard: false,
  about: 'picture',
  async judge({ made, picture, parent }, { pictures }) {
    const window = windows[made.method];
    if (!window || !picture || !parent.picture) return skipped;
    const cosine = await pictureSimilarity(picture, parent.picture, pictures);
    return cosine === undefined ? skipped : within(cosine, ...window);
  },
};

/** Lower and upper bound of a method's similarity to its source; undefined for methods that keep the picture. */
export function similarityWindow(method: SynthesisMethodName): readonly [lower: number | null, upper: number] | undefined {
  return windows[method];
}

/** Cosine of the built-in descriptors, 0 to 1; undefined when one of the pictures cannot be decoded. */
export async function pictureSimilarity(a: CandidatePicture, b: CandidatePicture, pictures: PictureEditor): Promise<number | undefined> {
  const [first, second] = await Promise.all([describe(a, pictures), describe(b, pictures)]);
  return cosineOf(first, second);
}

async function describe(picture: CandidatePicture, pictures: PictureEditor): Promise<Float64Array | undefined> {
  const rgb = await pictures.square(picture.bytes, pictureSide);
  if (!rgb) return undefined;
  const vector = new Float64Array(visualDimensions);
  describePicture(rgb, vector);
  return vector;
}

/** Of vectors of length 1. */
function cosineOf(a: Float64Array | undefined, b: Float64Array | undefined): number | undefined {
  if (!a || !b) return undefined;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
