import { join } from 'node:path';
import type { Perspective } from '../../protocol/perspectives.ts';
import type { Artifact } from '../runs/artifacts.ts';
import { readJson } from '../runs/npy.ts';
import { StringTable } from '../runs/stringTable.ts';
import { pairName, parsePairName } from './pairName.ts';
import type { PerspectiveIndex } from './perspectiveIndex.ts';
import { readArray, readArraySync } from './readArraySync.ts';

/** Small facts beside the arrays of an index: `index.json`. */
export interface IndexInfo {
  readonly perspective: Perspective;
  readonly entities: number;
  readonly records: number;
  readonly postingCount: number;
  readonly hasRepeats: boolean;
}

type Naming = Pick<PerspectiveIndex, 'nameOf' | 'pairOf' | 'find' | 'pairs'>;

/**
 * Opens an index of `obtainReverseIndex`. Names and facts are read now, every array on its first use and then kept:
 * the closed form needs rows only, `--entity` postings only.
 */
export async function loadPerspective(artifact: Artifact): Promise<PerspectiveIndex> {
  const { folder } = artifact;
  const info = await readJson<IndexInfo>(join(folder, 'index.json'));
  const loaded = new Map<string, Uint32Array | Float64Array>();
  const offsets = (name: string): Uint32Array | Float64Array => {
    const ready = loaded.get(name);
    if (ready) return ready;
    const array = readArraySync(join(folder, `${name}.npy`));
    loaded.set(name, array);
    return array;
  };
  const integers = (name: string): Uint32Array => offsets(name) as Uint32Array;
  const naming =
    info.perspective === 'cooccurrence'
      ? pairNaming(await StringTable.read(folder, 'labels'), integers)
      : plainNaming(await StringTable.read(folder, 'names'));
  return {
    ...info,
    ...naming,
    async prefetch(arrays, job) {
      for (const name of arrays) {
        if (name === 'mentionFrequency' && !info.hasRepeats) continue;
        if (!loaded.has(name)) loaded.set(name, await readArray(join(folder, `${name}.npy`), job));
      }
    },
    get frequency() {
      return integers('frequency');
    },
    get mentionFrequency() {
      return integers(info.hasRepeats ? 'mentionFrequency' : 'frequency');
    },
    get rowOffsets() {
      return offsets('rowOffsets');
    },
    get rowEntities() {
      return integers('rowEntities');
    },
    get rowMinFrequency() {
      return integers('rowMinFrequency');
    },
    get postOffsets() {
      return offsets('postOffsets');
    },
    get postings() {
      return integers('postings');
    },
  };
}

function plainNaming(names: StringTable): Naming {
  return { nameOf: (entity) => names.at(entity), pairOf: () => undefined, find: (name) => positionOf(names, name) };
}

function pairNaming(labels: StringTable, integers: (name: string) => Uint32Array): Naming {
  const pairOf = (entity: number): readonly [string, string] => [
    labels.at(integers('first')[entity] as number),
    labels.at(integers('second')[entity] as number),
  ];
  return {
    pairOf,
    nameOf: (entity) => pairName(...pairOf(entity)),
    find: (name) => {
      const pair = parsePairName(name);
      if (!pair) return -1;
      const a = positionOf(labels, pair[0]);
      const b = positionOf(labels, pair[1]);
      if (a < 0 || b < 0) return -1;
      const first = integers('first');
      const second = integers('second');
      for (let id = 0; id < first.length; id++) if (first[id] === a && second[id] === b) return id;
      return -1;
    },
    pairs: {
      labels: labels.length,
      labelOf: (label) => labels.at(label),
      get first() {
        return integers('first');
      },
      get second() {
        return integers('second');
      },
    },
  };
}

function positionOf(names: StringTable, wanted: string): number {
  for (let i = 0; i < names.length; i++) if (names.at(i) === wanted) return i;
  return -1;
}
