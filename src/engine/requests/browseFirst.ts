import { resolve } from 'node:path';
import type { FirstRows, FirstRowsRequest } from '../../protocol/browse.ts';
import { readHeadRecords } from '../dataset/browse/headRecords.ts';
import { readProblemBits } from '../dataset/browse/problemBits.ts';
import { splitName } from '../dataset/openDataset.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { instanceRows, recordRow } from './browse/instanceRows.ts';
import { withThreads } from './openSource.ts';
import { assertPage } from './page.ts';

/**
 * First rows of a dataset, from the head of its file, without an index and without writing anything. What cannot be read so (Parquet,
 * mixtures) is opened as usual.
 */
export async function browseFirst(request: FirstRowsRequest, browser: Browser, caller: JobContext): Promise<FirstRows> {
  const { limit } = request;
  assertPage({ offset: 0, limit });
  const { file, name } = await splitName(resolve(request.dataset));
  const head = name === undefined ? await readHeadRecords(file, limit) : undefined;
  if (head) {
    const { format, variant, bytes, records, complete } = head;
    await browser.firstMedia.set(
      file,
      records.map(({ usable, view }) => (usable ? view.media : [])),
    );
    return { format, variant, bytes, rows: records.map(({ view, ...facts }) => recordRow(facts, view)), complete };
  }
  const job = withThreads(caller, request.threads);
  const dataset = await browser.hot.dataset(request, job);
  const { format, variant, bytes } = dataset.summary;
  const ordinals = Uint32Array.from({ length: Math.min(limit, dataset.records) }, (_, ordinal) => ordinal);
  const rows = await instanceRows(dataset, ordinals, { problems: await readProblemBits(dataset) }, job);
  return { format, variant, bytes, rows, complete: dataset.records <= limit };
}
