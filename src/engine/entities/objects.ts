import type { Lexicon } from './lexicon.ts';
import type { Noun } from './nouns.ts';
import type { Word } from './tagger.ts';

/**
 * Things named in a turn, in order, repeats included: the longest compound of the lexicon that begins at a word, else the noun itself if
 * the lexicon knows it for a thing. Words inside a compound are not looked at again ("hot dog" is no dog).
 */
export function findObjects(words: readonly Word[], nouns: readonly Noun[], lexicon: Lexicon): string[] {
  const found: string[] = [];
  let next = 0; // into nouns
  for (let i = 0; i < words.length; i++) {
    const compound = compoundAt(words, i, lexicon);
    if (compound) {
      found.push(lexicon.aliases.get(compound.name) ?? compound.name);
      i = compound.last;
      while (next < nouns.length && (nouns[next] as Noun).at <= i) next++;
      continue;
    }
    const noun = nouns[next];
    if (noun === undefined || noun.at !== i) continue;
    next++;
    if (lexicon.objects.has(noun.lemma)) found.push(lexicon.aliases.get(noun.lemma) ?? noun.lemma);
  }
  return found;
}

/** Inner words match as written or by lemma, the last one by its noun lemma. */
function compoundAt(words: readonly Word[], i: number, lexicon: Lexicon): { readonly name: string; readonly last: number } | undefined {
  const first = words[i] as Word;
  const longest = Math.max(lexicon.compoundWords.get(first.lower) ?? 0, lexicon.compoundWords.get(first.nounLemma) ?? 0);
  for (let length = Math.min(longest, words.length - i); length > 1; length--) {
    const last = words[i + length - 1] as Word;
    if (!last.isWord) continue;
    for (const start of first.lower === first.nounLemma ? [first.lower] : [first.lower, first.nounLemma]) {
      let name = start;
      for (let k = 1; k < length - 1; k++) name += ` ${(words[i + k] as Word).lower}`;
      const whole = `${name} ${last.nounLemma}`;
      if (lexicon.compounds.has(whole)) return { name: whole, last: i + length - 1 };
    }
  }
  return undefined;
}
