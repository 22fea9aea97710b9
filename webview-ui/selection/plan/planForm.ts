import { perspectives } from '../../../src/protocol/perspectives.ts';
import type { HygieneEffectView, PlanKnobs } from '../../../src/protocol/selectionPage.ts';
import { element } from '../../shared/element.ts';
import { fillText } from '../../shared/fillText.ts';
import { checkbox } from '../fields/field.ts';
import { HygieneControls } from './hygieneControls.ts';
import { type OverrideActions, OverridesList } from './overridesList.ts';
import { PerspectiveControls } from './perspectiveControls.ts';
import { group, type PlanHooks, type PlanPart, type PlanState } from './planPart.ts';
import { ProtectionControls } from './protectionControls.ts';
import { VolumeControls } from './volumeControls.ts';

export interface FormActions {
  readonly measureEffects: () => void;
  readonly setWriteControl: (on: boolean) => void;
  /** Remembers whether a group is open. */
  readonly fold: (name: string, details: HTMLDetailsElement) => void;
  readonly overrides: OverrideActions;
}

/** Every knob of the plan, in groups. */
export class PlanForm {
  readonly root: HTMLElement;
  readonly #hooks: PlanHooks;
  readonly #parts: readonly PlanPart[];
  readonly #hygiene: HygieneControls;
  readonly #overridesTitle = document.createElement('span');
  readonly #fixed = element('ul', { class: 'fixed quiet' });

  constructor(hooks: PlanHooks, actions: FormActions, writesControl: boolean) {
    this.#hooks = hooks;
    const { groups, controls, method } = hooks.strings;
    const thresholds = perspectives.map((perspective) => new PerspectiveControls(perspective, hooks));
    const volume = new VolumeControls(hooks);
    this.#hygiene = new HygieneControls(hooks, actions.measureEffects);
    const protection = new ProtectionControls(hooks);
    const overrides = new OverridesList(hooks, actions.overrides);
    this.#parts = [...thresholds, volume, this.#hygiene, protection, overrides];
    const control = checkbox(controls.writeControl, actions.setWriteControl);
    control.input.checked = writesControl;
    const form = element(
      'form',
      { novalidate: '' },
      ...Object.entries({
        thresholds: group(groups.thresholds, ...thresholds.map(({ root }) => root)),
        volume: group(groups.volume, volume.root),
        hygiene: group(groups.hygiene, this.#hygiene.root),
        protection: group(groups.protection, protection.root),
        overrides: group(this.#overridesTitle, overrides.root),
        control: group(groups.control, control.root),
        method: group(groups.method, ...method.map((sentence) => element('p', { class: 'quiet' }, sentence))),
      }).map(([name, details]) => {
        details.open = name === 'thresholds' || name === 'volume';
        actions.fold(name, details);
        return details;
      }),
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    this.root = element('aside', { class: 'plan', 'aria-label': groups.plan }, this.#fixed, form, helpLine(form));
  }

  sync(state: PlanState): void {
    const { plan } = state;
    const { groups } = this.#hooks.strings;
    for (const part of this.#parts) part.sync(state);
    this.#overridesTitle.textContent = fillText(groups.overrides, new Intl.NumberFormat(this.#hooks.locale).format(plan.overrides.total));
    this.#fixed.replaceChildren(...plan.fixed.map((sentence) => element('li', {}, sentence)));
    this.#fixed.hidden = plan.fixed.length === 0;
  }

  setMeasuring(measuring: boolean): void {
    this.#hygiene.setBusy(measuring);
  }

  showEffects(effects: readonly HygieneEffectView[], knobs: PlanKnobs): void {
    this.#hygiene.showEffects(effects, knobs);
  }
}

/** Shows the sentence of the control that has the focus, for those who see but do not hover. Its room is always kept: nothing moves. */
function helpLine(form: HTMLElement): HTMLElement {
  const line = element('p', { class: 'help', 'aria-hidden': 'true' });
  form.addEventListener('focusin', ({ target }) => {
    line.textContent = target instanceof HTMLElement && target.matches(':focus-visible') ? target.title : '';
  });
  form.addEventListener('focusout', () => {
    line.textContent = '';
  });
  return line;
}
