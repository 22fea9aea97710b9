import type { SynthesisPlanView, SynthesisStrings } from '../../src/protocol/synthesisPage.ts';
import { element } from '../shared/element.ts';
import { LiveTable } from '../shared/liveTable.ts';

/** What a plan takes: instances, requests, time, cost; who cannot be a parent; how far each perspective's gap is filled. */
export class PlanSections {
  readonly root: HTMLElement;
  readonly perspectives: HTMLElement;
  readonly #estimate = element('dl', { class: 'numbers' });
  readonly #skipped = element('details', { class: 'notes', hidden: '' });
  readonly #skippedList = element('ul');
  readonly #table = new LiveTable({ scrolls: true });
  #shown = '';

  constructor(strings: SynthesisStrings) {
    this.#skipped.append(element('summary', {}, strings.skipped), this.#skippedList);
    this.root = section('estimate', strings.estimate, this.#estimate, this.#skipped);
    this.perspectives = section('perspectives', strings.perspectivesTable, this.#table.root);
  }

  show(plan: SynthesisPlanView): void {
    const key = JSON.stringify([plan.estimate, plan.skipped]);
    this.#table.show(plan.perspectives);
    this.root.hidden = false;
    this.perspectives.hidden = plan.perspectives.rows.length === 0;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#estimate.replaceChildren(
      ...plan.estimate.map(({ label, value, detail }) =>
        element('div', {}, element('dt', {}, label), element('dd', {}, element('strong', {}, value), element('small', {}, detail))),
      ),
    );
    this.#skipped.hidden = plan.skipped.length === 0;
    // Where nothing can be made, the reasons are what there is to know.
    if (plan.planned === 0) this.#skipped.open = true;
    this.#skippedList.replaceChildren(...plan.skipped.map((sentence) => element('li', {}, sentence)));
  }
}

/** A part of the figures with its heading, hidden until there is something in it. */
export function section(name: string, title: string, ...children: readonly HTMLElement[]): HTMLElement {
  const id = `${name}-title`;
  return element('section', { class: name, 'aria-labelledby': id, hidden: '' }, element('h2', { id }, title), ...children);
}
