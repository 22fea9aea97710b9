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

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
