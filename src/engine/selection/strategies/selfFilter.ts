import { selfFilterScan } from '../selfFilterScan.ts';
import { parameterOf, placesOf, type Strategy } from './strategy.ts';

/** Neighbours listed for each one that a pick lowers: most picks then find enough that remain without a scan. */
const listedPerNeighbour = 4;

/** Second stage of Self-Filter (COINCIDE specification 4.3); the first stage's difficulty is the user's column. */
export const selfFilter: Strategy = {
  declaration: {
    name: 'self-filter',
    summary: 'most difficult first, similar instances made easier (needs --column)',
    needs: ['features', 'column'],
    parameters: [
      {
        name: 'neighbours',
        kind: 'number',
        from: 1,
        to: 1000,
        integer: true,
        default: 10,
        help: 'most similar remaining instances that a pick lowers (cosine)',
      },
      { name: 'gamma', kind: 'number', from: 0, to: Number.MAX_VALUE, default: 1, help: 'weight of the lowering' },
    ],
  },
  async select({ size, ordinals, parameters, sources }) {
    const neighbours = parameterOf(parameters, 'neighbours');
    const difficulty = await sources.column(false);
    const nearest = await sources.neighbours('cosine', neighbours * listedPerNeighbour);
    const cosines = await sources.cosines();
    const { picks, atPick } = selfFilterScan({ difficulty, nearest, neighbours, gamma: parameterOf(parameters, 'gamma'), cosines }, size);
    const places = placesOf(picks, ordinals.length);
    return {
      picks,
      facts: {},
      scores(row) {
        const pick = places[row] as number;
        return {
          strategy: 'self-filter',
          difficulty: difficulty[row] as number,
          atPick: pick < 0 ? null : (atPick[pick] as number),
          pick: pick < 0 ? null : pick,
        };
      },
    };
  },
};
