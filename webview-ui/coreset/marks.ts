import { type StrategyName, strategyNames } from '../../src/protocol/select.ts';
import type { ThemeColors } from '../shared/theme.ts';

/** How the line of a strategy is drawn: dashes and the shape of its points tell it apart without colour. */
export interface Mark {
  readonly color: (theme: ThemeColors) => string;
  readonly dash: readonly number[];
  readonly point: 'circle' | 'triangle' | 'rect' | 'rectRot' | 'cross' | 'crossRot' | 'star';
  readonly width: number;
}

const own: Readonly<Partial<Record<StrategyName, Mark>>> = {
  coincide: { color: ({ before }) => before, dash: [], point: 'circle', width: 2.5 },
  hybrid: { color: ({ after }) => after, dash: [10, 4], point: 'rect', width: 2 },
  random: { color: ({ control }) => control, dash: [2, 3], point: 'triangle', width: 2 },
  rebalance: { color: ({ tau }) => tau, dash: [7, 3, 2, 3], point: 'rectRot', width: 2 },
  semdedup: { color: ({ foreground }) => foreground, dash: [5, 3], point: 'crossRot', width: 1.5 },
};
const others: readonly Mark['point'][] = ['star', 'cross', 'rect', 'rectRot', 'crossRot'];
const otherDashes: readonly (readonly number[])[] = [[], [12, 3, 3, 3], [4, 4], [1, 3]];

/** The same for a strategy wherever it is drawn; no two are drawn alike. */
export function markOf(name: StrategyName): Mark {
  const i = strategyNames.indexOf(name);
  return (
    own[name] ?? {
      color: (theme) => (i % 2 === 0 ? theme.muted : theme.foreground),
      dash: otherDashes[i % otherDashes.length] ?? [],
      point: others[i % others.length] ?? 'star',
      width: 1.5,
    }
  );
}
