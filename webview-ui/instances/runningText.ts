import type { EntitySpan } from '../../src/protocol/browse.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { segmentsOf } from '../shared/segments.ts';
import { cutText, nameOfUnseen, textParts } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

/** Characters of a text that are shown at first, and with each "show more": laying out more at once would be felt. */
const firstLimit = 4000;
const moreLimit = 20_000;

/** A text of any length from a dataset: read as text only, unseen characters visible, entities marked, the rest one click away. */
export function runningText(text: string, spans: readonly EntitySpan[], context: PageContext): readonly HTMLElement[] {
  const body = element('div', { class: 'running', dir: 'auto' });
  const more = element('button', { type: 'button', class: 'link' });
  let shown = 0;
  const grow = (limit: number): void => {
    const piece = cutText(text.slice(shown), limit);
    const from = shown;
    shown += piece.length;
    const moved = spans
      .filter(({ start, end }) => start < shown && end > from)
      .map((span) => ({ ...span, start: span.start - from, end: span.end - from }));
    for (const segment of segmentsOf(piece.length, moved))
      body.append(marked(piece.slice(segment.start, segment.end), segment.spans, context));
    more.hidden = shown >= text.length;
    more.textContent = context.say(context.strings.detail.showMore, text.length - shown);
  };
  grow(firstLimit);
  more.addEventListener('click', () => {
    grow(moreLimit);
    if (more.hidden) body.tabIndex = -1;
    if (more.hidden) body.focus();
  });
  return [body, more];
}

/** Text nodes of a text, and a small box for each character that cannot be seen. */
export function readable(text: string, context: PageContext): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const part of textParts(text)) {
    if ('text' in part) fragment.append(part.text);
    else {
      const name = nameOfUnseen(part.code);
      const title = context.say(context.strings.detail.unseen, name);
      fragment.append(element('span', { class: 'unseen', title }, name));
    }
  }
  return fragment;
}

/** Each span is an element around the ones that it covers, so that every perspective has its own line below the text. */
function marked(text: string, spans: readonly EntitySpan[], context: PageContext): Node {
  let node: Node = readable(text, context);
  for (const { perspective, entity } of [...spans].reverse()) {
    const { strings, say } = context;
    const title = say(strings.detail.mark, strings.perspectives[perspective], entityLabel(perspective, entity, 200));
    const mark = element('span', { class: `mark ${perspective}`, title });
    mark.append(node);
    node = mark;
  }
  return node;
}
