import { hygieneSwitches } from '../../../src/protocol/requests.ts';
import type { HygieneEffectView } from '../../../src/protocol/selectionPage.ts';
import { element } from '../../shared/element.ts';
import { hygieneOf, withSwitch } from '../draft.ts';
import { button, checkbox } from '../fields/field.ts';
import { NumberField } from '../fields/numberField.ts';
import type { PlanHooks, PlanPart, PlanState } from './planPart.ts';
import { numberRow } from './volumeControls.ts';

/** Guards against noise entities, and what each of them does when it was measured. */
export class HygieneControls implements PlanPart {
  readonly root: HTMLElement;
  readonly #switches: readonly { readonly name: (typeof hygieneSwitches)[number]; readonly input: HTMLInputElement }[];
  readonly #minFrequency: NumberField;
  readonly #effects: ReadonlyMap<string, HTMLElement>;
  readonly #measure: HTMLButtonElement;
  #measuredFor = '';
  #byDefault: readonly (typeof hygieneSwitches)[number][] = hygieneSwitches;

  constructor(hooks: PlanHooks, onMeasure: () => void) {
    const { strings, locale, knobs, draft, commit } = hooks;
    const { controls, outOfRange } = strings;
    const rows: HTMLElement[] = [];
    const effects = new Map<string, HTMLElement>();
    const effectOf = (name: string): HTMLElement => {
      const text = element('p', { class: 'effect', hidden: '' });
      effects.set(name, text);
      return text;
    };
    this.#switches = hygieneSwitches.map((name) => {
      const { root, input } = checkbox(controls[name], (on) => {
        draft(withSwitch(knobs(), this.#byDefault, name, on));
        commit();
      });
      rows.push(root, effectOf(name));
      return { name, input };
    });
    this.#minFrequency = new NumberField({
      locale,
      outOfRange,
      name: controls.minFrequency.label,
      low: 1,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      // Entities are extracted anew: only what was typed to its end is worth that.
      onInput: () => undefined,
      onCommit: () => {
        draft({ ...knobs(), minFrequency: this.#minFrequency.input.valueAsNumber });
        commit();
      },
    });
    this.#measure = button(controls.effects, onMeasure);
    this.#effects = effects;
    this.root = element('div', {}, ...rows, numberRow(controls.minFrequency, this.#minFrequency), effectOf('minFrequency'), this.#measure);
  }

  sync({ plan, knobs }: PlanState): void {
    this.#byDefault = plan.hygieneDefault;
    const on = hygieneOf(knobs, plan.hygieneDefault);
    for (const { name, input } of this.#switches) input.checked = on.includes(name);
    this.#minFrequency.set(knobs.minFrequency ?? 1);
    // What was measured holds for the plan of that moment only.
    if (this.#measuredFor !== '' && this.#measuredFor !== JSON.stringify(knobs)) this.showEffects([], knobs);
  }

  setBusy(busy: boolean): void {
    this.#measure.disabled = busy;
  }

  showEffects(effects: readonly HygieneEffectView[], knobs: PlanState['knobs']): void {
    this.#measuredFor = effects.length === 0 ? '' : JSON.stringify(knobs);
    for (const text of this.#effects.values()) text.hidden = true;
    for (const { switch: name, sentence } of effects) {
      const text = this.#effects.get(name);
      if (text === undefined) continue;
      text.textContent = sentence;
      text.hidden = false;
    }
  }
}
