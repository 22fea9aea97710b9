import type { Turn } from '../../dataset/dataset.ts';
import { UnusableAnswer } from './languageModel.ts';

/** Marks of images and videos, of chat templates and of roles, which no model may put into a text. */
const placeholder = /<\/?(?:image(?:_?\d+)?|img|ImageHere|video|__dj__image|__dj__video)>/gi;
/** `Question:`, `**Answer 2**:`, `### Question:` at the start of a line; `Q:` and `A:` are too common inside of texts. */
const heading = /^[ \t]*(?:[#>*_-]+[ \t]*)?(question|answer)(?:[ \t]*#?\d+)?[ \t]*(?:[*_]+[ \t]*)?[:：][ \t]*(?:[*_]+)?/gim;
/** A line of equals signs between blocks. */
const separator = /^[ \t]*={3,}[ \t]*$/gm;

/** A turn longer than this is no turn of a conversation. */
const longestTurn = 8000;

/**
 * Turns of a written dialogue: blocks that begin with `Question:` or `Answer:`, separated by lines of `===` (the reference's recipe, ADR
 * specification section 3). A question comes first; a question that another one follows, and an answer that follows another, are dropped;
 * so is a question without an answer at the end. The placeholder, when one is wanted, stands once, in the first question; all others are
 * taken out whole.
 *
 * Other than the reference's parser it leaves no stray character of text before the first question, no `>` of a second placeholder, and
 * no dialogue that ends on a question.
 * @param placeholders what the first question begins with, e.g. `<image>\n`; empty for none
 * @throws UnusableAnswer when no pair is left
 */
export function parseConversation(text: string, options: { readonly placeholders: string; readonly pairs: number }): Turn[] {
  const turns: Turn[] = [];
  let question: string | undefined;
  for (const block of blocksOf(text.replaceAll('\r\n', '\n').replaceAll(separator, ''))) {
    const words = block.text !== '' && block.text.length <= longestTurn ? block.text : undefined;
    if (block.role === 'human') {
      question = words;
      continue;
    }
    if (question !== undefined && words !== undefined && turns.length < 2 * options.pairs)
      turns.push({ role: 'human', text: (turns.length === 0 ? options.placeholders : '') + question }, { role: 'gpt', text: words });
    question = undefined;
  }
  if (turns.length === 0) throw new UnusableAnswer('the answer holds no question with an answer');
  return turns;
}

function blocksOf(text: string): Turn[] {
  const marks = [...text.matchAll(heading)];
  return marks.map((mark, i) => {
    const start = mark.index + mark[0].length;
    const end = marks[i + 1]?.index ?? text.length;
    return { role: mark[1]?.toLowerCase() === 'question' ? 'human' : 'gpt', text: clean(text.slice(start, end)) };
  });
}

function clean(text: string): string {
  return text
    .replaceAll(placeholder, '')
    .replaceAll(/[ \t]+$/gm, '')
    .trim();
}
