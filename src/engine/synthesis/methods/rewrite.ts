import type { Turn } from '../../dataset/dataset.ts';
import { turnsCanBecome } from '../records/syntheticRecord.ts';
import { ItemFailed, type SynthesisMethod } from './method.ts';
import { splitMarks } from './placeholders.ts';
import { temperatureParameter, tokensParameter } from './textParameters.ts';
import { writeRewording } from './writing.ts';

/** Answers of so few words are an option, a number, a name: they are graded word by word and stay as they are. */
const exactWords = 3;

/** The same conversation in other words, by a language model. */
export const rewriteMethod: SynthesisMethod = {
  declaration: {
    name: 'rewrite',
    summary: 'the conversation in other words, by a language model; short answers and the picture stay',
    makes: 'text',
    needs: ['chat'],
    providers: ['endpoint', 'editor'],
    parameters: [temperatureParameter(0.7), tokensParameter],
  },
  capacity(view, record, spec) {
    if (view.turns.length === 0) return 'noTurns';
    if (view.turns.some(({ role }) => role !== 'human' && role !== 'gpt' && role !== 'system')) return 'oddTurns';
    return turnsCanBecome(record, spec, 'same') ? 16 : 'oddTurns';
  },
  requests: () => 1,
  async make(item, { view }, { chat, parameters, signal }) {
    if (!chat) throw new ItemFailed('noModel', 'no language model is configured');
    const split = view.turns.map(({ text }) => splitMarks(text));
    const changes = view.turns.flatMap((turn, i) => (isReworded(turn, split[i]?.words ?? '') ? [i] : []));
    if (changes.length === 0) throw new ItemFailed('nothingToReword', 'every turn is too short to be reworded');
    const { value, usage } = await writeRewording(
      { chat, item, signal, maxTokens: parameters.maxTokens, temperature: parameters.temperature },
      changes.map((i) => ({ role: view.turns[i]?.role ?? '', text: split[i]?.words ?? '' })),
    );
    const turns = view.turns.map((turn, i): Turn => {
      const at = changes.indexOf(i);
      const parts = split[i];
      return at < 0 || !parts ? turn : { role: turn.role, text: `${parts.before}${value[at]}${parts.behind}` };
    });
    return { turns, prompt: null, parameters: { temperature: parameters.temperature, maxTokens: parameters.maxTokens }, usage };
  },
};

function isReworded({ role }: Turn, words: string): boolean {
  if (role === 'system') return false;
  return words.trim().split(/\s+/).length > (role === 'gpt' ? exactWords : 1);
}
