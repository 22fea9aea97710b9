import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type TooltipItem,
} from 'chart.js';
import type { PerspectiveView, SelectionStrings, SeriesRole } from '../../src/protocol/selectionPage.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { boundaryMarks } from './boundaryMarks.ts';

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
/** The frequency axis begins a little below 1, so that points of the rarest entities are not cut in half. */
const lowestFrequency = 0.7;
/** The tail of the source's curve is dashed, its head solid. */
const tailDash = [6, 4];

/** Draws the rank-frequency curves of one perspective, both axes logarithmic, head and tail marked. */
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
    data: { datasets: view.series.map((series) => dataset(series.role, series.label, series.points, view.boundary, theme)) },
    options: {
      animation: false,
      normalized: true,
      parsing: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 18, right: 8 } },
      scales: { x: axis(strings.rankAxis, 1), y: axis(strings.frequencyAxis, lowestFrequency) },
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
    plugins: [boundaryMarks(view, strings, theme)],
  });
}

function dataset(
  role: SeriesRole,
  label: string,
  points: readonly (readonly [number, number])[],
  boundary: number | null,
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
    ...(role === 'before' && boundary !== null
      ? { segment: { borderDash: (context) => ((context.p0.parsed.y ?? 0) <= boundary ? tailDash : undefined) } }
      : {}),
  };
}

/** At most about forty markers on a curve; more would hide it. */
function pointRadii(points: number, radius: number): number | number[] {
  const every = Math.ceil(points / 40);
  return every <= 1 ? radius : Array.from({ length: points }, (_, i) => (i % every === 0 || i === points - 1 ? radius : 0));
}

function isPowerOfTen(value: number): boolean {
  return value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

/** The same colour, thinner: grids stay quieter than curves in every theme. */
function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
}
