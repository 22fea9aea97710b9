import { describePicture, pictureSide, visualDimensions } from '../../features/builtin/visualDescriptor.ts';

/** Candidates for a source picture, the most similar first. */
export interface Ranking {
  /** What similarity was measured by: CLIP's image embeddings, or the builtin descriptor of colours, edges and shapes. */
  readonly by: 'clip' | 'builtin';
  /** Cosine with the source, -1 to 1, by candidate. Those of different measures cannot be compared. */
  readonly similarities: readonly number[];
  /** Numbers of the candidates by falling similarity; the earlier one on ties. */
  readonly order: readonly number[];
}

/** Pixels a side that the builtin descriptor takes. */
export const descriptorSide = pictureSide;

/** @param rgb `descriptorSide` x `descriptorSide` pixels */
export function describe(rgb: Uint8Array): Float64Array {
  const descriptor = new Float64Array(visualDimensions);
  describePicture(rgb, descriptor);
  return descriptor;
}

export function rank(by: Ranking['by'], source: ArrayLike<number>, candidates: readonly ArrayLike<number>[]): Ranking {
  const similarities = candidates.map((candidate) => cosine(source, candidate));
  const order = similarities.map((_, i) => i).sort((a, b) => (similarities[b] as number) - (similarities[a] as number) || a - b);
  return { by, similarities, order };
}

/** 0 for a vector without length. */
function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    product += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : 0;
}
