import { type BrowseFilter, type BrowseQuery, type BrowseSort, browseSorts, type Facet } from '../../../protocol/browse.ts';
import { rowsOfCluster } from '../../clustering/clusterMembers.ts';
import { numberOfId, type OpenClustering } from '../../clustering/openClustering.ts';
import type { BrowseTable } from '../../dataset/browse/browseTable.ts';
import {
  type Condition,
  countValues,
  type FacetProperty,
  havingValue,
  matchingOrdinals,
  type RowStates,
  rowStates,
} from '../../dataset/browse/facetQuery.ts';
import { sortedBy } from '../../dataset/browse/rowOrder.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { usableOrdinals } from '../../dataset/usableOrdinals.ts';
import { EngineError } from '../../jobs/engineError.ts';
import { type JobContext, throwIfCancelled } from '../../jobs/jobContext.ts';
import { ensureRunDir, withThreads } from '../openSource.ts';
import type { Browser } from './browser.ts';
import { holdingAll } from './entityAccess.ts';
import type { RunVerdicts } from './verdictMemory.ts';

/** Values that a facet lists. */
const facetValues = 50;
/** Entities that a filter may ask for. */
const entityLimit = 100;

/** Clusters that a filter may ask for: more than a selection of the largest files has. */
const clusterLimit = 100_000;

/** What a query gives. */
export interface QueryAnswer {
  /** Ordinals that match, in the order asked for. */
  readonly order: Uint32Array;
  readonly facets: readonly Facet[];
}

/** A query on an opened dataset with its answer. */
export interface AnsweredQuery {
  readonly dataset: Dataset;
  readonly table: BrowseTable;
  readonly verdicts: RunVerdicts | undefined;
  readonly answer: QueryAnswer;
}

/** Answers a query, or finds the answer among the last ones. */
export async function answerQuery(request: BrowseQuery, browser: Browser, caller: JobContext): Promise<AnsweredQuery> {
  const job = withThreads(caller, request.threads);
  const filter = plainFilter(request.filter ?? {});
  const by = request.sort?.by ?? 'ordinal';
  const descending = request.sort?.descending ?? false;
  if (!browseSorts.includes(by)) throw new EngineError('usage', `Rows cannot be sorted by "${by}".`, { option: 'sort' });
  const dataset = await browser.hot.dataset(request, job);
  await ensureRunDir(dataset.runDir);
  const verdicts = request.manifest === undefined ? undefined : await browser.verdicts.open(dataset, request.manifest, job);
  const clustering = filter.clusters && (await browser.clusters.of(dataset, filter.clusters.clustering));
  const table = await browser.table(dataset, job);
  const key = JSON.stringify([browser.numberOf(dataset), filter, by, descending, verdicts?.key ?? null, clustering?.record.id ?? null]);
  const known = browser.answers.get(key);
  if (known) return { dataset, table, verdicts, answer: known };

  const properties = verdicts ? [verdicts.property, ...table.properties] : table.properties;
  const accepted = acceptedValues(filter);
  const { conditions, ownOf } = await conditionsOf(filter, accepted, properties, dataset, browser, job);
  if (clustering && filter.clusters) conditions.push(inClusters(dataset, clustering, filter.clusters.ids));
  const keys = await sortKeys(by, dataset, table, browser, job);
  throwIfCancelled(job);
  const states = rowStates(dataset.records, conditions);
  const matching = matchingOrdinals(states);
  const answer: QueryAnswer = {
    order: keys ? sortedBy(matching, keys, descending) : descending ? matching.reverse() : matching,
    facets: properties.map((property) => facetOf(property, states, ownOf.get(property.name), accepted.get(property.name))),
  };
  browser.answers.set(key, answer);
  return { dataset, table, verdicts, answer };
}

/** The filter without conditions that every row meets. */
function plainFilter({ text, entities, verdict, clusters, problems, media, fields }: BrowseFilter): BrowseFilter {
  if ((entities?.length ?? 0) > entityLimit)
    throw new EngineError('usage', `A filter asks for at most ${entityLimit} entities.`, { option: 'entities' });
  if ((clusters?.ids.length ?? 0) > clusterLimit)
    throw new EngineError('usage', `A filter asks for at most ${clusterLimit} clusters.`, { option: 'clusters' });
  const some = Object.entries(fields ?? {}).filter(([, values]) => values.length > 0);
  return {
    ...(text ? { text } : {}),
    ...(entities && entities.length > 0 ? { entities } : {}),
    ...(verdict ? { verdict } : {}),
    ...(clusters && clusters.ids.length > 0 ? { clusters } : {}),
    ...(problems && problems.length > 0 ? { problems } : {}),
    ...(media && media.length > 0 ? { media } : {}),
    ...(some.length > 0 ? { fields: Object.fromEntries(some) } : {}),
  };
}

interface Conditions {
  readonly conditions: Condition[];
  /** Position of each property's own condition. */
  readonly ownOf: ReadonlyMap<string, number>;
}

async function conditionsOf(
  filter: BrowseFilter,
  accepted: AcceptedValues,
  properties: readonly FacetProperty[],
  dataset: Dataset,
  browser: Browser,
  job: JobContext,
): Promise<Conditions> {
  const conditions: Condition[] = [];
  const ownOf = new Map<string, number>();
  for (const [name, values] of accepted) {
    const property = properties.find((one) => one.name === name);
    ownOf.set(name, conditions.length);
    // Nothing has a value of a property that is not there.
    conditions.push(property ? havingValue(property, values) : new Uint8Array(dataset.records));
  }
  if (filter.entities) conditions.push(holdingAll(dataset, await browser.entities.obtain(dataset, job), filter.entities));
  if (filter.text) conditions.push(await browser.texts.search(dataset, filter.text, job));
  return { conditions, ownOf };
}

/** Nonzero per ordinal in one of the clusters; ids that no instance has are in nobody's way. */
function inClusters(dataset: Dataset, open: OpenClustering, wanted: readonly number[]): Condition {
  const condition = new Uint8Array(dataset.records);
  const ordinals = usableOrdinals(dataset);
  for (const id of new Set(wanted)) {
    const cluster = numberOfId(open, id);
    if (cluster >= 0) for (const row of rowsOfCluster(open.members, cluster)) condition[ordinals[row] as number] = 1;
  }
  return condition;
}

/** Accepted values by the name of their facet. */
type AcceptedValues = ReadonlyMap<string, ReadonlySet<string>>;

function acceptedValues({ verdict, problems, media, fields }: BrowseFilter): AcceptedValues {
  const accepted = new Map<string, ReadonlySet<string>>();
  if (verdict) accepted.set('verdict', new Set([verdict]));
  if (problems) accepted.set('problem', new Set(problems));
  if (media) accepted.set('media', new Set(media));
  for (const [name, values] of Object.entries(fields ?? {})) accepted.set(facetName(name), new Set(values));
  return accepted;
}

/** Fields of the records may be named without their prefix. */
function facetName(name: string): string {
  return name === 'folder' || name === 'part' || name.startsWith('field:') ? name : `field:${name}`;
}

async function sortKeys(
  by: BrowseSort,
  dataset: Dataset,
  table: BrowseTable,
  browser: Browser,
  job: JobContext,
): Promise<Uint32Array | undefined> {
  switch (by) {
    case 'ordinal':
      return undefined;
    case 'id':
      return table.idRank;
    case 'turns':
      return dataset.turns;
    case 'bytes':
      return table.bytes;
    case 'rarest':
      return browser.entities.rarest(dataset, await browser.entities.obtain(dataset, job));
  }
}

/** The property's values with their counts among the rows that meet all other conditions. */
function facetOf(property: FacetProperty, states: RowStates, own = -1, accepted?: ReadonlySet<string>): Facet {
  const counts = countValues(states, property, own);
  const counted = property.values
    .map((value, i) => ({ value, count: counts[i] as number }))
    .filter(({ value, count }) => count > 0 || accepted?.has(value))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  // What is chosen stays listed, so that it can be taken back.
  const chosen = counted.slice(facetValues).filter(({ value }) => accepted?.has(value));
  const values = [...counted.slice(0, Math.max(0, facetValues - chosen.length)), ...chosen].slice(0, facetValues);
  return { name: property.name, values, more: counted.length - values.length };
}
