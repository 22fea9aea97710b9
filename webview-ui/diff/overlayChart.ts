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
import type { ShapeStrings } from '../../src/protocol/diffPage.ts';
import type { ThemeColors } from '../shared/theme.ts';
import type { PageContext } from './pageContext.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip);

export const curveKinds = ['rank', 'lorenz'] as const;
export type CurveKind = (typeof curveKinds)[number];

export type CurvePoint = readonly [x: number, y: number];

/** Curves of one perspective: A first. */
export interface Curves {
  readonly a: readonly CurvePoint[];
  readonly b: readonly CurvePoint[];
}

type LinePoint = { readonly x: number; readonly y: number };
export type OverlayChart = Chart<'line', LinePoint[]>;

/** The frequency axis begins a little below 1, so that points of the rarest entities are not cut in half. */
const lowestFrequency = 0.7;
/** Markers on the curve of B; more would hide it. */
const mostMarkers = 30;

/** Draws the curves of A and B over one another: A wide and plain, B thin with rings. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  kind: CurveKind,
  curves: Curves,
  context: PageContext,
  theme: ThemeColors,
): OverlayChart {
  Chart.defaults.font.family = theme.font;
  const { shapes, header } = context.strings;
  const datasets = [lineA(header.a, curves.a, theme), lineB(header.b, curves.b, theme)];
  if (kind === 'lorenz') datasets.push(equality(shapes, theme));
  return new Chart<'line', LinePoint[]>(canvas, {
    type: 'line',
    data: { datasets },
    options: {
      animation: false,
      normalized: true,
      parsing: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 8, right: 8 } },
      scales: kind === 'rank' ? rankScales(context, theme) : lorenzScales(context, theme),
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex < 2,
          callbacks: {
            title: () => '',
            label: (item: TooltipItem<'line'>) =>
              pointText(kind, item.dataset.label ?? '', [item.parsed.x ?? 0, item.parsed.y ?? 0], context),
          },
        },
      },
    },
  });
}

/** A point in words. */
export function pointText(kind: CurveKind, series: string, [x, y]: CurvePoint, { strings, say, n, percent }: PageContext): string {
  return kind === 'rank' ? say(strings.shapes.point, series, n(x), n(y)) : say(strings.shapes.lorenzPoint, series, percent(x), percent(y));
}

function lineA(label: string, points: readonly CurvePoint[], theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
  return { label, data: pointsOf(points), borderColor: theme.before, borderWidth: 4, pointStyle: false, pointHoverRadius: 5, order: 2 };
}

function lineB(label: string, points: readonly CurvePoint[], theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
  const every = Math.max(1, Math.ceil(points.length / mostMarkers));
  return {
    label,
    data: pointsOf(points),
    borderColor: theme.after,
    backgroundColor: theme.background,
    borderWidth: 1.5,
    clip: 5, // a ring at the border stays whole
    pointStyle: 'circle',
    pointRadius: points.map((_, i) => (i % every === 0 || i === points.length - 1 ? 2.8 : 0)),
    pointHoverRadius: 5,
    order: 1,
  };
}

function equality({ equality: label }: ShapeStrings, theme: ThemeColors): ChartDataset<'line', LinePoint[]> {
  const data = [
    { x: 0, y: 0 },
    { x: 1, y: 1 },
  ];
  return { label, data, borderColor: theme.muted, borderWidth: 1, borderDash: [2, 3], pointStyle: false, order: 3 };
}

function pointsOf(points: readonly CurvePoint[]): LinePoint[] {
  return points.map(([x, y]) => ({ x, y }));
}

function rankScales({ strings, content }: PageContext, theme: ThemeColors): object {
  const format = new Intl.NumberFormat(content.locale, { notation: 'compact' });
  const axis = (text: string, min: number): object => ({
    ...axisLook(text, theme, isPowerOfTen),
    type: 'logarithmic',
    min,
    ticks: {
      color: theme.foreground,
      maxRotation: 0,
      autoSkip: true,
      callback: (value: string | number) => (isPowerOfTen(Number(value)) ? format.format(Number(value)) : ''),
    },
  });
  return { x: axis(strings.shapes.rankAxis, 1), y: axis(strings.shapes.frequencyAxis, lowestFrequency) };
}

function lorenzScales({ strings, percent }: PageContext, theme: ThemeColors): object {
  const axis = (text: string): object => ({
    ...axisLook(text, theme, () => true),
    type: 'linear',
    min: 0,
    max: 1,
    ticks: { color: theme.foreground, maxRotation: 0, stepSize: 0.25, callback: (value: string | number) => percent(Number(value)) },
  });
  return { x: axis(strings.shapes.entityShareAxis), y: axis(strings.shapes.postingShareAxis) };
}

function axisLook(text: string, theme: ThemeColors, hasLine: (value: number) => boolean): object {
  return {
    title: { display: true, text, color: theme.foreground },
    grid: {
      // Thin: a grid stays quieter than the curves in every theme.
      color: (context: { tick?: { value: number } }) =>
        context.tick && hasLine(context.tick.value) ? `color-mix(in srgb, ${theme.foreground} 20%, transparent)` : 'transparent',
    },
    border: { color: theme.muted },
  };
}

function isPowerOfTen(value: number): boolean {
  return value > 0 && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}
