import { type BrowseFilter, browseSorts, mediaKinds, verdicts } from '../../src/protocol/browse.ts';
import { problemCodes } from '../../src/protocol/dataset.ts';
import type { InstancesState, OpenAt } from '../../src/protocol/instancesPage.ts';
import { perspectives } from '../../src/protocol/perspectives.ts';

/** A browser that was just opened. */
export function freshState(dataset: string): InstancesState {
  return {
    version: 1,
    dataset,
    filter: {},
    sort: { by: 'ordinal', descending: false },
    selected: null,
    top: 0,
    marks: ['object', 'interrogation'],
    split: 0.5,
  };
}

/** What the page kept, as far as it is of this version and of this dataset; else a fresh state. */
export function restoreState(kept: unknown, dataset: string): InstancesState {
  const fresh = freshState(dataset);
  if (!isObject(kept) || kept.version !== 1 || kept.dataset !== dataset) return fresh;
  const { manifest, selected, top, split, sort, marks } = kept;
  const by = isObject(sort) ? browseSorts.find((each) => each === sort.by) : undefined;
  return {
    ...fresh,
    filter: filterOf(kept.filter),
    sort: by === undefined ? fresh.sort : { by, descending: isObject(sort) && sort.descending === true },
    ...(manifest === null || typeof manifest === 'string' ? { manifest } : {}),
    selected: isPosition(selected) ? selected : null,
    top: isPosition(top) ? top : 0,
    marks: Array.isArray(marks) ? perspectives.filter((perspective) => marks.includes(perspective)) : fresh.marks,
    split: typeof split === 'number' && split >= 0.2 && split <= 0.8 ? split : fresh.split,
  };
}

/** The state after a command asked for a place: a filter replaces the old one; an instance without a filter is shown among all. */
export function openedAt(state: InstancesState, { ordinal, filter, manifest }: OpenAt): InstancesState {
  return {
    ...state,
    ...(filter === undefined && ordinal === undefined ? {} : { filter: filter ?? {}, top: 0 }),
    ...(ordinal === undefined ? {} : { selected: ordinal }),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

function filterOf(value: unknown): BrowseFilter {
  if (!isObject(value)) return {};
  const { text, entities, verdict, clusters, problems, media, fields } = value;
  const verdictKept = verdicts.find((each) => each === verdict);
  const entityList = list(entities).flatMap((each) => {
    const perspective = isObject(each) ? perspectives.find((one) => one === each.perspective) : undefined;
    return isObject(each) && perspective !== undefined && typeof each.entity === 'string' ? [{ perspective, entity: each.entity }] : [];
  });
  const problemList = known(problems, ['any', ...problemCodes] as const);
  const mediaList = known(media, mediaKinds);
  const fieldMap = Object.entries(isObject(fields) ? fields : {})
    .map(([name, accepted]) => [name, list(accepted).filter((each) => typeof each === 'string')] as const)
    .filter(([, accepted]) => accepted.length > 0);
  return {
    ...(typeof text === 'string' && text !== '' ? { text } : {}),
    ...(entityList.length === 0 ? {} : { entities: entityList }),
    ...(verdictKept === undefined ? {} : { verdict: verdictKept }),
    ...clustersOf(clusters),
    ...(problemList.length === 0 ? {} : { problems: problemList }),
    ...(mediaList.length === 0 ? {} : { media: mediaList }),
    ...(fieldMap.length === 0 ? {} : { fields: Object.fromEntries(fieldMap) }),
  };
}

function clustersOf(value: unknown): Pick<BrowseFilter, 'clusters'> {
  if (!isObject(value)) return {};
  const ids = list(value.ids).filter(isPosition);
  if (ids.length === 0) return {};
  return { clusters: typeof value.clustering === 'string' ? { clustering: value.clustering, ids } : { ids } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What of a list is among the known values, in the list's order. */
function known<T extends string>(value: unknown, values: readonly T[]): readonly T[] {
  return list(value).flatMap((each) => values.filter((one) => one === each));
}
