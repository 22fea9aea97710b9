import { element } from '../shared/element.ts';

export interface FrameParts {
  readonly name: string;
  readonly summary: HTMLElement;
  readonly goTo: HTMLElement;
  readonly filters: HTMLElement;
  readonly notices: HTMLElement;
  readonly status: HTMLElement;
  readonly order: HTMLElement;
  /** List, border and detail. */
  readonly split: HTMLElement;
}

/** Where the parts of the page stand, in the order of the Tab key. */
export function browserFrame({ name, summary, goTo, filters, notices, status, order, split }: FrameParts): HTMLElement {
  const titles = element('div', { class: 'titles' }, element('h1', {}, element('bdi', {}, name)), summary);
  const top = element('header', { class: 'top' }, titles, goTo);
  return element('div', { class: 'browser' }, top, filters, notices, element('div', { class: 'line' }, status, order), split);
}
