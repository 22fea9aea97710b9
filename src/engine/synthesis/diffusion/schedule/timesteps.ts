export const timestepSpacings = ['leading', 'trailing', 'linspace'] as const;
export type TimestepSpacing = (typeof timestepSpacings)[number];

export interface Spacing {
  readonly spacing: TimestepSpacing;
  /** Added to every timestep of `leading`. */
  readonly offset: number;
  /** Timesteps of the training. */
  readonly trained: number;
}

/** Timesteps to denoise at, descending; those of `linspace` are fractional. @param steps 1 to the timesteps of the training */
export function spacedTimesteps(steps: number, { spacing, offset, trained }: Spacing): Float64Array {
  const at = (rule: (i: number) => number): Float64Array => Float64Array.from({ length: steps }, (_, i) => rule(i));
  switch (spacing) {
    case 'leading':
      // As many steps as timesteps, and an offset, would leave the schedule.
      return at((i) => Math.min((steps - 1 - i) * Math.floor(trained / steps) + offset, trained - 1));
    case 'trailing':
      return at((i) => roundHalfEven(trained - i * (trained / steps)) - 1);
    case 'linspace':
      return at((i) => (steps === 1 ? 0 : ((steps - 1 - i) * (trained - 1)) / (steps - 1)));
  }
}

/**
 * Timesteps of a latent consistency model: picked from those that its teacher was distilled at.
 * @param teacher steps of the teacher's schedule, usually 50
 * @param strength share of that schedule that an image to image run goes back
 * @returns undefined when there are more steps than the schedule has
 */
export function consistencyTimesteps(steps: number, trained: number, teacher: number, strength: number): Float64Array | undefined {
  const stride = Math.floor(trained / teacher);
  const usable = Math.floor(teacher * strength);
  if (steps > usable) return undefined;
  return Float64Array.from({ length: steps }, (_, i) => (usable - Math.floor(i * (usable / steps))) * stride - 1);
}

/** NumPy's rounding. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
