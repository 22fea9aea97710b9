import { element } from '../shared/element.ts';

let fields = 0;

/** A control with its name before it. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  control.id = `field-${fields++}`;
  return element('span', { class: 'field' }, element('label', { for: control.id }, label), control);
}
