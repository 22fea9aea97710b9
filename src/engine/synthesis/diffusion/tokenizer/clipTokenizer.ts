import { byteCharacters } from './byteLevel.ts';

export interface TokenizerData {
  /** Id of each token. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** Pairs in the order in which they are joined. */
  readonly merges: readonly (readonly [string, string])[];
  /** Length of every prompt, 77 for all known models. */
  readonly length: number;
  /** What fills a short prompt: `<|endoftext|>` or, for some models, `!`. */
  readonly pad: string;
}

export interface EncodedPrompt {
  /** Exactly `length` ids. */
  readonly ids: Int32Array;
  /** Whether the prompt's end was cut off. */
  readonly cut: boolean;
}

const startToken = '<|startoftext|>';
const endToken = '<|endoftext|>';
/** Ends the last piece of each word. */
const wordEnd = '</w>';
/** No prompt of 77 tokens is longer; joining the pieces of an endless word would take for ever. */
const mostCharacters = 2000;
/** CLIP's own pattern, after lower case. */
const words = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;

/** Byte pair encoding of prompts as CLIP's text encoders were trained with (Radford et al. 2021; Hugging Face's fast tokenizer). */
export class ClipTokenizer {
  readonly #data: TokenizerData;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #special: { readonly start: number; readonly end: number; readonly pad: number };

  /** @throws RangeError when the vocabulary lacks a token that every prompt has */
  constructor(data: TokenizerData) {
    this.#data = data;
    this.#ranks = new Map(data.merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
    this.#special = { start: this.#required(startToken), end: this.#required(endToken), pad: this.#required(data.pad) };
  }

  encode(prompt: string): EncodedPrompt {
    const { length } = this.#data;
    const { start, end, pad } = this.#special;
    const ids = this.#idsOf(prompt.slice(0, mostCharacters));
    const kept = ids.slice(0, length - 2);
    const padded = new Int32Array(length).fill(pad);
    padded.set([start, ...kept, end]);
    return { ids: padded, cut: kept.length < ids.length || prompt.length > mostCharacters };
  }

  #idsOf(prompt: string): number[] {
    const ids: number[] = [];
    for (const [word] of normalized(prompt).matchAll(words)) {
      if (word === startToken || word === endToken) ids.push(this.#required(word));
      else for (const piece of this.#piecesOf(word)) ids.push(this.#data.vocabulary.get(piece) ?? this.#special.end);
    }
    return ids;
  }

  /** Joins the pair that was joined first in training, everywhere, until there is none. */
  #piecesOf(word: string): string[] {
    let pieces = Array.from(Buffer.from(word, 'utf8'), (byte) => byteCharacters[byte] as string);
    pieces.push(`${pieces.pop() ?? ''}${wordEnd}`);
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 1; i < pieces.length; i++) best = Math.min(best, this.#rankOf(pieces, i));
      if (best === Number.POSITIVE_INFINITY) return pieces;
      const joined: string[] = [];
      for (let i = 0; i < pieces.length; i++) {
        const isPair = i + 1 < pieces.length && this.#rankOf(pieces, i + 1) === best;
        joined.push(isPair ? `${pieces[i]}${pieces[++i]}` : (pieces[i] as string));
      }
      pieces = joined;
    }
  }

  /** Rank of the pair that ends at `i`. */
  #rankOf(pieces: readonly string[], i: number): number {
    return this.#ranks.get(`${pieces[i - 1]} ${pieces[i]}`) ?? Number.POSITIVE_INFINITY;
  }

  #required(token: string): number {
    const id = this.#data.vocabulary.get(token);
    if (id === undefined) throw new RangeError(`the vocabulary has no ${token}`);
    return id;
  }
}

/** Characters are put into lower case one by one: a sigma at a word's end stays the common one, as in the reference. */
function normalized(prompt: string): string {
  const folded = prompt.normalize('NFC').replaceAll(/\p{White_Space}+/gu, ' ');
  return Array.from(folded, (character) => character.toLowerCase()).join('');
}
