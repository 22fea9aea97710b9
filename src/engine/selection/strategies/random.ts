import { permute } from '../../clustering/permutation.ts';
import { placesOf, type Strategy } from './strategy.ts';

/** The control: a prefix of the clustering library's seeded permutation, as the reference draws its own. */
export const random: Strategy = {
  declaration: { name: 'random', summary: 'prefix of a seeded permutation: what any removal would do', needs: [], parameters: [] },
  async select({ size, seed, ordinals }) {
    const permutation = permute(ordinals.length, seed, 'mod');
    const places = placesOf(permutation, ordinals.length);
    return {
      picks: permutation.slice(0, size),
      facts: {},
      scores: (row) => ({ strategy: 'random', place: places[row] as number, size }),
    };
  },
};
