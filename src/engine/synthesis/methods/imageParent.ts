import type { SkipReason } from '../../../protocol/synthesis.ts';
import type { InstanceView } from '../../dataset/dataset.ts';

/** Why an instance has not exactly one still picture; undefined when it has. */
export function imageProblem(view: InstanceView): SkipReason | undefined {
  if (view.turns.length === 0) return 'noTurns';
  if (view.media.some(({ kind }) => kind !== 'image')) return 'otherMedia';
  const [image, another] = view.media;
  if (!image) return 'noImage';
  if (another) return 'severalImages';
  // What the record embeds cannot be exchanged for a path without making it another variant.
  return image.path === undefined ? 'otherMedia' : undefined;
}
