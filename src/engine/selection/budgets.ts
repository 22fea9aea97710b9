/** What one cluster was given, with the numbers that decided it (COINCIDE specification 3.3). */
export interface ClusterQuota {
  readonly cluster: number;
  /** Instances still to be given when the cluster's turn came. */
  readonly remaining: number;
  /** Softmax share of the cluster among those not yet visited. */
  readonly ratio: number;
  /** remaining * ratio, rounded half to even. */
  readonly want: number;
  /** Instances given: min(want, size), and what a refill added. */
  readonly take: number;
  /** Part of `take` that a refill added. */
  readonly refilled: number;
}

export interface Allocation {
  /** In order of visit: descending score, ties by larger id. */
  readonly quotas: readonly ClusterQuota[];
  /** Instances of the total that no cluster took. */
  readonly shortfall: number;
}

export interface AllocationInput {
  /** One per cluster, finite. */
  readonly scores: Float64Array;
  readonly sizes: ArrayLike<number>;
  readonly total: number;
  /** Above 0; towards infinity every cluster wants the same, towards 0 the best clusters want everything. */
  readonly temperature: number;
  /** Gives what saturated clusters could not take to those with spare instances, in order of visit; the reference loses it. */
  readonly refill: boolean;
}

/**
 * Sequential softmax budgets. The share of a cluster among those not yet visited is 1 / R_t with R_last = 1 and
 * R_t = 1 + exp((s_(t+1) - s_t) / temperature) * R_(t+1): the same as the literal sum, without overflow, in one pass.
 */
export function allocate({ scores, sizes, total, temperature, refill }: AllocationInput): Allocation {
  const order = Uint32Array.from(scores, (_, cluster) => cluster).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number) || b - a, // scores, not softmax values: those underflow to false ties
  );
  const rest = new Float64Array(order.length).fill(1);
  for (let t = order.length - 2; t >= 0; t--) {
    const step = (scores[order[t + 1] as number] as number) - (scores[order[t] as number] as number);
    rest[t] = 1 + Math.exp(step / temperature) * (rest[t + 1] as number);
  }
  let remaining = total;
  const quotas = Array.from(order, (cluster, t) => {
    const ratio = 1 / (rest[t] as number);
    const want = roundHalfEven(remaining * ratio);
    const take = Math.min(want, sizes[cluster] as number);
    const quota = { cluster, remaining, ratio, want, take, refilled: 0 };
    remaining -= take;
    return quota;
  });
  if (!refill) return { quotas, shortfall: remaining };
  const refilled = quotas.map((quota) => {
    const added = Math.min(remaining, (sizes[quota.cluster] as number) - quota.take);
    remaining -= added;
    return added === 0 ? quota : { ...quota, take: quota.take + added, refilled: added };
  });
  return { quotas: refilled, shortfall: remaining };
}

/** Rounds as Python's `round`: a half goes to the even neighbour. @param value at least 0 */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const over = value - floor;
  if (over !== 0.5) return over < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Whole numbers that sum to `total` and are as near as can be to shares in proportion to the weights (largest remainder, ties: lower index). */
export function proportionalQuotas(weights: ArrayLike<number>, total: number): Uint32Array {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i] as number;
  const quotas = new Uint32Array(weights.length);
  if (sum === 0) return quotas;
  // Whole numbers throughout: total * weight / sum as quotient and remainder, so that no rounding decides.
  const remainders = new Float64Array(weights.length);
  let given = 0;
  for (let i = 0; i < weights.length; i++) {
    const product = total * (weights[i] as number);
    const quotient = Math.floor(product / sum);
    quotas[i] = quotient;
    remainders[i] = product - quotient * sum;
    given += quotient;
  }
  const byRemainder = Uint32Array.from(quotas, (_, i) => i).sort((a, b) => (remainders[b] as number) - (remainders[a] as number) || a - b);
  for (let i = 0; given < total; i++, given++) {
    const index = byRemainder[i] as number;
    quotas[index] = (quotas[index] as number) + 1;
  }
  return quotas;
}
