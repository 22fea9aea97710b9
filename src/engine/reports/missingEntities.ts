import type { PairColumns, PerspectiveIndex } from '../entities/perspectiveIndex.ts';
import type { Breath } from '../jobs/breath.ts';

/** Entities between two looks at the clock; a power of two. */
const breathEvery = 1 << 13;

/** Ids of the entities of `index` whose names `other`, of the same perspective, has not; ascending, so the most frequent first. */
export function missingEntities(index: PerspectiveIndex, other: PerspectiveIndex, breath: Breath): Promise<Uint32Array> {
  return index.pairs && other.pairs ? missingPairs(index.pairs, other.pairs, breath) : missingNames(index, other, breath);
}

async function missingNames(index: PerspectiveIndex, other: PerspectiveIndex, breath: Breath): Promise<Uint32Array> {
  const names = new Set<string>();
  for (let id = 0; id < other.entities; id++) {
    if (id % breathEvery === 0 && breath.isDue) await breath.take();
    names.add(other.nameOf(id));
  }
  const missing: number[] = [];
  for (let id = 0; id < index.entities; id++) {
    if (id % breathEvery === 0 && breath.isDue) await breath.take();
    if (!names.has(index.nameOf(id))) missing.push(id);
  }
  return Uint32Array.from(missing);
}

/**
 * The same for pairs, of which there are millions: labels are compared as texts, pairs as integers. The pairs of both sides lie in the
 * order of their first label, so that one mark per label tells which partners the other side knows.
 */
async function missingPairs(pairs: PairColumns, other: PairColumns, breath: Breath): Promise<Uint32Array> {
  const labelInOther = await matchLabels(pairs, other, breath);
  const own = await byFirst(pairs, breath);
  const theirs = await byFirst(other, breath);
  const markedBy = new Uint32Array(other.labels).fill(pairs.labels);
  const isMissing = new Uint8Array(pairs.first.length);
  let missing = 0;
  for (let label = 0; label < pairs.labels; label++) {
    if (label % 64 === 0 && breath.isDue) await breath.take(); // a label has hundreds of pairs
    const same = labelInOther[label] as number;
    if (same < other.labels)
      for (let k = theirs.start[same] as number; k < (theirs.start[same + 1] as number); k++)
        markedBy[other.second[theirs.ids[k] as number] as number] = label;
    for (let k = own.start[label] as number; k < (own.start[label + 1] as number); k++) {
      const id = own.ids[k] as number;
      const partner = labelInOther[pairs.second[id] as number] as number;
      if (partner < other.labels && markedBy[partner] === label) continue;
      isMissing[id] = 1;
      missing++;
    }
  }
  const ids = new Uint32Array(missing);
  let write = 0;
  for (let id = 0; id < isMissing.length; id++) if (isMissing[id] === 1) ids[write++] = id;
  return ids;
}

/** Per label its number on the other side, or the number of labels there. The order inside a pair is that of the texts on both sides. */
async function matchLabels(pairs: PairColumns, other: PairColumns, breath: Breath): Promise<Uint32Array> {
  const numbers = new Map<string, number>();
  for (let label = 0; label < other.labels; label++) {
    if (label % breathEvery === 0 && breath.isDue) await breath.take();
    numbers.set(other.labelOf(label), label);
  }
  const matched = new Uint32Array(pairs.labels);
  for (let label = 0; label < pairs.labels; label++) {
    if (label % breathEvery === 0 && breath.isDue) await breath.take();
    matched[label] = numbers.get(pairs.labelOf(label)) ?? other.labels;
  }
  return matched;
}

interface Grouped {
  /** Pairs with the first label f: `ids[start[f] .. start[f + 1])`. */
  readonly start: Uint32Array;
  readonly ids: Uint32Array;
}

/** Counting sort by the first label. */
async function byFirst({ labels, first }: PairColumns, breath: Breath): Promise<Grouped> {
  const start = new Uint32Array(labels + 1);
  for (let id = 0; id < first.length; id++) {
    if (id % breathEvery === 0 && breath.isDue) await breath.take();
    const behind = (first[id] as number) + 1;
    start[behind] = (start[behind] as number) + 1;
  }
  for (let label = 0; label < labels; label++) start[label + 1] = (start[label + 1] as number) + (start[label] as number);
  const next = start.slice();
  const ids = new Uint32Array(first.length);
  for (let id = 0; id < first.length; id++) {
    if (id % breathEvery === 0 && breath.isDue) await breath.take();
    const label = first[id] as number;
    const at = next[label] as number;
    ids[at] = id;
    next[label] = at + 1;
  }
  return { start, ids };
}
