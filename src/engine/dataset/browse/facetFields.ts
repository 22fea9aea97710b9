import { nameLimit, type ShardColumns, type ShardField, valueLimit } from './columnShard.ts';

/** Fields that are facets at most: the ones that the most records have. */
const fieldLimit = 32;

/** A field whose values are a facet. */
export interface FacetField {
  readonly name: string;
  /** In order of first appearance; at most 200. */
  readonly values: readonly string[];
}

interface Candidate {
  present: number;
  readonly values: Map<string, number>;
}

/**
 * Chooses the facet fields of a dataset from those of its shards: fields that hold nothing but short scalars, at most 200 different ones,
 * not all of them different. What is chosen depends on the records only.
 */
export class FacetFields {
  /** Null: unfit. */
  readonly #candidates = new Map<string, Candidate | null>();
  #tooManyNames = false;

  add(shard: ShardColumns): void {
    this.#tooManyNames ||= shard.tooManyNames;
    for (const name of shard.unfit) this.#candidates.set(name, null);
    for (const field of shard.fields) this.#addField(field);
    this.#tooManyNames ||= this.#candidates.size > nameLimit;
    if (this.#tooManyNames) this.#candidates.clear();
  }

  #addField({ name, present, values }: ShardField): void {
    const known = this.#candidates.get(name);
    if (known === null) return;
    const candidate = known ?? { present: 0, values: new Map<string, number>() };
    candidate.present += present;
    for (const value of values) if (!candidate.values.has(value)) candidate.values.set(value, candidate.values.size + 1);
    this.#candidates.set(name, candidate.values.size > valueLimit ? null : candidate);
  }

  chosen(): readonly FacetField[] {
    if (this.#tooManyNames) return [];
    const fit: { readonly name: string; readonly candidate: Candidate }[] = [];
    for (const [name, candidate] of this.#candidates) {
      if (candidate && (candidate.values.size < candidate.present || candidate.values.size === 1)) fit.push({ name, candidate });
    }
    return fit
      .sort((a, b) => b.candidate.present - a.candidate.present || (a.name < b.name ? -1 : 1))
      .slice(0, fieldLimit)
      .map(({ name, candidate }) => ({ name, values: [...candidate.values.keys()] }));
  }
}

/** Writes a shard's codes of the chosen fields, one row of `columns` per field, each `records` long. */
export function placeCodes(
  fields: readonly FacetField[],
  shard: ShardColumns,
  firstOrdinal: number,
  columns: Uint8Array,
  records: number,
): void {
  for (const [row, field] of fields.entries()) {
    const own = shard.fields.find(({ name }) => name === field.name);
    if (!own) continue;
    const codeOf = [0, ...own.values.map((value) => field.values.indexOf(value) + 1)];
    const at = row * records + firstOrdinal;
    for (let i = 0; i < own.codes.length; i++) columns[at + i] = codeOf[own.codes[i] as number] as number;
  }
}
