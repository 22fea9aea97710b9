import type { Plugin } from 'chart.js';
import type { PerspectiveView, SelectionStrings } from '../../src/protocol/selectionPage.ts';
import type { ThemeColors } from '../shared/theme.ts';

/** Room that a label beside the border of head and tail needs, in px. */
const labelRoom = 45;

/** Draws the line at tau, the rank where the tail begins, and their labels over the curves. */
export function boundaryMarks(view: PerspectiveView, strings: SelectionStrings, theme: ThemeColors): Plugin<'line'> {
  return {
    id: 'boundaryMarks',
    afterDatasetsDraw(chart) {
      const { x, y } = chart.scales;
      if (view.boundary === null || x === undefined || y === undefined) return;
      const { ctx, chartArea } = chart;
      const height = y.getPixelForValue(view.boundary);
      if (height > chartArea.bottom) return;
      const lastHead = lastHeadRank(view);
      const border = lastHead === undefined ? undefined : x.getPixelForValue(lastHead);
      const label = (text: string, left: number, bottom: number, align: CanvasTextAlign): void => {
        ctx.textAlign = align;
        ctx.fillText(text, left, bottom);
      };
      ctx.save();
      ctx.strokeStyle = theme.tau;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([10, 3, 2, 3]);
      line(ctx, chartArea.left, height, chartArea.right, height);
      if (border !== undefined) line(ctx, border, chartArea.top, border, chartArea.bottom);
      ctx.font = `12px ${theme.font}`;
      ctx.fillStyle = theme.foreground;
      ctx.textBaseline = 'bottom';
      const isLow = height > chartArea.bottom - 18;
      label(view.boundaryLabel, chartArea.left + 6, isLow ? height - 3 : height + 16, 'left');
      if (border !== undefined) {
        const top = chartArea.top - 4;
        if (border - chartArea.left > labelRoom && chartArea.right - border > labelRoom) {
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

/** Last 1-based rank of the source's curve above the boundary; the tail begins after it. Undefined when all or nothing is head. */
function lastHeadRank(view: PerspectiveView): number | undefined {
  const before = view.series.find((series) => series.role === 'before')?.points ?? [];
  const head = before.filter(([, frequency]) => frequency > (view.boundary ?? 0));
  return head.length === before.length ? undefined : head.at(-1)?.[0];
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
