/** The definitions of the index, with plain maps and loops: the oracle of the tests. */
export interface LiteralIndex {
  /** Names by descending number of instances, ties by code point. */
  readonly names: readonly string[];
  readonly instances: ReadonlyMap<string, readonly number[]>;
  readonly mentions: ReadonlyMap<string, number>;
  readonly rows: readonly (readonly string[])[];
}

export function literalIndex(lists: readonly (readonly string[])[], minFrequency = 1): LiteralIndex {
  const instances = new Map<string, number[]>();
  const mentions = new Map<string, number>();
  lists.forEach((list, ordinal) => {
    for (const entity of list) mentions.set(entity, (mentions.get(entity) ?? 0) + 1);
    for (const entity of new Set(list)) instances.set(entity, [...(instances.get(entity) ?? []), ordinal]);
  });
  for (const [entity, ordinals] of instances) if (ordinals.length < minFrequency) instances.delete(entity);
  const names = [...instances.keys()].sort(
    (a, b) => (instances.get(b)?.length ?? 0) - (instances.get(a)?.length ?? 0) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return { names, instances, mentions, rows: lists.map((list) => list.filter((entity) => instances.has(entity))) };
}

/** Every unordered pair of distinct labels, first of the row with each later one. */
export function literalPairs(objects: readonly (readonly string[])[]): string[][] {
  return objects.map((list) => {
    const distinct = [...new Set(list)];
    return distinct.flatMap((a, i) => distinct.slice(i + 1).map((b) => literalPairName(a, b)));
  });
}

function literalPairName(a: string, b: string): string {
  const quote = (label: string): string => (/[",]/.test(label) ? `"${label.split('"').join('""')}"` : label);
  return [a, b]
    .sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)))
    .map(quote)
    .join(',');
}
