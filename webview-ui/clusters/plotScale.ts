/** Values to pixels along one axis, and back, with ticks at round numbers. */
export interface PlotScale {
  readonly pixel: (value: number) => number;
  readonly value: (pixel: number) => number;
  readonly ticks: readonly number[];
}

/** `counts`: logarithmic above 1, with 0 at the origin: log10(1 + value). */
export type ScaleKind = 'linear' | 'counts';

/** @param from, to pixels of the lowest and the highest value */
export function plotScale(kind: ScaleKind, low: number, high: number, from: number, to: number): PlotScale {
  const forward = kind === 'linear' ? (value: number): number => value : (value: number): number => Math.log10(1 + Math.max(0, value));
  const back = kind === 'linear' ? (value: number): number => value : (value: number): number => 10 ** value - 1;
  const [a, b] = [forward(low), forward(high)];
  const span = b - a || 1;
  return {
    pixel: (value) => from + ((forward(value) - a) / span) * (to - from),
    value: (pixel) => back(a + ((pixel - from) / (to - from || 1)) * span),
    ticks: kind === 'linear' ? linearTicks(low, high, Math.max(2, Math.floor(Math.abs(to - from) / 80))) : countTicks(high),
  };
}

/** At most about `most` round numbers from `low` to `high`. */
export function linearTicks(low: number, high: number, most: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999) ?? power * 10;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Whole multiples: adding the step again and again would add its rounding error.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function countTicks(high: number): number[] {
  const ticks = [0];
  // Powers of ten alone would leave a short axis almost bare.
  const factors = high < 1000 ? [1, 2, 5] : [1];
  for (let power = 1; power <= high; power *= 10) for (const factor of factors) if (factor * power <= high) ticks.push(factor * power);
  return ticks;
}

/** Lowest and highest finite number with a margin of both; 0 to 1 without any. */
export function extent(values: ArrayLike<number>, margin = 0.04): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return { low: 0, high: 1 };
  const room = low === high ? Math.abs(low) * 0.1 || 0.5 : (high - low) * margin;
  return { low: low - room, high: high + room };
}
