/** How much noise each training timestep holds. */
export interface NoiseLevels {
  /** Share of the signal's variance that is left at a timestep, descending from almost 1 (`alphas_cumprod`). */
  readonly alphas: Float64Array;
  /** Standard deviation of the noise where the signal is not scaled down: sqrt((1 - alpha) / alpha), ascending. */
  readonly sigmas: Float64Array;
}

export const betaSchedules = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const;

export interface BetaParameters {
  readonly schedule: (typeof betaSchedules)[number];
  readonly start: number;
  readonly end: number;
  /** Timesteps of the training, 1000 for all known models. */
  readonly timesteps: number;
  /** Betas themselves, where a configuration lists them. */
  readonly trained?: readonly number[];
}

/** Noise variances as diffusers' schedulers compute them (Ho et al. 2020; Rombach et al. 2022 for `scaled_linear`; Nichol and Dhariwal 2021 for the cosine). */
export function betas({ schedule, start, end, timesteps, trained }: BetaParameters): Float64Array {
  if (trained) return Float64Array.from(trained);
  return Float64Array.from({ length: timesteps }, (_, i) => {
    const position = timesteps === 1 ? 0 : i / (timesteps - 1);
    switch (schedule) {
      case 'linear':
        return start + position * (end - start);
      case 'scaled_linear':
        return (Math.sqrt(start) + position * (Math.sqrt(end) - Math.sqrt(start))) ** 2;
      case 'squaredcos_cap_v2':
        return Math.min(1 - cosineAlpha((i + 1) / timesteps) / cosineAlpha(i / timesteps), 0.999);
    }
  });
}

export function noiseLevels(parameters: BetaParameters): NoiseLevels {
  let product = 1;
  const alphas = betas(parameters).map((beta) => {
    product *= 1 - beta;
    return product;
  });
  return { alphas, sigmas: alphas.map((alpha) => Math.sqrt((1 - alpha) / alpha)) };
}

function cosineAlpha(t: number): number {
  return Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
}
