import type { DetailEntity, InstanceDetail } from '../../src/protocol/browse.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import { section, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { icon } from '../shared/icons.ts';
import type { PageContext } from './pageContext.ts';

/** Rows per perspective that are shown at first; a long conversation has thousands of pairs. */
const firstEntities = 12;
const nameLimit = 120;

export interface EntitiesActions {
  /** Shows the instances that hold the entity. */
  readonly onFilter: (perspective: Perspective, entity: string) => void;
  /** Extracts the entities of the dataset. */
  readonly onExtract: () => void;
}

/** Entities of an instance, rarest first, with what makes them head or tail; a name filters the list by it. */
export function entitiesSection({ entities }: InstanceDetail, actions: EntitiesActions, context: PageContext): HTMLElement {
  const { detail } = context.strings;
  if (entities === undefined)
    return section(
      'entities',
      detail.entities,
      element('p', { class: 'hint' }, detail.notExtracted),
      textButton(detail.extract, actions.onExtract),
    );
  const tables = perspectives.flatMap((perspective) => {
    const found = entities[perspective] ?? [];
    return found.length === 0 ? [] : [entityTable(perspective, found, actions, context)];
  });
  if (tables.length === 0) tables.push(element('p', { class: 'hint' }, detail.noEntities));
  return section('entities', detail.entities, ...tables);
}

function entityTable(
  perspective: Perspective,
  found: readonly DetailEntity[],
  actions: EntitiesActions,
  context: PageContext,
): HTMLElement {
  const { strings, say } = context;
  const [entity, frequency, place] = strings.detail.entityColumns;
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, entity),
    element('th', { scope: 'col', class: 'number' }, frequency),
    element('th', { scope: 'col' }, place),
  );
  const body = element('tbody', {});
  const more = element('button', { type: 'button', class: 'link' });
  let shown = 0;
  const grow = (count: number): void => {
    for (const each of found.slice(shown, shown + count)) body.append(entityRow(perspective, each, actions, context));
    shown = Math.min(found.length, shown + count);
    more.hidden = shown >= found.length;
    more.textContent = say(strings.detail.showMore, found.length - shown);
  };
  grow(firstEntities);
  more.addEventListener('click', () => grow(firstEntities * 10));
  const caption = element('caption', {}, strings.perspectives[perspective]);
  return element('div', { class: 'table-place' }, element('table', {}, caption, element('thead', {}, head), body), more);
}

function entityRow(
  perspective: Perspective,
  { entity, frequency, tail }: DetailEntity,
  { onFilter }: EntitiesActions,
  { strings, say, n }: PageContext,
): HTMLElement {
  const { detail } = strings;
  const label = entityLabel(perspective, entity, nameLimit);
  const button = element('button', { type: 'button', class: 'link', title: say(detail.filterBy, label) }, element('bdi', {}, label));
  button.addEventListener('click', () => onFilter(perspective, entity));
  const place = element('td', {}, ...(tail ? [icon('tail'), detail.tail] : [detail.head]));
  return element('tr', {}, element('th', { scope: 'row' }, button), element('td', { class: 'number' }, n(frequency)), place);
}
