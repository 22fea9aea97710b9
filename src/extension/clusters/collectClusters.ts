import type { ClusterList, ClusterMembersPage } from '../../protocol/clusters.ts';
import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';

/** Orders of the view; all descending, equals by id. */
export const clusterOrders = ['size', 'score', ...perspectives.map((perspective) => `tail-${perspective}` as const)] as const;
export type ClusterOrder = (typeof clusterOrders)[number];

/** Entities that describe a cluster in its row. */
const rowEntities = 4;

export interface ClusterRow {
  readonly cluster: number;
  readonly size: number;
  /** Neighbours, nearest first. */
  readonly related: readonly number[];
  /** Ordinal of the medoid; undefined for clusters without features. */
  readonly medoid: number | undefined;
  readonly label: string;
  readonly description: string;
  /** Lines of the hover. */
  readonly tooltip: readonly string[];
  readonly spoken: string;
}

/** Perspective whose tail share an order means. */
export function tailOf(order: ClusterOrder): Perspective | undefined {
  return perspectives.find((perspective) => order === `tail-${perspective}`);
}

/** An order in words. */
export function orderTitle(order: ClusterOrder, t: Localize): string {
  const perspective = tailOf(order);
  if (perspective !== undefined) return t('Tail share, {0}', perspectiveTitle(perspective, t));
  return order === 'size' ? t('Size') : t('Score');
}

/** Positions of the clusters in an order; by size where the list has no such number. */
export function inOrder(list: ClusterList, order: ClusterOrder): readonly number[] {
  const values = valuesOf(list, order) ?? list.size;
  return [...list.cluster.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** The number that an order goes by; undefined when the clusters have none. */
function valuesOf(list: ClusterList, order: ClusterOrder): readonly number[] | undefined {
  const perspective = tailOf(order);
  if (perspective !== undefined) return list.entities?.tailShare[perspective];
  return order === 'score' ? (list.score ?? undefined) : list.size;
}

/** One cluster as a row: what it is ordered by, then its entities with the largest lift. */
export function collectCluster(list: ClusterList, position: number, order: ClusterOrder, t: Localize, locale: string): ClusterRow {
  const n = (value: number): string => new Intl.NumberFormat(locale).format(value);
  const short = (value: number | undefined): string =>
    value === undefined ? '–' : new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value);
  const cluster = list.cluster[position] ?? -1;
  const size = list.size[position] ?? 0;
  const names = namesOf(list, position);
  const about = names.length > 0 ? names.join(', ') : list.entities === undefined ? t('entities not found yet') : t('no typical entities');
  const label = t('Cluster {0}', String(cluster));
  const value = orderValue(list, position, order, t, locale);
  const tooltip = [label, about, t('{0}: {1}', t('Instances'), n(size))];
  tooltip.push(t('{0}: {1}', t('Transferability'), short(list.transferability[position])));
  if (list.density !== null) tooltip.push(t('{0}: {1}', t('Density'), short(list.density[position])));
  if (list.score !== null) tooltip.push(t('{0}: {1}', t('Score'), short(list.score[position])));
  if (value !== undefined && order !== 'score') tooltip.push(value);
  return {
    cluster,
    size,
    related: list.related.slice(position * list.relatedCount, (position + 1) * list.relatedCount).filter((id) => id >= 0),
    medoid: list.medoid?.[position],
    label,
    description: t('{0} · {1}', value ?? n(size), about),
    tooltip,
    spoken: t('{0}: {1}. {2} instances.', label, about, n(size)),
  };
}

/** What a row is ordered by, in words; undefined for the size, which every row tells. */
function orderValue(list: ClusterList, position: number, order: ClusterOrder, t: Localize, locale: string): string | undefined {
  const value = order === 'size' ? undefined : valuesOf(list, order)?.[position];
  if (value === undefined) return undefined;
  if (order === 'score') return t('score {0}', new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(value));
  return t('tail {0}', new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value));
}

function namesOf({ entities }: ClusterList, position: number): readonly string[] {
  if (entities === undefined) return [];
  const from = position * entities.perCluster;
  const top = entities.top.slice(from, from + Math.min(rowEntities, entities.perCluster));
  return top.flatMap((at) => {
    const name = entities.names[at];
    return name === undefined ? [] : [plainText(name, 40)];
  });
}

export interface MemberRow {
  readonly ordinal: number;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
}

/** The members of a page: ordinal, how near they are to the centroid, and how they begin. */
export function collectMembers(page: ClusterMembersPage, t: Localize, locale: string): readonly MemberRow[] {
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return page.rows.map(({ ordinal, begin }, i) => {
    const text = plainText(begin, 120) || t('(no text)');
    const similarity = page.similarity?.[i];
    const label = t('#{0}', String(ordinal));
    const lines = [t('{0}: {1}', label, text)];
    if (similarity !== undefined) lines.push(t('Similarity to the centroid: {0}', short.format(similarity)));
    return { ordinal, label, description: text, tooltip: lines.join('\n') };
  });
}
