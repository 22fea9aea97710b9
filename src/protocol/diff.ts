import type { Perspective } from './perspectives.ts';
import type { EntityFrequency } from './reports.ts';
import type { DiffRequest } from './requests.ts';

/** Instances of two datasets by where their first image lies. */
export interface SourceCount {
  /** `folder`: first folder of the image path as spelled; `noFolder`: a path without one; `other`: no image path, such as video. */
  readonly kind: 'folder' | 'textOnly' | 'noFolder' | 'other';
  /** Empty unless `kind` is `folder`. */
  readonly folder: string;
  readonly a: number;
  readonly b: number;
}

export const diffSides = ['removed', 'added', 'changed'] as const;
/** Only in A, only in B, or a removed and an added one that are the same instance with another content. */
export type DiffSide = (typeof diffSides)[number];

/** A page of a comparison. The engine remembers the last comparisons; a new engine, or another pair in between, makes this one again. */
export interface DiffPageRequest extends Omit<DiffRequest, 'top'> {
  /** SHA-256 of the datasets as the caller's report has them; when one is another by now, the answer is the error `dataset.changed`. */
  readonly of?: { readonly a: string; readonly b: string };
  /** First row, 0-based. */
  readonly offset: number;
  /** Rows wanted, 1 to 1000. */
  readonly limit: number;
}

export interface DiffInstancesRequest extends DiffPageRequest {
  readonly side: DiffSide;
}

export interface DiffInstances {
  readonly side: DiffSide;
  readonly total: number;
  readonly offset: number;
  /** Ascending by ordinal, of B for `added`, else of A. */
  readonly rows: readonly DiffRow[];
}

/** An instance of A, of B, or a pair of both: an added or removed one with a changed partner shows it too. */
export interface DiffRow {
  readonly a: DiffInstance | null;
  readonly b: DiffInstance | null;
  /** How a pair was found (see `ChangedCounts`); null without one. */
  readonly by: 'id' | 'image' | null;
}

export interface DiffInstance {
  readonly ordinal: number;
  readonly id: string | null;
  /** Begin of the conversation, at most 200 UTF-16 units. */
  readonly begin: string;
  readonly turns: number;
  readonly bytes: number;
  /** 128-bit hash of the content, hex. */
  readonly content: string;
}

/**
 * Changed instances: pairs among the removed and the added ones. `id`: both have an id that no other removed and no other added one has;
 * `image`: else the same id or none, and the same first image, in order of position.
 */
export interface ChangedCounts {
  readonly id: number;
  readonly image: number;
}

export interface DiffEntitiesRequest extends DiffPageRequest {
  readonly perspective: Perspective;
  /** Held by instances of A only, or of B only. */
  readonly side: 'lost' | 'gained';
  /** Only entities whose name holds this text, upper and lower case alike. */
  readonly filter?: string;
}

export interface DiffEntities {
  readonly perspective: Perspective;
  readonly side: 'lost' | 'gained';
  readonly total: number;
  /** Those that match the filter. */
  readonly matches: number;
  readonly offset: number;
  /** The most frequent first. */
  readonly rows: readonly EntityFrequency[];
}
