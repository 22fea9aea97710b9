import type { SynthesisUsage } from '../../../protocol/synthesis.ts';
import type { RgbPicture } from '../../runtime/contracts.ts';
import { addUsage, noUsage } from '../endpoint/languageModel.ts';
import { CandidatePicture } from '../gates/candidatePicture.ts';
import { pictureSimilarity, similarityWindow } from '../gates/similarity.ts';
import { ItemFailed } from './method.ts';
import { type MadePicture, makePicture, type PictureCall } from './pictureMakers.ts';

interface Measured extends MadePicture {
  /** Cosine with the source by the built-in descriptors; undefined when one of them cannot be decoded. */
  readonly similarity: number | undefined;
}

/**
 * Of several pictures the one most similar to the source that is not the source again; the first when none fits. A local model that has an
 * image encoder compares by that, everything else by the built-in descriptors.
 */
export async function bestPicture(call: Omit<PictureCall, 'seed'>): Promise<MadePicture> {
  const { method, item, parentImage, tools } = call;
  const source = parentImage && new CandidatePicture(parentImage, '', tools.pictures);
  const made: Measured[] = [];
  let usage: SynthesisUsage = noUsage;
  for (let i = 0; i < tools.parameters.candidates; i++) {
    const one = await makePicture({ ...call, seed: (item.seed + i) >>> 0 });
    usage = addUsage(usage, one.usage);
    const similarity = source && (await pictureSimilarity(new CandidatePicture(one.bytes, '', tools.pictures), source, tools.pictures));
    made.push({ ...one, similarity });
  }
  const [first] = made;
  if (!first) throw new ItemFailed('image.none', 'no picture was made');
  const upper = similarityWindow(method)?.[1] ?? 1;
  const fitting = made.filter(({ similarity }) => similarity !== undefined && similarity <= upper);
  const { chosen, rankedBy } = await mostSimilar(fitting, call);
  const { bytes, pixels, facts } = chosen ?? first;
  return { bytes, pixels, usage, facts: made.length > 1 ? { ...facts, rankedBy } : facts };
}

async function mostSimilar(
  fitting: readonly Measured[],
  { parentImage, tools: { synthesizer, signal } }: Omit<PictureCall, 'seed'>,
): Promise<{ readonly chosen: Measured | undefined; readonly rankedBy: 'clip' | 'builtin' }> {
  const pixels = fitting.flatMap((one): RgbPicture[] => (one.pixels ? [one.pixels] : []));
  if (synthesizer && parentImage && fitting.length > 1 && pixels.length === fitting.length) {
    const { by, order } = await synthesizer.rank(parentImage, pixels, signal);
    return { chosen: fitting[order[0] ?? 0], rankedBy: by };
  }
  const chosen = fitting.reduce<Measured | undefined>(
    (best, one) => (best === undefined || (one.similarity ?? 0) > (best.similarity ?? 0) ? one : best),
    undefined,
  );
  return { chosen, rankedBy: 'builtin' };
}
