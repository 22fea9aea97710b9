import type { FunnelView, SynthesisStrings } from '../../src/protocol/synthesisPage.ts';
import { element } from '../shared/element.ts';
import { section } from './planSections.ts';

/** How many went how far: a table whose rows carry their bars, so that the picture and its numbers are one. */
export class FunnelSection {
  readonly root: HTMLElement;
  readonly #caption = element('caption');
  readonly #body = element('tbody');
  readonly #stoppedList = element('ul');
  readonly #stopped = element('div', { class: 'quiet stopped', hidden: '' });
  #shown: FunnelView | undefined;

  constructor(strings: SynthesisStrings) {
    const [step, count, share] = strings.funnelColumns;
    const head = element(
      'tr',
      {},
      element('th', { scope: 'col' }, step),
      element('th', { scope: 'col', class: 'number' }, count),
      element('th', { scope: 'col', class: 'number' }, share),
      element('td', { class: 'bars' }),
    );
    const table = element('table', { class: 'funnel-table' }, this.#caption, element('thead', {}, head), this.#body);
    this.#stopped.append(element('p', {}, strings.stopped), this.#stoppedList);
    this.root = section('funnel', strings.funnel, table, this.#stopped);
  }

  get counts(): readonly number[] {
    return this.#shown?.steps.map(({ count }) => count) ?? [];
  }

  show(view: FunnelView): void {
    this.root.hidden = false;
    if (JSON.stringify(view) === JSON.stringify(this.#shown)) return;
    this.#shown = view;
    this.#caption.textContent = view.caption;
    const most = Math.max(1, ...view.steps.map(({ count }) => count));
    this.#body.replaceChildren(
      ...view.steps.map(({ label, count, value, share, detail }) => {
        const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
        bar.style.setProperty('--share', `${(100 * count) / most}%`);
        return element(
          'tr',
          {},
          element('th', { scope: 'row' }, label, ...(detail === '' ? [] : [element('small', {}, detail)])),
          element('td', {}, value),
          element('td', {}, share),
          element('td', { class: 'bars' }, ...(count === 0 ? [] : [bar])),
        );
      }),
    );
    this.#stoppedList.replaceChildren(...view.stopped.map((sentence) => element('li', {}, sentence)));
    this.#stopped.hidden = view.stopped.length === 0;
  }
}
