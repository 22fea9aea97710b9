import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  type Plugin,
  PointElement,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import type { PerspectiveView, SelectionStrings, SeriesRole } from '../../src/protocol/panels.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

type LinePoint = { readonly x: number; readonly y: number };
type RankChart = Chart<'line', LinePoint[]>;

/** Marks besides colour: line width, dashes and point shape. */
const marks: Readonly<
  Record<
    SeriesRole,
    { readonly width: number; readonly dash: readonly number[]; readonly point: 'circle' | 'triangle' | false; readonly radius: number }
  >
> = {
  before: { width: 3.5, dash: [], point: 'circle', radius: 0 },
  after: { width: 1.5, dash: [], point: 'circle', radius: 2.5 },
  control: { width: 1.5, dash: [2, 3], point: 'triangle', radius: 2.5 },
};
/** The tail of the source's curve is dashed, its head solid. */
const tailDash = [6, 4];

/** Draws the rank-frequency curves of one perspective, both axes logarithmic, with tau and the head and tail on either side. */
export function drawRankChart(
  canvas: HTMLCanvasElement,
  view: PerspectiveView,
  strings: SelectionStrings,
  locale: string,
  theme: ThemeColors,
): RankChart {
  Chart.defaults.font.family = theme.font;
  const number = new Intl.NumberFormat(locale);
  const axisNumber = new Intl.NumberFormat(locale, { notation: 'compact' });
  const axis = (title: string, min: number): object => ({
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
  });
  return new Chart<'line', LinePoint[]>(canvas, {
    type: 'line',
    data: { datasets: view.series.map((series) => dataset(series.role, series.label, series.points, view.tau, theme)) },
    options: {
      animation: false,
      normalized: true,
      parsing: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 18, right: 8 } },
      scales: { x: axis(strings.rankAxis, 1), y: axis(strings.frequencyAxis, lowestFrequency(view.tau)) },
      plugins: {
        tooltip: {
          callbacks: {
            title: () => '',
            label: (item: TooltipItem<'line'>) =>
              fillText(strings.point, item.dataset.label ?? '', number.format(item.parsed.x ?? 0), number.format(item.parsed.y ?? 0)),
          },
        },
      },
    },
    plugins: [tauMarks(view, strings, theme)],
  });
}

function dataset(
  role: SeriesRole,
  label: string,
  points: readonly (readonly [number, number])[],
  tau: number | null,
  theme: ThemeColors,
): ChartDataset<'line', LinePoint[]> {
  const mark = marks[role];
  const color = theme[role];
  return {
    label,
    data: points.map(([x, y]) => ({ x, y })),
    borderColor: color,
    backgroundColor: role === 'after' ? theme.background : color,
    pointBorderColor: color,
    borderWidth: mark.width,
    borderDash: [...mark.dash],
    pointStyle: mark.point,
    pointRadius: pointRadii(points.length, mark.radius),
    pointHoverRadius: 5,
    order: role === 'before' ? 2 : 1,
    ...(role === 'before' && tau !== null
      ? { segment: { borderDash: (context) => ((context.p0.parsed.y ?? 0) <= tau ? tailDash : undefined) } }
      : {}),
  };
}

/** At most about forty markers on a curve; more would hide it. */
function pointRadii(points: number, radius: number): number | number[] {
  const every = Math.ceil(points / 40);
  return every <= 1 ? radius : Array.from({ length: points }, (_, i) => (i % every === 0 || i === points - 1 ? radius : 0));
}

function tauMarks(view: PerspectiveView, strings: SelectionStrings, theme: ThemeColors): Plugin<'line'> {
  return {
    id: 'tauMarks',
    afterDatasetsDraw(chart) {
      if (view.tau === null) return;
      const { x, y } = chart.scales;
      if (x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      const height = y.getPixelForValue(view.tau);
      const isBelow = height > chartArea.bottom + 1;
      const lastHead = lastHeadRank(view);
      const border = lastHead === undefined ? undefined : x.getPixelForValue(lastHead);
      ctx.save();
      ctx.strokeStyle = theme.tau;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([10, 3, 2, 3]);
      if (!isBelow) line(ctx, chartArea.left, height, chartArea.right, height);
      if (border !== undefined) line(ctx, border, chartArea.top, border, chartArea.bottom);
      ctx.setLineDash([]);
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.foreground;
      const label = (text: string, left: number, bottom: number, align: CanvasTextAlign): void => {
        ctx.textAlign = align;
        ctx.textBaseline = 'bottom';
        ctx.fillText(text, left, bottom);
      };
      if (isBelow) label(`${view.tauLabel} ▾`, chartArea.left + 6, chartArea.bottom - 4, 'left');
      else label(view.tauLabel, chartArea.left + 6, height + (height > chartArea.bottom - 18 ? -3 : 16), 'left');
      if (border !== undefined) {
        // Beside the border when there is room on both sides, else as one label that stays inside.
        const isCentral = border - chartArea.left > 45 && chartArea.right - border > 45;
        const top = chartArea.top - 4;
        if (isCentral) {
          label(`◂ ${strings.head}`, border - 6, top, 'right');
          label(`${strings.tail} ▸`, border + 6, top, 'left');
        } else {
          const isLeft = border < (chartArea.left + chartArea.right) / 2;
          label(`◂ ${strings.head} | ${strings.tail} ▸`, isLeft ? chartArea.left : chartArea.right, top, isLeft ? 'left' : 'right');
        }
      }
      ctx.restore();
    },
  };
}

/** Last 1-based rank of the source's curve above tau; the tail begins after it. Undefined when all or nothing is head. */
function lastHeadRank(view: PerspectiveView): number | undefined {
  const before = view.series.find((series) => series.role === 'before');
  const tau = view.tau ?? 0;
  const head = before?.points.filter(([, frequency]) => frequency > tau) ?? [];
  return head.length === before?.points.length ? undefined : head.at(-1)?.[0];
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/** Where the frequency axis begins: 1, or the decade below a tau that a small target pushes under 1, down to 0.01. */
function lowestFrequency(tau: number | null): number {
  if (tau === null || tau >= 1) return 1;
  return Math.max(0.01, 10 ** Math.floor(Math.log10(tau)));
}

function isPowerOfTen(value: number): boolean {
  return value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

/** The same colour, thinner: grids stay quieter than curves in every theme. */
function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
}
