import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import type { PageContext } from './pageContext.ts';

/** How many rows there are, what is being done, and how to stop it or go on. */
export class StatusLine {
  readonly root: HTMLElement;
  readonly #count = element('span', { class: 'count-text' });
  readonly #work = element('span', { class: 'work-text' });
  readonly #bar = element('progress', { max: '1' });
  readonly #cancel: HTMLButtonElement;
  readonly #resume: HTMLButtonElement;

  constructor({ strings }: PageContext, actions: { readonly onCancel: () => void; readonly onResume: () => void }) {
    this.#bar.setAttribute('aria-label', strings.state.opening);
    this.#cancel = textButton(strings.state.cancel, () => actions.onCancel());
    this.#resume = textButton(strings.state.continue, () => actions.onResume());
    this.root = element('div', { class: 'status-line' }, this.#count, this.#bar, this.#work, this.#cancel, this.#resume);
    this.idle();
  }

  get isWorking(): boolean {
    return !this.#bar.hidden;
  }

  /** Number of rows, in a sentence. */
  count(sentence: string): void {
    this.#count.textContent = sentence;
  }

  /** `share`: 0 to 1, null while it is unknown. */
  working(sentence: string, share: number | null): void {
    const hadFocus = document.activeElement === this.#resume;
    this.#work.textContent = sentence;
    if (share === null) this.#bar.removeAttribute('value');
    else this.#bar.value = share;
    this.#bar.hidden = false;
    this.#cancel.hidden = false;
    this.#resume.hidden = true;
    if (hadFocus) this.#cancel.focus();
  }

  stopped(sentence: string): void {
    const hadFocus = document.activeElement === this.#cancel;
    this.#work.textContent = sentence;
    this.#bar.hidden = true;
    this.#cancel.hidden = true;
    this.#resume.hidden = false;
    if (hadFocus) this.#resume.focus();
  }

  idle(): void {
    this.#work.textContent = '';
    this.#bar.hidden = true;
    this.#cancel.hidden = true;
    this.#resume.hidden = true;
  }
}
