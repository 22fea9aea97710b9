import { cleanText, withoutRequests } from './cleanText.ts';
import { findInterrogations } from './interrogations.ts';
import type { Lexicon } from './lexicon.ts';
import { askingMentions, type Mention, nounMentions } from './mentions.ts';
import { findNouns } from './nouns.ts';
import { findCompounds, findObjects } from './objects.ts';
import { type ScriptCounts, withoutUnknownScripts } from './scripts.ts';
import { shortTurn, Tagger } from './tagger.ts';
import { type Replace, replacePlainly, TextTrace } from './textTrace.ts';

/** Raw entities of one turn, each once, in order of their first mention. */
export interface TurnEntities {
  readonly token: readonly string[];
  readonly object: readonly string[];
  /** Of human turns; empty for all others. */
  readonly interrogation: readonly string[];
}

/** Short turns of a kind that are remembered before the memory starts anew: about 20 MB. */
const memoryLimit = 50_000;
const nothing: TurnEntities = { token: [], object: [], interrogation: [] };

/** A capital at the start of a sentence. */
const sentenceStart = /(^|[.!?]["')\]]?\s+|\n\s*|[:-]\s+)(\p{Lu}\p{Ll}+)(?![\p{L}\p{N}'-])/gu;

/** Plurals and participles of ordinary words: ending and what stands for it in the base form. */
const inflections = [
  ['s', ''],
  ['es', ''],
  ['ies', 'y'],
  ['ves', 'f'],
  ['ves', 'fe'],
  ['ing', ''],
  ['ing', 'e'],
] as const;
const irregularPlurals = new Set([
  'men',
  'women',
  'children',
  'people',
  'feet',
  'teeth',
  'geese',
  'mice',
  'oxen',
  'policemen',
  'firemen',
  'fishermen',
]);

/** Entities of turns. Pure in its results: neither the memory nor the tagger's age changes them. */
export class TurnAnalyzer {
  readonly #lexicon: Lexicon;
  readonly #tagger: Tagger;
  readonly #asked = new Map<string, TurnEntities>();
  readonly #answered = new Map<string, TurnEntities>();

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#tagger = new Tagger(lexicon);
  }

  /** @param scripts receives the lengths of text in scripts that the extractors do not know */
  analyze(text: string, isHuman: boolean, scripts: ScriptCounts): TurnEntities {
    const known = withoutUnknownScripts(text, scripts);
    if (known.length >= shortTurn) return this.#analyze(known, isHuman);
    const memory = isHuman ? this.#asked : this.#answered;
    const remembered = memory.get(known);
    if (remembered) return remembered;
    const entities = this.#analyze(known, isHuman);
    if (memory.size >= memoryLimit) memory.clear();
    memory.set(known, entities);
    return entities;
  }

  #analyze(text: string, isHuman: boolean): TurnEntities {
    const cleaned = cleanText(text);
    const interrogation = isHuman ? distinct(findInterrogations(cleaned).map(({ way }) => way)) : nothing.interrogation;
    const readable = this.#withoutFalseNames(withoutRequests(cleaned));
    if (!/\p{L}/u.test(readable)) return interrogation.length > 0 ? { ...nothing, interrogation } : nothing;
    const { words, gaps } = this.#tagger.tag(readable);
    const compounds = findCompounds(words, this.#lexicon);
    const nouns = findNouns(words, gaps, compounds, this.#lexicon);
    const objects = findObjects(compounds, nouns);
    return { token: distinct(nouns.map((noun) => noun.token)), object: distinct(objects.map(({ name }) => name)), interrogation };
  }

  /** Where the entities of a turn stand in its text: the same analysis once more, with the places of words kept. */
  locate(turn: string, isHuman: boolean): Mention[] {
    const trace = new TextTrace(turn);
    const cleaned = cleanText(withoutUnknownScripts(turn, new Map(), trace.replace), trace.replace);
    const mentions = isHuman ? askingMentions(turn, { text: cleaned, places: trace.places }, findInterrogations(cleaned)) : [];
    const text = this.#withoutFalseNames(withoutRequests(cleaned, trace.replace), trace.replace);
    if (!/\p{L}/u.test(text)) return mentions;
    const { words, gaps } = this.#tagger.tag(text);
    const compounds = findCompounds(words, this.#lexicon);
    const nouns = findNouns(words, gaps, compounds, this.#lexicon);
    mentions.push(...nounMentions(turn, { text, places: trace.places }, words, nouns, findObjects(compounds, nouns)));
    return mentions;
  }

  /** Ordinary words at the start of a sentence in lower case: else the tagger takes "Several", "Answer" or "Umbrella" for names. */
  #withoutFalseNames(text: string, replace: Replace = replacePlainly): string {
    return replace(text, sentenceStart, (whole, before, word) => {
      const lower = word.toLowerCase();
      return this.#isOrdinary(lower) ? `${before}${lower}` : whole;
    });
  }

  #isOrdinary(lower: string): boolean {
    const { ordinary, objects } = this.#lexicon;
    if (ordinary.has(lower) || objects.has(lower) || irregularPlurals.has(lower)) return true;
    return inflections.some(([ending, base]) => lower.endsWith(ending) && ordinary.has(lower.slice(0, -ending.length) + base));
  }
}

function distinct(names: readonly string[]): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}
