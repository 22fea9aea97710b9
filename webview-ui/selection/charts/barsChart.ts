import { Chart, type ChartDataset, type TooltipItem } from 'chart.js';
import { type BarsView, type SelectionStrings, type SeriesRole, seriesRoles } from '../../../src/protocol/selectionPage.ts';
import { fillText } from '../../shared/fillText.ts';
import type { ThemeColors } from '../../shared/theme.ts';
import { still, withAlpha } from './chartSetup.ts';
import { hatch } from './hatch.ts';

/** Longest category name beside a bar, in characters; the table has the whole. */
const longestLabel = 22;

/** Bars before, after and in the control, one group per category, lying. Updated in place. */
export class BarsChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #strings: SelectionStrings;
  readonly #number: Intl.NumberFormat;
  readonly #compact: Intl.NumberFormat;
  #chart: Chart<'bar', (number | null)[], string> | undefined;
  #view: BarsView;

  constructor(canvas: HTMLCanvasElement, view: BarsView, strings: SelectionStrings, locale: string) {
    this.#canvas = canvas;
    this.#strings = strings;
    this.#view = view;
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    this.#compact = new Intl.NumberFormat(locale, { notation: 'compact' });
  }

  draw(theme: ThemeColors): void {
    this.#chart?.destroy();
    this.#chart = new Chart<'bar', (number | null)[], string>(this.#canvas, {
      type: 'bar',
      data: { labels: labelsOf(this.#view), datasets: seriesRoles.map((role, i) => this.#dataset(role, i, theme)) },
      options: {
        ...still(theme),
        indexAxis: 'y',
        interaction: { mode: 'index', axis: 'y', intersect: false },
        layout: { padding: { right: 8 } },
        scales: {
          x: {
            beginAtZero: true,
            title: { display: true, text: this.#view.axis, color: theme.foreground },
            ticks: { color: theme.foreground, maxRotation: 0, callback: (value) => this.#compact.format(Number(value)) },
            grid: { color: withAlpha(theme.foreground, 0.22) },
            border: { color: theme.muted },
          },
          y: { ticks: { color: theme.foreground, autoSkip: false }, grid: { display: false }, border: { color: theme.muted } },
        },
        plugins: { tooltip: { callbacks: { title: () => '', label: (item) => this.#label(item) } } },
      },
    });
  }

  update(view: BarsView): void {
    this.#view = view;
    const chart = this.#chart;
    if (chart === undefined) return;
    chart.data.labels = labelsOf(view);
    for (const [i] of seriesRoles.entries()) {
      const dataset = chart.data.datasets[i];
      if (dataset !== undefined) dataset.data = valuesOf(view, i);
    }
    chart.update('none');
  }

  /** Marks the group of one category. */
  mark(index: number): void {
    const chart = this.#chart;
    if (chart === undefined) return;
    const active = seriesRoles.map((_, datasetIndex) => ({ datasetIndex, index }));
    chart.setActiveElements(active);
    chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    chart.update('none');
  }

  destroy(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #dataset(role: SeriesRole, i: number, theme: ThemeColors): ChartDataset<'bar', (number | null)[]> {
    const color = theme[role];
    return {
      label: this.#strings.series[role],
      data: valuesOf(this.#view, i),
      backgroundColor: this.#fill(role, color, theme.background),
      borderColor: color,
      borderWidth: 1,
      barPercentage: 0.9,
      categoryPercentage: 0.8,
    };
  }

  #fill(role: SeriesRole, color: string, ground: string): CanvasPattern | string {
    const context = this.#canvas.getContext('2d');
    if (role === 'before' || context === null) return withAlpha(color, 0.75);
    return hatch(context, role === 'after' ? 'lines' : 'dots', color, ground);
  }

  #label(item: TooltipItem<'bar'>): string {
    const label = this.#view.bars[item.dataIndex]?.label ?? '';
    return fillText(this.#strings.barPoint, label, item.dataset.label ?? '', this.#number.format(item.parsed.x ?? 0));
  }
}

function labelsOf(view: BarsView): string[] {
  return view.bars.map(({ label }) => (label.length > longestLabel ? `${label.slice(0, longestLabel - 1)}…` : label));
}

function valuesOf(view: BarsView, series: number): (number | null)[] {
  return view.bars.map(({ values }) => values[series] ?? null);
}
