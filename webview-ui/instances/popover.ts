import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';

let nextId = 1;

/** A button that opens a panel below it; Escape, a click elsewhere, or the focus leaving it closes the panel. */
export class Popover {
  readonly root: HTMLElement;
  readonly panel: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #text = element('span', {});
  readonly #onOpen: () => void;

  constructor(label: string, onOpen: () => void) {
    this.#onOpen = onOpen;
    const id = `popover-${nextId++}`;
    this.#button = element(
      'button',
      { type: 'button', class: 'drop', 'aria-expanded': 'false', 'aria-controls': id },
      this.#text,
      icon('down'),
    );
    this.panel = element('div', { id, class: 'popover', role: 'group', 'aria-label': label, hidden: '' });
    this.root = element('div', { class: 'popover-place' }, this.#button, this.panel);
    this.setLabel(label, 0);
    this.#button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.isOpen) return;
      event.stopPropagation();
      this.close();
      this.#button.focus();
    });
    this.root.addEventListener('focusout', (event) => {
      if (event.relatedTarget instanceof Node && !this.root.contains(event.relatedTarget)) this.close();
    });
    document.addEventListener('pointerdown', (event) => {
      if (this.isOpen && event.target instanceof Node && !this.root.contains(event.target)) this.close();
    });
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** The button's text, and how many conditions the panel has set. */
  setLabel(label: string, conditions: number): void {
    this.#text.textContent = conditions === 0 ? label : `${label} (${conditions})`;
    this.#button.classList.toggle('set', conditions > 0);
  }

  open(): void {
    this.panel.hidden = false;
    this.#button.setAttribute('aria-expanded', 'true');
    this.#onOpen();
    // A panel that starts near the right edge would leave the page.
    this.panel.classList.toggle('to-left', this.root.getBoundingClientRect().left + this.panel.offsetWidth > window.innerWidth - 8);
    (this.panel.querySelector<HTMLElement>('input') ?? this.panel.querySelector<HTMLElement>('select, button'))?.focus();
  }

  close(): void {
    this.panel.hidden = true;
    this.#button.setAttribute('aria-expanded', 'false');
  }
}
