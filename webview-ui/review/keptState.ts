import { perspectives } from '../../src/protocol/perspectives.ts';
import { type PageFilter, type ReviewState, type ReviewView, reviewViews } from '../../src/protocol/reviewPage.ts';
import { candidateStatuses, gateNames, synthesisMethods } from '../../src/protocol/synthesis.ts';

/** The state of a review that nobody has looked at yet. */
function freshState(staging: string): ReviewState {
  return { version: 1, staging, filter: {}, view: 'single', selected: null };
}

/** What a page kept, as far as it is a state of this staging folder and version; a part that is none is left out. */
export function parseState(kept: unknown, staging: string): ReviewState {
  const state = freshState(staging);
  if (typeof kept !== 'object' || kept === null) return state;
  const { version, staging: of, filter, view, selected } = kept as Record<string, unknown>;
  if (version !== 1 || of !== staging) return state;
  return {
    ...state,
    filter: typeof filter === 'object' && filter !== null ? parseFilter(filter as Record<string, unknown>) : {},
    view: oneOf<ReviewView>(reviewViews, view) ?? 'single',
    selected: typeof selected === 'string' && /^[0-9a-f]{16}$/.test(selected) ? selected : null,
  };
}

function parseFilter({ status, method, gate, perspective, contains }: Record<string, unknown>): PageFilter {
  return cleanFilter({
    status: oneOf(candidateStatuses, status),
    method: oneOf(synthesisMethods, method),
    gate: oneOf(gateNames, gate),
    perspective: oneOf(perspectives, perspective),
    contains: typeof contains === 'string' ? contains.slice(0, 1000) : undefined,
  });
}

/** A filter without the parts that say nothing. */
export function cleanFilter(filter: { readonly [K in keyof PageFilter]: PageFilter[K] | undefined }): PageFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== '')) as PageFilter;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value);
}
