import type { BrowseResult, InstanceRow } from '../../src/protocol/browse.ts';
import type { PageQuery } from '../../src/protocol/instancesPage.ts';
import type { PageContext } from './pageContext.ts';
import { pageRows } from './rowCache.ts';

/** Rows above the instance that the list is opened at. */
const rowsAbove = 2;
/** Rows below `top` that are in view on every page. */
const rowsInView = 4;

export interface ListPlace {
  /** First row in view, and the row for the keyboard. */
  readonly top: number;
  readonly active: number;
  /** Position of the instance that was looked for; -1 when the query leaves it out, or none was. */
  readonly found: number;
  /** Rows of the page that holds `top`, so that the list is never empty on the way. */
  readonly page: number;
  readonly known: readonly InstanceRow[];
}

export interface WantedPlace {
  readonly top: number;
  readonly active: number;
  /** The instance that the keyboard stands on; null for the row at `active`. */
  readonly ordinal: number | null;
  /** The list goes to the instance; else it stays at `top`. */
  readonly follow: boolean;
}

/** Where the list of a query begins, with the rows there. */
export async function listPlace({ bridge }: PageContext, query: PageQuery, result: BrowseResult, wanted: WantedPlace): Promise<ListPlace> {
  const { ordinal, follow } = wanted;
  if (result.matches === 0) return { top: 0, active: -1, found: -1, page: 0, known: [] };
  const found = ordinal === null ? -1 : (await bridge.request('find', { query, ordinal })).position;
  const isInView = found >= wanted.top && found <= wanted.top + rowsInView;
  const top = Math.min(follow && found >= 0 && !isInView ? Math.max(0, found - rowsAbove) : wanted.top, result.matches - 1);
  const page = Math.floor(top / pageRows);
  const { rows } = await bridge.request('rows', { query, offset: page * pageRows, limit: pageRows });
  return { top, active: found >= 0 ? found : wanted.active, found, page, known: rows };
}
