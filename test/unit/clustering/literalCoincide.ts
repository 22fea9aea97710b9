import { cosine, squaredDistance } from './matrices.ts';

/**
 * COINCIDE from features, assignments and centroids to the ordered coreset, written as the specification writes it: double loops, the
 * definition of MMD^2, exponentials. Shares nothing with the engine. Slow.
 */

export type LiteralPreset = 'repo' | 'paper';

export interface LiteralInput {
  readonly features: readonly (readonly number[])[];
  /** Cluster of each row. */
  readonly assignments: readonly number[];
  readonly centroids: readonly (readonly number[])[];
  readonly preset: LiteralPreset;
  readonly layout?: { readonly layers: number; readonly half: number } | undefined;
  readonly temperature: number;
  readonly total: number;
}

export interface LiteralCluster {
  readonly cluster: number;
  readonly size: number;
  readonly transferability: number;
  readonly density: number;
  readonly want: number;
  readonly take: number;
}

export interface LiteralCoreset {
  /** In order of visit. */
  readonly clusters: readonly LiteralCluster[];
  readonly picks: readonly number[];
  readonly shortfall: number;
  /** Smallest distance of a decision from its alternative: a near tie would say nothing about either side. */
  readonly margin: number;
}

const round = (value: number): number => {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
};

export function literalCoincide(input: LiteralInput): LiteralCoreset {
  const { features, assignments, centroids, preset, temperature, total } = input;
  let margin = Number.POSITIVE_INFINITY;
  const ids = [...new Set(assignments)].sort((a, b) => a - b);
  const members = ids.map((id) => assignments.flatMap((own, row) => (own === id ? [row] : [])));
  const vectors = ids.map((id) => (preset === 'repo' && input.layout ? half(centroids[id] ?? [], input.layout) : (centroids[id] ?? [])));
  const transferability = vectors.map((a, i) => {
    const terms = vectors.flatMap((b, j) => {
      const s = cosine(a, b);
      if (preset === 'paper') return i === j ? [] : [s];
      if (i !== j) margin = Math.min(margin, Math.abs(s - 0.9));
      return s <= 0.9 ? [s] : [];
    });
    return terms.length === 0 ? 0 : terms.reduce((sum, s) => sum + s, 0) / terms.length;
  });
  const grams = members.map((rows) =>
    rows.map((a) =>
      rows.map((b) => {
        const d2 = squaredDistance(features[a] ?? [], features[b] ?? []);
        return preset === 'repo' ? Math.exp(-d2 / 2) : Math.exp(-d2);
      }),
    ),
  );
  const density = grams.map((gram) => {
    const n = gram.length;
    if (n === 1) return 1;
    const pairs = gram.flatMap((row, i) => row.filter((_, j) => preset === 'repo' || i !== j));
    return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
  });
  const score = ids.map((_, c) => (transferability[c] ?? 0) / (density[c] ?? 1));
  const order = ids.map((_, c) => c).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || b - a);
  order.slice(1).forEach((c, t) => {
    const gap = Math.abs((score[c] ?? 0) - (score[order[t] ?? 0] ?? 0));
    if (gap > 0) margin = Math.min(margin, gap);
  });

  let remaining = total;
  const takes = order.map((c, t) => {
    const below = order.slice(t).reduce((sum, other) => sum + Math.exp(((score[other] ?? 0) - (score[c] ?? 0)) / temperature), 0);
    const exact = remaining / below;
    const fromHalf = Math.abs(exact - Math.floor(exact) - 0.5);
    if (fromHalf > 0) margin = Math.min(margin, fromHalf);
    const want = round(exact);
    const take = Math.min(want, members[c]?.length ?? 0);
    remaining -= take;
    return { c, want, take };
  });
  if (preset === 'paper')
    for (const one of takes) {
      const added = Math.min(remaining, (members[one.c]?.length ?? 0) - one.take);
      one.take += added;
      remaining -= added;
    }
  const picks: number[] = [];
  for (const { c, want, take } of takes) {
    const rows = members[c] ?? [];
    if (want > rows.length) picks.push(...rows);
    else {
      const greedy = literalGreedy(grams[c] ?? [], take);
      margin = Math.min(margin, greedy.margin);
      picks.push(...greedy.positions.map((position) => rows[position] ?? -1));
    }
  }
  const clusters = takes.map(({ c, want, take }) => ({
    cluster: ids[c] ?? -1,
    size: members[c]?.length ?? 0,
    transferability: transferability[c] ?? 0,
    density: density[c] ?? 0,
    want,
    take,
  }));
  return { clusters, picks, shortfall: remaining, margin };
}

function half(row: readonly number[], { layers, half: size }: NonNullable<LiteralInput['layout']>): number[] {
  return Array.from({ length: layers }, (_, layer) => row.slice((2 * layer + 1) * size, (2 * layer + 2) * size)).flat();
}

/** Each pick minimises MMD^2 by its definition; candidates within rounding of each other are copies, and the lowest goes first. */
export function literalGreedy(gram: readonly (readonly number[])[], picks: number): { positions: number[]; margin: number } {
  const rounding = 1e-13;
  const positions: number[] = [];
  let margin = Number.POSITIVE_INFINITY;
  while (positions.length < picks) {
    const values = gram.map((_, j) => (positions.includes(j) ? Number.POSITIVE_INFINITY : mmd2(gram, [...positions, j])));
    const least = Math.min(...values);
    for (const value of values) if (value > least + rounding && value < Number.POSITIVE_INFINITY) margin = Math.min(margin, value - least);
    positions.push(values.findIndex((value) => value <= least + rounding));
  }
  return { positions, margin };
}

/** mean(G) + mean(G[S, S]) - 2 mean(G[:, S]) */
export function mmd2(gram: readonly (readonly number[])[], set: readonly number[]): number {
  const n = gram.length;
  const m = set.length;
  let all = 0;
  let inside = 0;
  let cross = 0;
  for (const row of gram) for (const value of row) all += value;
  for (const i of set) for (const j of set) inside += gram[i]?.[j] ?? 0;
  for (const row of gram) for (const j of set) cross += row[j] ?? 0;
  return all / n ** 2 + inside / m ** 2 - (2 * cross) / (n * m);
}
