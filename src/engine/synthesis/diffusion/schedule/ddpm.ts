import type { DenoisingPlan } from './plan.ts';
import { predict } from './prediction.ts';
import type { Schedule } from './schedule.ts';
import { roundHalfEven, spacedTimesteps } from './timesteps.ts';

/** The last step's variance is 0; its logarithm must exist. */
const leastVariance = 1e-20;

/** Denoising diffusion probabilistic models (Ho et al. 2020, equations 6 and 7), with the smaller of the two variances. */
export function ddpm(steps: number, schedule: Schedule): DenoisingPlan {
  const { alphas } = schedule;
  const timesteps = spacedTimesteps(steps, { ...schedule, spacing: schedule.spacing ?? 'leading' }).map(roundHalfEven);
  return {
    initialScale: 1,
    steps: Array.from(timesteps, (timestep, i) => {
      const alpha = alphas[timestep] as number;
      const following = timesteps[i + 1];
      const next = following === undefined ? 1 : (alphas[following] as number);
      const kept = alpha / next;
      const { clean } = predict(schedule.prediction, alpha);
      const ofClean = (Math.sqrt(next) * (1 - kept)) / (1 - alpha);
      const ofSample = (Math.sqrt(kept) * (1 - next)) / (1 - alpha);
      const variance = Math.max(((1 - next) / (1 - alpha)) * (1 - kept), leastVariance);
      return {
        timestep,
        input: 1,
        sample: ofClean * clean.sample + ofSample,
        output: ofClean * clean.output,
        noise: Math.sqrt(variance),
        draws: timestep > 0,
        clean,
        start: { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) },
      };
    }),
  };
}
