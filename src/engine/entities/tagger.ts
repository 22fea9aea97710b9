import model from 'wink-eng-lite-web-model';
import winkNLP, { type Tokens as CollectionTokens, type ItsHelpers, type WinkMethods } from 'wink-nlp';
import type { CompoundStart, Lexicon } from './lexicon.ts';

/** A word as tagged. The same object stands for all equal (word, tag) pairs of a tagger: compare and keep it, never change it. */
export interface Word {
  /** As written. */
  readonly value: string;
  readonly lower: string;
  /** Universal part of speech. */
  readonly pos: string;
  /** Base form for this part of speech, lower case. */
  readonly lemma: string;
  /** Base form if the word is a noun. */
  readonly nounLemma: string;
  /** Starts with a letter and has at least two: neither number, sign, option letter nor initial. */
  readonly isWord: boolean;
  /** The raw token entity if the word is a noun: the lemma of a common noun; names, and words with a capital inside, as written. */
  readonly token: string;
  /** The lexicon knows it, as a noun, for a thing. */
  readonly isThing: boolean;
  /** The object that the word names by itself, if it is a noun. */
  readonly object: string | undefined;
  /** The lexicon's compounds that begin with this word, by their second word. */
  readonly compounds: ReadonlyMap<string, CompoundStart> | undefined;
  /** Ends in -ing and has a stem: maybe a participle. */
  readonly isIng: boolean;
}

export interface TaggedText {
  readonly words: readonly Word[];
  /** Per word, whether a space stands before it; only for texts with a hyphen. */
  readonly gaps: readonly boolean[] | undefined;
}

/**
 * New entries after which the tagger is replaced: it keeps every unseen word, about 300 bytes each, for as long as it lives.
 */
const recycleAfter = 500_000;
/**
 * The model, but for one part that the package writes as JSON anew at each load, of what it wrote at the one before: it doubles each time,
 * and the twenty-first tagger of a process would fail with a text too long for a string. Loaded once, it stays as it is.
 */
const metaCer = (model.metaCER as () => unknown)();
const loadableModel = { ...model, metaCER: () => metaCer };
/** Turns shorter than this are worth remembering. */
export const shortTurn = 200;

/** Names of things that come as plurals only: the tagger's singular is no word, or another thing. */
const pluralOnly = new Set(
  'jeans pants shorts trousers sunglasses eyeglasses goggles leggings tights pajamas pyjamas scissors binoculars headphones earphones earbuds tongs pliers tweezers overalls sweatpants clothes stairs'.split(
    ' ',
  ),
);

const word = /^\p{L}[\p{L}\p{M}\p{N}'.&-]*$/u;
const capitalInside = /\p{Ll}\p{Lu}/u;
const secondLetter = /\p{L}.*\p{L}/u;

/** wink-nlp with sentence and part-of-speech pipes, behind plain arrays. Results do not depend on what was tagged before. */
export class Tagger {
  readonly #lexicon: Lexicon;
  #nlp: WinkMethods;
  /** By the tagger's number of the word: the description met last, then those with other tags. */
  #words: (Word | undefined)[] = [];
  #others: Map<string, Word>[] = [];
  #firstNew = 0;

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#nlp = this.#start();
  }

  tag(text: string): TaggedText {
    const { its } = this.#nlp;
    const tokens = this.#nlp.readDoc(text).tokens();
    const ids = numbersOf(tokens, its);
    const tags = tokens.out(its.pos) as string[];
    const words = new Array<Word>(ids.length);
    let hyphens = false;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      const pos = tags[i] as string;
      let known = this.#words[id];
      if (known === undefined || known.pos !== pos) this.#words[id] = known = this.#recall(id, pos, tokens, i);
      words[i] = known;
      hyphens ||= known.value === '-';
    }
    const gaps = hyphens ? spacesBefore(tokens, its) : undefined;
    if (this.#words.length - this.#firstNew > recycleAfter) this.#nlp = this.#start();
    return { words, gaps };
  }

  #recall(id: number, pos: string, tokens: CollectionTokens, i: number): Word {
    while (this.#words.length <= id) this.#words.push(undefined);
    const others = this.#others[id] ?? new Map<string, Word>();
    this.#others[id] = others;
    const known = others.get(pos);
    if (known) return known;
    const { its } = this.#nlp;
    const item = tokens.itemAt(i);
    const described = this.#describe(item.out(its.value), pos, String(item.out(its.lemma as never)));
    others.set(pos, described);
    return described;
  }

  #start(): WinkMethods {
    const nlp = winkNLP(loadableModel, ['sbd', 'pos']);
    this.#words = [];
    this.#others = [];
    this.#firstNew = numbersOf(nlp.readDoc('zzqxqzz').tokens(), nlp.its)[0] ?? 0;
    return nlp;
  }

  #describe(value: string, pos: string, lemma: string): Word {
    const lower = value.toLowerCase();
    const nounLemma = this.#nounLemma(lower, pos, lemma.toLowerCase());
    const isName = pos === 'PROPN' && value !== lower;
    const { objects, aliases, ordinary, compoundStarts } = this.#lexicon;
    const isThing = objects.has(nounLemma);
    // "Maria", "John" are common nouns too; a name means the thing only if the word is an ordinary one.
    const isOwnName = isThing && (!isName || ordinary.has(nounLemma) || aliases.has(nounLemma));
    return {
      value,
      lower,
      pos,
      lemma,
      nounLemma,
      isWord: word.test(value) && secondLetter.test(value),
      token: pos === 'PROPN' || capitalInside.test(value) ? value : nounLemma,
      isThing,
      object: isOwnName ? (aliases.get(nounLemma) ?? nounLemma) : undefined,
      compounds: compoundStarts.get(lower),
      isIng: /\p{L}{2}ing$/u.test(lower) && lower.length > 4,
    };
  }

  #nounLemma(lower: string, pos: string, lemma: string): string {
    if (pluralOnly.has(lower)) return lower;
    if (pos === 'NOUN') return this.#singular(lemma);
    if (this.#lexicon.objects.has(lower) || !lower.endsWith('s')) return lower;
    return this.#singular(lower);
  }

  /** The tagger leaves plurals of words that it does not know; the lexicon may know their singular. */
  #singular(noun: string): string {
    if (!noun.endsWith('s') || this.#lexicon.objects.has(noun)) return noun;
    for (const [ending, replacement] of [
      ['ies', 'y'],
      ['ves', 'f'],
      ['es', ''],
      ['s', ''],
    ] as const) {
      if (!noun.endsWith(ending)) continue;
      const singular = noun.slice(0, -ending.length) + replacement;
      if (this.#lexicon.objects.has(singular) || this.#lexicon.ordinary.has(singular)) return singular;
    }
    return noun;
  }
}

/** Position of each token in the tagger's own table of words. The package's types miss that a collection can be asked for it. */
function numbersOf(tokens: CollectionTokens, its: ItsHelpers): number[] {
  return tokens.out(its.uniqueId as never) as unknown as number[];
}

function spacesBefore(tokens: CollectionTokens, its: ItsHelpers): boolean[] {
  return (tokens.out(its.precedingSpaces as never) as string[]).map((space) => space !== '');
}
