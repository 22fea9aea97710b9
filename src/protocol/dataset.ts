/** How instances lie in the file. `mixture` names other files; `parquet` is read through a derived row text. */
export type DatasetFormat = 'json' | 'jsonl' | 'concatenated' | 'parquet' | 'mixture';

/** Shape of one record, detected from the first records. See specs of the data room: one view per variant. */
export const datasetVariants = [
  'llava',
  'sharegpt',
  'messages',
  'content-blocks',
  'qwen-inline',
  'minicpm',
  'query-response',
  'human-assistant',
  'alpaca',
  'instruction-output',
  'data-juicer',
  'mixed',
  'unknown',
] as const;

export type DatasetVariant = (typeof datasetVariants)[number];

/** What can be wrong in a dataset. Problems are data: they never stop the reading. */
export const problemCodes = [
  // file level
  'file.trailingComma',
  'file.missingComma',
  'file.extraComma',
  'file.missingLineBreak',
  'file.strayCloser',
  'file.strayText',
  'file.unclosedArray',
  'file.wrapper',
  // record level: the range is no instance
  'record.invalidJson',
  'record.invalidUtf8',
  'record.unclosed',
  'record.tooLarge',
  'record.notAnObject',
  // record level: the instance stays usable
  'record.noTurns',
  'record.emptyTurn',
  'record.unknownRole',
  'record.placeholderMissing',
  'record.placeholderCount',
  'record.duplicateKey',
  // images (inspect --check-images)
  'image.refused',
  'image.missing',
  'image.empty',
  'image.undecodable',
  'image.tooLarge',
  'image.wrongExtension',
  'image.orientation',
  'image.unsupported',
  // mixture
  'mixture.missingFile',
  'mixture.sampling',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** One finding with its place. `message` is English for logs and the terminal; the editor localises by `code`. */
export interface Problem {
  readonly code: ProblemCode;
  /** 0-based position of the instance in the dataset; -1 when the finding belongs to the file. */
  readonly ordinal: number;
  /** Byte range `[byteStart, byteEnd)` in `file`. */
  readonly byteStart: number;
  readonly byteEnd: number;
  /** 1-based line of `byteStart`. */
  readonly line: number;
  readonly message: string;
  /** Path of the file, when it is not the dataset itself (mixtures). */
  readonly file?: string;
  /** Image path as the record spells it, for image findings. */
  readonly image?: string;
}

export interface DatasetSummary {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the file, hex; of the mixture file and its parts together for a mixture. */
  readonly sha256: string;
  readonly format: DatasetFormat;
  readonly variant: DatasetVariant;
}

/** Answer of `inspect`. Counts are over usable instances, exact. */
export interface InspectReport {
  readonly dataset: DatasetSummary;
  readonly instances: number;
  /** Positions in the source, usable or not; ordinals run from 0 to records - 1. */
  readonly records: number;
  readonly turns: number;
  readonly withImage: number;
  readonly textOnly: number;
  readonly multiImage: number;
  readonly withVideo: number;
  readonly distinctImages: number;
  readonly distinctIds: number;
  /** At most `problemLimit` entries; `problemCounts` is complete. */
  readonly problems: readonly Problem[];
  readonly problemCounts: Readonly<Partial<Record<ProblemCode, number>>>;
  readonly checkedImages?: { readonly checked: number; readonly ok: number; readonly duplicates: number };
  /** Files of a mixture with their share. */
  readonly parts?: readonly { readonly path: string; readonly instances: number; readonly variant: DatasetVariant }[];
  readonly reused: boolean;
}
