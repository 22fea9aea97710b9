import type { Perspective } from '../../protocol/perspectives.ts';
import type { Flip, ReceiptEntity, ReceiptPerspective } from '../../protocol/reports.ts';
import { type ComposedPerspective, frequenciesOf } from './composedPerspective.ts';
import { poissonBinomialTail } from './expectedVolume.ts';
import { smallestFlip } from './flip.ts';
import { forced } from './overrides.ts';
import { alphaDraws, type RebalanceInput } from './rebalance.ts';
import { HashDraws, PerspectiveDraws } from './samplers/hashSampler.ts';
import { runPythonSampler } from './samplers/pythonSampler.ts';

/** Why one instance was kept or dropped: the part of a receipt that the selection knows. */
export interface Decision {
  readonly verdict: 'kept' | 'dropped';
  readonly keepProbability: number;
  readonly protected: boolean;
  readonly perspectives: Partial<Record<Perspective, ReceiptPerspective>>;
  readonly passes: number;
  readonly alphaDraw?: number;
  readonly flip?: Flip;
}

/** A forced verdict stands whatever the draws say; they are told all the same, but no parameter could turn it. */
export function explainRebalance(input: RebalanceInput, ordinal: number): Decision {
  const drawn = input.sampler === 'python' ? explainPython(input, ordinal) : explainHash(input, ordinal);
  const verdict = input.verdicts[ordinal];
  if (verdict === forced.none) return drawn;
  const { flip: _, ...rest } = drawn;
  return verdict === forced.keep ? { ...rest, verdict: 'kept', keepProbability: 1 } : { ...rest, verdict: 'dropped', keepProbability: 0 };
}

function explainHash(input: RebalanceInput, ordinal: number): Decision {
  const draws = new HashDraws(input.seed, input.counters);
  const alpha = input.alpha ?? 1;
  const alphaDraw = alphaDraws(draws)(ordinal);
  const traced = input.composed.map((composed) => ({ composed, draws: new PerspectiveDraws(composed, draws).trace(ordinal) }));
  const perspectives = receiptPerspectives(traced);
  const passes = Object.values(perspectives).filter((perspective) => perspective.passed).length;
  const isProtected = Boolean(input.protectedInstances[ordinal]);
  const kept = isProtected || (passes >= input.minPerspectives && (alpha >= 1 || alphaDraw < alpha));
  const flip = smallestFlip({
    kept,
    protected: isProtected,
    passes,
    minPerspectives: input.minPerspectives,
    alpha,
    alphaDraw,
    perspectives: traced.map(({ composed, draws: row }) => ({
      perspective: composed.index.perspective,
      tau: composed.tau,
      passed: perspectives[composed.index.perspective]?.passed ?? false,
      draws: row.map(({ entity, draw }) => ({
        entity: composed.index.nameOf(entity),
        frequency: composed.index.frequency[entity] ?? 0,
        draw,
      })),
    })),
  });
  return {
    verdict: kept ? 'kept' : 'dropped',
    keepProbability: isProtected ? 1 : probabilityOf(perspectives, input.minPerspectives, alpha),
    protected: isProtected,
    perspectives,
    passes,
    ...(alpha < 1 ? { alphaDraw } : {}),
    ...(flip ? { flip } : {}),
  };
}

function explainPython(input: RebalanceInput, ordinal: number): Decision {
  let kept = false;
  const trace = runPythonSampler(
    input,
    (each, keep) => {
      if (each === ordinal) kept = keep;
    },
    ordinal,
  );
  const traced = input.composed.map((composed, k) => ({ composed, draws: trace?.perspectives[k]?.draws ?? [] }));
  const perspectives = receiptPerspectives(traced);
  const isProtected = Boolean(input.protectedInstances[ordinal]);
  return {
    verdict: kept || isProtected ? 'kept' : 'dropped',
    keepProbability: isProtected ? 1 : probabilityOf(perspectives, input.minPerspectives, input.alpha ?? 1),
    protected: isProtected,
    perspectives,
    passes: Object.values(perspectives).filter((perspective) => perspective.passed).length,
    ...(trace?.alphaDraw === undefined ? {} : { alphaDraw: trace.alphaDraw }),
  };
}

function receiptPerspectives(
  traced: readonly {
    readonly composed: ComposedPerspective;
    readonly draws: readonly { readonly entity: number; readonly probability: number; readonly draw?: number }[];
  }[],
): Partial<Record<Perspective, ReceiptPerspective>> {
  const result: Partial<Record<Perspective, ReceiptPerspective>> = {};
  for (const { composed, draws } of traced) {
    const frequency = frequenciesOf(composed);
    const entities: ReceiptEntity[] = draws.map(({ entity, probability, draw }) => ({
      entity: composed.index.nameOf(entity),
      frequency: frequency[entity] ?? 0,
      probability,
      ...(draw === undefined ? {} : { draw }),
      won: draw !== undefined && draw < probability,
    }));
    const q = entities.some(({ probability }) => probability >= 1)
      ? 1
      : 1 - entities.reduce((fail, { probability }) => fail * (1 - probability), 1);
    result[composed.index.perspective] = { tau: composed.tau, q, passed: entities.some(({ won }) => won), entities };
  }
  return result;
}

function probabilityOf(perspectives: Partial<Record<Perspective, ReceiptPerspective>>, minPerspectives: number, alpha: number): number {
  return (
    alpha *
    poissonBinomialTail(
      Object.values(perspectives).map(({ q }) => q),
      minPerspectives,
    )
  );
}
