import type { SynthesisMethodName } from '../../../protocol/synthesis.ts';
import type { Turn } from '../../dataset/dataset.ts';
import { failed, type Gate, skipped, within } from './gate.ts';

/** Share of word pairs that a new text may have in common with its source. A synonym changes a word or two of many. */
const bounds: Readonly<Partial<Record<SynthesisMethodName, number>>> = { synonym: 0.995 };
const usualBound = 0.85;

/** Words that are new: not the source's text again, nor an earlier candidate's. */
export const newTextGate: Gate = {
  name: 'newText',
  hard: false,
  about: 'text',
  async judge({ made, parent }, { sameText }) {
    if (!made.turns) return skipped;
    const same = sameText(made.turns);
    if (same !== undefined && same !== made.id) return failed('candidate', { subject: same });
    return within(pairsInCommon(made.turns, parent.turns), null, bounds[made.method] ?? usualBound);
  },
};

/** Jaccard index of the sets of neighbouring words; 1 for equal texts. */
function pairsInCommon(a: readonly Turn[], b: readonly Turn[]): number {
  const [first, second] = [pairsOf(a), pairsOf(b)];
  let common = 0;
  for (const pair of first) if (second.has(pair)) common++;
  const all = first.size + second.size - common;
  return all === 0 ? 1 : common / all;
}

function pairsOf(turns: readonly Turn[]): Set<string> {
  const words = wordsOf(turns);
  return new Set(words.map((word, i) => `${words[i - 1] ?? ''} ${word}`));
}

/** What a text says, whatever its case and signs: equal for texts that differ in nothing else. */
export function wordsOf(turns: readonly Turn[]): readonly string[] {
  return turns.flatMap(({ role, text }) => [`${role}:`, ...(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]);
}
