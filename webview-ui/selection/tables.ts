import type { PerspectiveView, SelectionStrings, SeriesRole, TableView } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';

/** A table that is filled in place, so that focus and scroll position stay. */
export class LiveTable {
  readonly root: HTMLElement;
  readonly #caption = element('caption');
  readonly #head = element('thead');
  readonly #body = element('tbody');
  #shown = '';

  constructor(options: { readonly scrolls?: boolean } = {}) {
    const table = element('table', {}, this.#caption, this.#head, this.#body);
    // A region that scrolls must be reachable by keyboard.
    this.root = options.scrolls ? element('div', { class: 'scroll', tabindex: '0', role: 'region' }, table) : table;
  }

  show(view: TableView): void {
    const key = JSON.stringify(view);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#caption.textContent = view.caption;
    if (this.root !== this.#caption.parentElement) this.root.setAttribute('aria-label', view.caption);
    this.#head.replaceChildren(element('tr', {}, ...view.columns.map((column) => element('th', { scope: 'col' }, column))));
    this.#body.replaceChildren(
      ...view.rows.map(([first = '', ...cells]) =>
        element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((cell) => element('td', {}, cell))),
      ),
    );
  }
}

/** One row per rank that any curve has; a curve without that rank leaves its cell empty. */
export function curveTable(view: PerspectiveView, strings: SelectionStrings, locale: string): TableView {
  const { format } = new Intl.NumberFormat(locale);
  return {
    caption: fillText(strings.curveCaption, view.title),
    columns: [strings.rank, ...view.series.map(({ role }) => strings.series[role])],
    rows: joined(view, ({ points }) => points, format, format),
  };
}

/** The same for the Lorenz curves. */
export function lorenzTable(view: PerspectiveView, strings: SelectionStrings, locale: string): TableView {
  const { format } = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return {
    caption: fillText(strings.lorenzCaption, view.title),
    columns: [strings.entityShare, ...view.series.map(({ role }) => strings.series[role])],
    rows: joined(view, ({ lorenz }) => lorenz, format, format),
  };
}

type Curve = readonly (readonly [x: number, y: number])[];

function joined(
  view: PerspectiveView,
  curveOf: (series: PerspectiveView['series'][number]) => Curve,
  formatX: (x: number) => string,
  formatY: (y: number) => string,
): readonly (readonly string[])[] {
  const byX = new Map<number, Map<SeriesRole, number>>();
  for (const series of view.series)
    for (const [x, y] of curveOf(series)) {
      const cells = byX.get(x) ?? new Map<SeriesRole, number>();
      byX.set(x, cells.set(series.role, y));
    }
  return [...byX.keys()]
    .sort((a, b) => a - b)
    .map((x) => [
      formatX(x),
      ...view.series.map(({ role }) => {
        const y = byX.get(x)?.get(role);
        return y === undefined ? '' : formatY(y);
      }),
    ]);
}
