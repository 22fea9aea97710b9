import type { PlannedOverride } from '../../src/protocol/instancesPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { PageContext } from './pageContext.ts';

const reasonLimit = 500;

export interface OverrideActions {
  /** Stores the override, or takes it back; gives what is in force then. */
  readonly store: (verdict: 'keep' | 'drop' | 'none', reason: string) => Promise<PlannedOverride | null>;
  readonly openRebalance: () => void;
}

/** Forces the verdict of one instance, with a reason, at the next Apply; or shows that it is forced. */
export class OverrideBox {
  readonly root = element('div', { class: 'override' });
  readonly #context: PageContext;
  readonly #actions: OverrideActions;

  constructor(override: PlannedOverride | null, actions: OverrideActions, context: PageContext) {
    this.#context = context;
    this.#actions = actions;
    this.#show(override);
  }

  #show(override: PlannedOverride | null): void {
    const { detail } = this.#context.strings;
    if (override === null) {
      const keep = textButton(detail.forceKeep, () => this.#ask('keep'));
      const drop = textButton(detail.forceDrop, () => this.#ask('drop'));
      this.root.replaceChildren(element('div', { class: 'buttons' }, keep, drop));
      return;
    }
    const sentence = this.#context.say(
      override.verdict === 'keep' ? detail.forcedKeep : detail.forcedDrop,
      visibleLine(override.reason, reasonLimit),
    );
    const remove = textButton(detail.removeOverride, () => void this.#store('none', ''));
    const open = textButton(detail.openRebalance, this.#actions.openRebalance);
    this.root.replaceChildren(
      element('p', { class: 'lead', tabindex: '-1' }, icon('pin'), element('bdi', {}, sentence)),
      element('p', { class: 'hint' }, detail.takesEffect),
      element('div', { class: 'buttons' }, open, remove),
    );
  }

  #ask(verdict: 'keep' | 'drop'): void {
    const { detail } = this.#context.strings;
    const words = verdict === 'keep' ? detail.forceKeep : detail.forceDrop;
    const input = element('input', { type: 'text', id: 'override-reason', maxlength: String(reasonLimit), autocomplete: 'off' });
    const complaint = element('p', { class: 'complaint', role: 'alert' });
    const form = element(
      'form',
      { class: 'reason' },
      element('label', { for: 'override-reason' }, detail.reason),
      input,
      complaint,
      element(
        'div',
        { class: 'buttons' },
        element('button', { type: 'submit', class: 'primary' }, words),
        textButton(detail.cancel, () => this.#back(words)),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const reason = input.value.trim();
      if (reason !== '') void this.#store(verdict, reason);
      else {
        complaint.textContent = detail.reasonNeeded;
        input.setAttribute('aria-invalid', 'true');
        input.focus();
      }
    });
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.#back(words);
    });
    this.root.replaceChildren(form);
    input.focus();
  }

  #back(words: string): void {
    this.#show(null);
    [...this.root.querySelectorAll('button')].find((button) => button.textContent === words)?.focus();
  }

  async #store(verdict: 'keep' | 'drop' | 'none', reason: string): Promise<void> {
    try {
      const override = await this.#actions.store(verdict, reason);
      this.#show(override);
      this.root.querySelector<HTMLElement>(override === null ? 'button' : '.lead')?.focus();
      if (override !== null) this.#context.announce(this.#context.strings.detail.takesEffect);
    } catch (error: unknown) {
      this.#context.report(error);
    }
  }
}
