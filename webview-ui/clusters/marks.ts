import type { ThemeColors } from '../shared/theme.ts';
import { classColors, ofClass } from './classFills.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { ClustersShown } from './clustersShown.ts';

/** What a run did with a cluster: took nothing of it, some of it, or all of it; told by the shape of its mark. */
export type Outcome = 'none' | 'some' | 'whole';

export function outcomeOf({ kept, size }: ClusterModel, position: number): Outcome {
  if (kept === null) return 'some';
  const own = kept[position] ?? 0;
  return own === 0 ? 'none' : own >= (size[position] ?? 0) ? 'whole' : 'some';
}

/** Radii whose areas are in proportion to the values; fewer pixels for each where there are many. */
export function radiiOf(values: Float64Array, width: number, height: number): Float64Array {
  const most = Math.min(22, Math.max(6, Math.sqrt((width * height) / Math.max(1, values.length)) * 0.35));
  const largest = values.reduce((high, value) => Math.max(high, value), 0) || 1;
  const least = values.length > 2000 ? 1.8 : 3;
  return values.map((value) => (Number.isNaN(value) ? least : Math.max(least, most * Math.sqrt(Math.max(0, value) / largest))));
}

/** Draws one mark per cluster, the larger ones first, so that they hide none of the smaller. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  theme: ThemeColors,
  { model, colouring }: ClustersShown,
  places: { readonly x: Float64Array; readonly y: Float64Array; readonly radius: Float64Array },
  alpha = 1,
): void {
  const colors = classColors(theme);
  const order = Int32Array.from(places.radius.keys()).sort((a, b) => (places.radius[b] ?? 0) - (places.radius[a] ?? 0));
  context.globalAlpha = alpha;
  context.strokeStyle = theme.foreground;
  context.lineWidth = model.count > 2000 ? 0.6 : 1;
  for (const position of order) {
    const [x = Number.NaN, y = Number.NaN, radius = 3] = [places.x[position], places.y[position], places.radius[position]];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    context.fillStyle = ofClass(colors, colouring?.classes[position] ?? 2);
    paintMark(context, outcomeOf(model, position), x, y, radius);
  }
  context.globalAlpha = 1;
}

/** A circle; a square for all of a cluster, a cross for nothing of it. */
export function paintMark(context: CanvasRenderingContext2D, outcome: Outcome, x: number, y: number, radius: number): void {
  context.beginPath();
  if (outcome === 'whole') {
    const half = radius * 0.9;
    context.rect(x - half, y - half, 2 * half, 2 * half);
  } else if (outcome === 'none') {
    const arm = Math.max(2.2, radius * 0.8);
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  if (outcome !== 'none') context.fill();
  context.stroke();
}
