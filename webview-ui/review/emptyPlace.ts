import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import type { PageContext } from './pageContext.ts';

/** Stands where the candidates would be: why there are none, and how to see some. */
export class EmptyPlace {
  readonly root: HTMLElement;
  readonly #sentence = element('p', { role: 'status' });
  readonly #clear: HTMLButtonElement;

  constructor({ strings }: PageContext, onClear: () => void) {
    this.#clear = textButton(strings.filter.clear, onClear);
    this.root = element('div', { class: 'empty' }, this.#sentence, this.#clear);
  }

  show(sentence: string, canClear: boolean): void {
    this.#sentence.textContent = sentence;
    this.#clear.hidden = !canClear;
  }
}
