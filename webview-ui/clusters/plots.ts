import { withAlpha } from '../shared/canvas.ts';
import type { ThemeColors } from '../shared/theme.ts';
import type { ClustersShown } from './clustersShown.ts';
import type { PageContext } from './pageContext.ts';
import type { Frame } from './plotFrame.ts';
import { extent } from './plotScale.ts';
import type { ScatterPlot } from './scatterScene.ts';

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
      const names = [
        share(canvas, frame, theme, { part: 1, dash: [], name: charts.wholeLine, most }),
        share(canvas, frame, theme, { part: even, dash: [6, 4], name: say(charts.evenLine, percent(even)), most }),
      ];
      return () => {
        for (const paintName of names) paintName();
      };
    },
  };
}

interface ShareLine {
  readonly part: number;
  readonly dash: readonly number[];
  readonly name: string;
  /** Largest size. */
  readonly most: number;
}

/** Where a share of each size lies; bent, since the axes are logarithmic and begin at 0. Gives what paints its name. */
function share(context: CanvasRenderingContext2D, frame: Frame, theme: ThemeColors, { part, dash, name, most }: ShareLine): () => void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  context.clip();
  context.strokeStyle = theme.muted;
  context.lineWidth = 1.5;
  context.setLineDash([...dash]);
  context.beginPath();
  let place: readonly [number, number] | undefined;
  for (let step = 0; step <= 60; step++) {
    const size = (1 + most * 1.2) ** (step / 60) - 1;
    const [x, y] = [frame.x.pixel(size), frame.y.pixel(part * size)];
    context.lineTo(x, y);
    if (y > frame.top + 4 && x <= frame.right) place = [x, y];
  }
  context.stroke();
  context.restore();
  return () => {
    if (place === undefined) return;
    const width = context.measureText(name).width;
    // Right of the line where it leaves at the top, below it where it leaves at the right: marks lie there least often.
    const left = Math.min(place[0] + 8, frame.right - width - 4);
    const top = place[0] + 8 > left ? Math.min(place[1] + 22, frame.bottom - 18) : place[1];
    context.textAlign = 'left';
    context.textBaseline = 'top';
    context.fillStyle = withAlpha(theme.background, 0.85);
    context.fillRect(left - 3, top, width + 6, 16);
    context.fillStyle = theme.foreground;
    context.fillText(name, left, top + 2);
  };
}
