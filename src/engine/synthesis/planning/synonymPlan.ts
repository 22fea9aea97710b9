import type { PerspectiveIndex } from '../../entities/perspectiveIndex.ts';
import { entityOrdinals } from '../../entities/reverseIndex.ts';
import { synonymsOf, type Thesaurus } from '../synonyms/thesaurus.ts';

/** A common noun that may become a scarce one. */
export interface NounExchangePlan {
  /** Ids in the token perspective. */
  readonly noun: number;
  readonly synonym: number;
}

/**
 * Exchanges that serve scarce tokens: the synonym is an entity of the dataset with fewer instances than wanted, the noun has more than it.
 * The scarcest synonyms come first; of their nouns the commonest, which can spare most.
 */
export function nounExchanges(index: PerspectiveIndex, want: number, thesaurus: Thesaurus, senses: number): NounExchangePlan[] {
  const ids = new Map<string, number>();
  for (let entity = 0; entity < index.entities; entity++) ids.set(index.nameOf(entity), entity);
  const plans: NounExchangePlan[] = [];
  for (const [name, noun] of ids) {
    for (const other of synonymsOf(thesaurus, name, senses)) {
      const synonym = ids.get(other);
      if (synonym === undefined) continue;
      const [frequent, rare] = [index.frequency[noun] as number, index.frequency[synonym] as number];
      if (rare < want && frequent > rare) plans.push({ noun, synonym });
    }
  }
  const frequencyOf = (entity: number): number => index.frequency[entity] as number;
  return plans.sort(
    (a, b) =>
      frequencyOf(a.synonym) - frequencyOf(b.synonym) ||
      frequencyOf(b.noun) - frequencyOf(a.noun) ||
      a.noun - b.noun ||
      a.synonym - b.synonym,
  );
}

/** Instances that hold a noun, in the order of `rank`, at most `most`. */
export function instancesToExchange(index: PerspectiveIndex, noun: number, rank: Float64Array, most: number): number[] {
  return Array.from(entityOrdinals(index, noun))
    .sort((a, b) => (rank[a] as number) - (rank[b] as number) || a - b)
    .slice(0, most);
}
