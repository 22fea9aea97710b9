import type { Turn } from '../../dataset/dataset.ts';

/** Marks of pictures as `dataset/placeholders.ts` counts them; of Qwen-VL's with the path inside. */
const mark = /<img>[^<]*<\/img>|<(?:image(?:_?\d+)?|ImageHere|video|__dj__image|__dj__video)>/g;
const around =
  /^((?:\s*(?:Picture \d+:\s*)?(?:<img>[^<]*<\/img>|<(?:image(?:_?\d+)?|ImageHere|video)>)\s*)*)([\s\S]*?)((?:\s*(?:<img>[^<]*<\/img>|<(?:image(?:_?\d+)?|ImageHere|video)>))*\s*)$/;

/** A turn's words between the marks that stand before and behind them. */
export function splitMarks(text: string): { readonly before: string; readonly words: string; readonly behind: string } {
  const [, before = '', words = text, behind = ''] = around.exec(text) ?? [];
  return { before, words, behind };
}

/** What the first question of a new conversation about the same pictures begins with: the marks of the old one, a line for each. */
export function marksOf(turns: readonly Turn[]): string {
  const first = turns.find(({ role }) => role === 'human')?.text ?? '';
  return (first.match(mark) ?? []).map((each) => `${each}\n`).join('');
}

export function withoutMarks(text: string): string {
  return text.replaceAll(mark, ' ').trim();
}
