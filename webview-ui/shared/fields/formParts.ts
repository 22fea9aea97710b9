import { element } from '../element.ts';
import { describe, type FieldText, newId } from './field.ts';
import type { NumberField } from './numberField.ts';

/** A group that can be folded. */
export function group(title: HTMLElement | string, ...children: readonly HTMLElement[]): HTMLDetailsElement {
  const details = document.createElement('details');
  details.className = 'group';
  const summary = document.createElement('summary');
  summary.append(title);
  details.append(summary, ...children);
  return details;
}

/** Entries in order, each with its label. */
export function select(options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  return element('select', { id: newId() }, ...options.map(([value, label]) => element('option', { value }, label)));
}

/** A number field on a row of its own. */
export function numberRow(text: FieldText, field: NumberField): HTMLElement {
  field.input.id = newId();
  const label = element('label', { for: field.input.id }, text.label);
  return element('div', { class: 'row' }, label, field.input, field.problem, describe(field.input, text.help));
}

/** Shows the sentence of the control that has the focus, for those who see but do not hover. Its room is always kept: nothing moves. */
export function helpLine(form: HTMLElement): HTMLElement {
  const line = element('p', { class: 'help', 'aria-hidden': 'true' });
  form.addEventListener('focusin', ({ target }) => {
    line.textContent = target instanceof HTMLElement && target.matches(':focus-visible') ? target.title : '';
  });
  form.addEventListener('focusout', () => {
    line.textContent = '';
  });
  return line;
}
