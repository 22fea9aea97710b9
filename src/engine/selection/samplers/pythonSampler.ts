import { type ComposedPerspective, drawingEntities, frequenciesOf, passProbability } from '../composedPerspective.ts';
import { MersenneTwister } from './mersenneTwister.ts';

export interface PythonRun {
  readonly composed: readonly ComposedPerspective[];
  readonly minPerspectives: number;
  /** undefined: no alpha draw at all (the reference's `compose`); a number, 1 included: one draw after each pass (`compose_alpha`). */
  readonly alpha: number | undefined;
  readonly seed: number;
  readonly instances: Uint8Array;
}

/** What one instance consumed; only made for the instance that a receipt asks for. */
export interface PythonTrace {
  readonly perspectives: readonly {
    readonly passed: boolean;
    readonly draws: readonly { readonly entity: number; readonly probability: number; readonly draw?: number }[];
  }[];
  readonly alphaDraw?: number;
}

/**
 * The reference's draw order (ADR specification 2.4 a): one generator, instances in file order, perspectives in the given order,
 * entities as listed with repeats; one draw per entity even when p is 0 or at least 1; a perspective stops at its first win;
 * an empty list draws nothing; in alpha mode one more draw after a successful pass test.
 *
 * @param decide called for every instance with its verdict
 * @param traceOf ordinal whose draws are wanted
 */
export function runPythonSampler(run: PythonRun, decide: (ordinal: number, keep: boolean) => void, traceOf = -1): PythonTrace | undefined {
  const twister = new MersenneTwister(run.seed);
  const frequencies = run.composed.map(frequenciesOf);
  let trace: PythonTrace | undefined;
  for (let ordinal = 0; ordinal < run.instances.length; ordinal++) {
    if (!run.instances[ordinal]) continue;
    const traced: PythonTrace['perspectives'][number][] = [];
    let passes = 0;
    for (const [k, composed] of run.composed.entries()) {
      const draws: { entity: number; probability: number; draw?: number }[] = [];
      let won = false;
      for (const entity of drawingEntities(composed, ordinal)) {
        const probability = passProbability(composed.tau, frequencies[k]?.[entity] ?? 0);
        if (won) {
          if (ordinal === traceOf) draws.push({ entity, probability });
          else break;
          continue;
        }
        const draw = twister.random();
        if (ordinal === traceOf) draws.push({ entity, probability, draw });
        won = draw < probability;
      }
      if (won) passes++;
      if (ordinal === traceOf) traced.push({ passed: won, draws });
    }
    const passed = passes >= run.minPerspectives;
    const alphaDraw = passed && run.alpha !== undefined ? twister.random() : undefined;
    decide(ordinal, passed && (alphaDraw === undefined || alphaDraw < (run.alpha ?? 1)));
    if (ordinal === traceOf) {
      trace = { perspectives: traced, ...(alphaDraw === undefined ? {} : { alphaDraw }) };
      break;
    }
  }
  return trace;
}
