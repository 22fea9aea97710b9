import type { ClusterView } from '../../src/protocol/clustersPage.ts';
import { element } from '../shared/element.ts';
import { type ClusterColumn, columnsOf, sortedBy } from './clusterColumns.ts';
import type { ClustersShown } from './clustersShown.ts';
import type { PageContext } from './pageContext.ts';
import { VirtualTable } from './virtualTable.ts';

type ChartView = Exclude<ClusterView, 'lift'>;

/** The clusters as a table: what a chart shows, sorted by any of its numbers. */
export class ClusterTable {
  readonly root = element('div', { class: 'table-place' });
  readonly #context: PageContext;
  readonly #onOpen: (position: number) => void;
  #view: ChartView = 'treemap';
  #shown: ClustersShown | undefined;
  #columns: readonly ClusterColumn[] = [];
  #order: Int32Array = new Int32Array();
  /** Row of each position. */
  #rowOf: Int32Array = new Int32Array();
  #table: VirtualTable | undefined;
  #sort: { readonly title: string; readonly isDescending: boolean };
  #selected = -1;

  constructor(context: PageContext, onOpen: (position: number) => void) {
    this.#context = context;
    this.#onOpen = onOpen;
    this.#sort = { title: context.strings.columns.size, isDescending: true };
  }

  show(view: ChartView, shown: ClustersShown): void {
    this.#view = view;
    this.#shown = shown;
    this.#columns = columnsOf(view, shown, this.#context);
    this.#build();
  }

  /** Marks the cluster of the card; -1 for none. */
  select(position: number): void {
    this.#selected = position;
    this.#table?.select(position < 0 ? -1 : (this.#rowOf[position] ?? -1));
  }

  dispose(): void {
    this.#table?.dispose();
  }

  #build(): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    const { strings, say, content } = this.#context;
    const column = this.#columns.find(({ title }) => title === this.#sort.title) ?? this.#columns[2];
    if (column === undefined) return;
    this.#order = sortedBy(column, shown.model.count, this.#sort.isDescending, content.locale);
    this.#rowOf = new Int32Array(shown.model.count);
    for (const [row, position] of this.#order.entries()) this.#rowOf[position] = row;
    this.#table?.dispose();
    this.#table = new VirtualTable({
      name: 'clusters',
      label: say(strings.charts.table, strings.frame.view[this.#view]),
      count: shown.model.count,
      loading: '',
      columns: this.#columns.map((each) => ({
        title: each.title,
        width: each.width,
        ...(each.isText ? { isText: true as const } : {}),
        ...(each === column ? { sorted: this.#sort.isDescending ? ('descending' as const) : ('ascending' as const) } : {}),
        onSort: () => this.#sortBy(each),
      })),
      cells: (row) => this.#columns.map((each) => each.text(this.#order[row] ?? 0)),
      onOpen: (row) => this.#onOpen(this.#order[row] ?? 0),
    });
    this.root.replaceChildren(this.#table.root);
    this.select(this.#selected);
  }

  #sortBy(column: ClusterColumn): void {
    const isSame = column.title === this.#sort.title;
    const isDescending = isSame ? !this.#sort.isDescending : column.isText !== true;
    this.#sort = { title: column.title, isDescending };
    this.#build();
    const { strings, say, announce } = this.#context;
    const { ascending, descending } = strings.charts;
    announce(say(isDescending ? descending : ascending, column.title));
    const at = this.#columns.indexOf(column);
    this.root.querySelector<HTMLElement>(`.vt-sort[data-column="${at}"]`)?.focus();
  }
}
