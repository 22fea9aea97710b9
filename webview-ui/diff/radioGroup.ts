import { element } from '../shared/element.ts';

export interface RadioGroup<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: readonly (string | Node)[] }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

let groups = 0;

/** One of a few, all in sight. Native radio buttons: the arrow keys come with them. */
export function radioGroup<T extends string>({ label, choices, value, onChoose }: RadioGroup<T>): HTMLElement {
  const name = `choice-${groups++}`;
  const boxes = choices.map((choice) => {
    const input = element('input', { type: 'radio', name, value: choice.value });
    input.checked = choice.value === value;
    input.addEventListener('change', () => onChoose(choice.value));
    return element('label', { class: 'choice' }, input, element('span', {}, ...choice.label));
  });
  return element('div', { class: 'choices', role: 'radiogroup', 'aria-label': label }, ...boxes);
}
