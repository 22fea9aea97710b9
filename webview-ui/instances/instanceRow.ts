import type { InstanceImage, InstanceRow } from '../../src/protocol/browse.ts';
import type { PlannedVerdict } from '../../src/protocol/instancesPage.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { icon } from '../shared/icons.ts';
import type { ImageSource, ImageSources } from '../shared/imageSources.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const idLimit = 80;
const beginLimit = 200;
const entityLimit = 40;
/** Longer names are no help in a tooltip, and slow down every browser. */
const titleLimit = 1000;

/** Why a row shows no picture. */
export type NoImage = Extract<InstanceImage, { readonly ok: false }>;
export type SmallImage = ImageSource<NoImage>;
export type SmallImages = ImageSources<number, NoImage>;

/** Cells of a row whose instance is loaded. */
export function rowCells(row: InstanceRow, planned: PlannedVerdict['verdict'] | undefined, context: PageContext): readonly HTMLElement[] {
  return [pictureCell(row, context), instanceCell(row, context), entitiesCell(row, context), verdictCell(row, planned, context)];
}

/** Cells of a row that is still loading. */
export function loadingCells({ strings }: PageContext): readonly HTMLElement[] {
  const cell = element('div', { role: 'gridcell', class: 'instance' }, element('span', { class: 'spoken-only' }, strings.list.loading));
  for (const part of ['line', 'line short']) cell.append(element('span', { class: `bone ${part}` }));
  return [element('div', { role: 'gridcell', class: 'picture bone' }), cell];
}

/** Puts the picture, or the reason why there is none, into a row that was made before it was known. */
export function fillPicture(rowElement: HTMLElement, source: SmallImage, { strings }: PageContext): void {
  const cell = rowElement.querySelector('.picture');
  if (cell === null) return;
  if (source.ok) cell.replaceChildren(element('img', { src: source.address, alt: '', decoding: 'async' }));
  else {
    cell.replaceChildren(icon('noPicture'), element('span', { class: 'spoken-only' }, strings.noImage[source.reason]));
    cell.setAttribute('title', strings.noImage[source.reason]);
  }
}

function pictureCell(row: InstanceRow, { strings }: PageContext): HTMLElement {
  return element(
    'div',
    { role: 'gridcell', class: 'picture', ...(row.images === 0 ? { title: strings.list.textOnly } : {}) },
    icon(row.images === 0 ? 'text' : 'picture'),
  );
}

function instanceCell(row: InstanceRow, { strings, say }: PageContext): HTMLElement {
  const { list } = strings;
  const images = row.images === 0 ? list.textOnly : row.images === 1 ? list.oneImage : say(list.images, row.images);
  const head = element('span', { class: 'head' }, element('b', {}, say(list.ordinal, row.ordinal)));
  if (row.id !== null) {
    const id = element('bdi', { class: 'id' }, visibleLine(row.id, idLimit));
    id.title = visibleLine(row.id, titleLimit);
    head.append(' ', id);
  }
  if (row.usable) head.append(' ', element('span', { class: 'facts' }, `${say(list.turns, row.turns)} · ${images}`));
  const begin = row.usable
    ? element('bdi', { class: 'begin' }, visibleLine(row.begin, beginLimit))
    : element('em', { class: 'begin' }, list.broken);
  return element('div', { role: 'gridcell', class: 'instance' }, head, begin);
}

function entitiesCell(row: InstanceRow, { strings, say }: PageContext): HTMLElement {
  const cell = element('div', { role: 'gridcell', class: 'entities' });
  for (const { perspective, entity, frequency, tail } of row.entities ?? []) {
    const chip = element('span', { class: tail ? 'chip tail' : 'chip' });
    const what = say(tail ? strings.list.tailChip : strings.list.headChip, frequency);
    if (tail) chip.append(icon('tail'));
    chip.append(
      element('bdi', {}, entityLabel(perspective, entity, entityLimit)),
      element('span', { class: 'spoken-only' }, `, ${what}; `),
    );
    chip.title = `${strings.perspectives[perspective]}: ${entityLabel(perspective, entity, titleLimit)}. ${what}`;
    cell.append(chip);
  }
  return cell;
}

function verdictCell(row: InstanceRow, planned: PlannedVerdict['verdict'] | undefined, { strings }: PageContext): HTMLElement {
  const { list } = strings;
  const cell = element('div', { role: 'gridcell', class: 'verdict' });
  if (row.verdict !== undefined)
    cell.append(element('span', { class: `verdict-word ${row.verdict}` }, icon(row.verdict), strings.verdicts[row.verdict]));
  if (row.forced) cell.append(noted('pin', list.forced));
  if (planned !== undefined) cell.append(noted('pin', planned === 'keep' ? list.plannedKeep : list.plannedDrop, 'planned'));
  if (row.problems.length > 0) {
    const words = row.problems.map((code) => strings.problems[code]).join(', ');
    cell.append(noted('warning', words));
  }
  return cell;
}

/** An icon with its meaning as tooltip, and for screen readers. */
function noted(name: 'pin' | 'warning', words: string, more = ''): HTMLElement {
  return element('span', { class: `note ${name} ${more}`, title: words }, icon(name), element('span', { class: 'spoken-only' }, words));
}
