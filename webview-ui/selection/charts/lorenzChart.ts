import { Chart, type ChartDataset, type TooltipItem } from 'chart.js';
import type { PerspectiveView, SelectionStrings, SeriesView } from '../../../src/protocol/selectionPage.ts';
import { fillText } from '../../shared/fillText.ts';
import type { ThemeColors } from '../../shared/theme.ts';
import { type LinePoint, marks, pointRadii, still, withAlpha } from './chartSetup.ts';

/** Lorenz curves of one perspective with the line of equality; the farther below it, the more uneven. Updated in place. */
export class LorenzChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #strings: SelectionStrings;
  readonly #percent: Intl.NumberFormat;
  #chart: Chart<'line', LinePoint[]> | undefined;
  #view: PerspectiveView;

  constructor(canvas: HTMLCanvasElement, view: PerspectiveView, strings: SelectionStrings, locale: string) {
    this.#canvas = canvas;
    this.#strings = strings;
    this.#view = view;
    this.#percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  }

  draw(theme: ThemeColors): void {
    this.#chart?.destroy();
    const axis = (title: string): object => ({
      type: 'linear',
      min: 0,
      max: 1,
      title: { display: true, text: title, color: theme.foreground },
      ticks: {
        color: theme.foreground,
        stepSize: 0.2,
        maxRotation: 0,
        callback: (value: string | number) => this.#percent.format(Number(value)),
      },
      grid: { color: withAlpha(theme.foreground, 0.22) },
      border: { color: theme.muted },
    });
    this.#chart = new Chart<'line', LinePoint[]>(this.#canvas, {
      type: 'line',
      data: { datasets: [...this.#view.series.map((series) => this.#dataset(series, theme)), equality(theme)] },
      options: {
        ...still(theme),
        normalized: true,
        parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        layout: { padding: { top: 8, right: 8 } },
        scales: { x: axis(this.#strings.entityShareAxis), y: axis(this.#strings.postingShareAxis) },
        plugins: {
          tooltip: {
            filter: (item) => item.datasetIndex < this.#view.series.length,
            callbacks: { title: () => '', label: (item) => this.#label(item) },
          },
        },
      },
    });
  }

  update(view: PerspectiveView): void {
    this.#view = view;
    const chart = this.#chart;
    if (chart === undefined) return;
    for (const [i, series] of view.series.entries()) {
      const dataset = chart.data.datasets[i];
      if (dataset === undefined) continue;
      dataset.data = pointsOf(series);
      dataset.pointRadius = pointRadii(series.lorenz.length, series.role);
    }
    chart.update('none');
  }

  /** Marks one point per series; -1 leaves a series out. */
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

  #dataset(series: SeriesView, theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
    const mark = marks[series.role];
    const color = theme[series.role];
    return {
      label: this.#strings.series[series.role],
      data: pointsOf(series),
      borderColor: color,
      backgroundColor: series.role === 'after' ? theme.background : color,
      pointBorderColor: color,
      borderWidth: mark.width,
      borderDash: [...mark.dash],
      pointStyle: mark.point,
      pointRadius: pointRadii(series.lorenz.length, series.role),
      pointHoverRadius: 5,
      order: series.role === 'before' ? 2 : 1,
    };
  }

  #label(item: TooltipItem<'line'>): string {
    const { format } = this.#percent;
    return fillText(this.#strings.lorenzPoint, item.dataset.label ?? '', format(item.parsed.x ?? 0), format(item.parsed.y ?? 0));
  }
}

function equality(theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
  return {
    data: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
    borderColor: theme.muted,
    borderWidth: 1,
    borderDash: [8, 4],
    pointRadius: 0,
    pointHoverRadius: 0,
    order: 3,
  };
}

function pointsOf({ lorenz }: SeriesView): LinePoint[] {
  return lorenz.map(([x, y]) => ({ x, y }));
}
