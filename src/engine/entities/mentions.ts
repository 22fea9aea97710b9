import type { ListedPerspective } from './entityLists.ts';
import {
  type AskingSentence,
  auxiliaries,
  be,
  commands,
  kinds,
  normal,
  questionWordOf,
  requestedThing,
  wordPattern,
} from './interrogations.ts';
import type { Noun } from './nouns.ts';
import type { NamedObject } from './objects.ts';
import type { Word } from './tagger.ts';

/** Turns whose entities are to be found in their text; structured-cloneable. */
export interface LocateTask {
  readonly turns: readonly { readonly text: string; readonly isHuman: boolean }[];
}

/** Where a raw entity stands in a turn, `[start, end)` in UTF-16 units. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly perspective: ListedPerspective;
  /** As the extractor names it, before hygiene. */
  readonly entity: string;
}

/** A text that words were found in, and where its units come from in the turn. */
export interface PlacedText {
  readonly text: string;
  readonly places: Int32Array;
}

/** Mentions of nouns and objects. Words that cannot be found again in the turn are left out. */
export function nounMentions(
  turn: string,
  { text, places }: PlacedText,
  words: readonly Word[],
  nouns: readonly Noun[],
  objects: readonly NamedObject[],
): Mention[] {
  const starts = wordStarts(text, words);
  const mentions: Mention[] = [];
  const add = (perspective: ListedPerspective, entity: string, first: number, last: number): void => {
    const from = starts[first];
    const lastStart = starts[last];
    if (from === undefined || lastStart === undefined) return;
    const to = lastStart + (words[last] as Word).value.length;
    const start = places[from] as number;
    const end = (places[to - 1] as number) + 1;
    if (sameLetters(turn.slice(start, end), text.slice(from, to))) mentions.push({ start, end, perspective, entity });
  };
  for (const { token, first, at } of nouns) add('token', token, first, at);
  for (const { name, first, last } of objects) add('object', name, first, last);
  return mentions;
}

/** Start of each word in the text that the tagger was given; only space lies between words. Ends where that does not hold. */
function wordStarts(text: string, words: readonly Word[]): number[] {
  const starts: number[] = [];
  let from = 0;
  for (const { value } of words) {
    const start = text.indexOf(value, from);
    if (start < 0 || text.slice(from, start).trim() !== '') break;
    starts.push(start);
    from = start + value.length;
  }
  return starts;
}

/** Cleaning changes case, quotes and signs, but never a letter. */
function sameLetters(a: string, b: string): boolean {
  return lettersOf(a) === lettersOf(b);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** The words by which sentences ask, where they can be told. */
export function askingMentions(turn: string, { text, places }: PlacedText, sentences: readonly AskingSentence[]): Mention[] {
  const mentions: Mention[] = [];
  for (const { way, sentence, at } of sentences) {
    const range = askingWords(sentence, way);
    if (!range) continue;
    const from = at + range[0];
    const to = at + range[1];
    const start = places[from] as number;
    const end = (places[to - 1] as number) + 1;
    if (sameLetters(turn.slice(start, end), text.slice(from, to))) mentions.push({ start, end, perspective: 'interrogation', entity: way });
  }
  return mentions;
}

type Range = readonly [start: number, end: number];

interface PlacedWord {
  readonly lower: string;
  readonly start: number;
  readonly end: number;
}

/** "What color" of "what color is the car", "is there", "describe": the words of a sentence that make it this way of asking. */
function askingWords(sentence: string, way: string): Range | undefined {
  const words = Array.from(sentence.matchAll(wordPattern), (match): PlacedWord => {
    return { lower: match[0].toLowerCase(), start: match.index, end: match.index + match[0].length };
  });
  const range = (first: number, last: number): Range => [(words[first] as PlacedWord).start, (words[last] as PlacedWord).end];
  const [head = '', ...rest] = way.split(' ');
  if (questionWordOf(head)) {
    let alone = -1;
    for (const [i, word] of words.entries()) {
      if (questionWordOf(word.lower) !== head) continue;
      const more = headLength(words.slice(i + 1, i + 3), rest);
      if (more > 0) return range(i, i + more);
      if (alone < 0) alone = i;
    }
    return alone < 0 ? undefined : range(alone, alone);
  }
  if (way === 'be there') {
    const at = words.findIndex(({ lower }, i) => be.has(lower) && ['there', 'any'].includes(words[i + 1]?.lower ?? ''));
    return at < 0 ? undefined : range(at, at + 1);
  }
  const at = words.findIndex(
    ({ lower }) => auxiliaries.get(lower) === way || commands.get(lower) === way || requestedThing.get(lower) === way,
  );
  return at < 0 ? undefined : range(at, at);
}

/** How many of the words after a question word belong to the way of asking, whose further words are `rest`. */
function headLength(following: readonly PlacedWord[], rest: readonly string[]): number {
  const [next, second] = following;
  const [wanted, then] = rest;
  if (!next || wanted === undefined) return 0;
  const spelled = normal(next.lower);
  if (wanted === 'kind' && kinds.has(spelled)) return second?.lower === then ? 2 : 1;
  return then === undefined && (spelled === wanted || next.lower === wanted) ? 1 : 0;
}
