import { EngineError } from '../jobs/engineError.ts';

const largestPage = 1000;

/** @throws EngineError `usage` for a page that is none */
export function assertPage({ offset, limit }: { readonly offset: number; readonly limit: number }, largest = largestPage): void {
  if (!Number.isInteger(offset) || offset < 0)
    throw new EngineError('usage', `A page starts at a whole number from 0; got ${offset}.`, { option: 'offset' });
  if (!Number.isInteger(limit) || limit < 1 || limit > largest)
    throw new EngineError('usage', `A page has 1 to ${largest} rows; got ${limit}.`, { option: 'limit' });
}
