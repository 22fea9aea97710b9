import { element } from '../shared/element.ts';
import { clamp, tauAfterKey } from './scales.ts';

export interface TauHandleOptions {
  /** The plot that the line lies in; the pointer may take the line anywhere on it. */
  readonly plot: HTMLElement;
  readonly label: string;
  /** The value in words. */
  readonly spoken: (tau: number) => string;
  /** The value on the handle. */
  readonly short: (tau: number) => string;
  /** Where the line is now, in px within the plot. */
  readonly place: () => { readonly left: number; readonly top: number } | undefined;
  readonly frequencyAt: (top: number) => number | undefined;
  readonly onMove: (tau: number) => void;
  /** The move has ended. */
  readonly onCommit: () => void;
  /** The move is taken back. */
  readonly onCancel: () => void;
}

/** Distance from the line at which the pointer takes it, in px. */
const reach = 8;
/** Distance of the handle from the left of the plot, in px. */
const handleInset = 6;

/** The handle at tau: a slider that is dragged with the pointer, anywhere on its line, or moved with keys. */
export class TauHandle {
  readonly root: HTMLElement;
  readonly #options: TauHandleOptions;
  readonly #text = element('span', { 'aria-hidden': 'true' });
  #tau: number | null = null;
  #top = 1;
  /** Value before the drag under way, and how far the pointer is from the line. */
  #drag: { readonly before: number; readonly offset: number } | undefined;

  constructor(options: TauHandleOptions) {
    this.#options = options;
    this.root = element('div', {
      class: 'tau-handle',
      role: 'slider',
      tabindex: '0',
      'aria-orientation': 'vertical',
      'aria-label': options.label,
      'aria-valuemin': '1',
    });
    this.root.append(this.#text);
    this.root.addEventListener('keydown', (event) => this.#key(event));
    const { plot } = options;
    plot.addEventListener('pointerdown', (event) => this.#take(event));
    plot.addEventListener('pointermove', (event) => this.#move(event));
    plot.addEventListener('pointerup', () => this.#drop());
    plot.addEventListener('pointercancel', () => this.#giveBack());
  }

  get isDragging(): boolean {
    return this.#drag !== undefined;
  }

  /** The value that the line shows; null hides the handle. `top` is the largest. */
  set(tau: number | null, top: number): void {
    this.#tau = tau;
    this.#top = Math.max(top, 1);
    this.root.hidden = tau === null;
    if (tau === null) return;
    this.root.setAttribute('aria-valuemax', String(this.#top));
    this.root.setAttribute('aria-valuenow', String(clamp(tau, 1, this.#top)));
    this.root.setAttribute('aria-valuetext', this.#options.spoken(tau));
    this.#text.textContent = this.#options.short(tau);
  }

  /** Moves the handle to its line. */
  follow(): void {
    const place = this.#options.place();
    if (place === undefined) return;
    // At the left, where the curves are far above the line; at the right they cross it.
    this.root.style.transform = `translate(${Math.round(place.left) + handleInset}px, ${Math.round(place.top)}px) translate(0, -50%)`;
  }

  #take(event: PointerEvent): void {
    const place = this.#options.place();
    if (event.button !== 0 || this.#tau === null || place === undefined) return;
    const top = this.#topOf(event);
    const onHandle = event.target instanceof Node && this.root.contains(event.target);
    if (!onHandle && Math.abs(top - place.top) > reach) return;
    event.preventDefault();
    this.#drag = { before: this.#tau, offset: top - place.top };
    this.#options.plot.setPointerCapture(event.pointerId);
    this.#options.plot.classList.add('dragging');
    this.root.focus({ preventScroll: true });
  }

  #move(event: PointerEvent): void {
    if (this.#drag === undefined) {
      const place = this.#options.place();
      const isNear = this.#tau !== null && place !== undefined && Math.abs(this.#topOf(event) - place.top) <= reach;
      this.#options.plot.classList.toggle('near-tau', isNear);
      return;
    }
    const frequency = this.#options.frequencyAt(this.#topOf(event) - this.#drag.offset);
    if (frequency !== undefined) this.#go(Math.round(frequency));
  }

  #drop(): void {
    if (this.#drag === undefined) return;
    const { before } = this.#drag;
    this.#end();
    if (this.#tau !== before) this.#options.onCommit();
  }

  /** Escape, or the system takes the pointer away. */
  #giveBack(): void {
    if (this.#drag === undefined) return;
    this.#end();
    this.#options.onCancel();
  }

  #end(): void {
    this.#drag = undefined;
    this.#options.plot.classList.remove('dragging');
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#tau === null) return;
    if (event.key === 'Escape') this.#giveBack();
    const next = tauAfterKey(event.key, this.#tau, this.#top);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#go(next)) this.#options.onCommit();
  }

  #go(wanted: number): boolean {
    const tau = clamp(wanted, 1, this.#top);
    if (tau === this.#tau) return false;
    this.set(tau, this.#top);
    this.#options.onMove(tau);
    return true;
  }

  #topOf(event: PointerEvent): number {
    return event.clientY - this.#options.plot.getBoundingClientRect().top;
  }
}
