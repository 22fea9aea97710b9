import { element } from './element.ts';

/** A sentence with what can be done about it; hidden while there is none. */
export class MessageBox {
  readonly root: HTMLElement;

  /** @param style its class; an `alert` is said at once */
  constructor(style: string, role?: 'alert') {
    this.root = element('div', { class: `message ${style}`, hidden: '', ...(role === undefined ? {} : { role }) });
  }

  /** Null takes it away. The same sentence again leaves the buttons, and a focus on one of them, as they are. */
  show(sentence: string | null, buttons: readonly HTMLButtonElement[] = []): void {
    const shown = this.root.firstElementChild?.textContent;
    this.root.hidden = sentence === null;
    if (sentence === null) this.root.replaceChildren();
    else if (shown !== sentence) this.root.replaceChildren(element('p', {}, sentence), element('div', { class: 'actions' }, ...buttons));
  }
}
