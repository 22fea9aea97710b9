import type { PerspectiveView, SelectionView, TableView } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { drawRankChart } from './rankChart.ts';

export interface DrawnChart {
  readonly perspective: string;
  readonly points: readonly number[];
  readonly paintedPixels: number;
}

/** One perspective on the page: its facts, its chart and the same numbers as tables. */
export class PerspectiveSection {
  readonly root: HTMLElement;
  readonly #view: PerspectiveView;
  readonly #page: SelectionView;
  readonly #canvas: HTMLCanvasElement;
  readonly #live: HTMLElement;
  #chart: ReturnType<typeof drawRankChart> | undefined;
  #position = -1;

  constructor(view: PerspectiveView, page: SelectionView, live: HTMLElement) {
    this.#view = view;
    this.#page = page;
    this.#live = live;
    const headingId = `title-${view.perspective}`;
    this.#canvas = element('canvas', { role: 'img', tabindex: '0', 'aria-label': view.spoken });
    this.#canvas.addEventListener('keydown', (event) => this.#move(event));
    const facts = element('ul', { class: 'facts' }, ...view.facts.map((fact) => element('li', {}, fact)));
    const hasCurve = view.series.some((series) => series.points.length > 0);
    const chart = element('div', { class: 'chart' }, hasCurve ? this.#canvas : element('p', {}, page.strings.noEntities));
    const tables = element('div', { class: 'tables' }, table(view.measures, false), table(view.curve, true));
    this.root = element(
      'section',
      { class: 'perspective', 'aria-labelledby': headingId },
      element('h2', { id: headingId }, view.title),
      facts,
      chart,
      tables,
    );
  }

  draw(theme: ThemeColors): void {
    this.#chart?.destroy();
    this.#chart = this.#canvas.isConnected
      ? drawRankChart(this.#canvas, this.#view, this.#page.strings, this.#page.locale, theme)
      : undefined;
  }

  /** What is really on the canvas, for the host's acknowledgement. */
  drawn(): DrawnChart {
    return {
      perspective: this.#view.perspective,
      points: this.#view.series.map((series) => series.points.length),
      paintedPixels: paintedPixels(this.#canvas),
    };
  }

  dispose(): void {
    this.#chart?.destroy();
  }

  /** Arrow keys walk along the source's curve; each point is announced with what became of its rank. */
  #move(event: KeyboardEvent): void {
    const longest = Math.max(0, ...this.#view.series.map((series) => series.points.length));
    const last = (this.#view.series[0]?.points.length ?? longest) - 1;
    const steps: Readonly<Record<string, number>> = { ArrowRight: this.#position + 1, ArrowLeft: this.#position - 1, Home: 0, End: last };
    const wanted = steps[event.key];
    if (wanted === undefined || last < 0) return;
    event.preventDefault();
    this.#position = Math.min(last, Math.max(0, wanted));
    this.#show(this.#position);
  }

  #show(position: number): void {
    const rank = this.#view.series[0]?.points[position]?.[0] ?? 1;
    const number = new Intl.NumberFormat(this.#page.locale);
    const active: { datasetIndex: number; index: number }[] = [];
    const spoken: string[] = [];
    for (const [datasetIndex, series] of this.#view.series.entries()) {
      const index = series.points.findIndex((point) => point[0] >= rank);
      const point = series.points[index];
      if (point === undefined) continue;
      active.push({ datasetIndex, index });
      spoken.push(fillText(this.#page.strings.point, series.label, number.format(point[0]), number.format(point[1])));
    }
    this.#live.textContent = spoken.join('; ');
    if (this.#chart === undefined) return;
    this.#chart.setActiveElements(active);
    this.#chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    this.#chart.update();
  }
}

function table(view: TableView, scrolls: boolean): HTMLElement {
  const head = element('tr', {}, ...view.columns.map((column) => element('th', { scope: 'col' }, column)));
  const rows = view.rows.map(([first = '', ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, first), ...cells.map((cell) => element('td', {}, cell))),
  );
  const made = element('table', {}, element('caption', {}, view.caption), element('thead', {}, head), element('tbody', {}, ...rows));
  // A region that scrolls must be reachable by keyboard.
  return scrolls ? element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': view.caption }, made) : made;
}

function paintedPixels(canvas: HTMLCanvasElement): number {
  if (canvas.width === 0 || canvas.height === 0) return 0;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (pixels === undefined) return 0;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 0) painted++;
  return painted;
}
