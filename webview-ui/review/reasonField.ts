import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const longestReason = 1000;

/** Asks why, without leaving the page: Enter rejects, Escape goes back, recent reasons are a click away. */
export class ReasonField {
  readonly root: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #recent: HTMLElement;
  #onReject: (reason: string) => void = () => undefined;
  #before: Element | null = null;

  constructor(context: PageContext) {
    const { header } = context.strings;
    this.#input = element('input', {
      type: 'text',
      id: 'reason',
      maxlength: String(longestReason),
      placeholder: header.reasonPlaceholder,
      autocomplete: 'off',
      'aria-describedby': 'reason-hint',
    });
    this.#recent = element('div', { class: 'recent', role: 'group', 'aria-label': header.recentReasons });
    const reject = element('button', { type: 'submit', class: 'primary' }, header.rejectNow);
    const line = element(
      'div',
      { class: 'reason-line' },
      element('label', { for: 'reason' }, header.reason),
      this.#input,
      reject,
      textButton(header.cancel, () => this.close()),
      element('span', { class: 'hint', id: 'reason-hint' }, header.reasonHint),
    );
    this.root = element('form', { class: 'reason', hidden: '' }, line, this.#recent);
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#reject(this.#input.value.trim());
    });
    this.root.addEventListener('keydown', (event) => {
      // Enter of an input method takes a word, it does not reject.
      if (event.key === 'Enter' && event.isComposing) event.preventDefault();
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen(): boolean {
    return !this.root.hidden;
  }

  open(recent: readonly string[], onReject: (reason: string) => void): void {
    this.#onReject = onReject;
    if (!this.isOpen) this.#before = document.activeElement;
    this.#input.value = '';
    this.#recent.replaceChildren(
      ...recent.map((reason) => {
        const button = textButton(visibleLine(reason, 60), () => this.#reject(reason));
        button.title = visibleLine(reason, longestReason);
        button.dir = 'auto';
        return button;
      }),
    );
    this.#recent.hidden = recent.length === 0;
    this.root.hidden = false;
    this.#input.focus();
  }

  close(): void {
    if (!this.isOpen) return;
    this.root.hidden = true;
    const before = this.#before;
    if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus();
    else (document.activeElement as HTMLElement | null)?.blur();
  }

  #reject(reason: string): void {
    this.close();
    this.#onReject(reason);
  }
}
