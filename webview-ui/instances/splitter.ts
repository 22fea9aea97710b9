import { element } from '../shared/element.ts';

const least = 0.2;
const most = 0.8;
const step = 0.05;

/** The border between list and detail: dragged, or moved with the arrow keys. */
export class Splitter {
  readonly root: HTMLElement;
  readonly #place: HTMLElement;
  readonly #onMoved: (share: number) => void;
  #share = 0.5;

  /** `place` holds both sides; its width or height is what is shared out. */
  constructor(place: HTMLElement, label: string, onMoved: (share: number) => void) {
    this.#place = place;
    this.#onMoved = onMoved;
    this.root = element('div', {
      class: 'splitter',
      role: 'separator',
      tabindex: '0',
      'aria-label': label,
      'aria-valuemin': String(least * 100),
      'aria-valuemax': String(most * 100),
    });
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('pointerdown', (event) => {
      this.root.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.root.addEventListener('pointermove', (event) => {
      if (!this.root.hasPointerCapture(event.pointerId)) return;
      const box = this.#place.getBoundingClientRect();
      this.set(this.#isStacked ? (event.clientY - box.top) / box.height : (event.clientX - box.left) / box.width);
    });
    this.root.addEventListener('pointerup', () => this.#onMoved(this.#share));
  }

  /** Share of the list, 0.2 to 0.8. */
  set(share: number): void {
    this.#share = Math.min(Math.max(share, least), most);
    this.#place.style.setProperty('--list-share', `${this.#share * 100}%`);
    this.root.setAttribute('aria-valuenow', String(Math.round(this.#share * 100)));
    this.root.setAttribute('aria-orientation', this.#isStacked ? 'horizontal' : 'vertical');
  }

  get #isStacked(): boolean {
    return getComputedStyle(this.#place).flexDirection === 'column';
  }

  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -step, ArrowUp: -step, ArrowRight: step, ArrowDown: step };
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.set(this.#share + by);
    this.#onMoved(this.#share);
  }
}
