import type { BatchResult, ReadingRules } from './parseBatch.ts';

/** A batch on its way to a worker. The buffer moves there and comes back with the result, to be filled again. */
export interface ParseTask {
  readonly buffer: ArrayBuffer;
  readonly length: number;
  readonly offset: number;
  readonly start: Float64Array<ArrayBuffer>;
  readonly end: Float64Array<ArrayBuffer>;
  readonly kinds: Uint8Array<ArrayBuffer>;
  readonly strings: Uint32Array<ArrayBuffer>;
  readonly rules: ReadingRules;
}

export interface TaskReply {
  readonly result: BatchResult;
  readonly buffer: ArrayBuffer;
}

/** Buffers of a result, which move instead of being copied. */
export function resultBuffers(result: BatchResult): ArrayBuffer[] {
  const { start, end, flags, turns, imageCounts, ids, images } = result;
  return [start, end, flags, turns, imageCounts, ids.bytes, ids.lengths, images.bytes, images.lengths].map((array) => array.buffer);
}
