import type * as DuckDB from '@duckdb/node-api';
import { literal, quoted } from './duckdb.ts';

/** Alias of the table that the projection reads. */
export const projectionSource = 'parquet_source';

/** DuckDB's own column of every Parquet file: 0-based position of the row. */
export const rowNumberColumn = 'file_row_number';

/** SQL expression for the row's position; DuckDB's own column gives way to a column of that name. */
export function rowNumber(names: readonly string[]): string {
  const taken = names.some((name) => name.toLowerCase() === rowNumberColumn);
  return taken ? '(row_number() OVER () - 1)' : `${projectionSource}.${rowNumberColumn}`;
}

interface Place {
  /** SQL text with the name of the row and of the columns down to here; see `embeddedName`. */
  readonly name: string;
  /** SQL number: 0-based position in the innermost list. */
  readonly position: string | undefined;
  readonly depth: number;
}

/**
 * SQL expression for one row as a JSON line. Columns that are NULL are left out, so a row without a picture looks like a record without
 * one; inside of structs NULL stays `null`. NaN and infinities, which JSON cannot hold, become `null`; bytes become names.
 */
export function rowAsJson(duckdb: typeof DuckDB, names: readonly string[], types: readonly DuckDB.DuckDBType[]): string {
  const row = rowNumber(names);
  const fields = names.map((name, i) => {
    const type = types[i];
    const column = `${projectionSource}.${quoted(name)}`;
    const place = { name: `printf('row-%06d', ${row}) || ${literal(`-${name}`)}`, position: undefined, depth: 0 };
    const value = type === undefined || !needsCare(duckdb, type) ? column : careful(duckdb, type, column, place);
    return `CASE WHEN ${value} IS NOT NULL THEN ${literal(`${JSON.stringify(name)}:`)} || to_json(${value})::VARCHAR END`;
  });
  return `'{' || concat_ws(',', ${fields.join(', ')}) || '}'`;
}

/** Whether a value of the type may hold what JSON cannot. */
function needsCare(duckdb: typeof DuckDB, type: DuckDB.DuckDBType): boolean {
  if (type instanceof duckdb.DuckDBListType) return needsCare(duckdb, type.valueType);
  if (type instanceof duckdb.DuckDBMapType) return needsCare(duckdb, type.valueType);
  if (type instanceof duckdb.DuckDBStructType) return type.entryTypes.some((entry) => needsCare(duckdb, entry));
  return type instanceof duckdb.DuckDBBlobType || type instanceof duckdb.DuckDBFloatType || type instanceof duckdb.DuckDBDoubleType;
}

function careful(duckdb: typeof DuckDB, type: DuckDB.DuckDBType, value: string, place: Place): string {
  if (!needsCare(duckdb, type)) return value;
  if (type instanceof duckdb.DuckDBListType) {
    const element = `e${place.depth}`;
    const index = `i${place.depth}`;
    const name = place.position === undefined ? place.name : `${place.name} || '-' || ${place.position}`;
    const inner = careful(duckdb, type.valueType, element, { name, position: `(${index} - 1)`, depth: place.depth + 1 });
    return `list_transform(${value}, lambda ${element}, ${index}: ${inner})`;
  }
  if (type instanceof duckdb.DuckDBMapType) {
    const element = `e${place.depth}`;
    const inner = careful(duckdb, type.valueType, element, { ...place, depth: place.depth + 1 });
    const values = `list_transform(map_values(${value}), lambda ${element}: ${inner})`;
    return `CASE WHEN ${value} IS NOT NULL THEN map(map_keys(${value}), ${values}) END`;
  }
  if (type instanceof duckdb.DuckDBStructType) return carefulStruct(duckdb, type, value, place);
  if (type instanceof duckdb.DuckDBBlobType) return `CASE WHEN ${value} IS NOT NULL THEN ${nameOf(place)} END`;
  return `CASE WHEN isfinite(${value}) THEN ${value} END`;
}

function carefulStruct(duckdb: typeof DuckDB, type: DuckDB.DuckDBStructType, value: string, place: Place): string {
  const field = (name: string) => `struct_extract(${value}, ${literal(name)})`;
  if (isPicture(duckdb, type)) {
    const path = type.entryNames.includes('path') ? `nullif(${field('path')}, '')` : 'NULL';
    return `coalesce(${path}, CASE WHEN ${field('bytes')} IS NOT NULL THEN ${nameOf(place)} END)`;
  }
  const entries = type.entryNames.map((name, i) => {
    const entry = type.entryTypes[i];
    const inner = { ...place, name: `${place.name} || ${literal(`-${name}`)}` };
    return `${quoted(name)} := ${entry === undefined ? field(name) : careful(duckdb, entry, field(name), inner)}`;
  });
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${entries.join(', ')}) END`;
}

/** Hugging Face's image feature: `struct<bytes: binary, path: string>`. */
function isPicture(duckdb: typeof DuckDB, type: DuckDB.DuckDBStructType): boolean {
  return type.entryNames.every(
    (name, i) =>
      (name === 'bytes' && type.entryTypes[i] instanceof duckdb.DuckDBBlobType) ||
      (name === 'path' && type.entryTypes[i] instanceof duckdb.DuckDBVarCharType),
  );
}

function nameOf(place: Place): string {
  return `${place.name} || '-' || ${place.position ?? "'0'"}`;
}
