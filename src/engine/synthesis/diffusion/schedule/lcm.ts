import type { DenoisingPlan } from './plan.ts';
import { predict } from './prediction.ts';
import type { Schedule } from './schedule.ts';
import { consistencyTimesteps } from './timesteps.ts';

/** Standard deviation of the data that the boundary conditions assume. */
const dataDeviation = 0.5;

/**
 * Multistep sampling of a latent consistency model (Luo et al. 2023, algorithm 3).
 * @param strength share of the schedule that an image to image run goes back, 1 otherwise
 * @returns undefined when the schedule has fewer steps than asked for
 */
export function lcm(steps: number, schedule: Schedule, strength: number): DenoisingPlan | undefined {
  const { alphas } = schedule;
  const timesteps = consistencyTimesteps(steps, schedule.trained, schedule.teacherSteps, strength);
  if (!timesteps) return undefined;
  return {
    initialScale: 1,
    steps: Array.from(timesteps, (timestep, i) => {
      const alpha = alphas[timestep] as number;
      const following = timesteps[i + 1];
      const next = following === undefined ? 1 : (alphas[following] as number);
      const { clean } = predict(schedule.prediction, alpha);
      const scaled = (timestep * schedule.timestepScaling) ** 2 + dataDeviation ** 2;
      const ofSample = dataDeviation ** 2 / scaled;
      const ofClean = (timestep * schedule.timestepScaling) / Math.sqrt(scaled);
      const denoised = { sample: ofClean * clean.sample + ofSample, output: ofClean * clean.output };
      return {
        timestep,
        input: 1,
        sample: Math.sqrt(next) * denoised.sample,
        output: Math.sqrt(next) * denoised.output,
        noise: Math.sqrt(1 - next),
        draws: following !== undefined,
        clean: denoised,
        start: { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) },
      };
    }),
  };
}

/**
 * How a consistency model is told its guidance, which replaces the second run without prompt: sines and cosines of 1000 (guidance - 1) at
 * falling frequencies.
 */
export function guidanceEmbedding(guidance: number, dimensions: number): Float32Array {
  const half = Math.floor(dimensions / 2);
  const embedding = new Float32Array(dimensions);
  for (let i = 0; i < half; i++) {
    const angle = 1000 * (guidance - 1) * 10000 ** (-i / (half - 1));
    embedding[i] = Math.sin(angle);
    embedding[half + i] = Math.cos(angle);
  }
  return embedding;
}
