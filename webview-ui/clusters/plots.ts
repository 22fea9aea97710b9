import type { ThemeColors } from '../shared/theme.ts';
import type { ClustersShown } from './clustersShown.ts';
import type { PageContext } from './pageContext.ts';
import type { Frame } from './plotFrame.ts';
import { extent } from './plotScale.ts';
import type { ScatterPlot } from './scatterScene.ts';

/** Dashes of the line of an even share, as the chart and its legend draw it. */
export const evenDash: readonly number[] = [6, 4];

/** Transferability against density; the area is the quota, or the size without a run. */
export function scoresPlot({ model }: ClustersShown, { strings, say, short }: PageContext): ScatterPlot {
  const { columns, charts } = strings;
  const y = model.density ?? new Float64Array(model.count).fill(Number.NaN);
  const area = model.take === null ? charts.areaIsSize : charts.areaIsQuota;
  return {
    label: say(charts.scoresLabel, model.count, area),
    x: model.transferability,
    y,
    weights: model.take ?? model.size,
    axes: [
      { title: columns.transferability, kind: 'linear', ...extent(model.transferability), write: short },
      { title: columns.density, kind: 'linear', ...extent(y), write: short },
    ],
  };
}

/** What a run gave to each cluster against its size, with the whole cluster and an even share to compare with. */
export function quotaPlot({ model }: ClustersShown, context: PageContext): ScatterPlot {
  const { strings, say, n, percent } = context;
  const { columns, charts } = strings;
  const y = model.take ?? new Float64Array(model.count);
  const most = model.size.reduce((high, size) => Math.max(high, size), 1);
  const highest = y.reduce((high, take) => Math.max(high, take), 1);
  const even = model.keptOfAll ?? 0;
  return {
    label: say(charts.quotaLabel, model.count, percent(even)),
    x: model.size,
    y,
    weights: model.size,
    axes: [
      { title: columns.size, kind: 'counts', low: 0, high: most * 1.2, write: n },
      { title: model.want === null ? charts.keptAxis : charts.quotaAxis, kind: 'counts', low: 0, high: highest * 1.3, write: n },
    ],
    paintLines: (canvas, frame, theme) => {
      paintShare(canvas, frame, theme, 1, [], most);
      paintShare(canvas, frame, theme, even, evenDash, most);
    },
  };
}

/** Where a share of each size lies; bent, since the axes are logarithmic and begin at 0. */
function paintShare(
  context: CanvasRenderingContext2D,
  frame: Frame,
  theme: ThemeColors,
  part: number,
  dash: readonly number[],
  most: number,
): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  context.strokeStyle = theme.muted;
  context.lineWidth = 1.5;
  context.setLineDash([...dash]);
  context.beginPath();
  for (let step = 0; step <= 60; step++) {
    const size = (1 + most * 1.2) ** (step / 60) - 1;
    context.lineTo(frame.x.pixel(size), frame.y.pixel(part * size));
  }
  context.stroke();
  context.restore();
}
