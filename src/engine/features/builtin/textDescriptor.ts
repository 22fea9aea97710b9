import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { ln } from './exactMath.ts';
import { normalize } from './visualDescriptor.ts';

/**
 * What a conversation is about, in 256 numbers of length 1: every entity (noun or way of asking) adds its weight ln(1 + N / frequency) to
 * four places with four signs, all drawn from a hash of its name. So the inner product of two descriptors is that of their weighted entity
 * sets up to chance hits, without a vocabulary to agree on. An instance without entities is zero.
 */
export const textDimensions = 256;
const places = 4;

/** Where the entities of one perspective go; places and signed weights of entity e at `e * 4`. */
export interface TextTerms {
  readonly index: PerspectiveIndex;
  readonly place: Uint8Array;
  readonly weight: Float64Array;
}

/** @param instances N of the weights */
export function textTerms(index: PerspectiveIndex, instances: number): TextTerms {
  const place = new Uint8Array(index.entities * places);
  const weight = new Float64Array(index.entities * places);
  for (let entity = 0; entity < index.entities; entity++) {
    const size = ln(1 + instances / (index.frequency[entity] as number)) / 2; // four halves have the length of one whole
    let hash = hashOfName(`${index.perspective}\0${index.nameOf(entity)}`);
    for (let i = 0; i < places; i++) {
      hash = mixed(hash + 0x9e3779b9);
      place[entity * places + i] = hash & 0xff;
      weight[entity * places + i] = hash & 0x100 ? -size : size;
    }
  }
  return { index, place, weight };
}

/** @param target receives `textDimensions` values */
export function describeText(terms: readonly TextTerms[], ordinal: number, target: Float64Array): void {
  target.fill(0);
  for (const { index, place, weight } of terms) {
    const end = index.rowOffsets[ordinal + 1] as number;
    for (let i = index.rowOffsets[ordinal] as number; i < end; i++) {
      const first = (index.rowEntities[i] as number) * places;
      for (let k = first; k < first + places; k++)
        target[place[k] as number] = (target[place[k] as number] as number) + (weight[k] as number);
    }
  }
  normalize(target);
}

/** FNV-1a over UTF-16 code units. */
function hashOfName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Finalizer of MurmurHash3: every bit of the input reaches every bit of the output. */
function mixed(hash: number): number {
  let h = hash | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
