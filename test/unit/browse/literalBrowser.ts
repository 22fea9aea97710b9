import type { BrowseFilter, BrowseQuery, MediaKind, Verdict } from '../../../src/protocol/browse.ts';
import type { ProblemCode } from '../../../src/protocol/dataset.ts';

/** A row as the test wrote it: what the browser must show, computed from the parsed record with plain JavaScript. */
export interface LiteralRow {
  readonly ordinal: number;
  readonly usable: boolean;
  readonly id: string | null;
  /** Text of every turn. */
  readonly texts: readonly string[];
  readonly bytes: number;
  readonly images: readonly string[];
  readonly video: boolean;
  /** Scalar fields by name, as facets spell them. */
  readonly fields: ReadonlyMap<string, string>;
  readonly problems: readonly ProblemCode[];
  readonly part?: string;
  readonly verdict?: Verdict;
}

export interface LiteralAnswer {
  readonly ordinals: readonly number[];
  readonly facets: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Everything that a filter can look at: condition -> does the row meet it. */
function conditionsOf(filter: BrowseFilter, rows: readonly LiteralRow[]): ReadonlyMap<string, (row: LiteralRow) => boolean> {
  const conditions = new Map<string, (row: LiteralRow) => boolean>();
  const { text, verdict, problems, media, fields } = filter;
  if (text) {
    // By whole characters: half of a surrogate pair is no part of the character.
    const wanted = new RegExp(text.toLowerCase().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'u');
    conditions.set('text', ({ id, texts }) => [id ?? '', ...texts].some((one) => wanted.test(one.toLowerCase())));
  }
  if (verdict) conditions.set('verdict', (row) => row.verdict === verdict);
  if (problems && problems.length > 0)
    conditions.set('problem', (row) => row.problems.some((code) => problems.includes('any') || problems.includes(code)));
  if (media && media.length > 0) conditions.set('media', (row) => media.includes(mediaOf(row) as MediaKind));
  for (const [name, values] of Object.entries(fields ?? {}))
    if (values.length > 0) {
      // A field whose values are all different is no facet: nothing has a value of it.
      const isFacet = !name.startsWith('field:') || fieldsOf(rows).includes(name);
      conditions.set(name, (row) => isFacet && values.includes(facetValue(row, name) ?? '\0none'));
    }
  return conditions;
}

function mediaOf({ usable, images, video }: LiteralRow): MediaKind | undefined {
  if (!usable) return undefined;
  if (video) return 'video';
  return images.length > 1 ? 'images' : images.length === 1 ? 'image' : 'none';
}

function facetValue(row: LiteralRow, facet: string): string | undefined {
  if (facet === 'part') return row.part;
  if (facet === 'folder') {
    const [first] = row.images;
    if (first === undefined) return undefined;
    const segments = first.replace(/^\/+/, '').split('/');
    return segments.length > 1 ? segments[0] : '.';
  }
  return row.fields.get(facet.slice('field:'.length));
}

/** Facets that the rows show, without looking at any filter. */
function facetsOf(rows: readonly LiteralRow[]): ReadonlyMap<string, (row: LiteralRow) => readonly string[]> {
  const facets = new Map<string, (row: LiteralRow) => readonly string[]>();
  const one = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);
  if (rows.some(({ verdict }) => verdict)) facets.set('verdict', (row) => one(row.verdict));
  if (rows.some(({ problems }) => problems.length > 0))
    facets.set('problem', (row) => (row.problems.length > 0 ? ['any', ...row.problems] : []));
  facets.set('media', (row) => one(mediaOf(row)));
  for (const name of ['part', 'folder', ...fieldsOf(rows)])
    if (rows.some((row) => facetValue(row, name) !== undefined)) facets.set(name, (row) => one(facetValue(row, name)));
  return facets;
}

/** Fields whose values are not all different. */
function fieldsOf(rows: readonly LiteralRow[]): readonly string[] {
  const names = new Set(rows.flatMap(({ fields }) => [...fields.keys()]));
  return [...names]
    .filter((name) => {
      const values = rows.flatMap((row) => (row.fields.has(name) ? [row.fields.get(name)] : []));
      return new Set(values).size < values.length || values.length === 1;
    })
    .map((name) => `field:${name}`);
}

/** Compares two ids piece by piece: digits as numbers, anything else by UTF-16 units. */
export function compareNaturally(a: string, b: string): number {
  const pieces = (id: string): string[] => id.match(/[0-9]+|[^0-9]+/g) ?? [];
  const [left, right] = [pieces(a), pieces(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
    const isNumber = /^[0-9]/.test(x) && /^[0-9]/.test(y);
    if (isNumber) {
      if (BigInt(x) !== BigInt(y)) return BigInt(x) < BigInt(y) ? -1 : 1;
      continue;
    }
    // Where text and number meet, a number is where a 0 would be.
    const [s, t] = [/^[0-9]/.test(x) ? '0' : x, /^[0-9]/.test(y) ? '0' : y];
    if (s !== t) {
      // One text may be the beginning of the other: what follows it is then a number, or nothing.
      const follows = (rest: string[], at: number): string => (rest[at + 1] === undefined ? '' : '0');
      const [full, other] = [s + follows(left, i), t + follows(right, i)];
      if (full !== other) return full < other ? -1 : 1;
    }
  }
  return 0;
}

/** The answer to a query, by looking at every row. */
export function literalAnswer(rows: readonly LiteralRow[], query: Pick<BrowseQuery, 'filter' | 'sort'>): LiteralAnswer {
  const conditions = conditionsOf(query.filter ?? {}, rows);
  const meets = (row: LiteralRow, but?: string): boolean => [...conditions].every(([name, holds]) => name === but || holds(row));
  const facets = new Map<string, Map<string, number>>();
  for (const [name, values] of facetsOf(rows)) {
    const counts = new Map<string, number>();
    for (const row of rows.filter((one) => meets(one, name)))
      for (const value of values(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    facets.set(name, counts);
  }
  const { by = 'ordinal', descending = false } = query.sort ?? {};
  const direction = descending ? -1 : 1;
  const matching = rows.filter((row) => meets(row));
  const compare = (a: LiteralRow, b: LiteralRow): number => {
    switch (by) {
      case 'ordinal':
        return direction * (a.ordinal - b.ordinal);
      case 'id':
        if (a.id === null || b.id === null) return Number(a.id === null) - Number(b.id === null);
        return direction * compareNaturally(a.id, b.id);
      case 'turns':
        return direction * (a.texts.length - b.texts.length);
      case 'bytes':
        return direction * (a.bytes - b.bytes);
      case 'rarest':
        throw new Error('not known here');
    }
  };
  return { ordinals: matching.sort(compare).map(({ ordinal }) => ordinal), facets };
}
