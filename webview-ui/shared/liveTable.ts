import type { TableView } from '../../src/protocol/pageParts.ts';
import { element } from './element.ts';

/** A table that is filled in place, so that focus and scroll position stay. */
export class LiveTable {
  readonly root: HTMLElement;
  readonly #caption = element('caption');
  readonly #head = element('thead');
  readonly #body = element('tbody');
  #shown = '';

  constructor(options: { readonly scrolls?: boolean } = {}) {
    const table = element('table', {}, this.#caption, this.#head, this.#body);
    // A region that scrolls must be reachable by keyboard.
    this.root = options.scrolls ? element('div', { class: 'scroll', tabindex: '0', role: 'region' }, table) : table;
  }

  show(view: TableView): void {
    const key = JSON.stringify(view);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#caption.textContent = view.caption;
    if (this.root !== this.#caption.parentElement) this.root.setAttribute('aria-label', view.caption);
    this.#head.replaceChildren(element('tr', {}, ...view.columns.map((column) => element('th', { scope: 'col' }, column))));
    this.#body.replaceChildren(
      ...view.rows.map(([first = '', ...cells]) =>
        element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((cell) => element('td', {}, cell))),
      ),
    );
  }
}
