import type { FeatureLayout } from '../../protocol/clustering.ts';
import type { Artifact } from '../runs/artifacts.ts';

/** A `.npy` file (C order, little-endian) that holds consecutive rows of a matrix. */
export interface FeatureShard {
  /** Absolute. */
  readonly path: string;
  /** Row of the matrix that is the shard's first. */
  readonly firstRow: number;
  readonly rows: number;
  /** Bytes of the file's header; values follow without gaps. */
  readonly dataOffset: number;
}

/**
 * One feature vector per instance, on disk; structured-cloneable, so that worker threads and the compute process open the same files.
 * Row i belongs to the i-th usable record: `ordinals` gives its ordinal.
 */
export interface FeatureMatrix {
  /** Usable instances. */
  readonly rows: number;
  /** Values per row. */
  readonly dimensions: number;
  readonly dtype: 'float16' | 'float32';
  /** Ascending, without gaps. */
  readonly shards: readonly FeatureShard[];
  /** Ordinal of each row, ascending; undefined when row = ordinal throughout. */
  readonly ordinals?: Uint32Array | undefined;
  /** Undefined: the whole vector is one whole for every preset. */
  readonly layout?: FeatureLayout | undefined;
  /** Absolute value at which eight bits serve best: larger values are rarer than finer steps are useful. */
  readonly clip: number;
  /** Hash of values and rows: the input hash of every later stage. */
  readonly identity: string;
}

/** The features of a dataset with where they came from. */
export interface Features {
  readonly matrix: FeatureMatrix;
  readonly provider: string;
  /** Model and its version; for imported features the file's name. */
  readonly model: string;
  readonly artifact: Artifact;
  /** The `.npy` file of all rows, and its SHA-256 in hex. */
  readonly path: string;
  readonly sha256: string;
  /** Rows of the builtin provider whose visual half is zero: they name no image, or none that can be read, or none that can be decoded. */
  readonly withoutImage?: { readonly textOnly: number; readonly missing: number; readonly undecodable: number };
}
