import type { Chart, Plugin } from 'chart.js';
import type { SelectionStrings } from '../../../src/protocol/selectionPage.ts';
import type { ThemeColors } from '../../shared/theme.ts';
import { lastHeadRank } from '../scales.ts';
import { withAlpha } from './chartSetup.ts';
import { hatch } from './hatch.ts';

/** What the marks show; read at every drawing. */
export interface TauMarksState {
  /** The source's curve. */
  readonly points: readonly (readonly [rank: number, frequency: number])[];
  readonly boundary: number | null;
  /** Threshold that a target has scaled; null when it is the boundary. */
  readonly scaled: number | null;
  /** "in use 45.2". */
  readonly scaledLabel: string;
}

/** Room that a label beside the border of head and tail needs, in px. */
const labelRoom = 45;
const labelHeight = 18;
/** Room for the handle at the left of the line. */
const handleRoom = 96;

/** Shades head and tail, and draws the line at tau with the rank where the tail begins. */
export function tauMarks(strings: SelectionStrings, theme: ThemeColors, read: () => TauMarksState): Plugin<'line'> {
  const fills: { tail?: CanvasPattern | string } = {};
  return {
    id: 'tauMarks',
    beforeDatasetsDraw(chart) {
      const marks = place(chart, read());
      if (marks === undefined) return;
      const { ctx, chartArea } = chart;
      const height = chartArea.bottom - chartArea.top;
      fills.tail ??= hatch(ctx, 'lines', withAlpha(theme.foreground, 0.16));
      ctx.save();
      ctx.fillStyle = withAlpha(theme.tau, 0.07);
      ctx.fillRect(chartArea.left, chartArea.top, marks.border - chartArea.left, height);
      ctx.fillStyle = fills.tail;
      ctx.fillRect(marks.border, chartArea.top, chartArea.right - marks.border, height);
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const state = read();
      const marks = place(chart, state);
      if (marks === undefined) return;
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.strokeStyle = theme.tau;
      ctx.lineWidth = 2;
      line(ctx, chartArea.left, marks.top, chartArea.right, marks.top);
      ctx.setLineDash([10, 3, 2, 3]);
      ctx.lineWidth = 1.5;
      if (marks.border > chartArea.left && marks.border < chartArea.right)
        line(ctx, marks.border, chartArea.top, marks.border, chartArea.bottom);
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.foreground;
      drawSides(ctx, chart, marks.border, strings);
      if (marks.scaled !== undefined) {
        ctx.setLineDash([3, 3]);
        line(ctx, chartArea.left, marks.scaled, chartArea.right, marks.scaled);
        ctx.textAlign = 'left';
        const isBelow = marks.scaled > marks.top && marks.scaled < chartArea.bottom - labelHeight;
        ctx.textBaseline = isBelow ? 'top' : 'bottom';
        ctx.fillText(state.scaledLabel, chartArea.left + handleRoom, marks.scaled + (isBelow ? 3 : -3));
      }
      ctx.restore();
    },
  };
}

interface Place {
  /** Height of the line at tau, and of the scaled one, in px; kept inside the plot. */
  readonly top: number;
  readonly scaled: number | undefined;
  /** Left of the tail's first rank; an edge of the plot when all is head or tail. */
  readonly border: number;
}

function place(chart: Chart<'line'>, { points, boundary, scaled }: TauMarksState): Place | undefined {
  const { x, y } = chart.scales;
  if (boundary === null || x === undefined || y === undefined || points.length === 0) return undefined;
  const { chartArea } = chart;
  const inside = (value: number): number => Math.min(chartArea.bottom, Math.max(chartArea.top, y.getPixelForValue(value)));
  const rank = lastHeadRank(points, boundary);
  const allHead = (points.at(-1)?.[1] ?? 0) > boundary;
  return {
    top: inside(boundary),
    scaled: scaled === null ? undefined : inside(scaled),
    border: rank === undefined ? (allHead ? chartArea.right : chartArea.left) : x.getPixelForValue(rank),
  };
}

function drawSides(ctx: CanvasRenderingContext2D, chart: Chart<'line'>, border: number, { head, tail }: SelectionStrings): void {
  const { left, right, top } = chart.chartArea;
  const label = (text: string, at: number, align: CanvasTextAlign): void => {
    ctx.textAlign = align;
    ctx.fillText(text, at, top - 4);
  };
  ctx.textBaseline = 'bottom';
  if (border - left > labelRoom && right - border > labelRoom) {
    label(`◂ ${head}`, border - 6, 'right');
    label(`${tail} ▸`, border + 6, 'left');
  } else if (border <= left) label(tail, left, 'left');
  else if (border >= right) label(head, right, 'right');
  else {
    const isLeft = border < (left + right) / 2;
    label(`◂ ${head} | ${tail} ▸`, isLeft ? left : right, isLeft ? 'left' : 'right');
  }
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
