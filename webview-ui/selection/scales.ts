/** Steps of a slider from end to end. */
export const sliderSteps = 1000;

/** How a value and a slider's position (0 to `sliderSteps`) belong together. */
export interface Scale {
  toPosition(value: number): number;
  toValue(position: number): number;
}

/** Rounds away what binary fractions add: 0.30000000000000004. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** Even steps of `step` between `low` and `high`. */
export function linearScale(low: number, high: number, step: number): Scale {
  const width = high - low || 1;
  return {
    toPosition: (value) => clamp(((value - low) / width) * sliderSteps, 0, sliderSteps),
    toValue: (position) => tidy(clamp(low + Math.round(((position / sliderSteps) * width) / step) * step, low, high)),
  };
}

/** Even ratios between 1 and `high`; values are whole numbers, as frequencies are. */
export function frequencyScale(high: number): Scale {
  const width = Math.log(Math.max(high, 2));
  return {
    toPosition: (value) => clamp((Math.log(Math.max(value, 1)) / width) * sliderSteps, 0, sliderSteps),
    toValue: (position) => clamp(Math.round(Math.exp((position / sliderSteps) * width)), 1, Math.max(1, high)),
  };
}

/** What a key does to a threshold between 1 and `high`: about 2 percent or at least 1; a page is a quarter. Undefined for other keys. */
export function tauAfterKey(key: string, tau: number, high: number): number | undefined {
  const up = (factor: number): number => Math.max(Math.round(tau * factor), Math.floor(tau) + 1);
  const down = (factor: number): number => Math.min(Math.round(tau / factor), Math.ceil(tau) - 1);
  const wanted: Readonly<Record<string, () => number>> = {
    ArrowUp: () => up(1.02),
    ArrowRight: () => up(1.02),
    ArrowDown: () => down(1.02),
    ArrowLeft: () => down(1.02),
    PageUp: () => up(1.25),
    PageDown: () => down(1.25),
    Home: () => 1,
    End: () => high,
  };
  const next = Object.hasOwn(wanted, key) ? wanted[key]?.() : undefined;
  return next === undefined ? undefined : clamp(next, 1, Math.max(1, high));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * 1-based rank of the last entity above `boundary` on a curve of ascending ranks, by the line between its points on logarithmic axes;
 * undefined when none is above or none below.
 */
export function lastHeadRank(points: readonly (readonly [rank: number, frequency: number])[], boundary: number): number | undefined {
  const first = points.findIndex(([, frequency]) => frequency <= boundary);
  const below = points[first];
  const above = points[first - 1];
  if (below === undefined || above === undefined) return undefined;
  const [high, low] = [Math.log(above[1]), Math.log(Math.max(below[1], 0.5))];
  const part = high === low ? 0 : clamp((high - Math.log(boundary)) / (high - low), 0, 1);
  return Math.exp(Math.log(above[0]) + part * (Math.log(below[0]) - Math.log(above[0])));
}
