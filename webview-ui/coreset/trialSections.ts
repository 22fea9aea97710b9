import type { ClusterSharesView, ComparisonView, CoresetStrings, MeasuredCell, TrialView } from '../../src/protocol/coresetPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';

export interface TrialSectionsOptions {
  readonly strings: CoresetStrings;
  readonly onCluster: (cluster: number) => void;
  /** Remembers whether the notes are open. */
  readonly fold: (name: string, details: HTMLDetailsElement) => void;
}

/** A trial beside others at equal size, and what the clusters give to it. */
export class TrialSections {
  readonly notes = element('details', { class: 'notes', open: '', hidden: '' });
  readonly comparison: HTMLElement;
  readonly clusters: HTMLElement;
  readonly #options: TrialSectionsOptions;
  readonly #notesTitle = element('summary');
  readonly #notesList = element('ul');
  readonly #comparisonBox = element('div', { class: 'wide', tabindex: '0', role: 'region' });
  readonly #clustersBox = element('div', { class: 'wide', tabindex: '0', role: 'region' });
  readonly #clustersSentence = element('p', { class: 'quiet' });
  #shown = '';

  constructor(options: TrialSectionsOptions) {
    this.#options = options;
    const { strings, fold } = options;
    this.notes.append(this.#notesTitle, this.#notesList);
    fold('notes', this.notes);
    this.comparison = section('comparison', strings.comparison, this.#comparisonBox);
    this.clusters = section('clusters', strings.clusters, this.#clustersSentence, this.#clustersBox);
  }

  show(trial: TrialView): void {
    // The same numbers again leave focus and scroll position where they are.
    const key = JSON.stringify([trial.comparison, trial.clusters, trial.notes]);
    if (key === this.#shown) return;
    this.#shown = key;
    const { strings } = this.#options;
    this.comparison.hidden = false;
    this.#comparisonBox.setAttribute('aria-label', trial.comparison.caption);
    this.#comparisonBox.replaceChildren(comparisonTable(trial.comparison, strings.measure));
    this.clusters.hidden = trial.clusters === null;
    if (trial.clusters !== null) {
      this.#clustersSentence.textContent = trial.clusters.sentence;
      this.#clustersBox.setAttribute('aria-label', trial.clusters.table.caption);
      this.#clustersBox.replaceChildren(this.#clustersTable(trial.clusters));
    }
    this.notes.hidden = trial.notes.length === 0;
    this.#notesTitle.textContent = fillText(strings.notes, String(trial.notes.length));
    this.#notesList.replaceChildren(...trial.notes.map((note) => element('li', {}, note)));
  }

  #clustersTable({ table, ids }: ClusterSharesView): HTMLElement {
    const { strings, onCluster } = this.#options;
    return tableOf(
      table.caption,
      table.columns,
      table.rows.map(([id = '', ...cells], i) => {
        const open = textButton(id, () => onCluster(ids[i] ?? 0), 'link');
        open.setAttribute('aria-label', fillText(strings.showCluster, id));
        return { head: [open], cells: cells.map((cell) => [cell]) };
      }),
    );
  }
}

function comparisonTable({ caption, strategies, measures }: ComparisonView, measure: string): HTMLElement {
  return tableOf(
    caption,
    [measure, ...strategies],
    measures.map(({ title, meaning, cells }) => ({
      head: meaning === '' ? [title] : [title, element('small', {}, meaning)],
      cells: cells.map(cellParts),
    })),
  );
}

function cellParts({ value, detail }: MeasuredCell): readonly (Node | string)[] {
  return detail === null ? [value] : [value, element('small', {}, detail)];
}

function tableOf(
  caption: string,
  columns: readonly string[],
  rows: readonly { readonly head: readonly (Node | string)[]; readonly cells: readonly (readonly (Node | string)[])[] }[],
): HTMLElement {
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)))),
    element(
      'tbody',
      {},
      ...rows.map(({ head, cells }) =>
        element('tr', {}, element('th', { scope: 'row' }, ...head), ...cells.map((cell) => element('td', {}, ...cell))),
      ),
    ),
  );
}

function section(name: string, title: string, ...children: readonly HTMLElement[]): HTMLElement {
  const id = `${name}-title`;
  return element('section', { class: name, 'aria-labelledby': id, hidden: '' }, element('h2', { id }, title), ...children);
}
