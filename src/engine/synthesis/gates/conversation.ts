import type { Turn } from '../../dataset/dataset.ts';
import { countPlaceholders } from '../../dataset/placeholders.ts';
import { failed, type Gate, passed, skipped, turnsOf } from './gate.ts';

/** Roles alternate from the human, every turn says something, the model has the last word, placeholders stand as in the source. */
export const conversationGate: Gate = {
  name: 'conversation',
  hard: true,
  about: 'text',
  async judge(candidate) {
    // data-juicer keeps a whole dialogue in one text without roles: there is nothing to check.
    if (candidate.parent.turns.some(({ role }) => role === 'text')) return skipped;
    const finding = conversationFinding(turnsOf(candidate), candidate.parent.turns);
    return finding ? failed(finding) : passed();
  },
};

/** What is wrong with a conversation that stands for `source`; undefined when nothing is. */
export function conversationFinding(turns: readonly Turn[], source: readonly Turn[]): string | undefined {
  const spoken = turns.filter(({ role }) => role !== 'system');
  if (spoken.length === 0) return 'noTurns';
  if (spoken.some(({ text }) => text.trim() === '')) return 'emptyTurn';
  if (spoken[0]?.role !== 'human') return 'firstTurn';
  if (spoken.some(({ role }, i) => role !== (i % 2 === 0 ? 'human' : 'gpt'))) return 'alternate';
  if (spoken.at(-1)?.role !== 'gpt') return 'lastTurn';
  const wanted = source.reduce((sum, { text }) => sum + countPlaceholders(text), 0);
  const found = turns.reduce((sum, { text }) => sum + countPlaceholders(text), 0);
  if (found !== wanted) return 'placeholders';
  const inFirst = (list: readonly Turn[]): number => countPlaceholders(list.find(({ role }) => role === 'human')?.text ?? '');
  return inFirst(turns) === inFirst(source) ? undefined : 'placeholderPlace';
}
