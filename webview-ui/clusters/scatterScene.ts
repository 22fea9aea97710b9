import type { ThemeColors } from '../shared/theme.ts';
import type { Box, ChartScene } from './chartCanvas.ts';
import type { ClustersShown } from './clustersShown.ts';
import { describe } from './describeCluster.ts';
import { paintMarks, radiiOf } from './marks.ts';
import type { PageContext } from './pageContext.ts';
import { type Axis, type Frame, frameOf, paintFrame } from './plotFrame.ts';
import { pointAt, WalkOrder, walk } from './walkOrder.ts';

/** Two measures of the clusters against each other. */
export interface ScatterPlot {
  readonly label: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** What the area of a mark means. */
  readonly weights: Float64Array;
  readonly axes: readonly [x: Axis, y: Axis];
  /** Lines that the marks are compared with. */
  readonly paintLines?: (context: CanvasRenderingContext2D, frame: Frame, theme: ThemeColors) => void;
}

/** A scatter of the clusters: area a weight, colour the chosen measure, shape what a run did. */
export class ScatterScene implements ChartScene {
  readonly isRound = true;
  readonly #shown: () => ClustersShown;
  readonly #context: PageContext;
  readonly #plot: (shown: ClustersShown) => ScatterPlot;
  readonly #onOpen: (position: number) => void;
  #of: ClustersShown | undefined;
  #current: { readonly plot: ScatterPlot; readonly byX: WalkOrder; readonly byY: WalkOrder } | undefined;
  #x: Float64Array = new Float64Array();
  #y: Float64Array = new Float64Array();
  #radius: Float64Array = new Float64Array();

  constructor(
    shown: () => ClustersShown,
    context: PageContext,
    plot: (shown: ClustersShown) => ScatterPlot,
    onOpen: (position: number) => void,
  ) {
    this.#shown = shown;
    this.#context = context;
    this.#plot = plot;
    this.#onOpen = onOpen;
  }

  label(): string {
    return this.#data().plot.label;
  }

  hint(): string {
    return this.#context.strings.charts.hint;
  }

  paint(context: CanvasRenderingContext2D, width: number, height: number, theme: ThemeColors): void {
    const { plot } = this.#data();
    const [x, y] = plot.axes;
    const frame = frameOf(x, y, width, height);
    paintFrame(context, frame, x, y, theme);
    plot.paintLines?.(context, frame, theme);
    this.#x = plot.x.map(frame.x.pixel);
    this.#y = plot.y.map(frame.y.pixel);
    this.#radius = radiiOf(plot.weights, width, height);
    paintMarks(context, theme, this.#shown(), { x: this.#x, y: this.#y, radius: this.#radius });
  }

  hit(x: number, y: number): number {
    return pointAt(this.#x, this.#y, this.#radius, x, y);
  }

  boxOf(position: number): Box | undefined {
    const [x = Number.NaN, y = Number.NaN, radius = 3] = [this.#x[position], this.#y[position], this.#radius[position]];
    return Number.isNaN(x) || Number.isNaN(y) ? undefined : { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
  }

  step(from: number, key: string): number | undefined {
    const { byX, byY } = this.#data();
    return walk(byX, byY, from, key);
  }

  tip(position: number): readonly string[] {
    return describe(this.#shown(), position, this.#context);
  }

  open(position: number): void {
    this.#onOpen(position);
  }

  #data(): { readonly plot: ScatterPlot; readonly byX: WalkOrder; readonly byY: WalkOrder } {
    const shown = this.#shown();
    if (this.#current === undefined || this.#of?.model !== shown.model) {
      const plot = this.#plot(shown);
      this.#current = { plot, byX: new WalkOrder(plot.x), byY: new WalkOrder(plot.y) };
      this.#of = shown;
    }
    return this.#current;
  }
}
