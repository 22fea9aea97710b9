import type { Verb } from '../verb.ts';
import { analyzeVerb } from './analyze.ts';
import { clusterVerb } from './cluster.ts';
import { composeVerb } from './compose.ts';
import { diffVerb } from './diff.ts';
import { doctorVerb } from './doctor.ts';
import { explainVerb } from './explain.ts';
import { featuresVerb } from './features.ts';
import { inspectVerb } from './inspect.ts';
import { rebalanceVerb } from './rebalance.ts';
import { reviewVerb } from './review.ts';
import { selectVerb } from './select.ts';
import { synthesizeVerb } from './synthesize.ts';
import { verifyVerb } from './verify.ts';

/** Every verb, in the order of a user's way. */
export const verbs: readonly Verb[] = [
  inspectVerb,
  analyzeVerb,
  rebalanceVerb,
  featuresVerb,
  clusterVerb,
  selectVerb,
  synthesizeVerb,
  reviewVerb,
  composeVerb,
  explainVerb,
  diffVerb,
  verifyVerb,
  doctorVerb,
];
