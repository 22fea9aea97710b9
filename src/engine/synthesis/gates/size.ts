import { failed, type Gate, skipped, within } from './gate.ts';

/** Below this a picture shows nothing that a model could be asked about. */
const leastSide = 32;
/** No model looks at more; decoders of training code refuse 179 million pixels. */
const largestSide = 8192;
const mostPixels = 50_000_000;

export function fitsSize({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return Math.min(width, height) >= leastSide && Math.max(width, height) <= largestSide && width * height <= mostPixels;
}

/** Sides and pixels within bounds; a still picture. Judged from the header alone. */
export const sizeGate: Gate = {
  name: 'size',
  hard: true,
  about: 'picture',
  async judge({ picture }) {
    const head = await picture?.head();
    if (!head?.ok) return skipped;
    if (head.pages > 1) return failed('pages', { score: head.pages, upper: 1 });
    const { width, height } = head;
    if (Math.min(width, height) < leastSide) return within(Math.min(width, height), leastSide, null);
    if (width * height > mostPixels) return within(width * height, null, mostPixels, { finding: 'pixels' });
    return within(Math.max(width, height), leastSide, largestSide);
  },
};
