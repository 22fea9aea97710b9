import { element } from '../../shared/element.ts';
import { group, helpLine } from '../../shared/fields/formParts.ts';
import { sourcesIn } from '../draft.ts';
import { AmountPart } from './amountPart.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';
import { LimitsPart } from './limitsPart.ts';
import { MethodPart } from './methodPart.ts';
import { WhoPart } from './whoPart.ts';

/** Every setting of the page, in groups. */
export class SettingsForm {
  readonly root: HTMLElement;
  readonly #parts: readonly FormPart[];
  readonly #limits: HTMLElement;

  /** @param fold remembers whether a group is open */
  constructor(hooks: FormHooks, fold: (name: string, details: HTMLDetailsElement) => void) {
    const { groups, about } = hooks.strings;
    const [method, who, amount, limits] = [new MethodPart(hooks), new WhoPart(hooks), new AmountPart(hooks), new LimitsPart(hooks)];
    this.#parts = [method, who, amount, limits];
    const details = {
      method: group(groups.method, method.root),
      who: group(groups.who, who.root),
      amount: group(groups.amount, amount.root),
      limits: group(groups.limits, limits.root),
      about: group(groups.about, ...about.map((sentence) => element('p', { class: 'quiet' }, sentence))),
    };
    this.#limits = details.limits;
    for (const [name, one] of Object.entries(details)) {
      one.open = name !== 'about' && name !== 'limits';
      fold(name, one);
    }
    const form = element('form', { novalidate: '' }, ...Object.values(details));
    form.addEventListener('submit', (event) => event.preventDefault());
    this.root = element('aside', { class: 'plan', 'aria-label': groups.settings }, form, helpLine(form));
  }

  sync(state: FormState): void {
    for (const part of this.#parts) part.sync(state);
    const { endpoint, editor, text } = sourcesIn(state.settings, state.method);
    this.#limits.hidden = !endpoint && !editor && !text;
  }
}
