import { paintedPixels } from '../shared/canvas.ts';
import { element } from '../shared/element.ts';
import { readTheme, type ThemeColors } from '../shared/theme.ts';

/** A place in pixels of the chart. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a chart shows: items that are named by their numbers. A cluster's is its position. */
export interface ChartScene {
  readonly label: () => string;
  /** What the keys do here. */
  readonly hint: () => string;
  /** Draws everything that does not follow the pointer or the cursor. */
  readonly paint: (context: CanvasRenderingContext2D, width: number, height: number, theme: ThemeColors) => void;
  /** The item at a place, or -1. */
  readonly hit: (x: number, y: number) => number;
  /** Where an item lies; undefined when it is not drawn. */
  readonly boxOf: (item: number) => Box | undefined;
  /** Marks of items are circles, not frames. */
  readonly isRound: boolean;
  /** The item that a key leads to from another one, -1 for none; undefined for a key that the chart does not know. */
  readonly step: (from: number, key: string) => number | undefined;
  /** Lines about an item; the first is its name. */
  readonly tip: (item: number) => readonly string[];
  readonly open: (item: number) => void;
}

/**
 * A chart on a canvas that is as large as its place, sharp on every screen. Arrow keys lead from item to item, Enter opens one; marks lie
 * on a canvas of their own, so that following the pointer draws nothing anew.
 */
export class ChartCanvas {
  readonly root: HTMLElement;
  readonly #scene: ChartScene;
  readonly #announce: (sentence: string) => void;
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #overlay = element('canvas', { class: 'overlay', 'aria-hidden': 'true' });
  readonly #tip = element('div', { class: 'tip', 'aria-hidden': 'true', hidden: '' });
  readonly #observer = new ResizeObserver(() => this.draw());
  readonly #onDrawn: () => void;
  #width = 0;
  #height = 0;
  #cursor = -1;
  #hovered = -1;
  #selected = -1;

  constructor(scene: ChartScene, announce: (sentence: string) => void, onDrawn: () => void) {
    this.#scene = scene;
    this.#announce = announce;
    this.#onDrawn = onDrawn;
    this.root = element('div', { class: 'chart', role: 'application', tabindex: '0' }, this.#canvas, this.#overlay, this.#tip);
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('pointermove', (event) => this.#hover(event));
    this.root.addEventListener('pointerleave', () => this.#leave());
    this.root.addEventListener('click', (event) => {
      const item = this.#at(event);
      if (item < 0) return;
      this.#cursor = item;
      scene.open(item);
    });
    this.root.addEventListener('focus', () => this.#mark());
    this.root.addEventListener('blur', () => {
      this.#tip.hidden = true;
      this.#mark();
    });
    this.#observer.observe(this.root);
  }

  get size(): { readonly width: number; readonly height: number } {
    return { width: this.#width, height: this.#height };
  }

  /** The item that the arrow keys have come to, or -1. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Marks the item that is open elsewhere; -1 for none. */
  select(item: number): void {
    this.#selected = item;
    if (item >= 0) this.#cursor = item;
    this.#mark();
  }

  /** The items are others than before. */
  forget(): void {
    this.#cursor = -1;
    this.#hovered = -1;
    this.#selected = -1;
    this.#tip.hidden = true;
  }

  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width === 0 || height === 0) return;
    const theme = readTheme();
    this.#width = width;
    this.#height = height;
    const context = fitCanvas(this.#canvas, width, height);
    fitCanvas(this.#overlay, width, height);
    if (context === null) return;
    context.clearRect(0, 0, width, height);
    context.font = `12px ${theme.font}`;
    this.#scene.paint(context, width, height, theme);
    this.root.setAttribute('aria-label', this.#scene.label());
    this.root.title = '';
    this.#mark();
    this.#onDrawn();
  }

  painted(): number {
    return paintedPixels(this.#canvas);
  }

  dispose(): void {
    this.#observer.disconnect();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === 'Enter' || event.key === ' ') && this.#cursor >= 0) this.#scene.open(this.#cursor);
    else {
      const next = this.#scene.step(this.#cursor, event.key);
      if (next === undefined) return;
      if (next >= 0) this.#moveTo(next);
    }
    event.preventDefault();
  }

  #moveTo(item: number): void {
    this.#cursor = item;
    this.#hovered = -1;
    this.#mark();
    const box = this.#scene.boxOf(item);
    const lines = this.#scene.tip(item);
    if (box !== undefined) this.#showTip(lines, box.x + box.width / 2, box.y + box.height / 2);
    this.#announce(lines.join('. '));
  }

  #at(event: MouseEvent): number {
    const { left, top } = this.root.getBoundingClientRect();
    return this.#scene.hit(event.clientX - left - this.root.clientLeft, event.clientY - top - this.root.clientTop);
  }

  #hover(event: PointerEvent): void {
    const item = this.#at(event);
    this.root.classList.toggle('over-item', item >= 0);
    const { left, top } = this.root.getBoundingClientRect();
    if (item >= 0) this.#showTip(this.#scene.tip(item), event.clientX - left, event.clientY - top);
    else this.#tip.hidden = true;
    if (item === this.#hovered) return;
    this.#hovered = item;
    this.#mark();
  }

  #leave(): void {
    this.#hovered = -1;
    this.#tip.hidden = true;
    this.#mark();
  }

  #showTip(lines: readonly string[], x: number, y: number): void {
    const [name = '', ...rest] = lines;
    this.#tip.replaceChildren(element('strong', {}, name), ...rest.map((line) => element('span', {}, line)));
    this.#tip.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.#tip;
    const left = x + 14 + width > this.#width ? Math.max(0, x - 14 - width) : x + 14;
    const top = y + 14 + height > this.#height ? Math.max(0, y - 14 - height) : y + 14;
    this.#tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  #mark(): void {
    const context = this.#overlay.getContext('2d');
    if (context === null || this.#width === 0) return;
    const theme = readTheme();
    context.clearRect(0, 0, this.#width, this.#height);
    if (this.#hovered >= 0) this.#frame(context, this.#hovered, theme, 2, []);
    if (this.#selected >= 0) this.#frame(context, this.#selected, theme, 4, []);
    if (this.#cursor >= 0 && document.activeElement === this.root) this.#frame(context, this.#cursor, theme, 3, [5, 3]);
  }

  /** Drawn twice, in the text's colour on the ground's: it is seen on every fill. */
  #frame(context: CanvasRenderingContext2D, item: number, theme: ThemeColors, width: number, dash: readonly number[]): void {
    const box = this.#scene.boxOf(item);
    if (box === undefined) return;
    for (const [color, lineWidth, pattern] of [
      [theme.background, width + 2, []],
      [theme.foreground, width, dash],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = lineWidth;
      context.setLineDash([...pattern]);
      context.beginPath();
      if (this.#scene.isRound) {
        const radius = Math.max(box.width, box.height) / 2 + width;
        context.arc(box.x + box.width / 2, box.y + box.height / 2, radius, 0, 2 * Math.PI);
      } else context.rect(box.x + 1.5, box.y + 1.5, Math.max(2, box.width - 3), Math.max(2, box.height - 3));
      context.stroke();
    }
    context.setLineDash([]);
  }
}

function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
