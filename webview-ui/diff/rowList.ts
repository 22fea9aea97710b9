import { element } from '../shared/element.ts';
import { revealOffset, rowsInView, ScrollPosition, trackOf } from '../shared/scrollTrack.ts';

/** Rows in the document above and below the view, so that a wheel's step meets rows that are there. */
const overscan = 6;
/** Nothing moved for this long: the scroll bar is put right. */
const settleMs = 120;
/** Lines of a row, and what is around them in pixels. */
const rowLines = 2;
const rowPadding = 14;

export interface RowListOptions {
  readonly label: string;
  readonly count: number;
  /** Fills the place of a row: with the row at the position, or with a sign that it is loading. */
  readonly fill: (place: HTMLElement, position: number) => void;
  readonly want: (first: number, end: number) => void;
  /** Another row became the chosen one. */
  readonly onChoose: (position: number) => void;
  /** Enter: the focus is wanted beside the list. */
  readonly onEnter: () => void;
}

/** A list box of any length, of which the rows in view are in the document. The arrow keys choose. */
export class RowList {
  readonly root: HTMLElement;
  readonly #options: RowListOptions;
  readonly #body = element('div', { class: 'rows', role: 'presentation' });
  readonly #rows = new Map<number, HTMLElement>();
  readonly #rowHeight: number;
  readonly #observer = new ResizeObserver(() => this.#resize());
  #position: ScrollPosition;
  #chosen = -1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RowListOptions) {
    this.#options = options;
    this.root = element('div', { class: 'list', role: 'listbox', 'aria-label': options.label, tabindex: '0' }, this.#body);
    const fontSize = Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
    this.#rowHeight = Math.round(fontSize * 1.45 * rowLines + rowPadding);
    this.root.style.setProperty('--row-height', `${this.#rowHeight}px`);
    this.#position = new ScrollPosition(trackOf(options.count, this.#rowHeight, 0));
    this.root.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
      if (row !== null) this.choose(Number(row.dataset.position));
    });
    this.#observer.observe(this.root);
  }

  get chosen(): number {
    return this.#chosen;
  }

  /** Chooses a row and brings it into view. */
  choose(position: number): void {
    if (this.#options.count === 0) return;
    const wanted = Math.min(Math.max(0, position), this.#options.count - 1);
    const hasChanged = wanted !== this.#chosen;
    this.#chosen = wanted;
    const offset = revealOffset(this.#position.content, this.#position.track, this.#rowHeight, wanted);
    if (offset !== undefined) this.root.scrollTop = this.#position.leap(offset);
    this.#render();
    for (const [each, row] of this.#rows) row.setAttribute('aria-selected', String(each === wanted));
    this.root.setAttribute('aria-activedescendant', `row-${wanted}`);
    if (hasChanged) this.#options.onChoose(wanted);
  }

  /** Fills rows whose content has come. */
  loaded(offset: number, end: number): void {
    for (const [position, row] of this.#rows) if (position >= offset && position < end) this.#options.fill(row, position);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
  }

  #scrolled(): void {
    const corrected = this.#position.scrolled(this.root.scrollTop);
    if (corrected !== undefined) this.root.scrollTop = corrected;
    this.#render();
  }

  #resize(): void {
    const track = trackOf(this.#options.count, this.#rowHeight, this.root.clientHeight);
    if (track.viewport === this.#position.track.viewport) return;
    this.root.scrollTop = this.#position.resize(track);
    this.#render();
  }

  #render(): void {
    const { content, track, anchor } = this.#position;
    this.#body.style.height = `${track.length}px`;
    const { first, end } = rowsInView(content, track, this.#rowHeight, this.#options.count, overscan);
    for (const [position, row] of this.#rows)
      if ((position < first || position >= end) && position !== this.#chosen) {
        row.remove();
        this.#rows.delete(position);
      }
    const shown = Array.from({ length: end - first }, (_, i) => first + i);
    // The chosen row stays in the document wherever the view is: screen readers are told its id.
    if (this.#chosen >= 0 && this.#chosen < first) shown.unshift(this.#chosen);
    if (this.#chosen >= end) shown.push(this.#chosen);
    let before: Element | null = null;
    for (const position of shown) {
      const row = this.#rows.get(position) ?? this.#make(position);
      if (row.parentElement === null || row.previousElementSibling !== before) {
        if (before === null) this.#body.prepend(row);
        else before.after(row);
      }
      this.#place(row, position * this.#rowHeight + anchor);
      before = row;
    }
    this.#options.want(first, end);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), settleMs);
  }

  #make(position: number): HTMLElement {
    const row = element('div', {
      class: 'row',
      id: `row-${position}`,
      role: 'option',
      'aria-posinset': String(position + 1),
      'aria-setsize': String(this.#options.count),
      'aria-selected': String(position === this.#chosen),
    });
    row.dataset.position = String(position);
    this.#options.fill(row, position);
    this.#rows.set(position, row);
    return row;
  }

  /** The chosen row can be millions of pixels away: somewhere out of sight is enough. */
  #place(row: HTMLElement, top: number): void {
    const scroll = this.#position.content + this.#position.anchor;
    const near = Math.min(Math.max(top, scroll - 2000), scroll + this.#position.track.viewport + 2000);
    const transform = `translateY(${near}px)`;
    if (row.style.transform !== transform) row.style.transform = transform;
  }

  #settle(): void {
    const scroll = this.#position.settle();
    if (scroll === undefined) return;
    this.root.scrollTop = scroll;
    this.#render();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#position.track.viewport / this.#rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen + 1,
      ArrowUp: Math.max(0, this.#chosen - 1),
      PageDown: this.#chosen + page,
      PageUp: this.#chosen - page,
      Home: 0,
      End: this.#options.count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) this.choose(target);
    else if (event.key === 'Enter' || event.key === ' ') {
      if (this.#chosen < 0) this.choose(0);
      this.#options.onEnter();
    } else return;
    event.preventDefault();
  }
}
