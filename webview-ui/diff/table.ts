import { element } from '../shared/element.ts';

export interface TableOptions {
  readonly caption: string;
  /** The caption is for screen readers only: a heading before the table says the same. */
  readonly hidesCaption?: true;
  readonly columns: readonly string[];
  /** First cell of each row is its heading. */
  readonly rows: readonly (readonly (string | Node)[])[];
}

/** A table of numbers with row headings. */
export function table({ caption, hidesCaption, columns, rows }: TableOptions): HTMLTableElement {
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)));
  return element(
    'table',
    {},
    element('caption', hidesCaption ? { class: 'spoken-only' } : {}, caption),
    element('thead', {}, head),
    element('tbody', {}, ...rows.map(tableRow)),
  );
}

export function tableRow([first = '', ...cells]: readonly (string | Node)[]): HTMLTableRowElement {
  return element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((cell) => element('td', {}, cell)));
}

/** A table in a box of its own scroll bar, which the keyboard reaches. */
export function scrolling(made: HTMLTableElement): HTMLElement {
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': made.caption?.textContent ?? '' }, made);
}
