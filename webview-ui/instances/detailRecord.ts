import type { InstanceDetail } from '../../src/protocol/browse.ts';
import type { DetailView } from '../../src/protocol/instancesPage.ts';
import { section } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';
import { readable, runningText } from './runningText.ts';

const messageLimit = 400;

/** What is wrong with the instance; undefined when nothing is. */
export function problemsSection(problems: DetailView['problems'], context: PageContext): HTMLElement | undefined {
  if (problems.length === 0) return undefined;
  const items = problems.map(({ label, place, message }) =>
    element(
      'li',
      {},
      icon('warning'),
      element('b', {}, label),
      element('span', { class: 'facts' }, place),
      element('p', { class: 'hint' }, readable(visibleLine(message, messageLimit), context)),
    ),
  );
  return section('problems', context.strings.detail.problems, element('ul', {}, ...items));
}

/** The record as it stands in the file, closed at first, and where that is. */
export function recordSection({ text, cut, bytes, file, range, copies }: InstanceDetail, context: PageContext): HTMLElement {
  const { strings, say } = context;
  const { detail } = strings;
  const name = visibleLine(file.split(/[\\/]/).pop() ?? file, 200);
  const place =
    range === null ? say(detail.placeNoRange, name, bytes) : say(detail.place, name, range.line, range.byteStart, range.byteEnd, bytes);
  const body = element('div', { class: 'raw' });
  const details = element('details', {}, element('summary', {}, element('bdi', {}, place)), body);
  details.addEventListener('toggle', () => {
    if (details.open && body.childElementCount === 0) body.append(...runningText(text, [], context));
  });
  const notes = [...(cut ? [say(detail.cutRecord, bytes)] : []), ...(copies > 1 ? [say(detail.copies, copies)] : [])];
  return section('record', detail.record, details, ...notes.map((note) => element('p', { class: 'hint' }, note)));
}
