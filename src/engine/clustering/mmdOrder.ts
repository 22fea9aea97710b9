import { ExactSums } from './exactSum.ts';

/** Values of the Gram matrix that one pick needs: its column, for every instance of the cluster. Valid until the next call. */
export type GramColumn = (position: number) => Float64Array;

/**
 * Greedy minimisation of MMD^2 between a cluster and the chosen set (COINCIDE specification 3.4), in the incremental form of 3.5: the
 * candidate with the largest m * r_j - c_j - G_jj / 2 is the one whose addition gives the smallest MMD^2. G_jj is exactly 1 here, so its
 * half leaves the comparison alone. Ties: lowest position. O(n) memory and O(n) time per pick; a longer order extends a shorter one.
 *
 * @param rowMeans r_j: mean of column j of the Gram matrix
 * @param length picks wanted, at most the number of instances
 * @returns positions in order of picking
 */
export function mmdOrder(rowMeans: Float64Array, length: number, column: GramColumn): Uint32Array {
  const n = rowMeans.length;
  const picks = new Uint32Array(Math.min(length, n));
  const isPicked = new Uint8Array(n);
  const crosses = new ExactSums(n);
  for (let m = 1; m <= picks.length; m++) {
    let best = -1;
    let bestGain = 0;
    for (let j = 0; j < n; j++) {
      if (isPicked[j]) continue;
      const gain = m * (rowMeans[j] as number) - crosses.at(j);
      if (best < 0 || gain > bestGain) {
        best = j;
        bestGain = gain;
      }
    }
    picks[m - 1] = best;
    isPicked[best] = 1;
    if (m === picks.length) break;
    const values = column(best);
    for (let j = 0; j < n; j++) crosses.add(j, values[j] as number);
  }
  return picks;
}
