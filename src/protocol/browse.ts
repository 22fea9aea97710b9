import type { InstanceCluster } from './clusters.ts';
import type { DatasetFormat, DatasetVariant, Problem, ProblemCode } from './dataset.ts';
import type { Perspective } from './perspectives.ts';
import type { DatasetRequest } from './requests.ts';

/** First rows of a dataset of any size, read from the head of the file without an index. Ordinals are those of the index as long as nothing before is broken. */
export interface FirstRowsRequest extends DatasetRequest {
  /** Rows wanted, 1 to 1000. */
  readonly limit: number;
}

export interface FirstRows {
  readonly format: DatasetFormat;
  readonly variant: DatasetVariant;
  readonly bytes: number;
  readonly rows: readonly InstanceRow[];
  /** The rows are the whole dataset. */
  readonly complete: boolean;
}

/** One row of the instance browser. */
export interface InstanceRow {
  readonly ordinal: number;
  /** False: the position holds something broken, see `problems`. */
  readonly usable: boolean;
  readonly id: string | null;
  /** Begin of the conversation, at most 200 UTF-16 units. */
  readonly begin: string;
  readonly turns: number;
  readonly bytes: number;
  readonly images: number;
  /** The rarest entities of the instance, at most 4; absent before entities were extracted. */
  readonly entities?: readonly {
    readonly perspective: Perspective;
    readonly entity: string;
    readonly frequency: number;
    readonly tail: boolean;
  }[];
  readonly verdict?: Verdict;
  /** The verdict was forced by an override of the plan. */
  readonly forced?: true;
  readonly problems: readonly ProblemCode[];
}

export const verdicts = ['kept', 'dropped'] as const;
export type Verdict = (typeof verdicts)[number];

/** Conditions that a row must all meet; within a list any one suffices, but of `entities` all are needed. */
export interface BrowseFilter {
  /** Held by the id or the text of a turn, upper and lower case alike. */
  readonly text?: string;
  readonly entities?: readonly { readonly perspective: Perspective; readonly entity: string }[];
  readonly verdict?: Verdict;
  /** Any of these clusters. Error `clustering.notFound` when they are not known. */
  readonly clusters?: {
    /** `KnownClustering.id`; default: the one made last. */
    readonly clustering?: string;
    readonly ids: readonly number[];
  };
  /** Codes of problems; `any` for every row with a problem. */
  readonly problems?: readonly (ProblemCode | 'any')[];
  readonly media?: readonly MediaKind[];
  /** Facet field -> accepted values, as the facet spells them. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

export const mediaKinds = ['none', 'image', 'images', 'video'] as const;
/** No medium, one image, several images, a video. */
export type MediaKind = (typeof mediaKinds)[number];

export const browseSorts = ['ordinal', 'id', 'turns', 'bytes', 'rarest'] as const;
export type BrowseSort = (typeof browseSorts)[number];

/** What the browser shows. Indexes the dataset when it is not; never extracts entities by itself unless `filter.entities` asks for one or `sort` is `rarest`. */
export interface BrowseQuery extends DatasetRequest {
  readonly filter?: BrowseFilter;
  readonly sort?: { readonly by: BrowseSort; readonly descending?: boolean };
  /** Manifest of the run whose verdicts are shown; a manifest of another source is an error `dataset.changed`. */
  readonly manifest?: string;
}

export interface BrowseResult {
  /** Positions in the source and usable instances. */
  readonly records: number;
  readonly instances: number;
  /** Rows that meet the filter. */
  readonly matches: number;
  readonly format: DatasetFormat;
  readonly variant: DatasetVariant;
  /** Entities were extracted before, so rows show them. */
  readonly hasEntities: boolean;
  readonly facets: readonly Facet[];
  readonly seconds: number;
}

/** Values of one property with exact counts over the whole dataset, among the rows that meet all other conditions of the filter. */
export interface Facet {
  /** `verdict`, `problem` (codes, and `any`), `media`, or `field:NAME` for a top-level field of the records, `folder` for the first folder of the image path, `part` for the file of a mixture. */
  readonly name: string;
  /** Descending by count, at most 50. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Further values that are not listed. */
  readonly more: number;
}

/** Some rows of a query. The query travels along: the engine remembers the last ones, and a new engine makes them again. */
export interface BrowseRowsRequest extends BrowseQuery {
  /** First row, 0-based, among those that match, in the order asked for. */
  readonly offset: number;
  /** 1 to 500. */
  readonly limit: number;
}

export interface BrowseRows {
  readonly offset: number;
  readonly rows: readonly InstanceRow[];
}

/** Place of an ordinal among the rows of a query; -1 when the filter leaves it out. */
export interface BrowseFindRequest extends BrowseQuery {
  readonly ordinal: number;
}

export interface InstanceDetailRequest extends DatasetRequest {
  readonly instance: number;
  /** Known clustering whose cluster is told; default: the one made last. */
  readonly clustering?: string;
}

/** Everything about one instance but its receipt (`instance/explain`) and its pixels (`instance/image`). */
export interface InstanceDetail {
  readonly ordinal: number;
  readonly usable: boolean;
  readonly id: string | null;
  readonly file: string;
  /** Null for Parquet, whose rows have no range. */
  readonly range: { readonly byteStart: number; readonly byteEnd: number; readonly line: number } | null;
  readonly bytes: number;
  /** The record as it stands in the file, at most 256 KiB. */
  readonly text: string;
  readonly cut: boolean;
  readonly turns: readonly TurnDetail[];
  readonly media: readonly MediaDetail[];
  readonly problems: readonly Problem[];
  /** What was left out of `turns` and `media`, because there are too many or they are too long; absent when nothing was. */
  readonly leftOut?: { readonly turns: number; readonly media: number };
  /** Entities of the instance by perspective, rarest first, at most 1,000 each; absent before entities were extracted. */
  readonly entities?: Readonly<Partial<Record<Perspective, readonly DetailEntity[]>>>;
  /** Absent when the dataset has no known clustering, or not that one. */
  readonly cluster?: InstanceCluster;
  /** 128-bit hash of the content, hex, and the ordinal among exact duplicates: what an override names. */
  readonly instanceKey: { readonly content: string; readonly duplicate: number };
  /** Instances of the dataset with the same content, this one included. */
  readonly copies: number;
}

export interface DetailEntity {
  readonly entity: string;
  readonly frequency: number;
  /** Frequency is at most the threshold of the default mass. */
  readonly tail: boolean;
}

export interface TurnDetail {
  /** human, gpt, or the source's own word. */
  readonly role: string;
  /** At most 64 Ki UTF-16 units. */
  readonly text: string;
  readonly cut: boolean;
  /** Where the instance's entities stand in `text`, ascending, in UTF-16 units; spans of different perspectives may overlap. */
  readonly spans: readonly EntitySpan[];
}

export interface EntitySpan {
  readonly start: number;
  readonly end: number;
  readonly perspective: Perspective;
  readonly entity: string;
}

export interface MediaDetail {
  readonly kind: 'image' | 'video' | 'audio';
  /** As the record spells it; null for embedded bytes. */
  readonly path: string | null;
  readonly state: 'present' | 'missing' | 'refused' | 'embedded';
  /** File that was found, absolute. */
  readonly file?: string;
}

export interface InstanceImageRequest extends DatasetRequest {
  readonly instance: number;
  /** Position in `InstanceDetail.media`; default 0. */
  readonly index?: number;
  /** Pixels of the longer side at most, 16 to 2048. */
  readonly side: number;
}

/** A JPEG made from the image (EXIF applied), never the file itself. */
export type InstanceImage =
  | { readonly ok: true; readonly jpeg: string /** base64 */; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly reason: 'none' | 'missing' | 'refused' | 'empty' | 'unsupported' | 'undecodable' | 'tooLarge' };
