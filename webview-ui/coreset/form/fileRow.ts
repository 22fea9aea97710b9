import type { CoresetFile } from '../../../src/protocol/coresetPage.ts';
import { iconButton } from '../../shared/controls.ts';
import { element } from '../../shared/element.ts';
import { button, describe } from '../../shared/fields/field.ts';
import { fillText } from '../../shared/fillText.ts';
import { visibleLine } from '../../shared/unseen.ts';
import { withFile } from '../draft.ts';
import type { FormHooks } from './formPart.ts';

const nameLimit = 80;

/** A file of the user's: its name, a button to choose it and one to take it away. */
export class FileRow {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #file: CoresetFile;
  readonly #name = element('bdi', { class: 'file-name' });
  readonly #choose: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;

  constructor(file: CoresetFile, hooks: FormHooks) {
    this.#hooks = hooks;
    this.#file = file;
    const { strings } = hooks;
    const text = strings.controls[file];
    this.#choose = button({ label: strings.choose, help: text.help }, () => void this.choose());
    this.#choose.setAttribute('aria-label', fillText(strings.chooseFile, text.label));
    this.#remove = iconButton('close', fillText(strings.removeFile, text.label), () =>
      hooks.change(withFile(hooks.settings(), file, undefined)),
    );
    const label = element('span', { class: 'file-label' }, text.label);
    this.root = element('div', { class: 'file' }, label, this.#name, this.#choose, this.#remove, describe(this.#choose, text.help));
  }

  /** Asks for the file; a user who gives up changes nothing. */
  async choose(): Promise<boolean> {
    const { pickFile, change, settings } = this.#hooks;
    const path = await pickFile(this.#file);
    if (path === null) return false;
    change(withFile(settings(), this.#file, path));
    return true;
  }

  sync(path: string | undefined): void {
    const name = path?.split(/[\\/]/).pop() ?? '';
    this.#name.textContent = path === undefined ? this.#hooks.strings.noFile : visibleLine(name, nameLimit);
    this.#name.title = path === undefined ? '' : visibleLine(path, 500);
    this.#name.classList.toggle('quiet', path === undefined);
    this.#remove.hidden = path === undefined;
  }
}
