import { alphas } from './tinyOracle.ts';

/** What a sampling needs: the guided model, and normal numbers in the order in which they are drawn. */
export interface Sampling {
  readonly steps: number;
  /** Latent picture to start from; noise where there is none. */
  readonly picture?: readonly number[];
  readonly strength?: number;
  /** What the model says about what it sees. */
  predict(seen: number[], timestep: number): number[];
  draw(): number[];
}

const acp = alphas();
const alphaAt = (t: number): number => acp[t] ?? 1;
const sigmaAt = (t: number): number => Math.sqrt((1 - alphaAt(t)) / alphaAt(t));
const each = (rule: (i: number) => number, like: readonly number[]): number[] => like.map((_, i) => rule(i));
const at = (values: readonly number[], i: number): number => values[i] ?? 0;

/** Timesteps with leading spacing and an offset of 1, less those that a picture leaves out. */
function leading({ steps, picture, strength = 1 }: Sampling): number[] {
  const all = Array.from({ length: steps }, (_, i) => (steps - 1 - i) * Math.floor(1000 / steps) + 1);
  return picture ? all.slice(steps - Math.floor(steps * strength)) : all;
}

function noised(picture: readonly number[] | undefined, noise: readonly number[], t: number): number[] {
  if (!picture) return [...noise];
  return each((i) => Math.sqrt(alphaAt(t)) * at(picture, i) + Math.sqrt(1 - alphaAt(t)) * at(noise, i), noise);
}

export function ddim(sampling: Sampling): number[] {
  const ts = leading(sampling);
  let x = noised(sampling.picture, sampling.draw(), ts[0] ?? 0);
  for (const t of ts) {
    const m = sampling.predict(x, t);
    const before = t - Math.floor(1000 / sampling.steps);
    const next = before >= 0 ? alphaAt(before) : alphaAt(0);
    const x0 = each((i) => (at(x, i) - Math.sqrt(1 - alphaAt(t)) * at(m, i)) / Math.sqrt(alphaAt(t)), x);
    x = each((i) => Math.sqrt(next) * at(x0, i) + Math.sqrt(1 - next) * at(m, i), x);
  }
  return x;
}

/** DDIM for a model that predicts the velocity. */
export function ddimVelocity(sampling: Sampling): number[] {
  // The noise that the velocity means: eps = sqrt(a) v + sqrt(1 - a) x
  const predict = (seen: number[], t: number): number[] => {
    const v = sampling.predict(seen, t);
    return each((i) => Math.sqrt(alphaAt(t)) * at(v, i) + Math.sqrt(1 - alphaAt(t)) * at(seen, i), v);
  };
  return ddim({ ...sampling, predict });
}

export function ddpm(sampling: Sampling): number[] {
  const ts = leading(sampling);
  let x = noised(sampling.picture, sampling.draw(), ts[0] ?? 0);
  ts.forEach((t, k) => {
    const m = sampling.predict(x, t);
    const a = alphaAt(t);
    const following = ts[k + 1];
    const next = following === undefined ? 1 : alphaAt(following);
    const x0 = each((i) => (at(x, i) - Math.sqrt(1 - a) * at(m, i)) / Math.sqrt(a), x);
    const beta = 1 - a / next;
    const mean = each((i) => (Math.sqrt(next) * beta * at(x0, i) + Math.sqrt(a / next) * (1 - next) * at(x, i)) / (1 - a), x);
    const deviation = Math.sqrt(Math.max(((1 - next) / (1 - a)) * beta, 1e-20));
    const noise = sampling.draw();
    x = each((i) => at(mean, i) + deviation * at(noise, i), x);
  });
  return x;
}

export function euler(sampling: Sampling, ancestral = false): number[] {
  const ts = leading(sampling);
  const sigmas = [...ts.map(sigmaAt), 0];
  const noise = sampling.draw();
  const largest = at(sigmas, 0);
  const { picture } = sampling;
  let x = picture ? each((i) => at(picture, i) + largest * at(noise, i), noise) : noise.map((value) => value * Math.sqrt(largest ** 2 + 1));
  ts.forEach((t, k) => {
    const [sigma, next] = [at(sigmas, k), at(sigmas, k + 1)];
    const m = sampling.predict(
      x.map((value) => value / Math.sqrt(sigma ** 2 + 1)),
      t,
    );
    const up = ancestral ? Math.sqrt((next ** 2 * (sigma ** 2 - next ** 2)) / sigma ** 2) : 0;
    const down = Math.sqrt(next ** 2 - up ** 2);
    x = each((i) => at(x, i) + (down - sigma) * at(m, i), x);
    if (!ancestral) return;
    const fresh = sampling.draw();
    x = each((i) => at(x, i) + up * at(fresh, i), x);
  });
  return x;
}

export function lcm(sampling: Sampling): number[] {
  const origins = Array.from(
    { length: Math.floor(50 * (sampling.picture ? (sampling.strength ?? 1) : 1)) },
    (_, j) => (j + 1) * 20 - 1,
  ).reverse();
  const ts = Array.from({ length: sampling.steps }, (_, i) => at(origins, Math.floor((i * origins.length) / sampling.steps)));
  let x = noised(sampling.picture, sampling.draw(), at(ts, 0));
  ts.forEach((t, k) => {
    const m = sampling.predict(x, t);
    const skip = 0.25 / ((10 * t) ** 2 + 0.25);
    const out = (10 * t) / Math.sqrt((10 * t) ** 2 + 0.25);
    const clean = each((i) => (out * (at(x, i) - Math.sqrt(1 - alphaAt(t)) * at(m, i))) / Math.sqrt(alphaAt(t)) + skip * at(x, i), x);
    const following = ts[k + 1];
    x = following === undefined ? clean : noised(clean, sampling.draw(), following);
  });
  return x;
}
