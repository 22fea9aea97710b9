import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { EntityFrequency } from '../../src/protocol/reports.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';
import { table, tableRow } from './table.ts';

/** Rows that are shown at first, and with each "show more". */
const firstRows = 10;
const moreRows = 100;
const nameLimit = 120;

/** Entities that one side has and the other has not, the most frequent first, as many as are asked for. */
export class EntityTable {
  readonly root: HTMLElement;
  readonly #side: 'lost' | 'gained';
  readonly #context: PageContext;
  readonly #onFailure: (error: unknown) => void;
  readonly #count = element('span', { class: 'facts' });
  readonly #place = element('div', { class: 'table-place' });
  readonly #more: HTMLButtonElement;
  #body: HTMLTableSectionElement | undefined;
  #perspective: Perspective = 'token';
  #filter = '';
  #matches = 0;
  #shown = 0;
  #work = new AbortController();

  constructor(side: 'lost' | 'gained', context: PageContext, onFailure: (error: unknown) => void) {
    this.#side = side;
    this.#context = context;
    this.#onFailure = onFailure;
    const { entities } = context.strings;
    this.#more = textButton('', () => void this.#load(this.#shown === 0 ? firstRows : moreRows, true), 'link');
    const id = `title-${side}`;
    this.root = element(
      'section',
      { class: side, 'aria-labelledby': id },
      element('h3', { id }, side === 'lost' ? entities.lost : entities.gained, ' ', this.#count),
      this.#place,
      this.#more,
    );
  }

  /** Shows the entities of a perspective that hold a text. `known`: the first of all, which need not be asked for. */
  show(
    perspective: Perspective,
    filter: string,
    { total, known }: { readonly total: number; readonly known: readonly EntityFrequency[] },
  ): void {
    this.dispose();
    this.#work = new AbortController();
    this.#perspective = perspective;
    this.#filter = filter;
    this.#shown = 0;
    this.#body = undefined;
    if (filter !== '' && total > 0) void this.#load(firstRows, false);
    else {
      this.#matches = total;
      this.#add(known.slice(0, firstRows));
    }
  }

  dispose(): void {
    this.#work.abort();
  }

  async #load(limit: number, isMore: boolean): Promise<void> {
    const { signal } = this.#work;
    const { bridge, strings } = this.#context;
    if (isMore) this.#more.disabled = true;
    else this.#say(strings.entities.searching);
    try {
      const page = { perspective: this.#perspective, side: this.#side, offset: this.#shown, limit, filter: this.#filter };
      const { matches, rows } = await bridge.request('entities', page, signal);
      if (signal.aborted) return;
      this.#matches = matches;
      this.#add(rows);
    } catch (error: unknown) {
      if (!signal.aborted) this.#onFailure(error);
    } finally {
      this.#more.disabled = false;
    }
  }

  #add(rows: readonly EntityFrequency[]): void {
    const { strings, say, n, announce } = this.#context;
    const { entities } = strings;
    this.#shown += rows.length;
    this.#count.textContent = this.#matches > 0 ? say(entities.count, this.#shown, this.#matches) : '';
    this.#more.hidden = this.#shown >= this.#matches;
    this.#more.textContent = say(entities.more, this.#matches - this.#shown);
    if (this.#matches === 0) {
      const nothing = this.#side === 'lost' ? entities.noneLost : entities.noneGained;
      this.#say(this.#filter === '' ? nothing : entities.noMatch);
      return;
    }
    const made = rows.map(({ entity, frequency }) => tableRow([element('bdi', {}, visibleLine(entity, nameLimit)), n(frequency)]));
    if (this.#body !== undefined) {
      this.#body.append(...made);
      announce(this.#count.textContent);
      return;
    }
    const whole = table({
      caption: this.#side === 'lost' ? entities.lost : entities.gained,
      hidesCaption: true,
      columns: [entities.entity, this.#side === 'lost' ? entities.instancesA : entities.instancesB],
      rows: [],
    });
    this.#body = whole.tBodies[0];
    this.#body?.append(...made);
    const label = whole.caption?.textContent ?? '';
    this.#place.replaceChildren(element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': label }, whole));
  }

  #say(sentence: string): void {
    this.#body = undefined;
    this.#place.replaceChildren(element('p', { class: 'hint' }, sentence));
    this.#more.hidden = true;
  }
}
