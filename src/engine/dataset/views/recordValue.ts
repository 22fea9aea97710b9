/** A parsed record. Its fields are whatever the file holds: every access is checked. */
export type RecordValue = Readonly<Record<string, unknown>>;

export function isRecordValue(value: unknown): value is RecordValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text of a field; numbers and booleans as JSON spells them, anything else is no text. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The first of `names` that the record has, undefined when it has none. */
export function firstField(record: RecordValue, names: readonly string[]): unknown {
  for (const name of names) {
    const value = record[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}
