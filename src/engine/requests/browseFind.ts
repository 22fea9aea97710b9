import type { BrowseFindRequest } from '../../protocol/browse.ts';
import { EngineError } from '../jobs/engineError.ts';
import type { JobContext } from '../jobs/jobContext.ts';
import type { Browser } from './browse/browser.ts';
import { answerQuery } from './browse/query.ts';

/** Place of an ordinal among the rows of a query; -1 when the filter leaves it out. @throws EngineError `instance.notFound` */
export async function browseFind(request: BrowseFindRequest, browser: Browser, job: JobContext): Promise<{ readonly position: number }> {
  const { ordinal } = request;
  const { dataset, answer } = await answerQuery(request, browser, job);
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= dataset.records) {
    throw new EngineError(
      'instance.notFound',
      `There is no instance ${ordinal}: ${dataset.path} has ordinals 0 to ${dataset.records - 1}.`,
      { ordinal, records: dataset.records },
    );
  }
  return { position: answer.order.indexOf(ordinal) };
}
