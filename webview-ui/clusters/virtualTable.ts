import { element } from '../shared/element.ts';
import { revealOffset, rowsInView, ScrollPosition, trackOf } from '../shared/scrollTrack.ts';

/** Rows in the document above and below the view. */
const overscan = 8;
/** Nothing moved for this long: the scroll bar is put right. */
const settleMs = 120;

export interface TableColumn {
  readonly title: string;
  /** Width as CSS grid writes it. */
  readonly width: string;
  /** Texts are set left, numbers right. */
  readonly isText?: true;
  /** Sorting by this column is offered. */
  readonly onSort?: () => void;
  readonly sorted?: 'ascending' | 'descending';
  /** What stands in the head instead of the title. */
  readonly head?: Node;
}

export interface VirtualTableOptions {
  /** Distinguishes the ids of its rows from those of other tables. */
  readonly name: string;
  readonly label: string;
  readonly columns: readonly TableColumn[];
  readonly count: number;
  /** Cells of a row; undefined while it is loaded. The first is the heading of its row. */
  readonly cells: (row: number) => readonly (string | Node)[] | undefined;
  readonly loading: string;
  /** A row of these is in view. */
  readonly want?: (first: number, end: number) => void;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: number) => void;
}

/** A table of any length, of which the rows in view are in the document. The arrow keys go from row to row. */
export class VirtualTable {
  readonly root: HTMLElement;
  readonly #options: VirtualTableOptions;
  readonly #scroller: HTMLElement;
  readonly #head = element('div', { class: 'vt-head', role: 'row', 'aria-rowindex': '1' });
  readonly #body = element('div', { class: 'vt-rows', role: 'rowgroup' });
  readonly #rows = new Map<number, HTMLElement>();
  readonly #rowHeight: number;
  readonly #observer = new ResizeObserver(() => this.#resize());
  #position: ScrollPosition;
  #current = -1;
  #open = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: VirtualTableOptions) {
    this.#options = options;
    const fontSize = Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
    this.#rowHeight = Math.round(fontSize * 1.45 + 8);
    this.#position = new ScrollPosition(trackOf(options.count, this.#rowHeight, 0));
    for (const [i, column] of options.columns.entries()) this.#head.append(headOf(column, i));
    this.#scroller = element(
      'div',
      {
        class: 'vt',
        role: 'grid',
        tabindex: '0',
        'aria-label': options.label,
        'aria-readonly': 'true',
        'aria-rowcount': String(options.count + 1),
        'aria-colcount': String(options.columns.length),
      },
      element('div', { class: 'vt-top', role: 'rowgroup' }, this.#head),
      this.#body,
    );
    this.#scroller.style.setProperty('--row-height', `${this.#rowHeight}px`);
    this.#scroller.style.setProperty('--columns', options.columns.map(({ width }) => width).join(' '));
    this.root = this.#scroller;
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#scroller.addEventListener('keydown', (event) => this.#key(event));
    this.#body.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.vt-row') : null;
      if (row !== null) this.#choose(Number(row.dataset.row), true);
    });
    this.#observer.observe(this.#scroller);
  }

  /** Marks the row that is open elsewhere, and brings it into view; -1 for none. */
  select(row: number): void {
    this.#open = row;
    if (row >= 0) this.#goTo(row);
    this.#mark();
  }

  /** Rows that could not be shown before can be now. */
  loaded(first: number, end: number): void {
    for (const [row, place] of this.#rows) if (row >= first && row < end) this.#fill(place, row);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
  }

  #choose(row: number, opens: boolean): void {
    this.#goTo(row);
    if (opens) this.#options.onOpen?.(row);
  }

  #goTo(row: number): void {
    if (this.#options.count === 0) return;
    this.#current = Math.min(Math.max(0, row), this.#options.count - 1);
    const offset = revealOffset(this.#position.content, this.#position.track, this.#rowHeight, this.#current);
    if (offset !== undefined) this.#scroller.scrollTop = this.#position.leap(offset);
    this.#render();
    this.#mark();
    this.#scroller.setAttribute('aria-activedescendant', this.#idOf(this.#current));
  }

  #mark(): void {
    for (const [row, place] of this.#rows) {
      place.classList.toggle('current', row === this.#current);
      place.setAttribute('aria-selected', String(row === this.#open));
    }
  }

  #scrolled(): void {
    const corrected = this.#position.scrolled(this.#scroller.scrollTop);
    if (corrected !== undefined) this.#scroller.scrollTop = corrected;
    this.#render();
  }

  #resize(): void {
    const viewport = Math.max(0, this.#scroller.clientHeight - this.#head.offsetHeight);
    if (viewport === this.#position.track.viewport) return;
    this.#scroller.scrollTop = this.#position.resize(trackOf(this.#options.count, this.#rowHeight, viewport));
    this.#render();
  }

  #render(): void {
    const { content, track, anchor } = this.#position;
    this.#body.style.height = `${track.length}px`;
    const { first, end } = rowsInView(content, track, this.#rowHeight, this.#options.count, overscan);
    for (const [row, place] of this.#rows)
      if ((row < first || row >= end) && row !== this.#current) {
        place.remove();
        this.#rows.delete(row);
      }
    const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
    // The current row stays in the document wherever the view is: screen readers are told its id.
    if (this.#current >= 0 && this.#current < first) shown.unshift(this.#current);
    if (this.#current >= end) shown.push(this.#current);
    let before: Element | null = null;
    for (const row of shown) {
      const place = this.#rows.get(row) ?? this.#make(row);
      if (place.parentElement === null || place.previousElementSibling !== before) {
        if (before === null) this.#body.prepend(place);
        else before.after(place);
      }
      const transform = `translateY(${row * this.#rowHeight + anchor}px)`;
      if (place.style.transform !== transform) place.style.transform = transform;
      before = place;
    }
    this.#options.want?.(first, end);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), settleMs);
  }

  #make(row: number): HTMLElement {
    const place = element('div', {
      class: row === this.#current ? 'vt-row current' : 'vt-row',
      id: this.#idOf(row),
      role: 'row',
      'aria-rowindex': String(row + 2),
      'aria-selected': String(row === this.#open),
    });
    place.dataset.row = String(row);
    this.#fill(place, row);
    this.#rows.set(row, place);
    return place;
  }

  #fill(place: HTMLElement, row: number): void {
    const cells = this.#options.cells(row);
    place.classList.toggle('loading', cells === undefined);
    const made = (cells ?? [this.#options.loading]).map((cell, i) =>
      element(
        'div',
        { role: i === 0 ? 'rowheader' : 'gridcell', 'aria-colindex': String(i + 1), ...(this.#isText(i) ? { class: 'text' } : {}) },
        cell,
      ),
    );
    place.replaceChildren(...made);
  }

  #isText(column: number): boolean {
    return this.#options.columns[column]?.isText === true;
  }

  #idOf(row: number): string {
    return `${this.#options.name}-${row}`;
  }

  #settle(): void {
    const scroll = this.#position.settle();
    if (scroll === undefined) return;
    this.#scroller.scrollTop = scroll;
    this.#render();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.#scroller) return;
    const page = Math.max(1, Math.floor(this.#position.track.viewport / this.#rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#current + 1,
      ArrowUp: Math.max(0, this.#current - 1),
      PageDown: this.#current + page,
      PageUp: this.#current - page,
      Home: 0,
      End: this.#options.count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) this.#choose(target, false);
    else if ((event.key === 'Enter' || event.key === ' ') && this.#current >= 0) this.#choose(this.#current, true);
    else return;
    event.preventDefault();
  }
}

function headOf({ title, isText, onSort, sorted, head }: TableColumn, i: number): HTMLElement {
  const cell = element('div', { role: 'columnheader', 'aria-colindex': String(i + 1), ...(isText ? { class: 'text' } : {}) });
  if (sorted !== undefined) cell.setAttribute('aria-sort', sorted);
  if (head !== undefined) cell.append(head);
  else if (onSort === undefined) cell.append(title);
  else {
    const mark = sorted === undefined ? '' : sorted === 'ascending' ? ' ▲' : ' ▼';
    const button = element('button', { type: 'button', class: 'vt-sort', 'data-column': String(i) }, title);
    if (mark !== '') button.append(element('span', { 'aria-hidden': 'true' }, mark));
    button.addEventListener('click', onSort);
    cell.append(button);
  }
  return cell;
}
