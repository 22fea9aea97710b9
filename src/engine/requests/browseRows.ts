import type { BrowseRows, BrowseRowsRequest } from '../../protocol/browse.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { instanceRows } from './browse/instanceRows.ts';
import { answerQuery } from './browse/query.ts';
import { assertPage } from './page.ts';

const mostRows = 500;

/** Some rows of a query. */
export async function browseRows(request: BrowseRowsRequest, browser: Browser, job: JobContext): Promise<BrowseRows> {
  const { offset, limit } = request;
  assertPage(request, mostRows);
  const { dataset, table, verdicts, answer } = await answerQuery(request, browser, job);
  const entities = await browser.entities.peek(dataset);
  const facts = { problems: table.problems, entities, verdicts };
  return { offset, rows: await instanceRows(dataset, answer.order.subarray(offset, offset + limit), facts, job) };
}
