import type { Turn } from '../../dataset/dataset.ts';
import { cleanText, withoutRequests } from '../../entities/cleanText.ts';
import type { Lexicon } from '../../entities/lexicon.ts';
import { findNouns } from '../../entities/nouns.ts';
import { findCompounds } from '../../entities/objects.ts';
import { Tagger } from '../../entities/tagger.ts';
import { countNoun, replaceNoun } from './replaceNoun.ts';

/** Decides whether a word can be exchanged in a conversation, and does it. */
export class NounExchange {
  readonly #lexicon: Lexicon;
  readonly #tagger: Tagger;

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.#tagger = new Tagger(lexicon);
  }

  /**
   * The turns with a noun exchanged everywhere, question and answer together; undefined where that would not be the same conversation:
   * the word also stands for something else (a verb, a name, a part of a compound such as "hot dog"), or the synonym is there already.
   */
  exchange(turns: readonly Turn[], noun: string, synonym: string): Turn[] | undefined {
    let mentions = 0;
    for (const { text } of turns) {
      const found = countNoun(text, noun);
      if (countNoun(text, synonym) > 0 || this.#asNoun(text, noun) !== found) return undefined;
      mentions += found;
    }
    return mentions === 0 ? undefined : turns.map((turn) => ({ ...turn, text: replaceNoun(turn.text, noun, synonym) }));
  }

  /** Mentions of the word as a common noun of its own. */
  #asNoun(text: string, noun: string): number {
    const { words, gaps } = this.#tagger.tag(withoutRequests(cleanText(text)));
    const compounds = findCompounds(words, this.#lexicon);
    const inCompound = (at: number): boolean => compounds.some(({ first, last }) => at >= first && at <= last);
    return findNouns(words, gaps, compounds, this.#lexicon).filter(({ token, at }) => token === noun && !inCompound(at)).length;
  }
}
