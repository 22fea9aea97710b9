import type { Perspective } from './perspectives.ts';
import type { EntityFrequency } from './reports.ts';
import type { DatasetRequest } from './requests.ts';

/** Some entities of one perspective, from the most frequent down. Extracts the entities when no earlier command has. */
export interface EntityPageRequest extends DatasetRequest {
  readonly perspective: Perspective;
  /** First row, 0-based, among the entities that match. */
  readonly offset: number;
  /** Rows wanted, 1 to 1000. */
  readonly limit: number;
  /** Only entities whose name holds this text, upper and lower case alike. */
  readonly filter?: string;
}

export interface RankedEntity extends EntityFrequency {
  /** 0-based rank in the whole perspective. */
  readonly rank: number;
}

export interface EntityPage {
  readonly perspective: Perspective;
  /** Usable instances of the dataset. */
  readonly instances: number;
  /** Entities of the perspective, and those that match the filter. */
  readonly entities: number;
  readonly matches: number;
  /** Threshold frequency of the default mass; null when the perspective has no entity. */
  readonly tau: number | null;
  readonly offset: number;
  readonly rows: readonly RankedEntity[];
}

export interface EntityInstancesRequest extends DatasetRequest {
  readonly perspective: Perspective;
  /** Name as an `EntityPage` spells it. */
  readonly entity: string;
  /** First instance, 0-based, among those that hold the entity. */
  readonly offset: number;
  /** Instances wanted, 1 to 1000. */
  readonly limit: number;
}

export interface EntityInstances {
  readonly entity: string;
  /** Instances that hold the entity. */
  readonly frequency: number;
  readonly offset: number;
  /** Ascending by ordinal. */
  readonly instances: readonly InstanceBrief[];
}

export interface InstanceBrief {
  readonly ordinal: number;
  readonly id: string | null;
  /** Begin of the conversation, at most 200 UTF-16 units. */
  readonly begin: string;
}

export interface ReadInstanceRequest extends DatasetRequest {
  /** Ordinal, usable or not. */
  readonly instance: number;
  /** Bytes of the record wanted at most; default 1 MiB. */
  readonly limitBytes?: number;
}

/** One record as it stands in the file. */
export interface InstanceRecord {
  readonly ordinal: number;
  readonly id: string | null;
  /** The source file; of a mixture the part. */
  readonly file: string;
  readonly fileBytes: number;
  /** Byte range `[byteStart, byteEnd)` in `file`; null for Parquet, whose rows have no range. */
  readonly range: { readonly byteStart: number; readonly byteEnd: number } | null;
  /** The record's text (of Parquet: the row as JSON), cut after `limitBytes`. */
  readonly text: string;
  readonly bytes: number;
  readonly cut: boolean;
}

/**
 * The two objects of a cooccurrence's name, which joins them with a comma and writes those that hold a comma or a quote as in CSV;
 * undefined for a name that is none. For showing: requests take the name as it is.
 */
export function pairOf(name: string): readonly [string, string] | undefined {
  const match = /^("(?:[^"]|"")*"|[^",]*),("(?:[^"]|"")*"|[^",]*)$/su.exec(name);
  if (match === null) return undefined;
  const [first, second] = [match[1] ?? '', match[2] ?? ''].map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
  return [first ?? '', second ?? ''];
}
