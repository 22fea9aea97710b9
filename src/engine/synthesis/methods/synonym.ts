import { noUsage } from '../endpoint/languageModel.ts';
import { turnsCanBecome } from '../records/syntheticRecord.ts';
import { ItemFailed, type SynthesisMethod } from './method.ts';

/** A common noun becomes a rare synonym, in question and answer. Which one is decided by the plan (`planning/synonymPlan.ts`). */
export const synonymMethod: SynthesisMethod = {
  declaration: {
    name: 'synonym',
    summary: 'a common noun becomes a scarce synonym (WordNet), in question and answer; needs no model',
    makes: 'text',
    needs: ['thesaurus'],
    providers: ['local'],
    parameters: [
      {
        name: 'senses',
        kind: 'number',
        from: 1,
        to: 5,
        integer: true,
        default: 1,
        help: 'senses of a noun that are looked at, the commonest first',
      },
    ],
  },
  capacity(view, record, spec) {
    if (view.turns.length === 0) return 'noTurns';
    return turnsCanBecome(record, spec, 'same') ? 16 : 'oddTurns';
  },
  requests: () => 0,
  async make({ exchange }, { view }, { nouns, parameters }) {
    const turns = exchange && nouns?.exchange(view.turns, exchange.noun, exchange.synonym);
    if (!turns) throw new ItemFailed('noSynonym', 'the noun cannot be exchanged in this conversation');
    return {
      turns,
      prompt: null,
      parameters: { senses: parameters.senses, noun: exchange.noun, synonym: exchange.synonym },
      usage: noUsage,
    };
  },
};
