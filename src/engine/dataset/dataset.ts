import type { DatasetSummary, DatasetVariant, Problem, ProblemCode } from '../../protocol/dataset.ts';
import type { Framing } from './scanner.ts';

/** Bits of `Dataset.flags`, one byte per ordinal. */
export const recordFlags = {
  /** A well-formed object: an instance. Without this bit the position holds something broken and is never selected. */
  usable: 1,
  /** At least one image. */
  image: 2,
  /** More than one image. */
  multiImage: 4,
  video: 8,
  /** Usable, and neither image nor video. */
  textOnly: 16,
  /** The record has no id. */
  noId: 32,
} as const;

/** How to see a record of this part: everything a worker needs, structured-cloneable. */
export interface ViewSpec {
  readonly variant: DatasetVariant;
  /** LLaMA-Factory's renamed columns and tags, from `dataset_info.json`. */
  readonly columns?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One file of records. A plain dataset has one part, a mixture one for each file. */
export interface DatasetPart {
  /** The source file, absolute. */
  readonly path: string;
  /** File whose bytes hold the records: the source itself, or the row text derived from Parquet. */
  readonly textPath: string;
  readonly kind: 'json' | 'jsonl' | 'concatenated' | 'parquet';
  /** How the records lie in the text. */
  readonly framing: Framing | 'lines';
  /** Offset in the text behind the opening bracket, or behind the byte order mark. */
  readonly recordsFrom: number;
  /** Folder of the part's index artifact, and the position in it of the part's first record (a mixture may leave some out). */
  readonly indexFolder: string;
  readonly indexFirst: number;
  /** Records in the index artifact, those that the mixture leaves out included. */
  readonly indexRecords: number;
  readonly view: ViewSpec;
  /** Roots in which this part's image paths are looked up, in order; absolute. */
  readonly imageRoots: readonly string[];
  readonly bytes: number;
  /** Modification time when it was opened, in nanoseconds since 1970. */
  readonly modifiedNs: string;
  readonly sha256: string;
  readonly firstOrdinal: number;
  readonly records: number;
  /** Name inside the mixture. */
  readonly name?: string;
}

/** An opened dataset: its record index. Arrays have one element per ordinal, 0 to `records` - 1. */
export interface Dataset {
  readonly path: string;
  readonly summary: DatasetSummary;
  /** Hash of the content and the way of reading it; the input hash of every later stage. */
  readonly identity: string;
  readonly parts: readonly DatasetPart[];
  readonly records: number;
  /** Usable records. */
  readonly instances: number;
  /** Byte range `[start, end)` in the part's `textPath`. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly flags: Uint8Array;
  /** Turns per record. */
  readonly turns: Uint32Array;
  readonly problems: readonly Problem[];
  readonly problemCounts: Readonly<Partial<Record<ProblemCode, number>>>;
  /** Default or given run folder, absolute. */
  readonly runDir: string;
  /** The index was found ready. */
  readonly reused: boolean;
  readonly indexSeconds: number;
}

export interface Turn {
  /** As the source names it, mapped: human and gpt for the two usual roles, else the source's word. */
  readonly role: string;
  readonly text: string;
}

export interface Media {
  readonly kind: 'image' | 'video' | 'audio';
  /** As the record spells it; undefined for embedded bytes (data URL, Parquet blob). */
  readonly path?: string;
  readonly embedded?: true;
  /** Embedded bytes as the record spells them: a data URL, or base64. Undefined for those that Parquet keeps outside of the row text. */
  readonly data?: string;
}

/** What the rooms behind the dataset see of a record. The bytes stay the truth. */
export interface InstanceView {
  /** Text of the id as spelled (digits of a number untouched); null when there is none. */
  readonly id: string | null;
  readonly media: readonly Media[];
  readonly turns: readonly Turn[];
}

export function partOf(dataset: Pick<Dataset, 'parts'>, ordinal: number): DatasetPart {
  let low = 0;
  let high = dataset.parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((dataset.parts[middle]?.firstOrdinal ?? Number.POSITIVE_INFINITY) <= ordinal) low = middle;
    else high = middle - 1;
  }
  const part = dataset.parts[low];
  if (!part) throw new RangeError(`no part holds ordinal ${ordinal}`);
  return part;
}
