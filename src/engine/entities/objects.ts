import type { Lexicon } from './lexicon.ts';
import type { Noun } from './nouns.ts';
import type { Word } from './tagger.ts';

/** A name of several words in a turn: the longest of the lexicon that begins at its first word. */
export interface Compound {
  /** Canonical, aliases resolved. */
  readonly name: string;
  /** Positions of its first and last word. */
  readonly first: number;
  readonly last: number;
}

/** Compounds from left to right; words inside one begin no other. */
export function findCompounds(words: readonly Word[], lexicon: Lexicon): Compound[] {
  const found: Compound[] = [];
  for (let i = 0; i < words.length; i++) {
    const compound = compoundAt(words, i, lexicon);
    if (!compound) continue;
    found.push(compound);
    i = compound.last;
  }
  return found;
}

/** Words match as written, the last one by its noun lemma. */
function compoundAt(words: readonly Word[], first: number, lexicon: Lexicon): Compound | undefined {
  const { compounds, lower } = words[first] as Word;
  const second = words[first + 1];
  if (compounds === undefined || second === undefined) return undefined;
  const ending = compounds.get(second.nounLemma);
  const going = second.lower === second.nounLemma ? ending : compounds.get(second.lower);
  for (let length = Math.min(going?.longest ?? 0, words.length - first); length > 2; length--) {
    const last = first + length - 1;
    if (!mayEnd(words, last)) continue;
    let name = lower;
    for (let k = first + 1; k < last; k++) name += ` ${(words[k] as Word).lower}`;
    name += ` ${(words[last] as Word).nounLemma}`;
    if (lexicon.compounds.has(name)) return { name: lexicon.aliases.get(name) ?? name, first, last };
  }
  return ending?.pair !== undefined && mayEnd(words, first + 1) ? { name: ending.pair, first, last: first + 1 } : undefined;
}

/** An adjective before a noun ends no name: "large white refrigerators" hold no butterfly. */
function mayEnd(words: readonly Word[], last: number): boolean {
  const word = words[last] as Word;
  return word.isWord && !(word.pos === 'ADJ' && words[last + 1]?.pos === 'NOUN');
}

/** A thing named in a turn by the words from `first` to `last`. */
export interface NamedObject {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Things named in a turn, in order, repeats included: compounds, and every other noun that the lexicon knows for a thing. Words inside a
 * compound do not count by themselves ("hot dog" is no dog).
 */
export function findObjects(compounds: readonly Compound[], nouns: readonly Noun[]): NamedObject[] {
  const found: NamedObject[] = [];
  let next = 0; // into compounds
  for (const noun of nouns) {
    for (let compound = compounds[next]; compound && compound.first <= noun.at; compound = compounds[++next]) found.push(compound);
    const before = compounds[next - 1];
    if (noun.object !== undefined && !(before && noun.at <= before.last))
      found.push({ name: noun.object, first: noun.first, last: noun.at });
  }
  for (; next < compounds.length; next++) found.push(compounds[next] as Compound);
  return found;
}
