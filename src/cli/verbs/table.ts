import type { Verb } from '../verb.ts';
import { analyzeVerb } from './analyze.ts';
import { clusterVerb } from './cluster.ts';
import { diffVerb } from './diff.ts';
import { doctorVerb } from './doctor.ts';
import { explainVerb } from './explain.ts';
import { featuresVerb } from './features.ts';
import { inspectVerb } from './inspect.ts';
import { rebalanceVerb } from './rebalance.ts';
import { selectVerb } from './select.ts';
import { verifyVerb } from './verify.ts';

/** Every verb, in the order of a user's way. */
export const verbs: readonly Verb[] = [
  inspectVerb,
  analyzeVerb,
  rebalanceVerb,
  featuresVerb,
  clusterVerb,
  selectVerb,
  explainVerb,
  diffVerb,
  verifyVerb,
  doctorVerb,
];
