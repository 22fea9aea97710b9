import { iconButton, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Notice {
  /** Notices of the same kind replace one another. */
  readonly kind: 'failure' | 'file' | 'limits' | 'verdicts' | 'error';
  readonly message: string;
  readonly actions: readonly NoticeAction[];
  /** Label of the button that takes it away; without it, the notice stays. */
  readonly dismiss?: string;
}

/** What the user should know about the whole page, above the list. */
export class Notices {
  readonly root = element('div', { class: 'notices' });
  readonly #shown = new Map<Notice['kind'], HTMLElement>();
  readonly #onChanged: () => void;

  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  show({ kind, message, actions, dismiss }: Notice): void {
    const role = kind === 'limits' ? 'note' : 'alert';
    const notice = element('div', { class: `notice ${kind}`, role }, icon('warning'), element('p', {}, message));
    for (const { label, run } of actions) notice.append(textButton(label, run));
    if (dismiss !== undefined) notice.append(iconButton('close', dismiss, () => this.clear(kind)));
    this.#shown.get(kind)?.remove();
    this.#shown.set(kind, notice);
    this.root.append(notice);
    this.#onChanged();
  }

  clear(...kinds: readonly Notice['kind'][]): void {
    const gone = kinds.filter((kind) => this.#shown.has(kind));
    for (const kind of gone) {
      this.#shown.get(kind)?.remove();
      this.#shown.delete(kind);
    }
    if (gone.length > 0) this.#onChanged();
  }

  /** What is said, in the order in which it was. */
  get messages(): readonly string[] {
    return [...this.#shown.values()].map((notice) => notice.querySelector('p')?.textContent ?? '');
  }
}
