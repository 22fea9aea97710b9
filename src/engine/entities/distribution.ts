import type { DistributionSummary, EntityFrequency, PerspectiveReport, RankFrequency } from '../../protocol/reports.ts';
import type { PerspectiveIndex } from './perspectiveIndex.ts';

/** Points of a sampled curve, the threshold's own rank included. */
const curvePoints = 200;
/** Points of the Lorenz curve of a summary. */
const summaryLorenzPoints = 101;
/** Counters that a counting sort may take; more than there are instances in any dataset. */
const counterLimit = 1 << 25;
/** Rare entities shown as a sample. */
const tailSampleSize = 20;

export interface Threshold {
  readonly rank: number;
  readonly tau: number;
}

/**
 * Threshold of a mass (ADR specification 2.1): the smallest 0-based rank r with f(0) + ... + f(r) >= mass * M, and tau = f(r).
 * The running sum is exact in float64; it is compared with the float64 product `mass * M`, nothing is rounded or given slack.
 * mass 0 gives rank 0, mass 1 the last rank (every frequency is at least 1).
 * @param frequency non-increasing, each at least 1
 * @returns undefined when there is no entity
 */
export function tauOfMass(frequency: Uint32Array, mass: number): Threshold | undefined {
  const wanted = mass * sum(frequency);
  let reached = 0;
  for (let rank = 0; rank < frequency.length; rank++) {
    const tau = frequency[rank] as number;
    reached += tau;
    if (reached >= wanted) return { rank, tau };
  }
  return undefined;
}

/** Sum in float64, exact below 2^53. */
export function sum(values: Uint32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

/** First rank whose frequency is at most `tau`: where the tail begins; the number of entities when there is no tail. */
export function tailStart(frequency: Uint32Array, tau: number): number {
  let low = 0;
  let high = frequency.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((frequency[middle] as number) <= tau) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Gini coefficient of non-increasing frequencies: 0 = all equal, towards 1 = one entity holds everything. 0 when empty. */
export function gini(frequency: Uint32Array): number {
  const n = frequency.length;
  const total = sum(frequency);
  if (total === 0) return 0;
  let weighted = 0; // sum of i * f over ascending f, i from 1
  for (let rank = 0; rank < n; rank++) weighted += (n - rank) * (frequency[rank] as number);
  return (2 * weighted) / (n * total) - (n + 1) / n;
}

/** Shannon entropy of the shares f / M, in bits. */
export function entropy(frequency: Uint32Array): number {
  const total = sum(frequency);
  if (total === 0) return 0;
  let weighted = 0;
  for (let i = 0; i < frequency.length; i++) {
    const f = frequency[i] as number;
    if (f > 0) weighted += f * Math.log2(f);
  }
  return Math.max(0, Math.log2(total) - weighted / total);
}

/** At most `points` ranks spread evenly over the logarithm of rank + 1, ascending; both ends and `keep` are always among them. */
export function sampleRanks(count: number, keep: number | null, points = curvePoints): number[] {
  const ranks = new Set<number>();
  const regular = Math.max(2, points - 1);
  for (let i = 0; i < regular && count > 0; i++) ranks.add(Math.min(count - 1, Math.round(count ** (i / (regular - 1))) - 1));
  if (keep !== null && keep < count) ranks.add(keep);
  return [...ranks].sort((a, b) => a - b);
}

/** Rank-frequency points of the sampled ranks. */
export function rankFrequencyCurve(frequency: Uint32Array, keep: number | null): RankFrequency[] {
  return sampleRanks(frequency.length, keep).map((rank) => ({ rank, frequency: frequency[rank] as number }));
}

/** Lorenz curve from (0, 0) to (1, 1): share of the entities, from the rarest up, and the share of postings that they hold. */
export function lorenzCurve(frequency: Uint32Array, keep: number | null, most = curvePoints): (readonly [number, number])[] {
  const total = sum(frequency);
  if (total === 0) return [];
  const n = frequency.length;
  const points: (readonly [number, number])[] = [];
  let head = 0; // postings of ranks below `at`
  let at = 0;
  for (const rank of sampleRanks(n, keep, most - 1)) {
    for (; at < rank; at++) head += frequency[at] as number;
    points.push([(n - rank) / n, (total - head) / total]);
  }
  points.push([0, 0]);
  return points.reverse();
}

/** What a mass or a given tau means for a distribution. */
export interface TailShares {
  readonly tau: number | null;
  readonly rank: number | null;
  readonly mass: number;
  /** Share of entities, and of postings, with f <= tau. */
  readonly tailEntityShare: number;
  readonly tailMassShare: number;
}

/**
 * Threshold and shares by `tau` when given, else by `mass`. With a given tau, rank is the first rank with f <= tau (the number of
 * entities when none is) and mass the share of postings up to and including it.
 */
export function tailShares(frequency: Uint32Array, by: { readonly mass: number; readonly tau?: number | undefined }): TailShares {
  const n = frequency.length;
  const total = sum(frequency);
  const found = by.tau === undefined ? tauOfMass(frequency, by.mass) : undefined;
  const tau = by.tau ?? found?.tau;
  if (tau === undefined || n === 0) return { tau: null, rank: null, mass: by.mass, tailEntityShare: 0, tailMassShare: 0 };
  const start = tailStart(frequency, tau);
  const head = sum(frequency.subarray(0, start));
  const rank = found?.rank ?? start;
  const mass = found ? by.mass : (head + (frequency[start] ?? 0)) / total;
  return { tau, rank, mass, tailEntityShare: (n - start) / n, tailMassShare: (total - head) / total };
}

/** The frequencies above 0, non-increasing. Counts instead of comparing: there are millions of pairs, most of them held once. */
export function descending(frequencies: Uint32Array): Uint32Array {
  let most = 0;
  let count = 0;
  for (let i = 0; i < frequencies.length; i++) {
    const f = frequencies[i] as number;
    if (f > most) most = f;
    if (f > 0) count++;
  }
  if (most > counterLimit)
    return frequencies
      .filter((f) => f > 0)
      .sort()
      .reverse();
  const holders = new Uint32Array(most + 1);
  for (let i = 0; i < frequencies.length; i++) holders[frequencies[i] as number] = (holders[frequencies[i] as number] as number) + 1;
  const sorted = new Uint32Array(count);
  for (let f = most, write = 0; f > 0; f--) {
    const end = write + (holders[f] as number);
    if (end > write) sorted.fill(f, write, end);
    write = end;
  }
  return sorted;
}

/** Summary of any frequencies, such as those of a selection; zeros (lost entities) are left out and the order does not matter. */
export function distributionSummary(frequencies: Uint32Array, tau: number | null): DistributionSummary {
  const frequency = descending(frequencies);
  const shares = tau === null ? undefined : tailShares(frequency, { mass: 0, tau });
  return {
    entities: frequency.length,
    postings: sum(frequency),
    gini: gini(frequency),
    entropy: entropy(frequency),
    tailEntityShare: shares?.tailEntityShare ?? 0,
    tailMassShare: shares?.tailMassShare ?? 0,
    curve: rankFrequencyCurve(frequency, shares?.rank ?? null),
    lorenz: lorenzCurve(frequency, null, summaryLorenzPoints),
  };
}

export interface ReportOptions {
  readonly mass: number;
  /** Overrides `mass`: any positive real number. */
  readonly tau?: number | undefined;
  /** Entities listed as head; default 20. */
  readonly top?: number | undefined;
}

/** Everything that `analyze` says about one perspective. */
export function perspectiveReport(index: PerspectiveIndex, options: ReportOptions): PerspectiveReport {
  const { frequency, entities } = index;
  const shares = tailShares(frequency, options);
  const rank = shares.rank;
  return {
    entities,
    postings: index.postingCount,
    ...shares,
    rankEntityShare: rank === null ? 0 : 1 - rank / entities,
    gini: gini(frequency),
    entropy: entropy(frequency),
    head: Array.from({ length: Math.min(options.top ?? 20, entities) }, (_, id) => entityFrequency(index, id)),
    tailSample: rarest(frequency).map((id) => entityFrequency(index, id)),
    ...countInstances(index.rowMinFrequency, shares.tau),
    curve: rankFrequencyCurve(frequency, rank),
    lorenz: lorenzCurve(frequency, rank),
  };
}

/** Name, frequency and, of a cooccurrence, its two objects. */
export function entityFrequency(index: PerspectiveIndex, entity: number): EntityFrequency {
  const pair = index.pairOf(entity);
  return { entity: index.nameOf(entity), frequency: index.frequency[entity] as number, ...(pair ? { pair } : {}) };
}

/** Evenly spread picks among the entities with the smallest frequency. */
function rarest(frequency: Uint32Array): number[] {
  if (frequency.length === 0) return [];
  const start = tailStart(frequency, frequency[frequency.length - 1] as number);
  const count = frequency.length - start;
  const size = Math.min(tailSampleSize, count);
  return Array.from({ length: size }, (_, i) => start + Math.floor((i * count) / size));
}

function countInstances(
  rowMinFrequency: Uint32Array,
  tau: number | null,
): Pick<PerspectiveReport, 'scarceInstances' | 'tailInstances' | 'coveredInstances'> {
  let scarceInstances = 0;
  let tailInstances = 0;
  let coveredInstances = 0;
  for (let row = 0; row < rowMinFrequency.length; row++) {
    const least = rowMinFrequency[row] as number;
    if (least === 0) continue;
    coveredInstances++;
    if (tau === null) continue;
    if (least < tau) scarceInstances++;
    if (least <= tau) tailInstances++;
  }
  return { scarceInstances, tailInstances, coveredInstances };
}
