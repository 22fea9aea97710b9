import { element } from '../../shared/element.ts';
import { type FieldText, labelled } from '../../shared/fields/field.ts';

/** A line of text on a row of its own. */
export class TextField {
  readonly root: HTMLElement;
  readonly #input = element('input', { type: 'text', spellcheck: 'false', autocomplete: 'off', maxlength: '2000', dir: 'ltr' });

  constructor(text: FieldText, onInput: (text: string) => void, placeholder = '') {
    this.#input.placeholder = placeholder;
    this.#input.addEventListener('input', () => onInput(this.#input.value));
    this.root = labelled(text, this.#input);
  }

  /** Shows a text, but not over one that is being typed. */
  set(text: string | undefined): void {
    if (document.activeElement !== this.#input) this.#input.value = text ?? '';
  }
}
