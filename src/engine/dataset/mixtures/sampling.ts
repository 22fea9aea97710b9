/** LLaVA-NeXT's `sampling_strategy`: `all`, or `first`, `end`, `random` with a number of instances or a percentage. */
export type Sampling =
  | { readonly kind: 'all' }
  | { readonly kind: 'first' | 'end' | 'random'; readonly amount: number; readonly percent: boolean }
  | { readonly kind: 'unknown'; readonly text: string };

export function parseSampling(text: string): Sampling {
  if (text === 'all') return { kind: 'all' };
  const match = /^(first|end|random):\s*(\d+)\s*(%?)$/.exec(text.trim());
  if (!match) return { kind: 'unknown', text };
  return { kind: match[1] as 'first' | 'end' | 'random', amount: Number(match[2]), percent: match[3] === '%' };
}

/**
 * Positions `[first, end)` of a file's records that a strategy leaves. As LLaVA-NeXT's `train.py` does it: a percentage is rounded up, and
 * `end:0` is Python's `list[-0:]`, everything. `random` is drawn at training time, so all may be wanted.
 */
export function sampledRange(sampling: Sampling, records: number): readonly [number, number] {
  if (sampling.kind !== 'first' && sampling.kind !== 'end') return [0, records];
  const amount = Math.min(records, sampling.percent ? Math.ceil((sampling.amount * records) / 100) : sampling.amount);
  if (sampling.kind === 'first') return [0, amount];
  return amount === 0 ? [0, records] : [records - amount, records];
}
