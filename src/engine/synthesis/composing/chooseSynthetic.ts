import { createHash } from 'node:crypto';
import { EngineError } from '../../jobs/engineError.ts';

/**
 * Which accepted candidates fill a dataset up to exactly `volume` instances: the first of them in the order of a hash of (seed, id). The
 * choice depends on nothing else, and a larger volume keeps the smaller one's.
 * @returns chosen ids in that order
 * @throws EngineError `compose.infeasible`, naming the volumes that can be reached
 */
export function chooseSynthetic(accepted: readonly string[], kept: number, volume: number, seed: number): readonly string[] {
  const largest = kept + accepted.length;
  if (!Number.isInteger(volume) || volume < kept || volume > largest)
    throw new EngineError(
      'compose.infeasible',
      volume < kept
        ? `${volume} instances cannot be reached: the selection alone keeps ${kept}. The smallest feasible volume is ${kept}, the largest ${largest}. Rebalance to a smaller target first.`
        : `${volume} instances cannot be reached: ${kept} are kept and ${accepted.length} synthetic ones are accepted. The largest feasible volume is ${largest}, the smallest ${kept}. Accept more, or make more with ballast synthesize.`,
      { volume, kept, accepted: accepted.length, largest, smallest: kept },
    );
  const rank = new Map(accepted.map((id) => [id, createHash('sha256').update(`ballast-compose-1\0${seed}\0${id}`).digest('hex')] as const));
  const rankOf = (id: string): string => rank.get(id) ?? '';
  return [...rank.keys()].sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : rankOf(a) > rankOf(b) ? 1 : a < b ? -1 : 1)).slice(0, volume - kept);
}
