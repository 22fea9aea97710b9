import { type Dataset, type DatasetPart, recordFlags } from '../dataset/dataset.ts';
import { DistinctCounter } from '../dataset/distinct.ts';
import { firstImages, readIdTexts, readImageTexts } from '../dataset/partTexts.ts';
import type { Breath } from '../jobs/breath.ts';

/** Instances between two looks at the clock; a power of two. */
const breathEvery = 1 << 13;

/** Instances of one dataset that the other has not. */
export interface LoneInstances {
  readonly dataset: Pick<Dataset, 'parts' | 'flags'>;
  /** Ascending. */
  readonly ordinals: Uint32Array;
}

/** Removed and added instances that are the same one with another content. */
export interface ChangedInstances {
  /** Ordinals in A and in B, same index in both; ascending in A. */
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** 1: found by id and image, 0: by the id alone. */
  readonly byImage: Uint8Array;
}

/**
 * Pairs a removed instance with an added one:
 * 1. when both have an id that no other removed and no other added instance has;
 * 2. else when both have the same id, or both none, and the same first image; several such are paired in order of their position.
 * Ids and image paths are compared as the records spell them. Instances with different ids are never paired, nor are text-only ones
 * that no id tells apart.
 */
export async function changedInstances(a: LoneInstances, b: LoneInstances, breath: Breath): Promise<ChangedInstances> {
  const partner = new Int32Array(a.ordinals.length).fill(-1);
  const byImage = new Uint8Array(a.ordinals.length);
  if (a.ordinals.length > 0 && b.ordinals.length > 0) {
    const ids = new DistinctCounter();
    const [idA, idB] = [await numberIds(a, ids, breath), await numberIds(b, ids, breath)];
    const isTaken = pairUniqueIds(idA, idB, ids.count, partner);
    const images = new DistinctCounter();
    const [imageA, imageB] = [await numberImages(a, idA, images, breath), await numberImages(b, idB, images, breath)];
    pairInOrder(imageA, imageB, images.count, { partner, isTaken, byImage });
  }
  return collect(a.ordinals, b.ordinals, partner, byImage);
}

/** Stands for no id and for no image. */
const none = 0;

/** Number of each instance's id from 1; `none` without one. */
async function numberIds({ dataset, ordinals }: LoneInstances, ids: DistinctCounter, breath: Breath): Promise<Uint32Array> {
  const numbers = new Uint32Array(ordinals.length);
  for (const [part, from, to] of partRanges(dataset.parts, ordinals)) {
    const { idBytes, idOffsets } = await readIdTexts(part);
    for (let i = from; i < to; i++) {
      if (i % breathEvery === 0 && breath.isDue) await breath.take();
      const ordinal = ordinals[i] as number;
      if ((dataset.flags[ordinal] as number) & recordFlags.noId) continue;
      const position = part.indexFirst + ordinal - part.firstOrdinal;
      numbers[i] = 1 + ids.intern(idBytes, idOffsets[position] as number, idOffsets[position + 1] as number);
    }
  }
  return numbers;
}

/** Number of each instance's id and first image together, from 1; `none` without an image. */
async function numberImages(
  { dataset, ordinals }: LoneInstances,
  ids: Uint32Array,
  images: DistinctCounter,
  breath: Breath,
): Promise<Uint32Array> {
  const numbers = new Uint32Array(ordinals.length);
  for (const [part, from, to] of partRanges(dataset.parts, ordinals)) {
    const { imageBytes, imageOffsets, imageCounts } = await readImageTexts(part);
    const first = firstImages(part, imageCounts);
    for (let i = from; i < to; i++) {
      if (i % breathEvery === 0 && breath.isDue) await breath.take();
      const record = (ordinals[i] as number) - part.firstOrdinal;
      if (imageCounts[part.indexFirst + record] === 0) continue;
      const image = first[record] as number;
      numbers[i] = 1 + images.intern(imageBytes, imageOffsets[image] as number, imageOffsets[image + 1] as number, ids[i]);
    }
  }
  return numbers;
}

/** @returns which instances of B have a partner */
function pairUniqueIds(idA: Uint32Array, idB: Uint32Array, ids: number, partner: Int32Array): Uint8Array {
  const countA = occurrences(idA, ids);
  const countB = occurrences(idB, ids);
  const place = new Uint32Array(ids + 1);
  for (let i = 0; i < idB.length; i++) place[idB[i] as number] = i;
  const isTaken = new Uint8Array(idB.length);
  for (let i = 0; i < idA.length; i++) {
    const id = idA[i] as number;
    if (id === none || countA[id] !== 1 || countB[id] !== 1) continue;
    partner[i] = place[id] as number;
    isTaken[place[id] as number] = 1;
  }
  return isTaken;
}

function occurrences(numbers: Uint32Array, most: number): Uint32Array {
  const counts = new Uint32Array(most + 1);
  for (const number of numbers) counts[number] = (counts[number] as number) + 1;
  return counts;
}

interface Pairing {
  readonly partner: Int32Array;
  readonly isTaken: Uint8Array;
  readonly byImage: Uint8Array;
}

/** The first of A with the first of B, and so on, among those with the same number that are still alone. */
function pairInOrder(imageA: Uint32Array, imageB: Uint32Array, images: number, { partner, isTaken, byImage }: Pairing): void {
  const head = new Int32Array(images + 1).fill(-1);
  const next = new Int32Array(imageB.length);
  for (let i = imageB.length - 1; i >= 0; i--) {
    const image = imageB[i] as number;
    if (image === none || isTaken[i] === 1) continue;
    next[i] = head[image] as number;
    head[image] = i;
  }
  for (let i = 0; i < imageA.length; i++) {
    const image = imageA[i] as number;
    const first = head[image] as number;
    if (image === none || first < 0 || (partner[i] as number) >= 0) continue;
    partner[i] = first;
    byImage[i] = 1;
    head[image] = next[first] as number;
  }
}

function collect(a: Uint32Array, b: Uint32Array, partner: Int32Array, byImage: Uint8Array): ChangedInstances {
  let count = 0;
  for (const found of partner) if (found >= 0) count++;
  const pairs = { a: new Uint32Array(count), b: new Uint32Array(count), byImage: new Uint8Array(count) };
  let write = 0;
  for (let i = 0; i < partner.length; i++) {
    const found = partner[i] as number;
    if (found < 0) continue;
    pairs.a[write] = a[i] as number;
    pairs.b[write] = b[found] as number;
    pairs.byImage[write++] = byImage[i] as number;
  }
  return pairs;
}

/** Which of the ordinals, by position, lie in which part. */
function* partRanges(parts: readonly DatasetPart[], ordinals: Uint32Array): Generator<readonly [DatasetPart, number, number]> {
  let from = 0;
  for (const part of parts) {
    let to = from;
    while (to < ordinals.length && (ordinals[to] as number) < part.firstOrdinal + part.records) to++;
    if (to > from) yield [part, from, to];
    from = to;
  }
}
