import { Mt19937 } from './mt19937.ts';

/** The library seeds its generator anew in every repair. */
const repairSeed = 1234;
/** How far apart the halves of a split cluster begin. */
const nudge = 1 / 1024;

/**
 * Gives every empty cluster half of a large one, before the centroids are normalised: it copies the donor's mean, and the two are moved
 * apart by one part in 1024, upwards in even dimensions and downwards in odd ones. Donors are drawn with a chance that grows with size.
 * @param means [clusters, dimensions], changed in place
 * @param counts rows per cluster
 * @param rows of the training, more than there are clusters
 * @returns the number of repaired clusters
 */
export function repairEmpty(means: Float32Array, counts: ArrayLike<number>, rows: number): number {
  const clusters = counts.length;
  const dimensions = means.length / clusters;
  let sizes: Float32Array | undefined;
  let generator: Mt19937 | undefined;
  let repaired = 0;
  for (let empty = 0; empty < clusters; empty++) {
    if ((sizes ?? counts)[empty] !== 0) continue;
    sizes ??= Float32Array.from(counts);
    generator ??= new Mt19937(repairSeed);
    let donor = 0;
    for (; ; donor = (donor + 1) % clusters) {
      const chance = Math.fround(((sizes[donor] as number) - 1) / Math.fround(rows - clusters));
      if (Math.fround(generator.next()) / 2 ** 32 < chance) break;
    }
    for (let i = 0; i < dimensions; i++) {
      const value = means[donor * dimensions + i] as number;
      const sign = i % 2 === 0 ? 1 : -1;
      means[empty * dimensions + i] = value * (1 + sign * nudge);
      means[donor * dimensions + i] = value * (1 - sign * nudge);
    }
    sizes[empty] = (sizes[donor] as number) / 2;
    sizes[donor] = (sizes[donor] as number) - (sizes[empty] as number);
    repaired++;
  }
  return repaired;
}
