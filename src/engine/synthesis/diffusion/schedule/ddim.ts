import type { DenoisingPlan } from './plan.ts';
import { predict } from './prediction.ts';
import type { Schedule } from './schedule.ts';
import { roundHalfEven, spacedTimesteps } from './timesteps.ts';

/** Denoising diffusion implicit models (Song et al. 2021, equations 12 and 16). @param eta 0: no noise is added; 1: as much as DDPM's */
export function ddim(steps: number, schedule: Schedule, eta = 0): DenoisingPlan {
  const { alphas, trained } = schedule;
  const afterLast = schedule.lastAlphaIsOne ? 1 : (alphas[0] as number);
  const stride = Math.floor(trained / steps);
  const timesteps = spacedTimesteps(steps, { ...schedule, spacing: schedule.spacing ?? 'leading' }).map(roundHalfEven);
  return {
    initialScale: 1,
    steps: Array.from(timesteps, (timestep) => {
      const alpha = alphas[timestep] as number;
      const next = timestep - stride >= 0 ? (alphas[timestep - stride] as number) : afterLast;
      const { clean, noise } = predict(schedule.prediction, alpha);
      const deviation = eta * Math.sqrt(((1 - next) / (1 - alpha)) * (1 - alpha / next));
      const direction = Math.sqrt(Math.max(1 - next - deviation ** 2, 0));
      return {
        timestep,
        input: 1,
        sample: Math.sqrt(next) * clean.sample + direction * noise.sample,
        output: Math.sqrt(next) * clean.output + direction * noise.output,
        noise: deviation,
        draws: eta > 0,
        clean,
        start: { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) },
      };
    }),
  };
}
