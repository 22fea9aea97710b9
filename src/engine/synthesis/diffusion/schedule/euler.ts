import type { DenoisingPlan } from './plan.ts';
import { predictExploding } from './prediction.ts';
import type { Schedule } from './schedule.ts';
import { spacedTimesteps } from './timesteps.ts';

/** Exponent of Karras's spacing, equation 5. */
const rho = 7;

/** Euler's method on the probability flow (Karras et al. 2022, algorithm 1 with C = 0); the sample is not scaled down as noise is added. */
export function euler(steps: number, schedule: Schedule): DenoisingPlan {
  return plan(steps, schedule, (_, next) => ({ down: next, up: 0, draws: false }));
}

/** The same with part of the noise replaced by fresh noise in every step (k-diffusion's `sample_euler_ancestral`). */
export function eulerAncestral(steps: number, schedule: Schedule): DenoisingPlan {
  return plan(steps, { ...schedule, karras: false }, (sigma, next) => {
    const up = Math.sqrt((next ** 2 * (sigma ** 2 - next ** 2)) / sigma ** 2);
    return { down: Math.sqrt(next ** 2 - up ** 2), up, draws: true };
  });
}

/** Where a step from one noise level to the next goes to, and how much noise it adds. */
type Target = (sigma: number, next: number) => { readonly down: number; readonly up: number; readonly draws: boolean };

function plan(steps: number, schedule: Schedule, target: Target): DenoisingPlan {
  const spacing = schedule.spacing ?? 'linspace';
  let timesteps: Float64Array = spacedTimesteps(steps, { ...schedule, spacing });
  let sigmas: Float64Array = timesteps.map((timestep) => interpolate(schedule.sigmas, timestep));
  if (schedule.karras) {
    sigmas = karrasSigmas(sigmas);
    timesteps = sigmas.map((sigma) => timestepOf(sigma, schedule.sigmas));
  }
  const largest = Math.max(...sigmas);
  return {
    initialScale: spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    steps: Array.from(timesteps, (timestep, i) => {
      const sigma = sigmas[i] as number;
      const { down, up, draws } = target(sigma, sigmas[i + 1] ?? 0);
      const clean = predictExploding(schedule.prediction, sigma);
      const stride = (down - sigma) / sigma;
      return {
        timestep,
        input: 1 / Math.sqrt(sigma ** 2 + 1),
        sample: 1 + (1 - clean.sample) * stride,
        output: -clean.output * stride,
        noise: up,
        draws,
        clean,
        start: { signal: 1, noise: sigma },
      };
    }),
  };
}

function interpolate(sigmas: Float64Array, timestep: number): number {
  const below = Math.floor(timestep);
  const low = sigmas[below] as number;
  const high = sigmas[Math.min(below + 1, sigmas.length - 1)] as number;
  return low + (timestep - below) * (high - low);
}

/** As many noise levels between the same ends, denser towards the picture. */
function karrasSigmas(sigmas: Float64Array): Float64Array {
  const from = (sigmas[0] as number) ** (1 / rho);
  const to = (sigmas.at(-1) as number) ** (1 / rho);
  return sigmas.map((_, i) => (from + (sigmas.length === 1 ? 0 : i / (sigmas.length - 1)) * (to - from)) ** rho);
}

/** Timestep of a noise level, between neighbours by its logarithm. */
function timestepOf(sigma: number, sigmas: Float64Array): number {
  let below = 0;
  while (below < sigmas.length - 2 && (sigmas[below + 1] as number) <= sigma) below++;
  const low = Math.log(sigmas[below] as number);
  const high = Math.log(sigmas[below + 1] as number);
  return below + Math.min(Math.max((Math.log(sigma) - low) / (high - low), 0), 1);
}
