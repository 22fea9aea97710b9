import { element } from '../../shared/element.ts';

let nextId = 1;

/** An id that no other element of the page has. */
export function newId(): string {
  return `f${nextId++}`;
}

/** What one control is called, and the sentence that explains it. */
export interface FieldText {
  readonly label: string;
  readonly help: string;
}

/**
 * The sentence of a control: read by screen readers, shown on hovering, and in the help line while the control has the focus (see
 * `HelpLine`).
 */
export function describe(control: HTMLElement, help: string): HTMLElement {
  const sentence = element('span', { id: newId(), class: 'spoken-only' }, help);
  control.setAttribute('aria-describedby', sentence.id);
  control.title = help;
  return sentence;
}

/** A labelled control on one row. */
export function labelled(text: FieldText, control: HTMLElement, ...after: readonly HTMLElement[]): HTMLElement {
  control.id ||= newId();
  const label = element('label', { for: control.id }, text.label);
  return element('div', { class: 'row' }, label, control, ...after, describe(control, text.help));
}

/** A checkbox before its label. */
export function checkbox(
  text: FieldText,
  onChange: (on: boolean) => void,
): { readonly root: HTMLElement; readonly input: HTMLInputElement } {
  const input = element('input', { type: 'checkbox', id: newId() });
  input.addEventListener('change', () => onChange(input.checked));
  const root = element('div', { class: 'check' }, input, element('label', { for: input.id }, text.label), describe(input, text.help));
  return { root, input };
}

export function button(text: FieldText, onClick: () => void, kind = ''): HTMLButtonElement {
  const made = element('button', { type: 'button', ...(kind === '' ? {} : { class: kind }), title: text.help }, text.label);
  made.addEventListener('click', onClick);
  return made;
}
