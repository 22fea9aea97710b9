import type { PerspectiveIndex } from '../../../src/engine/entities/perspectiveIndex.ts';
import type { Perspective } from '../../../src/protocol/perspectives.ts';

/** Index over listed entities, built by plain loops: independent of the entities room. */
export function indexOf(perspective: Perspective, rows: readonly (readonly string[])[]): PerspectiveIndex {
  const instances = new Map<string, Set<number>>();
  const mentions = new Map<string, number>();
  rows.forEach((row, ordinal) => {
    for (const entity of row) {
      if (!instances.has(entity)) instances.set(entity, new Set());
      instances.get(entity)?.add(ordinal);
      mentions.set(entity, (mentions.get(entity) ?? 0) + 1);
    }
  });
  const names = [...instances.keys()].sort(
    (a, b) => (instances.get(b)?.size ?? 0) - (instances.get(a)?.size ?? 0) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  const idOf = new Map(names.map((name, id) => [name, id]));
  const frequency = Uint32Array.from(names, (name) => instances.get(name)?.size ?? 0);
  const rowIds = rows.map((row) => row.map((entity) => idOf.get(entity) ?? 0));
  const postings = names.map((name) => [...(instances.get(name) ?? [])].sort((a, b) => a - b));
  return {
    perspective,
    entities: names.length,
    records: rows.length,
    postingCount: postings.flat().length,
    frequency,
    mentionFrequency: Uint32Array.from(names, (name) => mentions.get(name) ?? 0),
    hasRepeats: rows.some((row) => new Set(row).size < row.length),
    rowOffsets: offsets(rowIds),
    rowEntities: Uint32Array.from(rowIds.flat()),
    rowMinFrequency: Uint32Array.from(rowIds, (row) => (row.length ? Math.min(...row.map((id) => frequency[id] ?? 0)) : 0)),
    postOffsets: offsets(postings),
    postings: Uint32Array.from(postings.flat()),
    nameOf: (id) => names[id] ?? '',
    pairOf: () => undefined,
    find: (name) => idOf.get(name) ?? -1,
  };
}

function offsets(lists: readonly (readonly number[])[]): Uint32Array {
  const result = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    result[i + 1] = (result[i] ?? 0) + list.length;
  });
  return result;
}
