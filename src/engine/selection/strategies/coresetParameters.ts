import { presets } from '../../../protocol/clustering.ts';
import type { ParameterDeclaration } from '../../../protocol/select.ts';

/** Parameters of COINCIDE's scores and budgets. */
export const coresetParameters = [
  {
    name: 'preset',
    kind: 'choice',
    choices: presets,
    default: 'repo',
    help: "repo: the authors' code; paper: their paper, and instances that saturated clusters cannot give are refilled",
  },
  {
    name: 'temperature',
    kind: 'number',
    from: 0,
    above: true,
    to: Number.MAX_VALUE,
    default: 0.1,
    help: 'softmax temperature of the budgets: small favours the best clusters, large treats all alike',
  },
] as const satisfies readonly ParameterDeclaration[];
