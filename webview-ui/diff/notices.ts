import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';

export interface Notice {
  /** Notices of the same kind replace one another. */
  readonly kind: 'failure' | 'file' | 'limits';
  readonly message: string;
  readonly actions: readonly { readonly label: string; readonly run: () => void }[];
}

/** What the user should know about the whole page, above what it shows. */
export class Notices {
  readonly root = element('div', { class: 'notices' });
  readonly #shown = new Map<Notice['kind'], HTMLElement>();

  show({ kind, message, actions }: Notice): void {
    const role = kind === 'limits' ? 'note' : 'alert';
    const buttons = actions.map(({ label, run }) => textButton(label, run));
    this.clear(kind);
    const notice = element('div', { class: `notice ${kind}`, role }, icon('warning'), element('p', {}, message), ...buttons);
    this.#shown.set(kind, notice);
    this.root.append(notice);
  }

  clear(...kinds: readonly Notice['kind'][]): void {
    for (const kind of kinds) {
      this.#shown.get(kind)?.remove();
      this.#shown.delete(kind);
    }
  }
}
