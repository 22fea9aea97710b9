import type { DistributionSummary, RankFrequency } from '../../protocol/reports.ts';
import { sampleRanks, type TailShares, type Threshold } from './distribution.ts';

/** Points of a Lorenz curve. */
const lorenzPoints = 101;

/**
 * A distribution as runs of equal frequency, the largest first: millions of entities are a few thousand numbers, and every measure costs
 * as many steps. Rank r lies in run i when `starts[i] <= r < starts[i + 1]`.
 */
export interface FrequencyRuns {
  /** Distinct frequencies, descending, each at least 1. */
  readonly values: Uint32Array;
  /** Entities before each run, and all of them at the end. */
  readonly starts: Uint32Array;
  /** Postings before each run, and all of them at the end. */
  readonly postings: Float64Array;
}

/** @param frequency non-increasing, each at least 1 */
export function runsOfSorted(frequency: Uint32Array): FrequencyRuns {
  const values: number[] = [];
  const starts: number[] = [];
  for (let rank = 0; rank < frequency.length; ) {
    const value = frequency[rank] as number;
    values.push(value);
    starts.push(rank);
    rank = endOfRun(frequency, rank);
  }
  return runsOf(values, [...starts, frequency.length]);
}

/** First rank behind `rank` with another frequency, in steps that double: most entities lie in few runs. */
function endOfRun(frequency: Uint32Array, rank: number): number {
  const value = frequency[rank];
  let step = 1;
  while (rank + step < frequency.length && frequency[rank + step] === value) step *= 2;
  let low = rank + (step >> 1); // has the value
  let high = Math.min(frequency.length, rank + step); // has not
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if (frequency[middle] === value) low = middle;
    else high = middle;
  }
  return high;
}

/** @param entitiesWith number of entities by their frequency; those with frequency 0 are left out */
export function runsOfHistogram(entitiesWith: Uint32Array): FrequencyRuns {
  const values: number[] = [];
  const starts = [0];
  for (let value = entitiesWith.length - 1; value > 0; value--) {
    const count = entitiesWith[value] as number;
    if (count === 0) continue;
    values.push(value);
    starts.push((starts.at(-1) as number) + count);
  }
  return runsOf(values, starts);
}

/** Frequencies in any order; zeros are left out. */
export function runsOfFrequencies(frequencies: Uint32Array): FrequencyRuns {
  let most = 0;
  for (let i = 0; i < frequencies.length; i++) most = Math.max(most, frequencies[i] as number);
  const entitiesWith = new Uint32Array(most + 1);
  for (let i = 0; i < frequencies.length; i++)
    entitiesWith[frequencies[i] as number] = (entitiesWith[frequencies[i] as number] as number) + 1;
  return runsOfHistogram(entitiesWith);
}

function runsOf(values: readonly number[], starts: readonly number[]): FrequencyRuns {
  const postings = new Float64Array(starts.length);
  for (let i = 0; i < values.length; i++)
    postings[i + 1] = (postings[i] as number) + (values[i] as number) * ((starts[i + 1] as number) - (starts[i] as number));
  return { values: Uint32Array.from(values), starts: Uint32Array.from(starts), postings };
}

export function entitiesOf(runs: FrequencyRuns): number {
  return runs.starts[runs.values.length] as number;
}

export function postingsOf(runs: FrequencyRuns): number {
  return runs.postings[runs.values.length] as number;
}

/** As `tauOfMass`: the smallest rank at which the cumulative postings reach `mass` of all. */
export function thresholdOfRuns(runs: FrequencyRuns, mass: number): Threshold | undefined {
  const { values, starts, postings } = runs;
  const wanted = mass * postingsOf(runs);
  const run = firstIndex(values.length, (i) => (postings[i + 1] as number) >= wanted);
  if (run === values.length) return undefined;
  const tau = values[run] as number;
  const before = postings[run] as number;
  let inside = Math.max(1, Math.ceil((wanted - before) / tau));
  // The quotient is rounded, the sums are exact.
  while (inside > 1 && before + (inside - 1) * tau >= wanted) inside--;
  while (before + inside * tau < wanted) inside++;
  return { rank: (starts[run] as number) + inside - 1, tau };
}

/** As `tailShares`. */
export function sharesOfRuns(runs: FrequencyRuns, by: { readonly mass: number; readonly tau?: number | undefined }): TailShares {
  const { values, starts, postings } = runs;
  const n = entitiesOf(runs);
  const total = postingsOf(runs);
  const found = by.tau === undefined ? thresholdOfRuns(runs, by.mass) : undefined;
  const tau = by.tau ?? found?.tau;
  if (tau === undefined || n === 0) return { tau: null, rank: null, mass: by.mass, tailEntityShare: 0, tailMassShare: 0 };
  const run = tailRun(runs, tau);
  const start = starts[run] as number;
  const head = postings[run] as number;
  const mass = found ? by.mass : (head + (values[run] ?? 0)) / total;
  return { tau, rank: found?.rank ?? start, mass, tailEntityShare: (n - start) / n, tailMassShare: (total - head) / total };
}

/** First run whose frequency is at most `tau`; the number of runs when there is none. */
export function tailRun({ values }: FrequencyRuns, tau: number): number {
  return firstIndex(values.length, (i) => (values[i] as number) <= tau);
}

/** The smallest index that `holds`, which goes from false to true; `length` when none does. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function giniOfRuns(runs: FrequencyRuns): number {
  const { values, starts } = runs;
  const n = entitiesOf(runs);
  const total = postingsOf(runs);
  if (total === 0) return 0;
  let weighted = 0; // sum of (n - rank) * f
  for (let i = 0; i < values.length; i++) {
    const [from, to] = [starts[i] as number, starts[i + 1] as number];
    weighted += (values[i] as number) * (((2 * n - from - to + 1) * (to - from)) / 2);
  }
  return (2 * weighted) / (n * total) - (n + 1) / n;
}

function entropyOfRuns(runs: FrequencyRuns): number {
  const { values, starts } = runs;
  const total = postingsOf(runs);
  if (total === 0) return 0;
  let weighted = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    weighted += ((starts[i + 1] as number) - (starts[i] as number)) * (value * Math.log2(value));
  }
  return Math.max(0, Math.log2(total) - weighted / total);
}

/** Values at ascending ranks: the run, and the postings of all ranks before it. */
function* atRanks({ values, starts, postings }: FrequencyRuns, ranks: readonly number[]): Generator<{ value: number; before: number }> {
  let run = 0;
  for (const rank of ranks) {
    while ((starts[run + 1] as number) <= rank) run++;
    const value = values[run] as number;
    yield { value, before: (postings[run] as number) + (rank - (starts[run] as number)) * value };
  }
}

function curveOfRuns(runs: FrequencyRuns, keep: number | null): RankFrequency[] {
  const ranks = sampleRanks(entitiesOf(runs), keep);
  return Array.from(atRanks(runs, ranks), ({ value }, i) => ({ rank: ranks[i] as number, frequency: value }));
}

function lorenzOfRuns(runs: FrequencyRuns): (readonly [number, number])[] {
  const n = entitiesOf(runs);
  const total = postingsOf(runs);
  if (total === 0) return [];
  const ranks = sampleRanks(n, null, lorenzPoints - 1);
  const points = Array.from(atRanks(runs, ranks), ({ before }, i): readonly [number, number] => [
    (n - (ranks[i] as number)) / n,
    (total - before) / total,
  ]);
  return [...points, [0, 0] as const].reverse();
}

/** What a report says of a distribution. @param tau frequency at or below which an entity is tail */
export function summaryOfRuns(runs: FrequencyRuns, tau: number | null): DistributionSummary {
  const shares = tau === null ? undefined : sharesOfRuns(runs, { mass: 0, tau });
  return {
    entities: entitiesOf(runs),
    postings: postingsOf(runs),
    gini: giniOfRuns(runs),
    entropy: entropyOfRuns(runs),
    tailEntityShare: shares?.tailEntityShare ?? 0,
    tailMassShare: shares?.tailMassShare ?? 0,
    curve: curveOfRuns(runs, shares?.rank ?? null),
    lorenz: lorenzOfRuns(runs),
  };
}
