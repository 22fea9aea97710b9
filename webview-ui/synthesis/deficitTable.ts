import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { DeficitRow, DeficitsView, SynthesisStrings } from '../../src/protocol/synthesisPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { entityLabel } from '../shared/entityLabel.ts';
import { labelled } from '../shared/fields/field.ts';
import { select } from '../shared/fields/formParts.ts';
import { fillText } from '../shared/fillText.ts';
import { section } from './planSections.ts';

/** Rows shown at first, and added by each "Show More". */
const pageRows = 25;
const entityLimit = 120;

export interface DeficitTableOptions {
  readonly strings: SynthesisStrings;
  readonly locale: string;
  readonly perspective: Perspective | 'all';
  readonly onPerspective: (perspective: Perspective | 'all') => void;
}

/** Who is scarce: what each entity has, should have, and gets. */
export class DeficitTable {
  readonly root: HTMLElement;
  readonly #options: DeficitTableOptions;
  readonly #choice: HTMLSelectElement;
  readonly #caption = element('caption');
  readonly #body = element('tbody');
  readonly #table: HTMLElement;
  readonly #none = element('p', { class: 'quiet', hidden: '' });
  readonly #more: HTMLButtonElement;
  #view: DeficitsView = { rows: [], totals: {} };
  #perspective: Perspective | 'all';
  #limit = pageRows;
  #shown = '';

  constructor(options: DeficitTableOptions) {
    this.#options = options;
    const { strings } = options;
    this.#perspective = options.perspective;
    this.#choice = select([['all', strings.all], ...perspectives.map((one) => [one, strings.perspectives[one]] as const)]);
    this.#choice.value = this.#perspective;
    this.#choice.addEventListener('change', () => this.#choose());
    const { columns } = strings;
    const heads = [columns.entity, columns.perspective, columns.have, columns.want, columns.gap, columns.planned];
    this.#table = element(
      'div',
      { class: 'wide', tabindex: '0', role: 'region' },
      element(
        'table',
        {},
        this.#caption,
        element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
        this.#body,
      ),
    );
    this.#none.textContent = strings.noDeficits;
    this.#more = textButton(strings.showMore, () => {
      this.#limit += pageRows * 4;
      this.#draw();
    });
    const looks = element('div', { class: 'looks' }, labelled({ label: strings.show, help: strings.perspectivesHelp }, this.#choice));
    this.root = section('deficits', strings.deficits, looks, this.#none, this.#table, this.#more);
  }

  /** Rows that are shown. */
  get rows(): number {
    return this.#body.childElementCount;
  }

  show(view: DeficitsView): void {
    this.root.hidden = false;
    // The same rows again leave focus and scroll position where they are.
    const key = JSON.stringify(view);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#view = view;
    this.#draw();
  }

  #choose(): void {
    this.#perspective = perspectives.find((one) => one === this.#choice.value) ?? 'all';
    this.#limit = pageRows;
    this.#options.onPerspective(this.#perspective);
    this.#draw();
  }

  #draw(): void {
    const { strings, locale } = this.#options;
    const { format } = new Intl.NumberFormat(locale);
    const wanted = this.#view.rows.filter(({ perspective }) => this.#perspective === 'all' || perspective === this.#perspective);
    const shown = wanted.slice(0, this.#limit);
    const totals = this.#view.totals;
    const total =
      this.#perspective === 'all' ? Object.values(totals).reduce((sum, count) => sum + count, 0) : (totals[this.#perspective] ?? 0);
    this.#caption.textContent = fillText(strings.deficitsCaption, format(shown.length), format(Math.max(total, shown.length)));
    this.#table.setAttribute('aria-label', this.#caption.textContent);
    this.#none.hidden = wanted.length > 0 || total > 0;
    this.#table.hidden = shown.length === 0;
    this.#more.hidden = shown.length === wanted.length;
    this.#body.replaceChildren(...shown.map((row) => this.#row(row)));
  }

  #row({ perspective, entity, have, want, gap, planned, filled }: DeficitRow): HTMLElement {
    const name = element('bdi', {}, entityLabel(perspective, entity, entityLimit));
    const bar = element('span', { class: 'fill', 'aria-hidden': 'true' });
    bar.style.setProperty('--filled', `${Math.round(100 * filled)}%`);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', { class: 'kind' }, this.#options.strings.perspectives[perspective]),
      ...[have, want, gap].map((cell) => element('td', {}, cell)),
      element('td', { class: 'planned' }, bar, element('span', {}, planned)),
    );
  }
}
