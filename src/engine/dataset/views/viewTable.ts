import type { DatasetVariant } from '../../../protocol/dataset.ts';
import type { InstanceView, Media, Turn, ViewSpec } from '../dataset.ts';
import { spelledId } from '../spelledId.ts';
import { conversationsFamily } from './conversations.ts';
import { dataJuicerFamily } from './dataJuicer.ts';
import { contentBlocksFamily, messagesFamily } from './messages.ts';
import { humanAssistantFamily, instructionFamily, queryResponseFamily } from './pairs.ts';
import type { RecordFamily } from './recordFamily.ts';
import { isRecordValue, type RecordValue } from './recordValue.ts';

/** In order of trial; the last ones match by weaker signs. */
const families: readonly RecordFamily[] = [
  conversationsFamily,
  contentBlocksFamily,
  messagesFamily,
  humanAssistantFamily,
  queryResponseFamily,
  instructionFamily,
  dataJuicerFamily,
];

/** Records that a detection looks at. */
export const detectionSample = 200;

/** The family that a record's own shape shows; a file may mix them, so the shape decides record by record. */
export function familyOf(record: RecordValue, spec: ViewSpec): RecordFamily | undefined {
  for (const family of families) if (family.matches(record, spec)) return family;
  return undefined;
}

/** True when the record holds turns in any known way. */
export function hasTurns(value: unknown, spec: ViewSpec): boolean {
  return isRecordValue(value) && familyOf(value, spec) !== undefined;
}

/**
 * What a record says: id, media and turns. Pure. `rawBytes`, the record's own bytes, are looked at only for an id that is a number,
 * whose spelling parsing may lose; without them such an id is spelled as JavaScript does.
 */
export function viewRecord(value: unknown, spec: ViewSpec, rawBytes?: Uint8Array): InstanceView {
  const turns: Turn[] = [];
  const media: Media[] = [];
  if (!isRecordValue(value)) return { id: null, media, turns };
  familyOf(value, spec)?.read(value, spec, { turns, media });
  return { id: idText(value.id, rawBytes), media, turns };
}

export function idText(id: unknown, rawBytes?: Uint8Array): string | null {
  if (typeof id === 'string') return id;
  if (typeof id === 'number') return (rawBytes && spelledId(rawBytes)) ?? String(id);
  return typeof id === 'boolean' ? String(id) : null;
}

/** The variant of a file by its first records; `mixed` when they disagree, `unknown` when none has turns. */
export function detectVariant(records: Iterable<unknown>, spec: ViewSpec = { variant: 'unknown' }): DatasetVariant {
  const seen = new Set<DatasetVariant>();
  let neutral: DatasetVariant | undefined;
  for (const record of records) {
    if (!isRecordValue(record)) continue;
    const family = familyOf(record, spec);
    if (!family) continue;
    const variant = family.variantOf(record, spec);
    if (variant) seen.add(variant);
    else neutral ??= family.variants[0];
  }
  if (seen.size === 0) return neutral ?? 'unknown';
  if (seen.size > 1) return 'mixed';
  const [only] = seen;
  // Records without an image fit every variant of their family, but not another family.
  const fits =
    neutral === undefined ||
    families.some((family) => family.variants.includes(neutral) && family.variants.includes(only as DatasetVariant));
  return fits ? (only as DatasetVariant) : 'mixed';
}
