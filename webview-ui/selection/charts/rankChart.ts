import { Chart, type ChartDataset, type TooltipItem } from 'chart.js';
import type { PerspectiveView, SelectionStrings, SeriesView } from '../../../src/protocol/selectionPage.ts';
import { fillText } from '../../shared/fillText.ts';
import type { ThemeColors } from '../../shared/theme.ts';
import { clamp } from '../scales.ts';
import { type LinePoint, marks, pointRadii, still, withAlpha } from './chartSetup.ts';
import { type TauMarksState, tauMarks } from './tauMarks.ts';

/** The frequency axis begins a little below 1, so that points of the rarest entities are not cut in half. */
const lowestFrequency = 0.7;
/** The tail of the source's curve is dashed, its head solid. */
const tailDash = [6, 4];

export interface RankChartOptions {
  readonly strings: SelectionStrings;
  readonly locale: string;
  /** Called after every drawing: what lies over the chart moves along. */
  readonly onDraw: () => void;
}

/** Rank-frequency curves of one perspective on logarithmic axes, head and tail marked at tau. Updated in place. */
export class RankChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: RankChartOptions;
  #chart: Chart<'line', LinePoint[]> | undefined;
  #view: PerspectiveView;
  #boundary: number | null;

  constructor(canvas: HTMLCanvasElement, view: PerspectiveView, options: RankChartOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#view = view;
    this.#boundary = view.boundary;
  }

  /** Draws anew in the colours of a theme. */
  draw(theme: ThemeColors): void {
    this.#chart?.destroy();
    const { strings, onDraw } = this.#options;
    this.#chart = new Chart<'line', LinePoint[]>(this.#canvas, {
      type: 'line',
      data: { datasets: this.#view.series.map((series) => this.#dataset(series, theme)) },
      options: {
        ...still(theme),
        normalized: true,
        parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        layout: { padding: { top: 18, right: 8 } },
        scales: { x: this.#axis(strings.rankAxis, 1, theme), y: this.#axis(strings.frequencyAxis, lowestFrequency, theme) },
        plugins: { tooltip: { callbacks: { title: () => '', label: (item) => this.#label(item) } } },
      },
      plugins: [tauMarks(strings, theme, () => this.#marksState()), { id: 'onDraw', afterDraw: () => onDraw() }],
    });
  }

  /** Other curves, and a boundary that the user may be dragging away from the view's. */
  update(view: PerspectiveView, boundary: number | null): void {
    this.#view = view;
    this.#boundary = boundary;
    const chart = this.#chart;
    if (chart === undefined) return;
    for (const [i, series] of view.series.entries()) {
      const dataset = chart.data.datasets[i];
      if (dataset === undefined) continue;
      dataset.data = pointsOf(series);
      dataset.pointRadius = pointRadii(series.points.length, series.role);
    }
    chart.update('none');
  }

  /** Moves the line only; the curves stay until the engine has answered. */
  setBoundary(boundary: number | null): void {
    this.#boundary = boundary;
    this.#chart?.update('none');
  }

  /** The plot and the height of the line in px within the canvas; undefined while nothing is drawn. */
  place(): { readonly left: number; readonly top: number } | undefined {
    const y = this.#chart?.scales.y;
    if (this.#chart === undefined || y === undefined || this.#boundary === null) return undefined;
    const { left, top, bottom } = this.#chart.chartArea;
    return { left, top: clamp(y.getPixelForValue(this.#boundary), top, bottom) };
  }

  /** Frequency at a height of the canvas. */
  frequencyAt(top: number): number | undefined {
    return this.#chart?.scales.y?.getValueForPixel(top);
  }

  /** Marks the points of these indices and their neighbourhood, one per series; -1 leaves a series out. */
  mark(indices: readonly number[]): void {
    const chart = this.#chart;
    if (chart === undefined) return;
    const active = indices.flatMap((index, datasetIndex) => (index < 0 ? [] : [{ datasetIndex, index }]));
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    chart.update('none');
  }

  destroy(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #marksState(): TauMarksState {
    const { tau, boundary, series } = this.#view;
    const isScaled = tau !== null && boundary !== null && tau !== boundary;
    const number = new Intl.NumberFormat(this.#options.locale, { maximumSignificantDigits: 3 });
    return {
      points: series.find(({ role }) => role === 'before')?.points ?? [],
      boundary: this.#boundary,
      scaled: isScaled ? tau : null,
      scaledLabel: isScaled ? fillText(this.#options.strings.scaledShort, number.format(tau)) : '',
    };
  }

  #dataset({ role, points, ...series }: SeriesView, theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
    const mark = marks[role];
    const color = theme[role];
    const isTail = (frequency: number | null): boolean => this.#boundary !== null && (frequency ?? 0) <= this.#boundary;
    return {
      label: this.#options.strings.series[role],
      data: pointsOf({ role, points, ...series }),
      borderColor: color,
      backgroundColor: role === 'after' ? theme.background : color,
      pointBorderColor: color,
      borderWidth: mark.width,
      borderDash: [...mark.dash],
      pointStyle: mark.point,
      pointRadius: pointRadii(points.length, role),
      pointHoverRadius: 5,
      order: role === 'before' ? 2 : 1,
      ...(role === 'before' ? { segment: { borderDash: (context) => (isTail(context.p0.parsed.y) ? tailDash : undefined) } } : {}),
    };
  }

  #axis(title: string, min: number, theme: ThemeColors): object {
    const axisNumber = new Intl.NumberFormat(this.#options.locale, { notation: 'compact' });
    return {
      type: 'logarithmic',
      min,
      title: { display: true, text: title, color: theme.foreground },
      ticks: {
        color: theme.foreground,
        maxRotation: 0,
        autoSkip: true,
        callback: (value: string | number) => (isPowerOfTen(Number(value)) ? axisNumber.format(Number(value)) : ''),
      },
      grid: {
        color: (context: { tick?: { value: number } }) =>
          context.tick && isPowerOfTen(context.tick.value) ? withAlpha(theme.foreground, 0.22) : 'transparent',
      },
      border: { color: theme.muted },
    };
  }

  #label(item: TooltipItem<'line'>): string {
    const { format } = new Intl.NumberFormat(this.#options.locale);
    return fillText(this.#options.strings.point, item.dataset.label ?? '', format(item.parsed.x ?? 0), format(item.parsed.y ?? 0));
  }
}

function pointsOf({ points }: SeriesView): LinePoint[] {
  return points.map(([x, y]) => ({ x, y }));
}

function isPowerOfTen(value: number): boolean {
  return value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}
