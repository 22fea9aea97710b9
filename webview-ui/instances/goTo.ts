import { element } from '../shared/element.ts';
import type { PageContext } from './pageContext.ts';

/** A field for an ordinal: Enter goes to that instance. */
export class GoTo {
  readonly root: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #answer = element('span', { class: 'answer', role: 'status' });

  /** `onGo` gives what stands in the way, or nothing when it went there. */
  constructor({ strings, report }: PageContext, onGo: (ordinal: number) => Promise<string | undefined>) {
    const { list } = strings;
    this.#input = element('input', {
      type: 'text',
      inputmode: 'numeric',
      size: '9',
      'aria-label': list.goToLabel,
      placeholder: list.goTo,
      'aria-keyshortcuts': 'Control+G',
      autocomplete: 'off',
    });
    this.root = element('form', { class: 'go-to' }, this.#input, this.#answer);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      const digits = this.#input.value.replace(/[\s.,'\u00a0\u202f#]/g, '');
      const ordinal = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
      onGo(ordinal).then((obstacle) => {
        this.#answer.textContent = obstacle ?? '';
        this.#input.toggleAttribute('aria-invalid', obstacle !== undefined);
        if (obstacle === undefined) this.#input.value = '';
      }, report);
    });
    this.#input.addEventListener('input', () => {
      this.#answer.textContent = '';
      this.#input.removeAttribute('aria-invalid');
    });
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }
}
