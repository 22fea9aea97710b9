import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import type { CoverageOf, FrontierLineView } from '../../src/protocol/coresetPage.ts';
import { withAlpha } from '../shared/canvas.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { markOf } from './marks.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip);

type LinePoint = { readonly x: number; readonly y: number };

/** What the chart shows. */
export interface FrontierFigure {
  readonly lines: readonly FrontierLineView[];
  readonly coverage: CoverageOf;
  readonly axis: string;
  /** Share of the chosen size; null while it is not known. */
  readonly chosen: number | null;
}

export interface FrontierChartOptions {
  readonly shareAxis: string;
  /** Share. */
  readonly chosenSize: string;
  /** Strategy, share kept, share covered. */
  readonly point: string;
  readonly percent: (share: number) => string;
}

/** Coverage against the share that is selected: one line per strategy, and a line at the chosen size. */
export class FrontierChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #options: FrontierChartOptions;
  #chart: Chart<'line', LinePoint[]> | undefined;
  #figure: FrontierFigure | undefined;

  constructor(canvas: HTMLCanvasElement, options: FrontierChartOptions) {
    this.#canvas = canvas;
    this.#options = options;
  }

  draw(figure: FrontierFigure, theme: ThemeColors): void {
    this.destroy();
    this.#figure = figure;
    const { shareAxis, percent } = this.#options;
    Chart.defaults.font.family = theme.font;
    const axis = (title: string, min: number): object => ({
      type: 'linear',
      min,
      max: 1,
      title: { display: true, text: title, color: theme.foreground },
      ticks: { color: theme.foreground, maxRotation: 0, callback: (value: string | number) => percent(Number(value)) },
      grid: { color: withAlpha(theme.foreground, 0.22) },
      border: { color: theme.muted },
    });
    this.#chart = new Chart<'line', LinePoint[]>(this.#canvas, {
      type: 'line',
      data: { datasets: figure.lines.map((line) => dataset(line, figure.coverage, theme)) },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        normalized: true,
        parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        layout: { padding: { top: 18, right: 10 } },
        scales: { x: axis(shareAxis, 0), y: axis(figure.axis, lowest(figure)) },
        plugins: { tooltip: { callbacks: { title: () => '', label: (item) => this.#label(item) } } },
      },
      plugins: [this.#chosenLine(theme)],
    });
  }

  /** The chosen size moves, the lines stay. */
  setChosen(chosen: number | null): void {
    if (this.#figure === undefined || this.#figure.chosen === chosen) return;
    this.#figure = { ...this.#figure, chosen };
    this.#chart?.update('none');
  }

  /** Marks the points of a share; -1 leaves a line out. */
  mark(indices: readonly number[]): void {
    const active = indices.flatMap((index, datasetIndex) => (index < 0 ? [] : [{ datasetIndex, index }]));
    this.#chart?.setActiveElements(active);
    this.#chart?.tooltip?.setActiveElements(active, { x: 0, y: 0 });
    this.#chart?.update('none');
  }

  destroy(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #label(item: TooltipItem<'line'>): string {
    const { point, percent } = this.#options;
    return fillText(point, item.dataset.label ?? '', percent(item.parsed.x ?? 0), percent(item.parsed.y ?? 0));
  }

  #chosenLine(theme: ThemeColors): Plugin<'line'> {
    return {
      id: 'chosenSize',
      beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
        const chosen = this.#figure?.chosen ?? null;
        if (chosen === null || scales.x === undefined) return;
        const x = scales.x.getPixelForValue(chosen);
        ctx.save();
        ctx.strokeStyle = theme.foreground;
        ctx.setLineDash([3, 3]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.fillStyle = theme.foreground;
        ctx.font = `12px ${theme.font}`;
        const text = fillText(this.#options.chosenSize, this.#options.percent(chosen));
        const half = ctx.measureText(text).width / 2;
        ctx.textAlign = 'center';
        ctx.fillText(text, Math.min(chartArea.right - half, Math.max(chartArea.left + half, x)), chartArea.top - 6);
        ctx.restore();
      },
    };
  }
}

function dataset(line: FrontierLineView, coverage: CoverageOf, theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
  const mark = markOf(line.strategy);
  const color = mark.color(theme);
  return {
    label: line.label,
    data: pointsOf(line, coverage),
    borderColor: color,
    backgroundColor: theme.background,
    pointBorderColor: color,
    pointBorderWidth: 1.5,
    borderWidth: mark.width,
    borderDash: [...mark.dash],
    pointStyle: mark.point,
    pointRadius: 4,
    pointHoverRadius: 6,
  };
}

/** Points whose coverage is known. */
export function pointsOf({ points }: FrontierLineView, coverage: CoverageOf): LinePoint[] {
  return points.flatMap(({ fraction, covered }) => {
    const y = covered[coverage];
    return y === undefined ? [] : [{ x: fraction, y }];
  });
}

/** The axis begins at the last tenth below all lines: they lie close together near the top. */
function lowest({ lines, coverage }: FrontierFigure): number {
  const all = lines.flatMap((line) => pointsOf(line, coverage).map(({ y }) => y));
  return Math.min(0.9, Math.floor(Math.min(1, ...all) * 10) / 10);
}
