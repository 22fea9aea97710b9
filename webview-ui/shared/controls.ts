import { element } from './element.ts';
import { type IconName, icon } from './icons.ts';

export function textButton(label: string, onClick: () => void, kind: '' | 'primary' | 'link' = ''): HTMLButtonElement {
  const made = element('button', { type: 'button', ...(kind === '' ? {} : { class: kind }) }, label);
  made.addEventListener('click', onClick);
  return made;
}

export function iconButton(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label }, icon(name));
  made.addEventListener('click', onClick);
  return made;
}

/** A part of the detail with its heading. */
export function section(name: string, title: string, ...children: readonly (Node | string)[]): HTMLElement {
  const id = `part-${name}`;
  return element('section', { class: name, 'aria-labelledby': id }, element('h3', { id }, title), ...children);
}
