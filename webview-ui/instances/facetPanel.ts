import type { BrowseFilter, Facet } from '../../src/protocol/browse.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { visibleLine } from '../shared/unseen.ts';
import { type Condition, conditionOfFacet, conditionsOf, hasCondition } from './filterEdit.ts';
import type { PageContext } from './pageContext.ts';

const valueLimit = 60;

/** Values of one facet with their counts: boxes to tick, or one of several where only one can hold. */
export class FacetPanel {
  readonly root = element('fieldset', { class: 'facet' });
  readonly #context: PageContext;
  readonly #name: string;
  readonly #title: string;
  readonly #onChange: (condition: Condition, on: boolean) => void;

  constructor(name: string, title: string, context: PageContext, onChange: (condition: Condition, on: boolean) => void) {
    this.#name = name;
    this.#title = title;
    this.#context = context;
    this.#onChange = onChange;
  }

  get #isSingle(): boolean {
    return this.#name === 'verdict';
  }

  /** Shows the counts of the newest result; the focus stays on the value that has it. */
  show(facet: Facet, filter: BrowseFilter): void {
    const focused = document.activeElement;
    const value = focused instanceof HTMLInputElement && this.root.contains(focused) ? focused.value : undefined;
    const { strings, say } = this.#context;
    const rows = this.#values(facet, filter).map(({ value, count }) => this.#row(value, count, filter));
    if (this.#isSingle) rows.unshift(this.#anyRow(filter));
    if (rows.length === 0) rows.push(element('p', { class: 'hint' }, strings.filter.noValue));
    if (facet.more > 0) rows.push(element('p', { class: 'hint' }, say(strings.filter.more, facet.more)));
    this.root.replaceChildren(element('legend', {}, this.#title), ...rows);
    if (value === undefined) return;
    const boxes = [...this.root.querySelectorAll('input')];
    (boxes.find((box) => box.value === value) ?? boxes[0])?.focus();
  }

  /** What is ticked stays in the list, though nothing else meets it now. */
  #values(facet: Facet, filter: BrowseFilter): readonly { readonly value: string; readonly count: number }[] {
    const set = conditionsOf(filter)
      .filter((each) => (each.kind === 'field' ? each.field : each.kind) === this.#name)
      .map(({ value }) => String(value));
    const listed = new Set(facet.values.map(({ value }) => value));
    return [...facet.values, ...set.filter((value) => !listed.has(value)).map((value) => ({ value, count: 0 }))];
  }

  #row(value: string, count: number, filter: BrowseFilter): HTMLElement {
    const { strings, say, n } = this.#context;
    const condition = conditionOfFacet(this.#name, value);
    if (condition === undefined) return element('span', {});
    const label = labelOf(condition, this.#context);
    const box = element('input', { type: this.#isSingle ? 'radio' : 'checkbox', name: `facet-${this.#name}`, value });
    box.checked = hasCondition(filter, condition);
    box.setAttribute('aria-label', say(strings.filter.valueCount, label, count));
    box.addEventListener('change', () => this.#onChange(condition, box.checked));
    const text = element('bdi', { class: 'value', title: label }, label);
    return element('label', { class: 'choice' }, box, text, element('span', { class: 'count', 'aria-hidden': 'true' }, n(count)));
  }

  #anyRow(filter: BrowseFilter): HTMLElement {
    const now = conditionsOf(filter).find(({ kind }) => kind === this.#name);
    const box = element('input', { type: 'radio', name: `facet-${this.#name}`, value: '' });
    box.checked = now === undefined;
    box.addEventListener('change', () => now !== undefined && this.#onChange(now, false));
    return element('label', { class: 'choice' }, box, element('span', { class: 'value' }, this.#context.strings.filter.any));
  }
}

/** What a condition accepts, in words. */
export function labelOf(condition: Condition, { strings }: PageContext): string {
  switch (condition.kind) {
    case 'verdict':
      return strings.verdicts[condition.value];
    case 'problem':
      return condition.value === 'any' ? strings.filter.anyProblem : strings.problems[condition.value];
    case 'media':
      return strings.media[condition.value];
    case 'entity':
      return entityLabel(condition.perspective, condition.value, valueLimit);
    case 'cluster':
      return String(condition.value);
    case 'text':
    case 'field':
      return condition.value === '' ? strings.filter.emptyValue : visibleLine(condition.value, valueLimit);
  }
}

/** Name of a field's facet as people know it. */
export function fieldTitle(name: string, { strings }: PageContext): string {
  if (name === 'folder') return strings.filter.folder;
  if (name === 'part') return strings.filter.part;
  return visibleLine(name.replace(/^field:/, ''), valueLimit);
}
