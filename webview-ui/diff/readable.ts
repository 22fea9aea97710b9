import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { cutText, nameOfUnseen, textParts } from '../shared/unseen.ts';
import type { TextPiece } from '../shared/wordDiff.ts';
import type { PageContext } from './pageContext.ts';

/** Characters of a text that are shown at first, and with each "show more": laying out more at once would be felt. */
const firstLimit = 4000;
const moreLimit = 20_000;

/** Text nodes of a text, and a small box for each character that cannot be seen. */
function readable(text: string, { strings, say }: PageContext): readonly (Node | string)[] {
  return textParts(text).map((part) => {
    if ('text' in part) return part.text;
    const title = say(strings.detail.unseen, `U+${part.code.toString(16).toUpperCase().padStart(4, '0')}`);
    return element('span', { class: 'unseen', title }, nameOfUnseen(part.code));
  });
}

/** A text of a dataset in pieces, those that differ struck through or underlined; the rest of a long one is a click away. */
export function readablePieces(pieces: readonly TextPiece[], mark: 'del' | 'ins', context: PageContext): readonly HTMLElement[] {
  const body = element('div', { class: 'running', dir: 'auto' });
  const total = pieces.reduce((sum, { text }) => sum + text.length, 0);
  let piece = 0;
  let within = 0;
  let shown = 0;
  const grow = (limit: number): void => {
    for (let room = limit; room > 0 && piece < pieces.length; ) {
      const { text, differs } = pieces[piece] as TextPiece;
      const part = cutText(text.slice(within), room);
      body.append(...(differs ? [element(mark, {}, ...readable(part, context))] : readable(part, context)));
      // A cut may leave out half of a pair: the next round begins with it.
      room = part.length === 0 ? 0 : room - part.length;
      shown += part.length;
      within += part.length;
      if (within < text.length) continue;
      piece++;
      within = 0;
    }
    more.hidden = shown >= total;
    more.textContent = context.say(context.strings.detail.showMore, total - shown);
  };
  const more = textButton('', () => grow(moreLimit), 'link');
  grow(firstLimit);
  return [body, more];
}
