import { withAlpha } from '../shared/canvas.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { type PlotScale, plotScale, type ScaleKind } from './plotScale.ts';

/** Room for the axes, in pixels. */
const room = { left: 68, right: 18, top: 14, bottom: 46 } as const;

export interface Axis {
  readonly title: string;
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  readonly write: (value: number) => string;
}

export interface Frame {
  readonly x: PlotScale;
  readonly y: PlotScale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function frameOf(x: Axis, y: Axis, width: number, height: number): Frame {
  const [left, right, top, bottom] = [
    room.left,
    Math.max(room.left + 20, width - room.right),
    room.top,
    Math.max(34, height - room.bottom),
  ];
  return {
    x: plotScale(x.kind, x.low, x.high, left, right),
    y: plotScale(y.kind, y.low, y.high, bottom, top),
    left,
    right,
    top,
    bottom,
  };
}

/** Grid, numbers and titles of both axes. */
export function paintFrame(context: CanvasRenderingContext2D, frame: Frame, x: Axis, y: Axis, theme: ThemeColors): void {
  const { left, right, top, bottom } = frame;
  context.strokeStyle = withAlpha(theme.foreground, 0.18);
  context.fillStyle = theme.foreground;
  context.lineWidth = 1;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  let end = Number.NEGATIVE_INFINITY;
  for (const tick of frame.x.ticks) {
    const at = frame.x.pixel(tick);
    if (at < left - 1 || at > right + 1) continue;
    line(context, at, top, at, bottom);
    const text = x.write(tick);
    const half = context.measureText(text).width / 2;
    if (at - half < end + 8) continue;
    context.fillText(text, at, bottom + 6);
    end = at + half;
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of frame.y.ticks) {
    const at = frame.y.pixel(tick);
    if (at < top - 1 || at > bottom + 1) continue;
    line(context, left, at, right, at);
    context.fillText(y.write(tick), left - 6, at);
  }
  context.strokeStyle = theme.muted;
  line(context, left, top, left, bottom);
  line(context, left, bottom, right, bottom);
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(x.title, (left + right) / 2, bottom + room.bottom - 4);
  context.save();
  context.translate(14, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText(y.title, 0, 0);
  context.restore();
  context.textAlign = 'left';
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, Math.round(y) + 0.5);
  context.lineTo(Math.round(toX) + 0.5, Math.round(toY) + 0.5);
  context.stroke();
}
