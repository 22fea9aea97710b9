import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { DrawnCharts, PerspectiveView, SelectionStrings } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { paintedPixels } from './charts/chartSetup.ts';
import { LorenzChart } from './charts/lorenzChart.ts';
import { RankChart } from './charts/rankChart.ts';
import { walkPoints } from './pointWalker.ts';
import { curveTable, LiveTable, lorenzTable } from './tables.ts';
import { TauHandle } from './tauHandle.ts';
import { WhenSeen } from './whenSeen.ts';

/** What the figures show: one kind of curve, or tables of the same numbers. */
export type FigureKind = DrawnCharts['view'];

export interface SectionOptions {
  readonly strings: SelectionStrings;
  readonly locale: string;
  /** Says something to screen readers. */
  readonly say: (text: string) => void;
  readonly onTau: (perspective: Perspective, tau: number) => void;
  readonly onCommit: () => void;
  readonly onCancel: () => void;
}

/** One perspective: its chart with the threshold to drag, the numbers that matter, and all of them as tables. */
export class PerspectiveSection {
  readonly root: HTMLElement;
  readonly #options: SectionOptions;
  readonly #rankCanvas: HTMLCanvasElement;
  readonly #lorenzCanvas: HTMLCanvasElement;
  readonly #rank: RankChart;
  readonly #lorenz: LorenzChart;
  readonly #handle: TauHandle;
  readonly #empty: HTMLElement;
  readonly #rankPlot: HTMLElement;
  readonly #lorenzPlot: HTMLElement;
  readonly #measures = new LiveTable();
  readonly #seen: WhenSeen;
  readonly #tables = { details: new LiveTable(), curve: new LiveTable({ scrolls: true }), lorenz: new LiveTable({ scrolls: true }) };
  readonly #tableBox: HTMLElement;
  #view: PerspectiveView;
  #boundary: number | null;
  #kind: FigureKind;
  #theme: ThemeColors;
  /** Kind that is drawn; charts that are not seen are drawn when they are. */
  #drawn: FigureKind | undefined;

  constructor(view: PerspectiveView, kind: FigureKind, theme: ThemeColors, options: SectionOptions) {
    this.#view = view;
    this.#boundary = view.boundary;
    this.#kind = kind;
    this.#theme = theme;
    this.#options = options;
    const { strings, locale } = options;
    this.#rankCanvas = element('canvas', { role: 'img', tabindex: '0' });
    this.#lorenzCanvas = element('canvas', { role: 'img', tabindex: '0' });
    this.#empty = element('p', { class: 'quiet' }, strings.noEntities);
    this.#rankPlot = element('div', { class: 'chart' }, this.#rankCanvas);
    this.#lorenzPlot = element('div', { class: 'chart square' }, this.#lorenzCanvas);
    this.#rank = new RankChart(this.#rankCanvas, view, { strings, locale, onDraw: () => this.#handle.follow() });
    this.#lorenz = new LorenzChart(this.#lorenzCanvas, view, strings, locale);
    this.#handle = this.#tauHandle();
    this.#rankPlot.append(this.#handle.root);
    this.#tableBox = element('div', { class: 'tables' }, ...Object.values(this.#tables).map(({ root }) => root));
    const headingId = `title-${view.perspective}`;
    this.root = element(
      'section',
      { class: 'perspective', 'aria-labelledby': headingId },
      element('h3', { id: headingId }, view.title),
      this.#empty,
      this.#rankPlot,
      this.#lorenzPlot,
      this.#measures.root,
      this.#tableBox,
    );
    walkPoints({ canvas: this.#rankCanvas, count: () => this.#view.series[0]?.points.length ?? 0, show: (at) => this.#showRank(at) });
    walkPoints({ canvas: this.#lorenzCanvas, count: () => this.#view.series[0]?.lorenz.length ?? 0, show: (at) => this.#showLorenz(at) });
    this.#seen = new WhenSeen(this.root);
    this.update(view, view.boundary);
  }

  get perspective(): Perspective {
    return this.#view.perspective;
  }

  get isDragging(): boolean {
    return this.#handle.isDragging;
  }

  /** New numbers; `boundary` is the one of the draft, which may be ahead of them. */
  update(view: PerspectiveView, boundary: number | null): void {
    this.#view = view;
    this.#boundary = boundary;
    this.#rankCanvas.setAttribute('aria-label', view.spokenRank);
    this.#lorenzCanvas.setAttribute('aria-label', view.spokenLorenz);
    this.#handle.set(boundary, view.top);
    this.#measures.show(view.measures);
    this.#seen.run(() => {
      this.#arrange();
      this.#refresh();
    });
  }

  /** The line alone moves. */
  setBoundary(boundary: number | null): void {
    if (boundary === this.#boundary) return;
    this.#boundary = boundary;
    this.#handle.set(boundary, this.#view.top);
    this.#seen.run(() => {
      this.#arrange();
      this.#refresh();
    });
  }

  setKind(kind: FigureKind): void {
    this.#kind = kind;
    this.#arrange();
    this.#draw();
  }

  /** Draws in the colours of a theme. The section must be on the page. */
  draw(theme: ThemeColors): void {
    this.#theme = theme;
    this.#drawn = undefined;
    this.#draw();
  }

  /** What is really on the canvas, for the host's acknowledgement. */
  drawn(): DrawnCharts['charts'][number] {
    const isLorenz = this.#kind === 'lorenz';
    return {
      perspective: this.#view.perspective,
      points: this.#view.series.map((series) => (isLorenz ? series.lorenz : series.points).length),
      paintedPixels: this.#kind === 'tables' ? 0 : paintedPixels(isLorenz ? this.#lorenzCanvas : this.#rankCanvas),
    };
  }

  dispose(): void {
    this.#rank.destroy();
    this.#lorenz.destroy();
  }

  get #hasCurve(): boolean {
    return this.#view.series.some(({ points }) => points.length > 0);
  }

  #arrange(): void {
    const { details, curve, lorenz } = this.#tables;
    this.#empty.hidden = this.#hasCurve;
    this.#rankPlot.hidden = !this.#hasCurve || this.#kind !== 'rank';
    this.#lorenzPlot.hidden = !this.#hasCurve || this.#kind !== 'lorenz';
    this.#tableBox.hidden = this.#kind !== 'tables';
    if (this.#kind !== 'tables') return;
    const { strings, locale } = this.#options;
    details.show(this.#view.details);
    curve.show(curveTable(this.#view, strings, locale));
    lorenz.show(lorenzTable(this.#view, strings, locale));
  }

  #draw(): void {
    if (!this.#hasCurve || this.#drawn === this.#kind) return;
    if (this.#kind === 'rank') {
      this.#rank.draw(this.#theme);
      this.#rank.update(this.#view, this.#boundary);
    } else if (this.#kind === 'lorenz') {
      this.#lorenz.draw(this.#theme);
      this.#lorenz.update(this.#view);
    }
    this.#drawn = this.#kind;
  }

  #refresh(): void {
    if (this.#drawn === undefined) return;
    if (this.#drawn !== this.#kind) this.#draw();
    else if (this.#kind === 'rank') this.#rank.update(this.#view, this.#boundary);
    else if (this.#kind === 'lorenz') this.#lorenz.update(this.#view);
  }

  #tauHandle(): TauHandle {
    const { strings, locale, onTau, onCommit, onCancel } = this.#options;
    const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 6 });
    return new TauHandle({
      plot: this.#rankPlot,
      label: fillText(strings.tauHandle, this.#view.title),
      spoken: (tau) => fillText(strings.tauText, number.format(tau)),
      short: (tau) => fillText(strings.tauShort, number.format(tau)),
      place: () => this.#rank.place(),
      frequencyAt: (top) => this.#rank.frequencyAt(top),
      onMove: (tau) => {
        this.#boundary = tau;
        this.#rank.setBoundary(tau);
        onTau(this.#view.perspective, tau);
      },
      onCommit,
      onCancel,
    });
  }

  /** A rank of the source's curve, with what became of it. */
  #showRank(position: number): void {
    const rank = this.#view.series[0]?.points[position]?.[0] ?? 1;
    const { strings, locale, say } = this.#options;
    const { format } = new Intl.NumberFormat(locale);
    const indices = this.#view.series.map(({ points }) => points.findIndex((point) => point[0] >= rank));
    say(
      this.#view.series
        .flatMap(({ role, points }, i) => {
          const point = points[indices[i] ?? -1];
          return point === undefined ? [] : [fillText(strings.point, strings.series[role], format(point[0]), format(point[1]))];
        })
        .join('; '),
    );
    this.#rank.mark(indices);
  }

  #showLorenz(position: number): void {
    const share = this.#view.series[0]?.lorenz[position]?.[0] ?? 0;
    const { strings, locale, say } = this.#options;
    const { format } = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
    const indices = this.#view.series.map(({ lorenz }) => lorenz.findIndex((point) => point[0] >= share));
    say(
      this.#view.series
        .flatMap(({ role, lorenz }, i) => {
          const point = lorenz[indices[i] ?? -1];
          return point === undefined ? [] : [fillText(strings.lorenzPoint, strings.series[role], format(point[0]), format(point[1]))];
        })
        .join('; '),
    );
    this.#lorenz.mark(indices);
  }
}
