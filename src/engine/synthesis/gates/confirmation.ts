import { UnusableAnswer } from '../endpoint/languageModel.ts';
import { failed, type Gate, passed, skipped } from './gate.ts';

/** Targets of these perspectives can be seen. */
const visible = new Set(['object', 'cooccurrence', 'token']);

/** A model that sees is asked whether a new picture shows the rarest visible entity it was made for. Runs only where one is configured. */
export const confirmationGate: Gate = {
  name: 'confirmation',
  hard: false,
  about: 'picture',
  async judge({ made, picture }, { confirm, signal }) {
    const target = made.targets.find(({ perspective }) => visible.has(perspective));
    const head = await picture?.head();
    if (!confirm || !picture || !target || !head?.ok) return skipped;
    try {
      const { value } = await confirm.chat(
        [
          { role: 'system', text: 'You look at pictures. Answer with one word: yes or no.' },
          {
            role: 'user',
            text: `Does this picture show what the following JSON string names? ${JSON.stringify(target.entity)}`,
            image: { bytes: picture.bytes, format: head.format },
          },
        ],
        { maxTokens: 16, temperature: 0, seed: made.seed, signal },
        (text) => {
          const word = /^\W*(yes|no)\b/i.exec(text)?.[1]?.toLowerCase();
          if (word === undefined) throw new UnusableAnswer('the answer is neither yes nor no');
          return word === 'yes';
        },
      );
      return value ? passed({ subject: target.entity }) : failed('notSeen', { subject: target.entity });
    } catch (error) {
      if (error instanceof UnusableAnswer) return { ...skipped, finding: 'noAnswer' };
      throw error;
    }
  },
};
