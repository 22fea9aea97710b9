import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { SeriesRole } from '../../../src/protocol/selectionPage.ts';
import type { ThemeColors } from '../../shared/theme.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, BarController, BarElement, CategoryScale, Tooltip);

export type LinePoint = { readonly x: number; readonly y: number };

/** Marks besides colour: line width, dashes and point shape. */
export const marks: Readonly<
  Record<
    SeriesRole,
    { readonly width: number; readonly dash: readonly number[]; readonly point: 'circle' | 'triangle' | false; readonly radius: number }
  >
> = {
  before: { width: 3.5, dash: [], point: 'circle', radius: 0 },
  after: { width: 1.5, dash: [], point: 'circle', radius: 2.5 },
  control: { width: 1.5, dash: [2, 3], point: 'triangle', radius: 2.5 },
};

/** At most about forty markers on a curve; more would hide it. Those of the control lie between the others, which would cover them. */
export function pointRadii(points: number, role: SeriesRole): number | number[] {
  const { radius } = marks[role];
  const every = Math.max(2, Math.ceil(points / 40));
  const phase = role === 'control' ? Math.floor(every / 2) : 0;
  return points <= 3 ? radius : Array.from({ length: points }, (_, i) => (i % every === phase ? radius : 0));
}

/** Options that all charts have: nothing moves by itself, and the container decides the size. */
export function still(theme: ThemeColors): {
  readonly animation: false;
  readonly responsive: true;
  readonly maintainAspectRatio: false;
} {
  Chart.defaults.font.family = theme.font;
  return { animation: false, responsive: true, maintainAspectRatio: false };
}

/** The same colour, thinner: grids stay quieter than curves in every theme. */
export function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
}

/** Pixels of a canvas that are not transparent. */
export function paintedPixels(canvas: HTMLCanvasElement): number {
  if (canvas.width === 0 || canvas.height === 0) return 0;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (pixels === undefined) return 0;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] !== 0) painted++;
  return painted;
}
