import type { StrategyName } from '../../../protocol/select.ts';
import { coincide } from './coincide.ts';
import { coincideNecessity } from './coincideNecessity.ts';
import { clipScore, column, el2n, perplexity, selfSup, visualNecessity } from './columnStrategies.ts';
import { d2 } from './d2.ts';
import { hybrid } from './hybrid.ts';
import { random } from './random.ts';
import { rebalanceStrategy } from './rebalance.ts';
import { selfFilter } from './selfFilter.ts';
import { semdedup } from './semdedup.ts';
import type { Strategy } from './strategy.ts';

/** Every strategy, in the order of a picker. */
export const strategies: readonly Strategy[] = [
  coincide,
  hybrid,
  coincideNecessity,
  random,
  rebalanceStrategy,
  semdedup,
  d2,
  selfFilter,
  selfSup,
  clipScore,
  el2n,
  perplexity,
  visualNecessity,
  column,
];

export function strategyOf(name: StrategyName): Strategy {
  const found = strategies.find(({ declaration }) => declaration.name === name);
  if (!found) throw new Error(`no strategy ${name}`);
  return found;
}
