/**
 * One denoising step. Every scheduler's step is linear in what it is given, so numbers say all about it:
 * the model sees `input` * x; with its output m and, where `draws`, normal noise n, the next sample is `sample` x + `output` m + `noise` n.
 */
export interface Step {
  /** What the model is told; fractional for some schedules. */
  readonly timestep: number;
  readonly input: number;
  readonly sample: number;
  readonly output: number;
  readonly noise: number;
  /** Whether the step takes noise from the generator, even if it multiplies it by 0. */
  readonly draws: boolean;
  /** The picture without noise, as the model sees it at this step: `clean.sample` x + `clean.output` m. */
  readonly clean: { readonly sample: number; readonly output: number };
  /** Where image to image starts: a picture z becomes `start.signal` z + `start.noise` n. */
  readonly start: { readonly signal: number; readonly noise: number };
}

/** All steps of a run, in their order. */
export interface DenoisingPlan {
  /** Factor of the noise that a picture starts from. */
  readonly initialScale: number;
  readonly steps: readonly Step[];
}

/** x a + m b (+ n c), in double precision and rounded once. */
export function combine(
  x: Float32Array,
  a: number,
  m: Float32Array,
  b: number,
  rest?: { readonly values: Float32Array; readonly factor: number },
): Float32Array {
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const added = rest ? (rest.values[i] as number) * rest.factor : 0;
    result[i] = (x[i] as number) * a + (m[i] as number) * b + added;
  }
  return result;
}

/** Next sample. @param noise wanted where the step draws it */
export function advance(step: Step, sample: Float32Array, output: Float32Array, noise: Float32Array | undefined): Float32Array {
  return combine(sample, step.sample, output, step.output, noise && { values: noise, factor: step.noise });
}
