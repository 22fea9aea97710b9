import { synthesisProviders } from '../../../src/protocol/synthesis.ts';
import type { SynthesisFolder } from '../../../src/protocol/synthesisPage.ts';
import { textButton } from '../../shared/controls.ts';
import { element } from '../../shared/element.ts';
import { checkbox, labelled } from '../../shared/fields/field.ts';
import { select } from '../../shared/fields/formParts.ts';
import { fillText } from '../../shared/fillText.ts';
import { sourcesIn, usedProvider, withAgreement, withField, withFolder, withText } from '../draft.ts';
import { ChoiceRow } from './choiceRow.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';
import { TextField } from './textField.ts';

/** Who does the work, and what that needs: an address and a key, a model of the editor, or a folder whose terms are agreed to. */
export class WhoPart implements FormPart {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #provider = element('select', {});
  readonly #endpoint: TextField;
  readonly #model: TextField;
  readonly #editorModel: ChoiceRow;
  readonly #folder: ChoiceRow;
  readonly #licence = element('div', { class: 'licence', role: 'group' });
  readonly #licenceTitle = element('strong');
  readonly #licenceWords = element('ul');
  readonly #agreement: ReturnType<typeof checkbox>;
  readonly #confirm: ReturnType<typeof checkbox>;
  readonly #textEndpoint: TextField;
  readonly #textModel: TextField;
  readonly #keys = element('div', { class: 'keys' });
  readonly #staging: ChoiceRow;
  #shownMethod = '';
  #shownKeys = '';

  constructor(hooks: FormHooks) {
    this.#hooks = hooks;
    const { strings, settings, change, pickModel } = hooks;
    const { controls } = strings;
    this.#provider.addEventListener('change', () => {
      const provider = synthesisProviders.find((one) => one === this.#provider.value);
      change(withField(settings(), 'provider', provider));
    });
    const text = (name: 'endpoint' | 'model' | 'textEndpoint' | 'textModel', placeholder = ''): TextField =>
      new TextField(controls[name], (typed) => change(withText(settings(), name, typed)), placeholder);
    this.#endpoint = text('endpoint', 'http://localhost:8000/v1');
    this.#model = text('model');
    this.#textEndpoint = text('textEndpoint', 'http://localhost:8000/v1');
    this.#textModel = text('textModel');
    this.#editorModel = new ChoiceRow({
      text: controls.editorModel,
      strings,
      none: strings.noModel,
      onChoose: () =>
        void pickModel().then((model) => {
          if (model !== null) change(withField(settings(), 'editorModel', model));
        }),
      onRemove: () => change(withField(settings(), 'editorModel', undefined)),
    });
    this.#folder = this.#folderRow('modelFolder', strings.noFolder);
    this.#staging = this.#folderRow('staging', strings.defaultStaging);
    this.#agreement = checkbox(controls.agreement, (on) => change(withAgreement(settings(), on)));
    this.#confirm = checkbox(controls.confirm, (on) => change(withField(settings(), 'confirm', on ? true : undefined)));
    this.#licence.append(this.#licenceTitle, this.#licenceWords, this.#agreement.root);
    this.root = element(
      'div',
      {},
      labelled(controls.provider, this.#provider),
      this.#endpoint.root,
      this.#model.root,
      this.#editorModel.root,
      this.#folder.root,
      this.#licence,
      this.#confirm.root,
      this.#textEndpoint.root,
      this.#textModel.root,
      this.#keys,
      this.#staging.root,
    );
  }

  sync({ settings, method, keys, licence }: FormState): void {
    if (this.#shownMethod !== method.name) {
      this.#shownMethod = method.name;
      this.#provider.replaceChildren(...select(method.providers.map(({ name, label }) => [name, label])).children);
    }
    this.#provider.value = usedProvider(settings, method);
    this.#provider.disabled = method.providers.length < 2;
    const sources = sourcesIn(settings, method);
    for (const field of [this.#endpoint, this.#model]) field.root.hidden = !sources.endpoint;
    for (const field of [this.#textEndpoint, this.#textModel]) field.root.hidden = !sources.text;
    this.#endpoint.set(settings.endpoint);
    this.#model.set(settings.model);
    this.#textEndpoint.set(settings.textEndpoint);
    this.#textModel.set(settings.textModel);
    this.#editorModel.root.hidden = !sources.editor;
    this.#editorModel.sync(settings.editorModel?.name);
    this.#folder.root.hidden = !sources.folder;
    this.#folder.sync(settings.modelFolder);
    this.#confirm.root.hidden = !sources.confirm;
    this.#confirm.input.checked = settings.confirm === true;
    this.#staging.sync(settings.staging);
    this.#syncLicence(sources.folder && settings.modelFolder !== undefined, settings.agreedTo === settings.modelFolder, settings, licence);
    this.#syncKeys(keys);
  }

  #syncLicence(isShown: boolean, isAgreed: boolean, { modelFolder = '' }: FormState['settings'], licence: FormState['licence']): void {
    this.#licence.hidden = !isShown;
    if (!isShown) return;
    const folder = modelFolder.split(/[\\/]/).findLast((part) => part !== '') ?? modelFolder;
    const title = fillText(this.#hooks.strings.licence, licence?.model ?? folder);
    this.#licenceTitle.textContent = title;
    this.#licence.setAttribute('aria-label', title);
    const sentences = licence?.sentences ?? [this.#hooks.strings.controls.agreement.help];
    if (sentences.join('\n') !== [...this.#licenceWords.children].map((item) => item.textContent).join('\n'))
      this.#licenceWords.replaceChildren(...sentences.map((sentence) => element('li', {}, sentence)));
    this.#agreement.input.checked = isAgreed;
  }

  #syncKeys(keys: FormState['keys']): void {
    const key = JSON.stringify(keys);
    if (key === this.#shownKeys) return;
    this.#shownKeys = key;
    const { controls } = this.#hooks.strings;
    this.#keys.replaceChildren(
      ...keys.map(({ sentence }) => element('p', { class: 'quiet' }, sentence)),
      ...(keys.length === 0 ? [] : [this.#keyButton(controls.setKey, 'setKey')]),
      ...(keys.some(({ standing }) => standing === 'stored') ? [this.#keyButton(controls.forgetKey, 'forgetKey')] : []),
    );
  }

  #keyButton({ label, help }: { readonly label: string; readonly help: string }, action: 'setKey' | 'forgetKey'): HTMLButtonElement {
    const made = textButton(label, () => this.#hooks.act(action));
    made.title = help;
    return made;
  }

  #folderRow(folder: SynthesisFolder, none: string): ChoiceRow {
    const { strings, settings, change, pickFolder } = this.#hooks;
    return new ChoiceRow({
      text: strings.controls[folder],
      strings,
      none,
      onChoose: () =>
        void pickFolder(folder).then((path) => {
          if (path !== null) change(withFolder(settings(), folder, path));
        }),
      onRemove: () => change(withFolder(settings(), folder, undefined)),
    });
  }
}
