import type { KnownClusterings } from '../../../protocol/clusters.ts';
import type { DatasetRequest } from '../../../protocol/requests.ts';
import { knownOf, readClusterings } from '../../clustering/knownClusterings.ts';
import type { JobContext } from '../../jobs/jobContext.ts';
import type { HotData } from '../hotData.ts';
import { withThreads } from '../openSource.ts';

/** The clusterings that were made of a dataset and are still there, newest first. */
export async function knownClusterings(request: DatasetRequest, hot: HotData, job: JobContext): Promise<KnownClusterings> {
  const dataset = await hot.dataset(request, withThreads(job, request.threads));
  return { clusterings: (await readClusterings(dataset.runDir, dataset.identity)).map(knownOf) };
}
