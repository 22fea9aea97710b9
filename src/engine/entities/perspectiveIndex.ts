import type { Perspective } from '../../protocol/perspectives.ts';
import type { JobContext } from '../jobs/jobContext.ts';

/**
 * One perspective as two CSR matrices over integers: rows (instance -> entities) and postings (entity -> instances).
 * An entity's id is its rank: ids ascend by descending frequency, ties by ascending code point of the name.
 * Rows and postings count positions of the source, so both have room for records that are no instance; their rows are empty.
 */
export interface PerspectiveIndex {
  readonly perspective: Perspective;
  /** Number of distinct entities; ids run from 0 to `entities` - 1. */
  readonly entities: number;
  /** Positions of the source, usable or not: ordinals run from 0 to `records` - 1. */
  readonly records: number;
  /** Sum of `frequency`: pairs of instance and entity. */
  readonly postingCount: number;
  /** Instances that hold the entity; non-increasing, at least 1. */
  readonly frequency: Uint32Array;
  /** Mentions of the entity, repeats inside an instance included: the posting length of the python sampler. Equals `frequency` when nothing repeats. */
  readonly mentionFrequency: Uint32Array;
  /** True when some instance lists an entity twice (imported lists only). */
  readonly hasRepeats: boolean;
  /** Row of ordinal x: `rowEntities[rowOffsets[x] .. rowOffsets[x + 1])`, entity ids in listed order, repeats kept. Length `records` + 1. */
  readonly rowOffsets: Offsets;
  readonly rowEntities: Uint32Array;
  /** Smallest frequency in the row; 0 when the row is empty. */
  readonly rowMinFrequency: Uint32Array;
  /** Posting list of entity e: `postings[postOffsets[e] .. postOffsets[e + 1])`, distinct ordinals ascending. Length `entities` + 1. */
  readonly postOffsets: Offsets;
  readonly postings: Uint32Array;
  /** The entity's name; of a cooccurrence the two labels joined by a comma (see `pairName`). */
  nameOf(entity: number): string;
  /** The two objects of a cooccurrence, ascending by code point; undefined in the other perspectives. */
  pairOf(entity: number): readonly [string, string] | undefined;
  /** Id of the entity with exactly this name; -1 when there is none. Linear in the number of entities. */
  find(name: string): number;
  /** The pairs behind a cooccurrence's names, as integers. */
  readonly pairs?: PairColumns;
  /**
   * Reads arrays ahead of their first use, which would wait for the disk. Absent where all of them are in memory.
   * @throws EngineError `run.cancelled`
   */
  prefetch?(arrays: readonly IndexArray[], job: Pick<JobContext, 'signal'>): Promise<void>;
}

/** Arrays of an index by the names of their files; the last two belong to cooccurrence. */
export type IndexArray =
  | 'frequency'
  | 'mentionFrequency'
  | 'rowOffsets'
  | 'rowEntities'
  | 'rowMinFrequency'
  | 'postings'
  | 'first'
  | 'second';

/** Entity e is the pair of the labels `first[e]` and `second[e]`. */
export interface PairColumns {
  readonly labels: number;
  labelOf(label: number): string;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
}

/** Start positions of CSR lists: 32 bits unless the lists together pass 4 G elements. */
export type Offsets = Uint32Array | Float64Array;
