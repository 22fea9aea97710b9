import { type BrowseFilter, type MediaKind, mediaKinds, type Verdict, verdicts } from '../../src/protocol/browse.ts';
import { type ProblemCode, problemCodes } from '../../src/protocol/dataset.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';

/** One condition of a filter, as its chip shows it. */
export type Condition =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'entity'; readonly perspective: Perspective; readonly value: string }
  | { readonly kind: 'verdict'; readonly value: Verdict }
  | { readonly kind: 'cluster'; readonly clustering: string | undefined; readonly value: string }
  | { readonly kind: 'problem'; readonly value: ProblemCode | 'any' }
  | { readonly kind: 'media'; readonly value: MediaKind }
  | { readonly kind: 'field'; readonly field: string; readonly value: string };

/** The conditions of a filter in the order of the filter bar. */
export function conditionsOf({ text, entities, verdict, clusters, problems, media, fields }: BrowseFilter): readonly Condition[] {
  const found: Condition[] = [];
  if (text !== undefined) found.push({ kind: 'text', value: text });
  for (const { perspective, entity } of entities ?? []) found.push({ kind: 'entity', perspective, value: entity });
  if (verdict !== undefined) found.push({ kind: 'verdict', value: verdict });
  for (const value of clusters?.ids ?? []) found.push({ kind: 'cluster', clustering: clusters?.clustering, value: String(value) });
  for (const value of problems ?? []) found.push({ kind: 'problem', value });
  for (const value of media ?? []) found.push({ kind: 'media', value });
  for (const [field, values] of Object.entries(fields ?? {})) for (const value of values) found.push({ kind: 'field', field, value });
  return found;
}

/** The filter of some conditions; of text, verdict and clustering the last one counts, the same condition twice counts once. */
export function filterOf(conditions: readonly Condition[]): BrowseFilter {
  const of = <K extends Condition['kind']>(kind: K): Extract<Condition, { kind: K }>[] =>
    conditions.filter((condition): condition is Extract<Condition, { kind: K }> => condition.kind === kind);
  const text = of('text').at(-1)?.value ?? '';
  const verdict = of('verdict').at(-1)?.value;
  const entities = distinct(of('entity')).map(({ perspective, value }) => ({ perspective, entity: value }));
  const clusters = clustersOf(distinct(of('cluster')));
  const problems = distinct(of('problem')).map(({ value }) => value);
  const media = distinct(of('media')).map(({ value }) => value);
  const fields = new Map<string, string[]>();
  for (const { field, value } of distinct(of('field'))) fields.set(field, [...(fields.get(field) ?? []), value]);
  return {
    ...(text === '' ? {} : { text }),
    ...(entities.length === 0 ? {} : { entities }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(problems.length === 0 ? {} : { problems }),
    ...(media.length === 0 ? {} : { media }),
    ...(fields.size === 0 ? {} : { fields: Object.fromEntries(fields) }),
  };
}

function clustersOf(conditions: readonly Extract<Condition, { kind: 'cluster' }>[]): BrowseFilter['clusters'] {
  const last = conditions.at(-1);
  if (last === undefined) return undefined;
  const { clustering } = last;
  const ids = conditions.filter((one) => one.clustering === clustering).map(({ value }) => Number(value));
  return clustering === undefined ? { ids } : { clustering, ids };
}

export function withCondition(filter: BrowseFilter, condition: Condition): BrowseFilter {
  return filterOf([...conditionsOf(filter), condition]);
}

export function withoutCondition(filter: BrowseFilter, condition: Condition): BrowseFilter {
  return filterOf(conditionsOf(filter).filter((each) => !isSame(each, condition)));
}

export function hasCondition(filter: BrowseFilter, condition: Condition): boolean {
  return conditionsOf(filter).some((each) => isSame(each, condition));
}

/** The condition that a facet's value stands for; undefined for a value of another version's engine. */
export function conditionOfFacet(facet: string, value: string): Condition | undefined {
  if (facet === 'verdict') return pick('verdict', verdicts, value);
  if (facet === 'problem') return pick('problem', ['any', ...problemCodes] as const, value);
  if (facet === 'media') return pick('media', mediaKinds, value);
  return { kind: 'field', field: facet, value };
}

function pick<K extends 'verdict' | 'problem' | 'media', V extends string>(
  kind: K,
  known: readonly V[],
  value: string,
): { readonly kind: K; readonly value: V } | undefined {
  const found = known.find((each) => each === value);
  return found === undefined ? undefined : { kind, value: found };
}

function distinct<T extends Condition>(conditions: readonly T[]): T[] {
  return conditions.filter((condition, i) => conditions.findIndex((other) => isSame(condition, other)) === i);
}

function isSame(a: Condition, b: Condition): boolean {
  if (a.kind !== b.kind || a.value !== b.value) return false;
  if (a.kind === 'entity' && b.kind === 'entity') return a.perspective === b.perspective;
  if (a.kind === 'cluster' && b.kind === 'cluster') return a.clustering === b.clustering;
  return a.kind !== 'field' || b.kind !== 'field' || a.field === b.field;
}
