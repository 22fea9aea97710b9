import { d2Scan } from '../d2Scan.ts';
import { parameterOf, placesOf, type Strategy } from './strategy.ts';

/** D2 pruning (COINCIDE specification 4.2) over exact neighbours; the score is the user's column. */
export const d2: Strategy = {
  declaration: {
    name: 'd2',
    summary: 'difficulty and diversity by message passing between neighbours (needs --column)',
    needs: ['features', 'column'],
    parameters: [
      {
        name: 'neighbours',
        kind: 'number',
        from: 1,
        to: 1000,
        integer: true,
        default: 5,
        help: 'nearest instances that share a score (squared distance)',
      },
      {
        name: 'gamma',
        kind: 'number',
        from: 0,
        to: Number.MAX_VALUE,
        default: 0.4,
        help: 'how fast a pick stops to weigh on its neighbours',
      },
    ],
  },
  async select({ size, ordinals, parameters, sources }) {
    const column = await sources.column(false);
    const neighbours = await sources.neighbours('squaredDistance', parameterOf(parameters, 'neighbours'));
    const { picks, initial, atPick } = d2Scan(column, neighbours, size, parameterOf(parameters, 'gamma'));
    const places = placesOf(picks, ordinals.length);
    return {
      picks,
      facts: {},
      scores(row) {
        const pick = places[row] as number;
        return {
          strategy: 'd2',
          score: column[row] as number,
          initial: initial[row] as number,
          atPick: pick < 0 ? null : (atPick[pick] as number),
          pick: pick < 0 ? null : pick,
        };
      },
    };
  },
};
