import type { ClusterPoints } from '../../src/protocol/clusters.ts';
import { withAlpha } from '../shared/canvas.ts';
import type { ThemeColors } from '../shared/theme.ts';
import type { Box, ChartScene } from './chartCanvas.ts';
import type { ClustersShown } from './clustersShown.ts';
import { describe, nameOf } from './describeCluster.ts';
import { paintMarks, radiiOf } from './marks.ts';
import type { PageContext } from './pageContext.ts';
import { pointAt, WalkOrder, walk } from './walkOrder.ts';

/** Labels that are drawn at most, of the largest clusters whose label hides no other. */
const mostLabels = 40;
/** Beyond this many, lines to the instances would be one dark field. */
const mostSpokes = 400;
const pointRadius = 4;
/** How many times larger than the whole map the view can be. */
const nearest = 5000;
/** Pixels left free around what is shown whole. */
const margin = 40;

interface Instances {
  readonly points: ClusterPoints;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly byX: WalkOrder;
  readonly byY: WalkOrder;
}

export interface MapActions {
  readonly openCluster: (position: number) => void;
  readonly openInstance: (ordinal: number) => void;
  /** Back from the instances of a cluster to all clusters. */
  readonly leave: () => void;
}

/**
 * The clusters on a plane, as near as their centroids allow. Items below the number of clusters are clusters; with the instances of one
 * of them on the map, the following are those instances, and the keys walk them.
 */
export class MapScene implements ChartScene {
  readonly isRound = true;
  readonly #shown: () => ClustersShown;
  readonly #context: PageContext;
  readonly #actions: MapActions;
  #size = { width: 0, height: 0 };
  /** Middle of the view in the map's own measure, and pixels per unit; 0 shows everything. */
  #view = { x: 0, y: 0, scale: 0 };
  #instances: Instances | undefined;
  /** Clusters in the order of their places; those of another model are made anew. */
  #walks: { readonly of: ClustersShown['model']; readonly byX: WalkOrder; readonly byY: WalkOrder } | undefined;
  #pixels: { readonly x: Float64Array; readonly y: Float64Array; readonly radius: Float64Array } | undefined;
  #pointPixels: { readonly x: Float64Array; readonly y: Float64Array } | undefined;

  constructor(shown: () => ClustersShown, context: PageContext, actions: MapActions) {
    this.#shown = shown;
    this.#context = context;
    this.#actions = actions;
  }

  get points(): ClusterPoints | undefined {
    return this.#instances?.points;
  }

  label(): string {
    const { strings, say } = this.#context;
    return say(strings.charts.mapLabel, this.#shown().model.count);
  }

  hint(): string {
    return this.#context.strings.charts.mapHint;
  }

  /** Shows the instances of a cluster, and the part of the map where they lie; undefined shows all clusters. */
  show(points: ClusterPoints | undefined): void {
    if (points === undefined) {
      this.#instances = undefined;
      this.#pointPixels = undefined;
      this.#view = { x: 0, y: 0, scale: 0 };
      return;
    }
    const [x, y] = [Float64Array.from(points.x), Float64Array.from(points.y)];
    this.#instances = { points, x, y, byX: new WalkOrder(x), byY: new WalkOrder(y) };
    const view = viewOf(x, y, this.#size.width, this.#size.height);
    // Equal instances lie on one point, which no scale fills the map with.
    this.#view = { ...view, scale: Math.min(view.scale, this.#whole().scale * nearest) };
    const isPoint = ends(x).low === ends(x).high && ends(y).low === ends(y).high;
    if (isPoint) this.#view = { ...view, scale: this.#whole().scale * 4 };
  }

  /** @param factor above 1 comes nearer. The place under the given pixel stays where it is. */
  zoom(factor: number, px = this.#size.width / 2, py = this.#size.height / 2): void {
    const view = this.#actual();
    const whole = this.#whole().scale;
    const scale = Math.min(whole * nearest, Math.max(whole * 0.5, view.scale * factor));
    const { width, height } = this.#size;
    const [dx, dy] = [px - width / 2, py - height / 2];
    this.#view = { x: view.x + dx / view.scale - dx / scale, y: view.y - dy / view.scale + dy / scale, scale };
  }

  pan(dx: number, dy: number): void {
    const view = this.#actual();
    this.#view = { x: view.x - dx / view.scale, y: view.y + dy / view.scale, scale: view.scale };
  }

  paint(context: CanvasRenderingContext2D, width: number, height: number, theme: ThemeColors): void {
    const shown = this.#shown();
    this.#size = { width, height };
    const view = this.#actual();
    const { model } = shown;
    const x = model.x.map((value) => width / 2 + (value - view.x) * view.scale);
    const y = model.y.map((value) => height / 2 - (value - view.y) * view.scale);
    const radius = radiiOf(model.size, width, height);
    this.#pixels = { x, y, radius };
    paintMarks(context, theme, shown, this.#pixels, this.#instances === undefined ? 1 : 0.35);
    this.#paintInstances(context, theme, view);
    this.#paintLabels(context, theme);
  }

  hit(px: number, py: number): number {
    if (this.#pointPixels !== undefined) {
      const point = pointAt(this.#pointPixels.x, this.#pointPixels.y, pointRadius, px, py);
      if (point >= 0) return this.#shown().model.count + point;
    }
    return this.#pixels === undefined ? -1 : pointAt(this.#pixels.x, this.#pixels.y, this.#pixels.radius, px, py);
  }

  boxOf(item: number): Box | undefined {
    const { count } = this.#shown().model;
    const places = item >= count ? this.#pointPixels : this.#pixels;
    const [x, y] = [places?.x[item >= count ? item - count : item], places?.y[item >= count ? item - count : item]];
    if (x === undefined || y === undefined || Number.isNaN(x)) return undefined;
    const radius = item >= count ? pointRadius : (this.#pixels?.radius[item] ?? 3);
    return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
  }

  step(from: number, key: string): number | undefined {
    const { model } = this.#shown();
    if (key === 'Escape') {
      if (this.#instances === undefined) return undefined;
      this.#actions.leave();
      return -1;
    }
    if (this.#instances !== undefined) {
      const point = walk(this.#instances.byX, this.#instances.byY, from - model.count, key);
      return point === undefined || point < 0 ? point : model.count + point;
    }
    if (this.#walks?.of !== model) this.#walks = { of: model, byX: new WalkOrder(model.x), byY: new WalkOrder(model.y) };
    return walk(this.#walks.byX, this.#walks.byY, from, key);
  }

  tip(item: number): readonly string[] {
    const shown = this.#shown();
    if (item < shown.model.count) return describe(shown, item, this.#context);
    const { strings, say } = this.#context;
    const { charts } = strings;
    const points = this.#instances?.points;
    const at = item - shown.model.count;
    const lines = [say(charts.instance, String(points?.ordinal[at] ?? ''))];
    if (points?.kept !== undefined) lines.push(points.kept[at] === 1 ? charts.keptInstance : charts.droppedInstance);
    if (points !== undefined) lines.push(nameOf(shown.model, shown.model.position(points.cluster), this.#context));
    return lines;
  }

  open(item: number): void {
    const { count } = this.#shown().model;
    if (item < count) this.#actions.openCluster(item);
    else {
      const ordinal = this.#instances?.points.ordinal[item - count];
      if (ordinal !== undefined) this.#actions.openInstance(ordinal);
    }
  }

  #whole(): { readonly x: number; readonly y: number; readonly scale: number } {
    const { model } = this.#shown();
    return viewOf(model.x, model.y, this.#size.width, this.#size.height);
  }

  #actual(): { readonly x: number; readonly y: number; readonly scale: number } {
    return this.#view.scale === 0 ? this.#whole() : this.#view;
  }

  /** Kept instances are filled, the others are rings. */
  #paintInstances(
    context: CanvasRenderingContext2D,
    theme: ThemeColors,
    view: { readonly x: number; readonly y: number; readonly scale: number },
  ): void {
    const { width, height } = this.#size;
    if (this.#instances === undefined) return;
    const { points, x, y } = this.#instances;
    const pixels = {
      x: x.map((value) => width / 2 + (value - view.x) * view.scale),
      y: y.map((value) => height / 2 - (value - view.y) * view.scale),
    };
    this.#pointPixels = pixels;
    this.#paintSpokes(context, theme, pixels);
    context.lineWidth = 1.4;
    context.strokeStyle = theme.foreground;
    context.fillStyle = theme.before;
    for (const [i, px] of pixels.x.entries()) {
      context.beginPath();
      context.arc(px, pixels.y[i] ?? 0, pointRadius, 0, 2 * Math.PI);
      if (points.kept === undefined || points.kept[i] === 1) context.fill();
      context.stroke();
    }
  }

  /** Lines from a cluster to its instances: other clusters lie between them. */
  #paintSpokes(
    context: CanvasRenderingContext2D,
    theme: ThemeColors,
    { x, y }: { readonly x: Float64Array; readonly y: Float64Array },
  ): void {
    const { model } = this.#shown();
    const at = model.position(this.#instances?.points.cluster ?? -1);
    const [fromX, fromY] = [this.#pixels?.x[at], this.#pixels?.y[at]];
    if (x.length > mostSpokes || fromX === undefined || fromY === undefined) return;
    context.strokeStyle = withAlpha(theme.foreground, 0.25);
    context.lineWidth = 1;
    context.beginPath();
    for (const [i, px] of x.entries()) {
      context.moveTo(fromX, fromY);
      context.lineTo(px, y[i] ?? 0);
    }
    context.stroke();
  }

  #paintLabels(context: CanvasRenderingContext2D, theme: ThemeColors): void {
    const { model } = this.#shown();
    const { width, height } = this.#size;
    const taken: Box[] = [];
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    for (const position of model.bySize) {
      if (taken.length >= mostLabels) break;
      const [x = Number.NaN, y = Number.NaN, radius = 0] = [
        this.#pixels?.x[position],
        this.#pixels?.y[position],
        this.#pixels?.radius[position],
      ];
      if (!(x > 0 && x < width && y > 0 && y < height)) continue;
      const text = model.names(position, 1)[0] ?? String(model.id(position));
      const box = { x: x + radius + 3, y: y - 8, width: context.measureText(text).width + 4, height: 16 };
      if (box.x + box.width > width || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      context.fillStyle = withAlpha(theme.background, 0.8);
      context.fillRect(box.x, box.y, box.width, box.height);
      context.fillStyle = theme.foreground;
      context.fillText(text, box.x + 2, y);
    }
  }
}

function viewOf(x: Float64Array, y: Float64Array, width: number, height: number): { x: number; y: number; scale: number } {
  const across = ends(x);
  const up = ends(y);
  const scale = Math.min(
    Math.max(40, width - 2 * margin) / (across.high - across.low || 1),
    Math.max(40, height - 2 * margin) / (up.high - up.low || 1),
  );
  return { x: (across.low + across.high) / 2, y: (up.low + up.high) / 2, scale };
}

function ends(values: Float64Array): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
