import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import type { PageContext } from './pageContext.ts';

export interface WorkLineActions {
  readonly onCancel: () => void;
  readonly onAgain: () => void;
}

/** What is being done, how far it is, and the button that stops it. */
export class WorkLine {
  readonly root = element('div', { class: 'work', hidden: '' });
  readonly #text = element('p', { role: 'status' });
  readonly #bar = element('progress', { max: '1' });
  readonly #cancel: HTMLButtonElement;
  readonly #again: HTMLButtonElement;

  constructor({ strings }: PageContext, { onCancel, onAgain }: WorkLineActions) {
    this.#bar.setAttribute('aria-label', strings.state.comparing);
    this.#cancel = textButton(strings.state.cancel, onCancel);
    this.#again = textButton(strings.state.tryAgain, onAgain);
    this.root.append(this.#text, this.#bar, this.#cancel, this.#again);
  }

  /** @param share 0 to 1; null while it is unknown */
  working(text: string, share: number | null): void {
    this.#say(text, true);
    if (share === null) this.#bar.removeAttribute('value');
    else this.#bar.value = share;
  }

  stopped(text: string): void {
    this.#say(text, false);
  }

  idle(): void {
    this.root.hidden = true;
  }

  #say(text: string, isWorking: boolean): void {
    this.root.hidden = false;
    this.#text.textContent = text;
    this.#bar.hidden = !isWorking;
    this.#cancel.hidden = !isWorking;
    this.#again.hidden = isWorking;
  }
}
