import type { Turn } from '../../dataset/dataset.ts';
import { compareCodePoints } from '../../entities/codePointOrder.ts';
import type { Lexicon } from '../../entities/lexicon.ts';
import { pairName } from '../../entities/pairName.ts';
import type { ScriptCounts } from '../../entities/scripts.ts';
import { TurnAnalyzer } from '../../entities/turnAnalyzer.ts';

/** Finds in a text what `analyze` finds in an instance; names as `perspective name`, lower case as hygiene leaves them. */
export class Mentions {
  readonly #analyzer: TurnAnalyzer;

  constructor(lexicon: Lexicon) {
    this.#analyzer = new TurnAnalyzer(lexicon);
  }

  of(turns: readonly Turn[]): Set<string> {
    const scripts: ScriptCounts = new Map();
    const objects = new Set<string>();
    const found = new Set<string>();
    for (const { role, text } of turns) {
      const entities = this.#analyzer.analyze(text, role === 'human', scripts);
      for (const name of entities.token) found.add(`token ${name}`).add(`token ${name.toLowerCase()}`);
      for (const name of entities.interrogation) found.add(`interrogation ${name}`).add(`interrogation ${name.toLowerCase()}`);
      for (const name of entities.object) objects.add(name.toLowerCase());
    }
    const sorted = [...objects].sort(compareCodePoints);
    for (const [i, name] of sorted.entries()) {
      found.add(`object ${name}`);
      for (const other of sorted.slice(i + 1)) found.add(`cooccurrence ${pairName(name, other)}`);
    }
    return found;
  }
}
