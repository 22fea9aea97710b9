import { EngineError } from '../../jobs/engineError.ts';
import { criticalScales } from '../criticalScale.ts';
import { ascendingOrder } from '../scoreCut.ts';
import type { Strategy } from './strategy.ts';

/**
 * ADR's rebalancing at an exact size: all thresholds are scaled by the one factor at which just so many instances pass. Needs no clusters,
 * so it stands in comparisons as what the other method would have kept.
 */
export const rebalanceStrategy: Strategy = {
  declaration: {
    name: 'rebalance',
    summary: 'ADR rebalancing, thresholds scaled until exactly so many instances pass',
    needs: ['entities'],
    parameters: [],
  },
  async select({ size, ordinals, sources }) {
    const input = await sources.rebalance();
    const scales = criticalScales(input);
    const own = Float64Array.from(ordinals, (ordinal) => scales.at(ordinal));
    const reachable = own.reduce((count, scale) => count + (scale < Number.POSITIVE_INFINITY ? 1 : 0), 0);
    if (size > reachable)
      throw new EngineError(
        'selection.unreachable',
        `Rebalancing can keep at most ${reachable} instances: the others hold no entity. Ask for fewer, or use another strategy.`,
        { target: size, maximum: reachable },
      );
    const picks = ascendingOrder(own).slice(0, size);
    const limit = own[picks.at(-1) as number] as number;
    return {
      picks,
      facts: { scale: limit },
      scores(row) {
        const decision = scales.explain(ordinals[row] as number);
        return { strategy: 'rebalance', scale: decision?.scale ?? null, limit, ...(decision ?? {}) };
      },
    };
  },
};
