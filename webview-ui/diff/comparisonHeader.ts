import { type DiffSide, diffSides } from '../../src/protocol/diff.ts';
import type { WhichDataset } from '../../src/protocol/diffPage.ts';
import type { DiffReport } from '../../src/protocol/reports.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const nameLimit = 160;

export interface HeaderActions {
  readonly onTables: () => void;
  readonly onRefresh: () => void;
  /** Shows the instances of a side. */
  readonly onSide: (side: DiffSide) => void;
}

/** What is compared, how many instances it is about, and what can be done. */
export class ComparisonHeader {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #actions: HeaderActions;
  readonly #names: Readonly<Record<WhichDataset, HTMLElement>>;
  readonly #counts = element('div', { class: 'counts', hidden: '' });
  readonly #tables: HTMLButtonElement;
  readonly #copy: HTMLButtonElement;

  constructor(context: PageContext, actions: HeaderActions) {
    this.#context = context;
    this.#actions = actions;
    const { strings, bridge, report, content, announce } = context;
    const { header } = strings;
    this.#names = { a: element('span', { class: 'facts' }), b: element('span', { class: 'facts' }) };
    const names = (['a', 'b'] as const).map((which) => {
      const { name, path } = content[which];
      const text = element('bdi', { title: visibleLine(path, 1000) }, visibleLine(name, nameLimit));
      return element('p', { class: 'name' }, element('span', { class: `badge ${which}` }, header[which]), text, this.#names[which]);
    });
    this.#tables = textButton(header.tables, actions.onTables);
    this.#tables.setAttribute('aria-keyshortcuts', 'T');
    this.#tables.setAttribute('aria-pressed', 'false');
    const copied = element('span', { class: 'facts', 'aria-hidden': 'true' });
    this.#copy = textButton(header.copy, () => {
      bridge.request('copySummary', null).then(() => {
        announce(header.copied);
        copied.textContent = header.copied;
        setTimeout(() => copied.replaceChildren(), 4000);
      }, report);
    });
    const browse = (which: WhichDataset) => () => void bridge.request('browse', { which, ordinal: null }).catch(report);
    const buttons = element(
      'div',
      { class: 'actions', role: 'group', 'aria-label': header.actions },
      this.#tables,
      this.#copy,
      textButton(header.swap, () => void bridge.request('swap', null).catch(report)),
      textButton(header.refresh, actions.onRefresh),
      textButton(header.browseA, browse('a')),
      textButton(header.browseB, browse('b')),
      copied,
    );
    this.root = element('header', { class: 'top' }, element('h1', {}, header.title), ...names, buttons, this.#counts);
    this.#copy.disabled = true;
    this.#tables.disabled = true;
  }

  show(report: DiffReport): void {
    const { strings, say, n, size } = this.#context;
    const { header } = strings;
    for (const which of ['a', 'b'] as const) {
      const { instances, bytes } = report[which];
      this.#names[which].textContent = say(header.facts, instances, size(bytes));
    }
    const { id, image } = report.changed;
    const tiles: HTMLElement[] = [tile(header.common, n(report.common), header.commonHint)];
    const counts: Readonly<Record<DiffSide, number>> = { removed: report.removed, added: report.added, changed: id + image };
    const hints = { removed: header.removedHint, added: header.addedHint, changed: say(header.changedHint, id, image) };
    for (const side of diffSides) {
      const button = element('button', { type: 'button', class: `tile ${side}` }, ...tileParts(header[side], n(counts[side]), hints[side]));
      button.addEventListener('click', () => this.#actions.onSide(side));
      tiles.push(button);
    }
    const same = report.removed + report.added === 0 ? [element('p', { class: 'hint' }, header.identical)] : [];
    this.#counts.replaceChildren(...tiles, ...same);
    this.#counts.hidden = false;
    this.#copy.disabled = false;
    this.#tables.disabled = false;
  }

  /** Says on the button whether tables are shown. */
  tables(areShown: boolean): void {
    this.#tables.setAttribute('aria-pressed', String(areShown));
  }
}

function tile(label: string, number: string, hint: string): HTMLElement {
  return element('div', { class: 'tile' }, ...tileParts(label, number, hint));
}

function tileParts(label: string, number: string, hint: string): readonly HTMLElement[] {
  return [
    element('span', { class: 'tile-label' }, label),
    element('span', { class: 'tile-number' }, number),
    element('span', { class: 'facts' }, hint),
  ];
}
