import type { JobContext } from '../../jobs/jobContext.ts';
import type { Dataset } from '../dataset.ts';
import type { ReadingDeps } from '../partIndex.ts';

export interface MixtureRequest {
  readonly path: string;
  readonly name: string | undefined;
  readonly imageRoots: readonly string[];
  readonly imagesGiven: boolean;
  readonly runDir: string;
}

export async function openMixture(_request: MixtureRequest, _deps: ReadingDeps, _job: JobContext): Promise<Dataset> {
  throw new Error('not yet');
}
