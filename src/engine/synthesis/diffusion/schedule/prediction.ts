export const predictionTypes = ['epsilon', 'v_prediction', 'sample'] as const;
export type PredictionType = (typeof predictionTypes)[number];

/** A value as `sample` x + `output` m of the noisy sample x and the model's output m. */
interface Linear {
  readonly sample: number;
  readonly output: number;
}

/** The picture and its noise as the model's output tells them. */
export interface Prediction {
  readonly clean: Linear;
  readonly noise: Linear;
}

/** @param alpha share of the signal's variance, x = sqrt(alpha) picture + sqrt(1 - alpha) noise */
export function predict(type: PredictionType, alpha: number): Prediction {
  const signal = Math.sqrt(alpha);
  const spread = Math.sqrt(1 - alpha);
  switch (type) {
    case 'epsilon':
      return { clean: { sample: 1 / signal, output: -spread / signal }, noise: { sample: 0, output: 1 } };
    case 'v_prediction':
      return { clean: { sample: signal, output: -spread }, noise: { sample: spread, output: signal } };
    case 'sample':
      return { clean: { sample: 0, output: 1 }, noise: { sample: 1 / spread, output: -signal / spread } };
  }
}

/** The picture where x = picture + sigma noise. */
export function predictExploding(type: PredictionType, sigma: number): Linear {
  switch (type) {
    case 'epsilon':
      return { sample: 1, output: -sigma };
    case 'v_prediction':
      return { sample: 1 / (sigma ** 2 + 1), output: -sigma / Math.sqrt(sigma ** 2 + 1) };
    case 'sample':
      return { sample: 0, output: 1 };
  }
}
