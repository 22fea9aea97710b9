import type { BrowseResult } from '../../src/protocol/browse.ts';
import type { InstancesState, PageQuery } from '../../src/protocol/instancesPage.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { messageOf } from '../shared/problems.ts';
import type { Notice } from './notices.ts';
import type { PageContext } from './pageContext.ts';

/** The query that shows what a state says. */
export function queryOf({ filter, sort, clustering }: InstancesState, manifest: string | null): PageQuery {
  return {
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(sort.by !== 'ordinal' || sort.descending ? { sort } : {}),
    ...(manifest === null ? {} : { manifest }),
    ...(filter.clusters === undefined || clustering === undefined ? {} : { clustering }),
  };
}

/** What is known of the dataset as a whole. */
export function summaryText({ instances, records, variant, format }: BrowseResult, { strings, content, say }: PageContext): string {
  const words = [strings.variants[variant], strings.formats[format], content.size] as const;
  return instances === records
    ? say(strings.state.summary, instances, ...words)
    : say(strings.state.summaryBroken, instances, records, ...words);
}

/** How many rows a query has. */
export function countText(query: PageQuery, { matches, records }: BrowseResult, { strings, say }: PageContext): string {
  return query.filter === undefined && matches === records ? say(strings.state.all, records) : say(strings.state.matches, matches, records);
}

/** Says what happened and what can be done about it; undefined for what was cancelled. */
export function failureNotice(
  error: unknown,
  actions: { readonly again: () => void; readonly reload: () => void },
  { strings, bridge, report }: PageContext,
): Notice | undefined {
  const failure = error instanceof HostFailure ? error : undefined;
  if (failure?.cancelled) return undefined;
  const isOther = failure?.reason === 'gone' || failure?.reason === 'changed';
  const retry = isOther ? { label: strings.state.reload, run: actions.reload } : { label: strings.state.tryAgain, run: actions.again };
  const log = { label: strings.state.showLog, run: () => void bridge.request('act', 'showLog').catch(report) };
  const message = messageOf(error);
  return { kind: 'failure', message, actions: failure?.reason === 'engine' ? [retry, log] : [retry] };
}
