import type { InspectReport, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { EngineDeps } from '../engineDeps.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { JobContext } from '../jobs/jobContext.ts';

export interface ImageCheckResult {
  /** At most the wanted number, in order of the dataset. */
  readonly problems: readonly Problem[];
  readonly counts: Readonly<Partial<Record<ProblemCode, number>>>;
  readonly checked: NonNullable<InspectReport['checkedImages']>;
}
