import type { Perspective } from '../../protocol/perspectives.ts';
import type { RebalanceInput } from './rebalance.ts';
import { HashDraws, PerspectiveDraws } from './samplers/hashSampler.ts';

/** What decides when an instance is first kept. */
export interface CriticalEntity {
  /** draw * frequency / tau. */
  readonly scale: number;
  readonly perspective: Perspective;
  readonly entity: string;
  readonly frequency: number;
  readonly tau: number;
  readonly draw: number;
}

/**
 * The smallest common factor on all taus at which an instance passes under the hash sampler, whose draws do not move with the thresholds:
 * an entity wins when u < min(1, s * tau / f), that is for every s above u * f / tau, so the instance passes above the least of these.
 */
export function criticalScales(input: Pick<RebalanceInput, 'composed' | 'seed' | 'counters'>): {
  /** Infinity for an instance without entities. */
  at(ordinal: number): number;
  explain(ordinal: number): CriticalEntity | undefined;
} {
  const draws = new HashDraws(input.seed, input.counters);
  const perspectives = input.composed.flatMap((composed) =>
    composed.tau === null
      ? []
      : [
          {
            index: composed.index,
            tau: composed.tau,
            rowOffsets: composed.index.rowOffsets,
            rowEntities: composed.index.rowEntities,
            frequency: composed.index.frequency,
            own: new PerspectiveDraws(composed, draws),
          },
        ],
  );
  return {
    at(ordinal) {
      let least = Number.POSITIVE_INFINITY;
      for (const { rowOffsets, rowEntities, frequency, tau, own } of perspectives) {
        const end = rowOffsets[ordinal + 1] as number;
        for (let i = rowOffsets[ordinal] as number; i < end; i++) {
          const entity = rowEntities[i] as number;
          const scale = (own.draw(ordinal, entity) * (frequency[entity] as number)) / tau;
          if (scale < least) least = scale;
        }
      }
      return least;
    },
    explain(ordinal) {
      let best: CriticalEntity | undefined;
      for (const { index, rowOffsets, rowEntities, frequency, tau, own } of perspectives) {
        const end = rowOffsets[ordinal + 1] as number;
        for (let i = rowOffsets[ordinal] as number; i < end; i++) {
          const entity = rowEntities[i] as number;
          const draw = own.draw(ordinal, entity);
          const scale = (draw * (frequency[entity] as number)) / tau;
          if (best && scale >= best.scale) continue;
          best = { scale, perspective: index.perspective, entity: index.nameOf(entity), frequency: frequency[entity] as number, tau, draw };
        }
      }
      return best;
    },
  };
}
