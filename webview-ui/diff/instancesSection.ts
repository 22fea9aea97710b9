import { type DiffRow, type DiffSide, diffSides } from '../../src/protocol/diff.ts';
import type { DiffReport } from '../../src/protocol/reports.ts';
import { element } from '../shared/element.ts';
import { fillRow } from './instanceRow.ts';
import type { PageContext } from './pageContext.ts';
import { PagedRows } from './pagedRows.ts';
import { RowList } from './rowList.ts';
import { SideBySide } from './sideBySide.ts';

/** While one walks along the list, only the instance where one stops is asked for. */
const walkMs = 90;

/** Instances that were removed, added or changed: a list for each, and the chosen one side by side. */
export class InstancesSection {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #counts: Readonly<Record<DiffSide, number>>;
  readonly #onFailure: (error: unknown, again: () => void) => void;
  readonly #tabs = new Map<DiffSide, HTMLButtonElement>();
  readonly #panel = element('div', { class: 'tab-panel', role: 'tabpanel', id: 'tab-panel' });
  readonly #place = element('div', { class: 'list-place' });
  readonly #detail: SideBySide;
  #side: DiffSide;
  #rows: PagedRows<DiffRow> | undefined;
  #list: RowList | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(report: DiffReport, context: PageContext, onFailure: (error: unknown, again: () => void) => void) {
    this.#context = context;
    this.#onFailure = onFailure;
    this.#counts = { removed: report.removed, added: report.added, changed: report.changed.id + report.changed.image };
    const { instances } = context.strings;
    const tabs = element('div', { class: 'tabs', role: 'tablist', 'aria-label': instances.title });
    for (const side of diffSides) {
      const label = context.say(instances[side], this.#counts[side]);
      const tab = element('button', { type: 'button', role: 'tab', id: `tab-${side}`, 'aria-controls': 'tab-panel' }, label);
      tab.addEventListener('click', () => this.show(side));
      this.#tabs.set(side, tab);
      tabs.append(tab);
    }
    tabs.addEventListener('keydown', (event) => this.#tabKey(event));
    this.#detail = new SideBySide(context, {
      onStep: (step) => this.#list?.choose(this.#list.chosen + step),
      onLeave: () => this.#list?.root.focus(),
      onFailure,
    });
    this.#panel.append(this.#place, this.#detail.root);
    this.root = element(
      'section',
      { class: 'instances', 'aria-labelledby': 'title-instances' },
      element('h2', { id: 'title-instances', tabindex: '-1' }, instances.title),
      tabs,
      this.#panel,
    );
    this.#side = diffSides.find((side) => this.#counts[side] > 0) ?? 'removed';
    this.show(this.#side);
  }

  /** Opens a tab. */
  show(side: DiffSide): void {
    const { instances } = this.#context.strings;
    this.#side = side;
    for (const [each, tab] of this.#tabs) {
      tab.setAttribute('aria-selected', String(each === side));
      tab.tabIndex = each === side ? 0 : -1;
    }
    this.#panel.setAttribute('aria-labelledby', `tab-${side}`);
    this.#rows?.dispose();
    this.#list?.dispose();
    this.#detail.clear();
    const count = this.#counts[side];
    this.#detail.root.hidden = count === 0;
    if (count === 0) {
      const nothing = { removed: instances.noneRemoved, added: instances.noneAdded, changed: instances.noneChanged };
      this.#list = undefined;
      this.#place.replaceChildren(element('p', { class: 'hint nothing' }, nothing[side]));
      return;
    }
    const rows = new PagedRows<DiffRow>(count, {
      load: async (offset, limit, signal) => (await this.#context.bridge.request('instances', { side, offset, limit }, signal)).rows,
      onLoaded: (offset, end) => {
        list.loaded(offset, end);
        if (list.chosen >= offset && list.chosen < end) this.#open(list.chosen);
      },
      onFailed: (error) => this.#onFailure(error, () => rows.retry()),
    });
    const list = new RowList({
      label: this.#context.say(instances[side], count),
      count,
      fill: (place, position) => fillRow(place, rows.get(position), side, this.#context),
      want: (first, end) => rows.want(first, end),
      onChoose: (position) => this.#open(position),
      onEnter: () => this.#detail.focus(),
    });
    this.#rows = rows;
    this.#list = list;
    const rule = side === 'changed' ? [element('p', { class: 'hint rule' }, instances.changedRule)] : [];
    this.#place.replaceChildren(...rule, list.root);
  }

  /** Opens a tab and takes the focus to it. */
  goTo(side: DiffSide): void {
    this.show(side);
    this.root.scrollIntoView({ block: 'start' });
    this.#tabs.get(side)?.focus({ preventScroll: true });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#rows?.dispose();
    this.#list?.dispose();
    this.#detail.clear();
  }

  /** Shows a row side by side, now or when it has come. */
  #open(position: number): void {
    clearTimeout(this.#timer);
    const row = this.#rows?.get(position);
    if (row === undefined) return;
    this.#detail.setSteps(position > 0, position < this.#counts[this.#side] - 1);
    this.#timer = setTimeout(() => this.#detail.show(row), this.#detail.isEmpty ? 0 : walkMs);
  }

  #tabKey(event: KeyboardEvent): void {
    const at = diffSides.indexOf(this.#side);
    const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: diffSides.length - 1 };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const side = diffSides[(wanted + diffSides.length) % diffSides.length] ?? 'removed';
    this.show(side);
    this.#tabs.get(side)?.focus();
  }
}
