import type { SchemaElement, SchemaTree } from 'hyparquet';
import { embeddedName } from './embeddedName.ts';

/**
 * Values of the JavaScript reader as the JSON that DuckDB's `to_json` gives: exact integers and decimals, timestamps as
 * `2024-01-02 03:04:05.123456`, NaN and infinities as null, bytes as names. The reader hands numbers of time over unconverted.
 */

/** Where bytes lie: row, names of the columns down to them, positions in the lists on the way. */
interface Place {
  readonly row: number;
  readonly columns: readonly string[];
  readonly positions: readonly number[];
}

/** One row as a JSON line; columns without a value are left out. */
export function rowToJson(columns: readonly SchemaTree[], values: Readonly<Record<string, unknown>>, row: number): string {
  const fields: string[] = [];
  for (const column of columns) {
    const { name } = column.element;
    const json = encode(column, values[name], { row, columns: [name], positions: [] });
    if (json !== undefined) fields.push(`${JSON.stringify(name)}:${json}`);
  }
  return `{${fields.join(',')}}`;
}

/** Bytes of the row's blob columns, in the order of schema and lists. */
export function blobsOf(columns: readonly SchemaTree[], values: Readonly<Record<string, unknown>>): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const column of columns) collectBlobs(column, values[column.element.name], found);
  return found;
}

/** Whether bytes lie anywhere in the column. */
export function holdsBlob(node: SchemaTree): boolean {
  return node.children.length === 0 ? isBlob(node.element) : node.children.some(holdsBlob);
}

function collectBlobs(node: SchemaTree, value: unknown, found: Uint8Array[]): void {
  if (value === undefined || value === null) return;
  const element = listElement(node);
  if (element !== undefined && Array.isArray(value)) {
    for (const item of value) collectBlobs(element, item, found);
  } else if (value instanceof Uint8Array) {
    if (isBlob(node.element)) found.push(value);
  } else if (isFields(value)) {
    for (const [name, child] of structFields(node, value)) collectBlobs(child, value[name], found);
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Node of the list's items, for the three spellings of lists in Parquet; undefined when the node is no list. */
function listElement(node: SchemaTree): SchemaTree | undefined {
  if (node.element.converted_type === 'LIST') {
    const repeated = node.children[0];
    return repeated?.children.length === 1 ? repeated.children[0] : repeated;
  }
  if (node.element.repetition_type !== 'REPEATED') return undefined;
  return { ...node, element: { ...node.element, repetition_type: 'REQUIRED' } };
}

/** Fields of a struct, or the entries of a map, which the reader gives as an object of its keys. */
function structFields(node: SchemaTree, value: Readonly<Record<string, unknown>>): (readonly [string, SchemaTree])[] {
  if (node.element.converted_type !== 'MAP') return node.children.map((child) => [child.element.name, child] as const);
  const valueNode = node.children[0]?.children[1];
  return valueNode === undefined ? [] : Object.keys(value).map((key) => [key, valueNode] as const);
}

function encode(node: SchemaTree, value: unknown, place: Place): string | undefined {
  if (value === undefined || value === null) return undefined;
  const element = listElement(node);
  if (element !== undefined && Array.isArray(value)) {
    const items = value.map((item, i) => encode(element, item, { ...place, positions: [...place.positions, i] }) ?? 'null');
    return `[${items.join(',')}]`;
  }
  if (!isFields(value)) return encodeLeaf(node.element, value, place);
  if (isPicture(node)) {
    const stored = value.path;
    if (typeof stored === 'string' && stored !== '') return JSON.stringify(stored);
    return value.bytes instanceof Uint8Array ? nameOf(place) : undefined;
  }
  const isMap = node.element.converted_type === 'MAP';
  const fields = structFields(node, value).map(([name, child]) => {
    const inner = isMap ? place : { ...place, columns: [...place.columns, name] };
    return `${JSON.stringify(name)}:${encode(child, value[name], inner) ?? 'null'}`;
  });
  return `{${fields.join(',')}}`;
}

function nameOf({ row, columns, positions }: Place): string {
  return JSON.stringify(embeddedName(row, columns, positions));
}

/** Hugging Face's image feature: `struct<bytes: binary, path: string>`. */
function isPicture(node: SchemaTree): boolean {
  return (
    node.children.length > 0 &&
    node.children.every(
      ({ element }) =>
        (element.name === 'bytes' && isBlob(element)) || (element.name === 'path' && element.type === 'BYTE_ARRAY' && isText(element)),
    )
  );
}

function isText({ converted_type, logical_type }: SchemaElement): boolean {
  return converted_type === 'UTF8' || converted_type === 'ENUM' || converted_type === 'JSON' || logical_type?.type === 'STRING';
}

function isBlob(element: SchemaElement): boolean {
  const { type, logical_type } = element;
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return false;
  return !isText(element) && !isDecimal(element) && logical_type?.type !== 'UUID' && logical_type?.type !== 'FLOAT16';
}

function isDecimal({ logical_type }: SchemaElement): boolean {
  return logical_type?.type === 'DECIMAL';
}

function encodeLeaf(element: SchemaElement, value: unknown, place: Place): string | undefined {
  if (isDecimal(element)) return decimal(value, element.scale ?? 0);
  const time = encodeTime(element, value);
  if (time !== undefined) return time;
  if (value instanceof Uint8Array) return isText(element) ? JSON.stringify(Buffer.from(value).toString('utf8')) : nameOf(place);
  if (element.converted_type === 'JSON' && typeof value === 'string') return JSON.stringify(JSON.parse(value));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return JSON.stringify(value);
}

/** Exact decimal number from the unscaled integer. */
function decimal(value: unknown, scale: number): string | undefined {
  let unscaled: bigint;
  if (value instanceof Uint8Array) {
    unscaled = value.length === 0 ? 0n : BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString('hex')}`));
  } else if (typeof value === 'bigint' || typeof value === 'number') unscaled = BigInt(value);
  else return undefined;
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -scale)}.${fraction === '' ? '0' : fraction}`;
}

type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';
const perSecond: Readonly<Record<TimeUnit, bigint>> = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };
const secondsPerDay = 86_400n;

function encodeTime({ type, converted_type, logical_type }: SchemaElement, value: unknown): string | undefined {
  if (typeof value !== 'bigint' && typeof value !== 'number') return undefined;
  if (converted_type === 'DATE' || logical_type?.type === 'DATE') return JSON.stringify(date(BigInt(value)));
  if (logical_type?.type === 'TIMESTAMP') {
    return JSON.stringify(timestamp(BigInt(value), logical_type.unit) + (logical_type.isAdjustedToUTC ? '+00' : ''));
  }
  if (converted_type === 'TIMESTAMP_MILLIS') return JSON.stringify(`${timestamp(BigInt(value), 'MILLIS')}+00`);
  if (converted_type === 'TIMESTAMP_MICROS') return JSON.stringify(`${timestamp(BigInt(value), 'MICROS')}+00`);
  if (type === 'INT96') return JSON.stringify(timestamp(BigInt(value), 'NANOS'));
  if (logical_type?.type === 'TIME') return JSON.stringify(timeOfDay(BigInt(value), logical_type.unit));
  if (converted_type === 'TIME_MILLIS') return JSON.stringify(timeOfDay(BigInt(value), 'MILLIS'));
  if (converted_type === 'TIME_MICROS') return JSON.stringify(timeOfDay(BigInt(value), 'MICROS'));
  return undefined;
}

function date(days: bigint): string {
  return new Date(Number(days) * 86_400_000).toISOString().slice(0, 10);
}

function timestamp(ticks: bigint, unit: TimeUnit): string {
  const ticksPerDay = secondsPerDay * perSecond[unit];
  const withinDay = ((ticks % ticksPerDay) + ticksPerDay) % ticksPerDay;
  return `${date((ticks - withinDay) / ticksPerDay)} ${timeOfDay(withinDay, unit)}`;
}

function timeOfDay(ticks: bigint, unit: TimeUnit): string {
  const seconds = ticks / perSecond[unit];
  const two = (n: bigint) => n.toString().padStart(2, '0');
  const clock = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  const places = perSecond[unit].toString().length - 1;
  const fraction = (ticks % perSecond[unit]).toString().padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? clock : `${clock}.${fraction}`;
}
