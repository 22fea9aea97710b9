import { type SemdedupCut, semdedupCuts } from '../../../protocol/select.ts';
import { semdedupCut } from '../semdedupCut.ts';
import { parameterOf, placesOf, type Strategy } from './strategy.ts';

/** Semantic deduplication (COINCIDE specification 4.1) with the epsilon that the size asks for. */
export const semdedup: Strategy = {
  declaration: {
    name: 'semdedup',
    summary: 'drop instances that resemble a harder one of their cluster; epsilon found exactly',
    needs: ['features', 'clusters'],
    parameters: [
      {
        name: 'cut',
        kind: 'choice',
        choices: semdedupCuts,
        default: 'repo',
        help: 'surplus of ties: repo takes it from the last clusters, proportional from all',
      },
    ],
  },
  async select({ size, ordinals, parameters, sources }) {
    const clusters = await sources.deduplicated();
    const cut = parameterOf(parameters, 'cut') as SemdedupCut;
    const { picks, threshold, survivors } = semdedupCut(clusters, size, cut);
    const places = placesOf(picks, ordinals.length);
    const slots = placesOf(clusters.rows, ordinals.length);
    return {
      picks,
      facts: { threshold, epsilon: 1 - threshold, survivors },
      scores(row) {
        const slot = slots[row] as number;
        const similarity = clusters.maximum[slot] as number;
        return {
          strategy: 'semdedup',
          similarity,
          threshold,
          twin: ordinals[clusters.twin[slot] as number] as number,
          cut: similarity <= threshold && (places[row] as number) < 0,
        };
      },
    };
  },
};
