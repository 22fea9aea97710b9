import type { EntitySpan } from '../../src/protocol/browse.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { segmentsOf } from '../shared/segments.ts';
import { cutText, nameOfUnseen, textParts } from '../shared/unseen.ts';
import type { TextPiece } from '../shared/wordDiff.ts';
import type { PageContext } from './pageContext.ts';

/** Characters of a text that are shown at first, and with each "show more": laying out more at once would be felt. */
const firstLimit = 4000;
const moreLimit = 20_000;
const nameLimit = 120;

/** Text nodes of a text, and a small box for each character that cannot be seen. */
export function readable(text: string, { strings, say }: PageContext): readonly (Node | string)[] {
  return textParts(text).map((part) => {
    if ('text' in part) return part.text;
    const name = nameOfUnseen(part.code);
    return element('span', { class: 'unseen', title: say(strings.single.unseen, name) }, name);
  });
}

/** A text in pieces: those that differ struck through or underlined, target entities marked, the rest of a long one a click away. */
export function turnText(
  pieces: readonly TextPiece[],
  spans: readonly EntitySpan[],
  mark: 'del' | 'ins',
  context: PageContext,
): readonly HTMLElement[] {
  const body = element('div', { class: 'running', dir: 'auto' });
  const total = pieces.reduce((sum, { text }) => sum + text.length, 0);
  let [piece, within, shown] = [0, 0, 0];
  const grow = (limit: number): void => {
    for (let room = limit; room > 0 && piece < pieces.length; ) {
      const { text, differs } = pieces[piece] as TextPiece;
      const part = cutText(text.slice(within), room);
      const nodes = marked(part, shown, spans, context);
      body.append(...(differs ? [element(mark, {}, ...nodes)] : nodes));
      // A cut may leave out half of a pair: the next round begins with it.
      room = part.length === 0 ? 0 : room - part.length;
      shown += part.length;
      within += part.length;
      if (within < text.length) continue;
      piece++;
      within = 0;
    }
    more.hidden = shown >= total;
    more.textContent = context.say(context.strings.single.showMore, total - shown);
  };
  const more = textButton('', () => grow(moreLimit), 'link');
  grow(firstLimit);
  return [body, more];
}

/** A part of a turn that begins at `from`, its target entities marked. */
function marked(part: string, from: number, spans: readonly EntitySpan[], context: PageContext): readonly (Node | string)[] {
  const moved = spans
    .filter(({ start, end }) => start < from + part.length && end > from)
    .map((span) => ({ ...span, start: span.start - from, end: span.end - from }));
  return segmentsOf(part.length, moved).flatMap((segment) => {
    const nodes = readable(part.slice(segment.start, segment.end), context);
    if (segment.spans.length === 0) return nodes;
    const { strings, say } = context;
    const titles = segment.spans.map(({ perspective, entity }) =>
      say(strings.single.mark, strings.perspectives[perspective], entityLabel(perspective, entity, nameLimit)),
    );
    return [element('mark', { title: [...new Set(titles)].join('\n') }, ...nodes)];
  });
}
