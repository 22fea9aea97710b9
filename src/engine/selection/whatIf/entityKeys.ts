import { quoteLabel } from '../../entities/pairName.ts';
import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { LabelKeys } from '../samplers/labelKeys.ts';

const comma = 0x2c;

/** Names of the entities of one perspective as bytes on shared memory: millions of pairs are two numbers each. */
export interface EntityNames {
  /** UTF-8 of the names; of a cooccurrence of its labels, quoted as in the names. */
  readonly bytes: Uint8Array;
  readonly offsets: Float64Array;
  /** Labels of each pair. */
  readonly pairs?: { readonly first: Uint32Array; readonly second: Uint32Array };
}

/** @param count entities that are wanted, from the most frequent on */
export function entityNames(index: PerspectiveIndex, count: number): EntityNames {
  const { pairs } = index;
  if (!pairs) return textsOf(count, (entity) => index.nameOf(entity));
  const labels = textsOf(pairs.labels, (label) => quoteLabel(pairs.labelOf(label)));
  return { ...labels, pairs: { first: pairs.first, second: pairs.second } };
}

function textsOf(count: number, textOf: (i: number) => string): EntityNames {
  const offsets = new Float64Array(new SharedArrayBuffer((count + 1) * 8));
  for (let i = 0; i < count; i++) offsets[i + 1] = (offsets[i] as number) + Buffer.byteLength(textOf(i));
  const bytes = Buffer.from(new SharedArrayBuffer(offsets[count] as number));
  for (let i = 0; i < count; i++) bytes.write(textOf(i), offsets[i] as number);
  return { bytes: new Uint8Array(bytes.buffer), offsets };
}

/** Fills the keys of the entities [from, to), two words each, as `PerspectiveDraws` makes them from names. */
export function fillEntityKeys({ bytes, offsets, pairs }: EntityNames, prefix: string, from: number, to: number, out: Uint32Array): void {
  const keys = new LabelKeys(prefix);
  const append = (i: number): void => keys.append(bytes, offsets[i] as number, offsets[i + 1] as number);
  for (let entity = from; entity < to; entity++) {
    if (pairs) {
      append(pairs.first[entity] as number);
      keys.appendByte(comma);
      append(pairs.second[entity] as number);
    } else append(entity);
    keys.finish(out, entity * 2);
  }
}
