import type { ThemeColors } from '../shared/theme.ts';
import type { Box, ChartScene } from './chartCanvas.ts';
import { classFills, ofClass } from './classFills.ts';
import type { ClustersShown } from './clustersShown.ts';
import { describe, nameOf } from './describeCluster.ts';
import type { PageContext } from './pageContext.ts';
import { squarify, type Tiles, tileAt, tileBeside } from './treemapLayout.ts';

/** Smallest tile that holds a line of text, and one for a second and third, in pixels. */
const labelled = { width: 46, height: 20, line: 15 };

/** Tiles of the clusters, largest first; the fill says the class of the chosen measure. */
export class TreemapScene implements ChartScene {
  readonly isRound = false;
  readonly #shown: () => ClustersShown;
  readonly #context: PageContext;
  readonly #onOpen: (position: number) => void;
  #tiles: Tiles | undefined;

  constructor(shown: () => ClustersShown, context: PageContext, onOpen: (position: number) => void) {
    this.#shown = shown;
    this.#context = context;
    this.#onOpen = onOpen;
  }

  label(): string {
    const { strings, say } = this.#context;
    const { model, colouring } = this.#shown();
    return say(strings.charts.treemapLabel, model.count, colouring?.title ?? strings.columns.size);
  }

  hint(): string {
    return this.#context.strings.charts.hint;
  }

  paint(context: CanvasRenderingContext2D, width: number, height: number, theme: ThemeColors): void {
    const { model, colouring } = this.#shown();
    const tiles = squarify(model.size, model.bySize, width, height);
    this.#tiles = tiles;
    const fills = classFills(context, theme);
    const edges = new Path2D();
    for (const position of model.bySize) {
      const [x, y, w, h] = rectOf(tiles, position);
      context.fillStyle = ofClass(fills, colouring?.classes[position] ?? 0);
      context.fillRect(x, y, w, h);
      // Frames of the smallest tiles would hide them.
      if (w > 3 && h > 3) edges.rect(x + 0.5, y + 0.5, w, h);
    }
    context.strokeStyle = theme.foreground;
    context.lineWidth = model.count > 2000 ? 0.35 : 0.7;
    context.stroke(edges);
    for (const position of model.bySize) {
      const [x, y, w, h] = rectOf(tiles, position);
      if (w < labelled.width || h < labelled.height) continue;
      this.#write(context, theme, position, { x, y, width: w, height: h });
    }
  }

  hit(x: number, y: number): number {
    return this.#tiles ? tileAt(this.#tiles, x, y) : -1;
  }

  boxOf(position: number): Box | undefined {
    if (this.#tiles === undefined || position >= this.#tiles.x.length) return undefined;
    const [x, y, width, height] = rectOf(this.#tiles, position);
    return { x, y, width, height };
  }

  /** Arrows go to the tile beside, Page Up and Page Down to the next larger and smaller one. */
  step(from: number, key: string): number | undefined {
    const { bySize } = this.#shown().model;
    const last = bySize.length - 1;
    switch (key) {
      case 'Home':
        return bySize[0] ?? -1;
      case 'End':
        return bySize[last] ?? -1;
      case 'PageUp':
        return bySize[Math.max(0, bySize.indexOf(from) - 1)] ?? -1;
      case 'PageDown':
        return bySize[Math.min(last, bySize.indexOf(from) + 1)] ?? -1;
      case 'ArrowLeft':
      case 'ArrowRight':
      case 'ArrowUp':
      case 'ArrowDown':
        if (from < 0 || this.#tiles === undefined) return bySize[0] ?? -1;
        return tileBeside(this.#tiles, from, key);
      default:
        return undefined;
    }
  }

  tip(position: number): readonly string[] {
    return describe(this.#shown(), position, this.#context);
  }

  open(position: number): void {
    this.#onOpen(position);
  }

  #write(context: CanvasRenderingContext2D, theme: ThemeColors, position: number, box: Box): void {
    const { model, colouring } = this.#shown();
    const { n } = this.#context;
    const lines = [nameOf(model, position, this.#context)];
    const value = colouring === undefined ? undefined : colouring.write(colouring.values[position] ?? Number.NaN);
    if (box.height >= 2 * labelled.line + 6) lines.push(...model.names(position, 2));
    lines.splice(1, 0, value === undefined ? n(model.size[position] ?? 0) : value);
    const most = Math.min(lines.length, Math.floor((box.height - 4) / labelled.line));
    context.save();
    context.beginPath();
    context.rect(box.x + 1, box.y + 1, box.width - 2, box.height - 2);
    context.clip();
    context.textBaseline = 'top';
    for (const [i, line] of lines.slice(0, most).entries()) {
      const top = box.y + 4 + i * labelled.line;
      const width = Math.min(context.measureText(line).width + 6, box.width - 4);
      // A ground of its own keeps the text readable on every texture.
      context.fillStyle = theme.background;
      context.fillRect(box.x + 3, top - 1, width, labelled.line);
      context.fillStyle = theme.foreground;
      context.fillText(line, box.x + 6, top + 1);
    }
    context.restore();
  }
}

function rectOf({ x, y, width, height }: Tiles, i: number): readonly [x: number, y: number, width: number, height: number] {
  return [x[i] ?? 0, y[i] ?? 0, width[i] ?? 0, height[i] ?? 0];
}
