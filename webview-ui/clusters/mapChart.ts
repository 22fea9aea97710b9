import type { ClusterPoints } from '../../src/protocol/clusters.ts';
import { ChartCanvas } from './chartCanvas.ts';
import type { ClustersShown } from './clustersShown.ts';
import { type MapActions, MapScene } from './mapScene.ts';
import type { PageContext } from './pageContext.ts';

/** Pixels that the pointer may slip during a click. */
const slip = 4;
const step = 1.6;

/** The map with its zoom: wheel, dragging, and the keys + - 0. */
export class MapChart {
  readonly canvas: ChartCanvas;
  readonly #scene: MapScene;
  #drag: { readonly id: number; x: number; y: number; moved: number } | undefined;
  #frame = 0;

  constructor(shown: () => ClustersShown, context: PageContext, actions: MapActions & { readonly drawn: () => void }) {
    this.#scene = new MapScene(shown, context, actions);
    this.canvas = new ChartCanvas(this.#scene, context.announce, actions.drawn);
    const { root } = this.canvas;
    root.classList.add('map');
    root.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    root.addEventListener('pointerdown', (event) => {
      if (event.button === 0) this.#drag = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: 0 };
    });
    root.addEventListener('pointermove', (event) => this.#move(event));
    root.addEventListener('pointerup', () => {
      // The click that follows still asks whether this was a drag.
      requestAnimationFrame(() => {
        this.#drag = undefined;
      });
    });
    root.addEventListener('pointercancel', () => {
      this.#drag = undefined;
    });
    root.addEventListener(
      'click',
      (event) => {
        if ((this.#drag?.moved ?? 0) > slip) event.stopImmediatePropagation();
      },
      { capture: true },
    );
    root.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '+' || event.key === '=') this.zoom(step);
      else if (event.key === '-') this.zoom(1 / step);
      else if (event.key === '0') actions.leave();
      else return;
      event.preventDefault();
    });
  }

  get points(): ClusterPoints | undefined {
    return this.#scene.points;
  }

  /** Shows the instances of a cluster; undefined shows all clusters. */
  show(points: ClusterPoints | undefined): void {
    this.#scene.show(points);
    this.canvas.draw();
  }

  zoom(factor: number): void {
    this.#scene.zoom(factor);
    this.canvas.draw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { left, top } = this.canvas.root.getBoundingClientRect();
    this.#scene.zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - left, event.clientY - top);
    this.#later();
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === undefined || event.pointerId !== drag.id || event.buttons === 0) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved += Math.abs(dx) + Math.abs(dy);
    if (drag.moved <= slip) return;
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (!this.canvas.root.hasPointerCapture(drag.id)) this.canvas.root.setPointerCapture(drag.id);
    this.#scene.pan(dx, dy);
    this.#later();
  }

  /** At most one drawing per frame. */
  #later(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.canvas.draw();
    });
  }
}
