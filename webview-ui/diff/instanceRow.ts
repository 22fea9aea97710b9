import type { DiffRow, DiffSide } from '../../src/protocol/diff.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const idLimit = 80;
const beginLimit = 200;

/** Fills a row of the list: ordinal, id, length, and the begin of the conversation. */
export function fillRow(place: HTMLElement, row: DiffRow | undefined, side: DiffSide, { strings, say, n }: PageContext): void {
  const { instances } = strings;
  place.classList.toggle('loading', row === undefined);
  const shown = side === 'added' ? row?.b : row?.a;
  if (row === undefined || shown === undefined || shown === null) {
    place.replaceChildren(element('span', { class: 'facts' }, instances.loading));
    return;
  }
  const ordinal = say(instances.ordinal, String(shown.ordinal));
  const pair = side === 'changed' ? say(instances.pair, String(row.a?.ordinal ?? ''), String(row.b?.ordinal ?? '')) : ordinal;
  const head = element('div', { class: 'head' }, element('b', {}, pair));
  if (shown.id !== null) head.append(element('bdi', { class: 'id' }, visibleLine(shown.id, idLimit)));
  const length = [say(instances.turns, n(shown.turns)), say(instances.bytes, n(shown.bytes))];
  head.append(...length.map((word) => element('span', { class: 'facts length' }, word)));
  const way = row.by === 'image' ? instances.byImage : instances.byId;
  if (row.by !== null) head.append(element('span', { class: 'facts' }, side === 'changed' ? way : instances.hasPartner));
  const begin = visibleLine(shown.begin, beginLimit);
  place.replaceChildren(head, element('div', { class: 'begin', dir: 'auto' }, begin === '' ? instances.noText : begin));
}
