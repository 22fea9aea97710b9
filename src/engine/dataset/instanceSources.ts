import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy } from '../runs/npy.ts';
import { type Dataset, recordFlags } from './dataset.ts';

/** Where an instance comes from: the first folder of its first image path, or why it has none. */
export interface InstanceSource {
  readonly kind: 'folder' | 'textOnly' | 'noFolder' | 'other';
  /** As the record spells it; empty but for `folder`. */
  readonly folder: string;
}

export interface InstanceSources {
  /** Distinct sources, in order of appearance. */
  readonly sources: readonly InstanceSource[];
  /** Place in `sources` of each ordinal; meaningless for broken records. */
  readonly sourceOf: Uint32Array;
}

/** Source of every instance, from the record index alone. */
export async function instanceSources(dataset: Pick<Dataset, 'parts' | 'flags' | 'records'>): Promise<InstanceSources> {
  const sources: InstanceSource[] = [];
  const places = new Map<string, number>();
  const placeOf = (kind: InstanceSource['kind'], folder = ''): number => {
    const key = `${kind}/${folder}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    sources.push({ kind, folder });
    places.set(key, sources.length - 1);
    return sources.length - 1;
  };
  const sourceOf = new Uint32Array(dataset.records);
  for (const part of dataset.parts) {
    const file = (name: string): string => join(part.indexFolder, name);
    const [bytes, offsets, counts] = [
      await readFile(file('images.utf8')),
      await readNpy(file('images.offsets.npy'), '<f8'),
      await readNpy(file('imageCounts.npy'), '<u4'),
    ];
    let image = 0;
    for (let position = 0; position < part.indexFirst; position++) image += counts[position] as number;
    for (let i = 0; i < part.records; i++) {
      const ordinal = part.firstOrdinal + i;
      const count = counts[part.indexFirst + i] as number;
      if ((dataset.flags[ordinal] as number) & recordFlags.textOnly) sourceOf[ordinal] = placeOf('textOnly');
      else if (count === 0) sourceOf[ordinal] = placeOf('other');
      else {
        const folder = /^\/*([^/]+)\//.exec(bytes.toString('utf8', offsets[image], offsets[image + 1]))?.[1];
        sourceOf[ordinal] = folder === undefined ? placeOf('noFolder') : placeOf('folder', folder);
      }
      image += count;
    }
  }
  return { sources, sourceOf };
}
