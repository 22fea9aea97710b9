import type { BrowseQuery, BrowseResult } from '../../protocol/browse.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { answerQuery } from './browse/query.ts';

/** How many rows a query has, and the facets of all its conditions. */
export async function browseQuery(request: BrowseQuery, browser: Browser, job: JobContext): Promise<BrowseResult> {
  const started = performance.now();
  const { dataset, answer } = await answerQuery(request, browser, job);
  const { records, instances, summary } = dataset;
  return {
    records,
    instances,
    matches: answer.order.length,
    format: summary.format,
    variant: summary.variant,
    hasEntities: await browser.entities.isReady(dataset),
    facets: answer.facets,
    seconds: (performance.now() - started) / 1000,
  };
}
