import type { InstanceRow } from '../../src/protocol/browse.ts';
import type { PlannedVerdict } from '../../src/protocol/instancesPage.ts';
import { element } from '../shared/element.ts';
import { revealOffset, rowsInView, ScrollPosition, trackOf } from '../shared/scrollTrack.ts';
import { fillPicture, loadingCells, rowCells, type SmallImage, type SmallImages } from './instanceRow.ts';
import type { PageContext } from './pageContext.ts';

/** Rows in the document above and below the view, so that a wheel's step meets rows that are there. */
const overscan = 8;
/** Nothing moved for this long: the scroll bar is put right, pictures are asked for, the drawing is told. */
const settleMs = 120;
/** Lines of a row, and what is around them in pixels. */
const rowLines = 3;
const rowPadding = 16;

/** Rows in the document, ordinals of the first and the last row in view (-1 while they load), and the position of the first. */
export interface ListInView {
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly top: number;
}

export interface InstanceListOptions {
  readonly rowAt: (position: number) => InstanceRow | undefined;
  /** Direction of the scrolling; 0 after a leap. */
  readonly want: (first: number, end: number, direction: 1 | -1 | 0) => void;
  readonly images: SmallImages;
  /** Another row became the active one, by key. */
  readonly onActive: (position: number) => void;
  /** A row was chosen: its detail is wanted, by key also the focus in it. */
  readonly onOpen: (position: number, byKey: boolean) => void;
  /** Escape. */
  readonly onLeave: () => void;
  /** Nothing moves any more. */
  readonly onSettled: (inView: ListInView) => void;
}

/** A grid of any number of rows, of which those in view are in the document. One row, the active one, takes part in the tab order. */
export class InstanceList {
  readonly root: HTMLElement;
  readonly #options: InstanceListOptions;
  readonly #context: PageContext;
  readonly #body = element('div', { class: 'rows', role: 'rowgroup' });
  /** Position -> its row, in the order of the document. */
  readonly #rows = new Map<number, HTMLElement>();
  readonly #planned = new Map<number, PlannedVerdict['verdict']>();
  readonly #rowHeight: number;
  #position: ScrollPosition;
  #count = 0;
  #active = -1;
  #selected: number | null = null;
  #lastContent = 0;
  #direction: 1 | -1 = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, options: InstanceListOptions) {
    this.#context = context;
    this.#options = options;
    const { columns, label } = context.strings.list;
    const heads = [columns.image, columns.instance, columns.entities, columns.verdict].map((name) =>
      element('span', { role: 'columnheader' }, name),
    );
    this.root = element(
      'div',
      { class: 'list', role: 'grid', 'aria-label': label, 'aria-readonly': 'true' },
      element('div', { role: 'rowgroup', class: 'spoken-only' }, element('div', { role: 'row', 'aria-rowindex': '1' }, ...heads)),
      this.#body,
    );
    const fontSize = Number.parseFloat(getComputedStyle(document.body).fontSize) || 13;
    this.#rowHeight = Math.round(fontSize * 1.45 * rowLines + rowPadding);
    this.root.style.setProperty('--row-height', `${this.#rowHeight}px`);
    this.#position = new ScrollPosition(trackOf(0, this.#rowHeight, 0));
    this.root.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('click', (event) => this.#clicked(event));
    new ResizeObserver(() => this.#resize()).observe(this.root);
  }

  /** Position of the active row; -1 in an empty list. */
  get active(): number {
    return this.#active;
  }

  /** First row in view. */
  get top(): number {
    return Math.floor(this.#position.content / this.#rowHeight);
  }

  get count(): number {
    return this.#count;
  }

  /** Shows another list of `count` rows from row `top` on; `active` is the row for the keyboard. */
  show(count: number, top: number, active: number): void {
    this.#count = count;
    this.#active = count === 0 ? -1 : Math.min(Math.max(0, active), count - 1);
    this.root.setAttribute('aria-rowcount', String(count + 1));
    this.#position = new ScrollPosition(trackOf(count, this.#rowHeight, this.root.clientHeight));
    this.#body.style.height = `${this.#position.track.length}px`;
    this.root.scrollTop = this.#position.leap(top * this.#rowHeight);
    this.refresh();
  }

  /** Draws every row anew: its content changed. */
  refresh(): void {
    const hadFocus = this.#body.contains(document.activeElement);
    this.#body.replaceChildren();
    this.#rows.clear();
    this.#render();
    if (hadFocus) this.#rows.get(this.#active)?.focus({ preventScroll: true });
  }

  /** Fills rows whose instances have come. */
  loaded(offset: number, end: number): void {
    for (const [position, row] of this.#rows) if (position >= offset && position < end) this.#fill(row, position);
    this.#settleLater();
  }

  pictureLoaded(ordinal: number, source: SmallImage): void {
    for (const [position, row] of this.#rows)
      if (this.#options.rowAt(position)?.ordinal === ordinal) fillPicture(row, source, this.#context);
  }

  /** Ordinal of the instance whose detail is open. */
  select(ordinal: number | null): void {
    this.#selected = ordinal;
    for (const [position, row] of this.#rows) this.#markSelected(row, this.#options.rowAt(position)?.ordinal);
  }

  /** Whether rows have verdicts, which need room. */
  setVerdicts(shown: boolean): void {
    this.root.classList.toggle('has-verdicts', shown);
  }

  /** Overrides of the working plan. */
  plan(planned: readonly PlannedVerdict[]): void {
    this.#planned.clear();
    for (const { ordinal, verdict } of planned) this.#planned.set(ordinal, verdict);
    this.refresh();
  }

  /** Makes a row the active one and brings it into view. */
  activate(position: number, { focus }: { readonly focus: boolean }): void {
    if (this.#count === 0) return;
    this.#active = Math.min(Math.max(0, position), this.#count - 1);
    const offset = revealOffset(this.#position.content, this.#position.track, this.#rowHeight, this.#active);
    if (offset !== undefined) this.root.scrollTop = this.#position.leap(offset);
    this.#render();
    for (const [each, row] of this.#rows) row.tabIndex = each === this.#active ? 0 : -1;
    if (focus) this.#rows.get(this.#active)?.focus({ preventScroll: true });
  }

  #scrolled(): void {
    const corrected = this.#position.scrolled(this.root.scrollTop);
    if (corrected !== undefined) this.root.scrollTop = corrected;
    this.#render();
  }

  #resize(): void {
    const track = trackOf(this.#count, this.#rowHeight, this.root.clientHeight);
    if (track.viewport === this.#position.track.viewport) return;
    this.root.scrollTop = this.#position.resize(track);
    this.#render();
  }

  #render(): void {
    const { content, track, anchor, isLeaping } = this.#position;
    const { first, end } = rowsInView(content, track, this.#rowHeight, this.#count, isLeaping ? 0 : overscan);
    const wanted = Array.from({ length: end - first }, (_, i) => first + i);
    // The active row stays in the document wherever the view is: it may have the focus.
    if (this.#active >= 0 && this.#active < first) wanted.unshift(this.#active);
    if (this.#active >= end) wanted.push(this.#active);
    const keep = new Set(wanted);
    for (const [position, row] of this.#rows)
      if (!keep.has(position)) {
        row.remove();
        this.#rows.delete(position);
      }
    let before: Element | null = null;
    for (const position of wanted) {
      let row = this.#rows.get(position);
      if (row === undefined) {
        row = this.#make(position);
        this.#rows.set(position, row);
      }
      if (row.previousElementSibling !== before || row.parentElement === null) {
        if (before === null) this.#body.prepend(row);
        else before.after(row);
      }
      this.#place(row, position * this.#rowHeight + anchor);
      before = row;
    }
    if (content !== this.#lastContent) this.#direction = content < this.#lastContent ? -1 : 1;
    this.#lastContent = content;
    this.#options.want(first, end, isLeaping ? 0 : this.#direction);
    this.#settleLater();
  }

  #place(row: HTMLElement, top: number): void {
    const { viewport } = this.#position.track;
    const scroll = this.#position.content + this.#position.anchor;
    // The active row can be millions of pixels away: somewhere out of sight is enough.
    const near = Math.min(Math.max(top, scroll - 2000), scroll + viewport + 2000);
    const transform = `translateY(${near}px)`;
    if (row.style.transform !== transform) row.style.transform = transform;
  }

  #make(position: number): HTMLElement {
    const row = element('div', { class: 'row', role: 'row', 'aria-rowindex': String(position + 2) });
    row.dataset.position = String(position);
    row.tabIndex = position === this.#active ? 0 : -1;
    this.#fill(row, position);
    return row;
  }

  #fill(element: HTMLElement, position: number): void {
    const row = this.#options.rowAt(position);
    element.classList.toggle('loading', row === undefined);
    element.setAttribute('aria-busy', String(row === undefined));
    this.#markSelected(element, row?.ordinal);
    if (row === undefined) element.replaceChildren(...loadingCells(this.#context));
    else {
      element.classList.toggle('unusable', !row.usable);
      element.replaceChildren(...rowCells(row, this.#planned.get(row.ordinal), this.#context));
      const source = row.images > 0 ? this.#options.images.get(row.ordinal) : undefined;
      if (source !== undefined) fillPicture(element, source, this.#context);
    }
  }

  #markSelected(row: HTMLElement, ordinal: number | undefined): void {
    row.setAttribute('aria-selected', String(ordinal !== undefined && ordinal === this.#selected));
  }

  #settleLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), settleMs);
  }

  #settle(): void {
    const { isLeaping } = this.#position;
    const scroll = this.#position.settle();
    if (scroll !== undefined) this.root.scrollTop = scroll;
    if (scroll !== undefined || isLeaping) {
      this.#render(); // and settles again, with the rows around the view
      return;
    }
    const { first, end } = rowsInView(this.#position.content, this.#position.track, this.#rowHeight, this.#count, 0);
    const shown = Array.from({ length: end - first }, (_, i) => this.#options.rowAt(first + i));
    this.#options.images.want(shown.flatMap((row) => (row?.usable && row.images > 0 ? [row.ordinal] : [])));
    const last = shown.at(-1)?.ordinal ?? -1;
    this.#options.onSettled({ rows: this.#rows.size, first: shown[0]?.ordinal ?? -1, last, top: this.top });
  }

  #clicked(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
    if (row === null) return;
    const position = Number(row.dataset.position);
    this.activate(position, { focus: true });
    this.#options.onOpen(position, false);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.#position.track.viewport / this.#rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + page,
      PageUp: this.#active - page,
      Home: 0,
      End: this.#count - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      this.activate(target, { focus: true });
      this.#options.onActive(this.#active);
    } else if ((event.key === 'Enter' || event.key === ' ') && this.#active >= 0) this.#options.onOpen(this.#active, true);
    else if (event.key === 'Escape') this.#options.onLeave();
    else return;
    event.preventDefault();
  }
}
