import type { OverrideListView } from '../../../src/protocol/selectionPage.ts';
import { element } from '../../shared/element.ts';
import { fillText } from '../../shared/fillText.ts';
import { button } from '../fields/field.ts';
import type { PlanHooks, PlanPart, PlanState } from './planPart.ts';

export interface OverrideActions {
  readonly open: (ordinal?: number) => void;
  readonly remove: (override: { readonly content: string; readonly duplicate: number }) => void;
}

/** Forced verdicts: each opens its instance in the browser and can be taken back. */
export class OverridesList implements PlanPart {
  readonly root: HTMLElement;
  readonly #hooks: PlanHooks;
  readonly #actions: OverrideActions;
  readonly #list = element('ul', { class: 'overrides' });
  readonly #note = element('p', { class: 'quiet' });
  #shown: OverrideListView | undefined;

  constructor(hooks: PlanHooks, actions: OverrideActions) {
    this.#hooks = hooks;
    this.#actions = actions;
    const { controls } = hooks.strings;
    this.root = element(
      'div',
      {},
      this.#note,
      this.#list,
      button(controls.browse, () => actions.open()),
    );
  }

  sync({ plan }: PlanState): void {
    const { overrides } = plan;
    if (JSON.stringify(overrides) === JSON.stringify(this.#shown)) return;
    this.#shown = overrides;
    const { strings, locale } = this.#hooks;
    const { format } = new Intl.NumberFormat(locale);
    const { total, rows } = overrides;
    this.#note.textContent =
      total === 0 ? strings.noOverrides : total > rows.length ? fillText(strings.moreOverrides, format(rows.length), format(total)) : '';
    this.#note.hidden = this.#note.textContent === '';
    this.#list.hidden = total === 0;
    this.#list.replaceChildren(...rows.map((row) => this.#item(row)));
  }

  #item(row: OverrideListView['rows'][number]): HTMLElement {
    const { removeOverride, openInstance } = this.#hooks.strings;
    const open = button({ label: row.label, help: fillText(openInstance, row.label) }, () => this.#actions.open(row.ordinal), 'link');
    const label = fillText(removeOverride, row.label);
    const remove = button({ label: '×', help: label }, () => this.#actions.remove(row), 'icon');
    remove.setAttribute('aria-label', label);
    return element('li', {}, element('div', {}, open, element('span', { class: 'quiet' }, row.reason)), remove);
  }
}
