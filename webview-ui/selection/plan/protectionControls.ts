import type { Protection } from '../../../src/protocol/requests.ts';
import { element } from '../../shared/element.ts';
import { fillText } from '../../shared/fillText.ts';
import { isTextOnlyProtected, withProtection } from '../draft.ts';
import { button, checkbox, describe } from '../fields/field.ts';
import type { PlanHooks, PlanPart, PlanState } from './planPart.ts';

interface RuleRow {
  readonly root: HTMLElement;
  readonly field: HTMLInputElement;
  readonly value: HTMLInputElement;
}

/** Instances that are always kept: text-only ones, and those with a field of a value. */
export class ProtectionControls implements PlanPart {
  readonly root: HTMLElement;
  readonly #hooks: PlanHooks;
  readonly #textOnly: HTMLInputElement;
  readonly #list = element('div', { class: 'rules' });
  #rows: RuleRow[] = [];
  /** Rules as they were last shown or told. */
  #told = '[]';

  constructor(hooks: PlanHooks) {
    this.#hooks = hooks;
    const { controls } = hooks.strings;
    const { root, input } = checkbox(controls.textOnly, () => this.#changed());
    this.#textOnly = input;
    const add = button(controls.addProtection, () => {
      const row = this.#addRow('', '');
      row.field.focus();
    });
    this.root = element('div', {}, root, this.#list, add);
  }

  sync({ knobs }: PlanState): void {
    this.#textOnly.checked = isTextOnlyProtected(knobs);
    const wanted = (knobs.protect ?? []).filter((rule) => rule.kind === 'field');
    if (JSON.stringify(wanted) === this.#told) return; // unfinished rows and texts stay
    this.#told = JSON.stringify(wanted);
    this.#rows = [];
    this.#list.replaceChildren();
    for (const { field, value } of wanted) this.#addRow(field, value);
  }

  #addRow(field: string, value: string): RuleRow {
    const { controls, removeProtection } = this.#hooks.strings;
    const input = (text: { readonly label: string; readonly help: string }, shown: string): [HTMLInputElement, HTMLElement] => {
      const made = element('input', {
        type: 'text',
        'aria-label': text.label,
        placeholder: text.label,
        maxlength: '10000',
        spellcheck: 'false',
      });
      made.value = shown;
      made.addEventListener('change', () => this.#changed());
      return [made, describe(made, text.help)];
    };
    const [fieldInput, fieldHelp] = input(controls.protectField, field);
    const [valueInput, valueHelp] = input(controls.protectValue, value);
    const remove = button(
      { label: '×', help: '' },
      () => {
        this.#rows = this.#rows.filter((one) => one !== row);
        row.root.remove();
        this.#changed();
      },
      'icon',
    );
    const name = (): void => {
      const label = fillText(removeProtection, fieldInput.value);
      remove.setAttribute('aria-label', label);
      remove.title = label;
    };
    fieldInput.addEventListener('input', name);
    name();
    const root = element(
      'div',
      { class: 'rule' },
      fieldInput,
      element('span', { 'aria-hidden': 'true' }, '='),
      valueInput,
      remove,
      fieldHelp,
      valueHelp,
    );
    const row: RuleRow = { root, field: fieldInput, value: valueInput };
    this.#rows.push(row);
    this.#list.append(root);
    return row;
  }

  /** Rules that are finished: a field is named. */
  #fields(): readonly Protection[] {
    return this.#rows
      .filter(({ field }) => field.value !== '')
      .map(({ field, value }) => ({ kind: 'field', field: field.value, value: value.value }));
  }

  #changed(): void {
    const { knobs, draft, commit } = this.#hooks;
    const fields = this.#fields();
    this.#told = JSON.stringify(fields);
    draft(withProtection(knobs(), this.#textOnly.checked, fields));
    commit();
  }
}
