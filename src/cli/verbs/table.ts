import type { Verb } from '../verb.ts';
import { analyzeVerb } from './analyze.ts';
import { diffVerb } from './diff.ts';
import { doctorVerb } from './doctor.ts';
import { explainVerb } from './explain.ts';
import { inspectVerb } from './inspect.ts';
import { rebalanceVerb } from './rebalance.ts';
import { verifyVerb } from './verify.ts';

/** Every verb, in the order of a user's way. */
export const verbs: readonly Verb[] = [inspectVerb, analyzeVerb, rebalanceVerb, explainVerb, diffVerb, verifyVerb, doctorVerb];
