import type { Turn } from '../dataset.ts';

/** UTF-16 units of a conversation shown to tell instances apart. */
const beginLength = 200;

/** The first `limit` UTF-16 units at most, never ending in half of a pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  const next = text.charCodeAt(limit);
  const splits = last >= 0xd800 && last < 0xdc00 && next >= 0xdc00 && next < 0xe000;
  return text.slice(0, splits ? limit - 1 : limit);
}

/** Begin of the first turn that says anything; empty when none does. */
export function conversationBegin(turns: readonly Turn[]): string {
  for (const turn of turns) {
    const said = cutText(turn.text, beginLength).trim();
    if (said !== '') return said;
  }
  return '';
}
