import { pluralOf, takesAn } from './inflect.ts';

/** Neither letter, digit, mark, underscore nor hyphen stands beside a whole word; `cat` is none in `category`, `cat-like` or `wild_cat`. */
const before = "(?<![\\p{L}\\p{N}\\p{M}_-]|[\\p{L}\\p{N}]['’])";
const behind = "(?![\\p{L}\\p{N}\\p{M}_-]|['’](?!s\\b)\\p{L})";

/** Finds a noun, singular and plural, as a whole word in any of the usual cases; the article before it is found with it. */
function patternOf(noun: string): RegExp {
  return new RegExp(`(?:${before}(an?)(\\s+))?${before}(${pluralOf(noun)}|${noun})${behind}`, 'giu');
}

/** Whole words of a text that are the noun, in either number. */
export function countNoun(text: string, noun: string): number {
  return text.match(patternOf(noun))?.length ?? 0;
}

/** Exchanges a noun everywhere: number and capitals are kept, "a" and "an" follow. */
export function replaceNoun(text: string, noun: string, synonym: string): string {
  const plural = pluralOf(noun);
  return text.replace(patternOf(noun), (_, article: string | undefined, space: string | undefined, found: string) => {
    const isPlural = found.toLowerCase() === plural && plural !== noun;
    const word = inCaseOf(found, isPlural ? pluralOf(synonym) : synonym);
    if (article === undefined || isPlural) return `${article ?? ''}${space ?? ''}${word}`;
    return `${inCaseOf(article, takesAn(word) ? 'an' : 'a', article.length === 1)}${space ?? ' '}${word}`;
  });
}

/** @param short a single capital letter says only that the first letter is one */
function inCaseOf(model: string, word: string, short = model.length === 1): string {
  if (!short && model === model.toUpperCase() && model !== model.toLowerCase()) return word.toUpperCase();
  const [first = ''] = model;
  return first === first.toUpperCase() && first !== first.toLowerCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}
