import type { DatasetVariant } from '../../../protocol/dataset.ts';
import type { Media, Turn, ViewSpec } from '../dataset.ts';
import type { RecordValue } from './recordValue.ts';

/** What a family finds in a record; filled in place, since a big file has millions of turns. */
export interface ViewParts {
  readonly turns: Turn[];
  readonly media: Media[];
}

/** One way of writing conversations. A new variant is a new file with one of these and one line in `viewTable.ts`. */
export interface RecordFamily {
  /** Variants that the family reads. */
  readonly variants: readonly DatasetVariant[];
  /** True when the record holds its turns in this family's way. */
  matches(record: RecordValue, spec: ViewSpec): boolean;
  /** The exact variant of a matching record; `undefined` when it fits every variant of the family (no image, usual roles). */
  variantOf(record: RecordValue, spec: ViewSpec): DatasetVariant | undefined;
  read(record: RecordValue, spec: ViewSpec, into: ViewParts): void;
  /** Whether the family marks the place of each image in the text, so that their number can be compared. */
  readonly placeholders: boolean;
}
