import type { SynthesisStrings } from '../../../src/protocol/synthesisPage.ts';
import { iconButton } from '../../shared/controls.ts';
import { element } from '../../shared/element.ts';
import { button, describe, type FieldText } from '../../shared/fields/field.ts';
import { fillText } from '../../shared/fillText.ts';
import { visibleLine } from '../../shared/unseen.ts';

const nameLimit = 80;

export interface ChoiceRowOptions {
  readonly text: FieldText;
  readonly strings: SynthesisStrings;
  /** What stands there while nothing is chosen. */
  readonly none: string;
  readonly onChoose: () => void;
  readonly onRemove: () => void;
}

/** Something that the host lets the user choose: its name, a button to choose it and one to take it away. */
export class ChoiceRow {
  readonly root: HTMLElement;
  readonly #none: string;
  readonly #name = element('bdi', { class: 'file-name' });
  readonly #remove: HTMLButtonElement;

  constructor({ text, strings, none, onChoose, onRemove }: ChoiceRowOptions) {
    this.#none = none;
    const choose = button({ label: strings.choose, help: text.help }, onChoose);
    choose.setAttribute('aria-label', fillText(strings.chooseFor, text.label));
    this.#remove = iconButton('close', fillText(strings.removeFor, text.label), onRemove);
    const label = element('span', { class: 'file-label' }, text.label);
    this.root = element('div', { class: 'file' }, label, this.#name, choose, this.#remove, describe(choose, text.help));
  }

  /** @param chosen a name, or a path, of which the last part is shown */
  sync(chosen: string | undefined): void {
    const name = chosen?.split(/[\\/]/).findLast((part) => part !== '') ?? '';
    this.#name.textContent = chosen === undefined ? this.#none : visibleLine(name, nameLimit);
    this.#name.title = chosen === undefined ? '' : visibleLine(chosen, 500);
    this.#name.classList.toggle('quiet', chosen === undefined);
    this.#remove.hidden = chosen === undefined;
  }
}
