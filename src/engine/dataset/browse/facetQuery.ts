/** One condition of a filter: nonzero per ordinal that meets it. */
export type Condition = Uint8Array;

/** A property with one value per row, or none. */
export interface CodedProperty {
  readonly name: string;
  /** Per ordinal the position in `values` plus 1; 0 without a value. */
  readonly codes: Uint8Array | Uint16Array;
  readonly values: readonly string[];
}

/** A property with any number of values per row, as bits. */
export interface BitProperty {
  readonly name: string;
  readonly bits: Uint16Array;
  /** Value of each bit, lowest first. */
  readonly values: readonly string[];
}

export type FacetProperty = CodedProperty | BitProperty;

/** How rows stand to the conditions, one byte per ordinal. */
export interface RowStates {
  /** `meetsAll`; position + 1 of the only condition that fails; `failsMore`. */
  readonly states: Uint8Array;
  readonly matches: number;
}

export const meetsAll = 0;
const failsMore = 0xff;

/** @param conditions at most 254 */
export function rowStates(records: number, conditions: readonly Condition[]): RowStates {
  const states = new Uint8Array(records);
  for (const [position, condition] of conditions.entries()) {
    const own = position + 1;
    for (let i = 0; i < records; i++) if (!condition[i]) states[i] = states[i] === meetsAll ? own : failsMore;
  }
  let matches = 0;
  for (let i = 0; i < records; i++) if (states[i] === meetsAll) matches++;
  return { states, matches };
}

/** Ordinals that meet every condition, ascending. */
export function matchingOrdinals({ states, matches }: RowStates): Uint32Array {
  const ordinals = new Uint32Array(matches);
  let at = 0;
  for (let i = 0; i < states.length; i++) if (states[i] === meetsAll) ordinals[at++] = i;
  return ordinals;
}

/**
 * Rows per value of a property among those that meet all conditions but the property's own.
 * @param own position of the property's condition, -1 when the filter has none for it
 */
export function countValues({ states }: RowStates, property: FacetProperty, own: number): Uint32Array {
  const exempt = own + 1; // 0 is `meetsAll`, which counts anyway
  const counts = new Uint32Array(property.values.length + 1);
  if ('bits' in property) {
    const { bits } = property;
    for (let i = 0; i < states.length; i++) {
      if (bits[i] === 0 || (states[i] !== meetsAll && states[i] !== exempt)) continue;
      for (let bit = 0; bit < property.values.length; bit++)
        if (((bits[i] as number) >> bit) & 1) counts[bit + 1] = (counts[bit + 1] as number) + 1;
    }
    return counts.subarray(1);
  }
  const { codes } = property;
  for (let i = 0; i < states.length; i++) {
    if (states[i] !== meetsAll && states[i] !== exempt) continue;
    const code = codes[i] as number;
    counts[code] = (counts[code] as number) + 1;
  }
  return counts.subarray(1);
}

/** Rows that have one of the values. */
export function havingValue(property: FacetProperty, accepted: ReadonlySet<string>): Condition {
  const wanted = property.values.map((value) => accepted.has(value));
  if ('bits' in property) {
    let mask = 0;
    for (const [bit, isWanted] of wanted.entries()) if (isWanted) mask |= 1 << bit;
    return Uint8Array.from(property.bits, (bits) => (bits & mask ? 1 : 0));
  }
  const accepts = Uint8Array.from([0, ...wanted.map(Number)]);
  const { codes } = property;
  const condition = new Uint8Array(codes.length);
  for (let i = 0; i < codes.length; i++) condition[i] = accepts[codes[i] as number] as number;
  return condition;
}
