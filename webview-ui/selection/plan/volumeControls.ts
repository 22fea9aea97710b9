import type { PlanKnobs } from '../../../src/protocol/selectionPage.ts';
import { element } from '../../shared/element.ts';
import { composedOf, withTarget } from '../draft.ts';
import { describe, labelled, newId } from '../fields/field.ts';
import { NumberField } from '../fields/numberField.ts';
import { SliderField } from '../fields/sliderField.ts';
import { linearScale } from '../scales.ts';
import type { PlanHooks, PlanPart, PlanState } from './planPart.ts';

type TargetKind = 'off' | 'count' | 'percent';
const targetBys = ['tau', 'mass', 'alpha'] as const;

/** How many perspectives must pass, alpha, the target volume and the seed. */
export class VolumeControls implements PlanPart {
  readonly root: HTMLElement;
  readonly #hooks: PlanHooks;
  readonly #minPerspectives: NumberField;
  readonly #alpha: SliderField;
  readonly #kind: HTMLSelectElement;
  readonly #value: SliderField;
  readonly #by: HTMLSelectElement;
  readonly #seed: NumberField;
  #state: PlanState | undefined;
  #scaleKey = '';

  constructor(hooks: PlanHooks) {
    this.#hooks = hooks;
    const { strings, locale, knobs, draft, commit } = hooks;
    const { controls, outOfRange, byNames } = strings;
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
    const shared = { locale, outOfRange, onCommit: commit };
    const spoken = (value: number): string => number.format(value);
    this.#minPerspectives = new NumberField({
      ...shared,
      name: controls.minPerspectives.label,
      low: 1,
      high: 4,
      step: 1,
      whole: true,
      onInput: (value) => draft({ ...knobs(), minPerspectives: value }),
    });
    this.#alpha = new SliderField({
      ...shared,
      text: controls.alpha,
      low: 0,
      high: 1,
      step: 0.01,
      scale: linearScale(0, 1, 0.005),
      spoken,
      onInput: (value) => draft({ ...knobs(), alpha: value }),
    });
    this.#kind = select([
      ['off', strings.targetOff],
      ['count', strings.targetCount],
      ['percent', strings.targetPercent],
    ]);
    this.#kind.addEventListener('change', () => this.#kindChosen());
    this.#value = new SliderField({
      ...shared,
      text: controls.targetValue,
      low: Number.MIN_VALUE,
      high: 100,
      step: 1,
      scale: linearScale(1, 100, 0.5),
      spoken,
      onInput: (value) => {
        const kind = this.#kind.value === 'count' ? 'count' : 'percent';
        draft(withTarget(knobs(), { kind, value }));
      },
    });
    this.#by = select(targetBys.map((by) => [by, byNames[by]]));
    this.#by.addEventListener('change', () => {
      const targetBy = targetBys.find((by) => by === this.#by.value) ?? 'tau';
      draft({ ...knobs(), targetBy });
      commit();
    });
    this.#seed = new NumberField({
      ...shared,
      name: controls.seed.label,
      low: Number.MIN_SAFE_INTEGER,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      onInput: (value) => draft({ ...knobs(), seed: value }),
    });
    this.root = element(
      'div',
      {},
      numberRow(controls.minPerspectives, this.#minPerspectives),
      this.#alpha.root,
      labelled(controls.target, this.#kind),
      this.#value.root,
      labelled(controls.targetBy, this.#by),
      numberRow(controls.seed, this.#seed),
    );
  }

  sync(state: PlanState): void {
    this.#state = state;
    const { knobs, live } = state;
    const { target } = knobs;
    this.#minPerspectives.setHigh(composedOf(knobs).length);
    this.#minPerspectives.set(knobs.minPerspectives ?? 1);
    const isAlphaSolved = target !== undefined && knobs.targetBy === 'alpha';
    this.#alpha.setDisabled(isAlphaSolved);
    if (isAlphaSolved) this.#alpha.set(live?.alpha ?? 1, 4);
    else this.#alpha.set(knobs.alpha ?? 1);
    this.#kind.value = target?.kind ?? 'off';
    this.#scaleFor(target?.kind ?? 'off', live?.instances);
    if (target !== undefined) this.#value.set(target.value);
    else this.#value.set(undefined);
    this.#value.setDisabled(target === undefined);
    this.#by.value = knobs.targetBy ?? 'tau';
    this.#by.disabled = target === undefined;
    this.#seed.set(knobs.seed ?? 42);
  }

  #scaleFor(kind: TargetKind, instances = 100): void {
    const key = `${kind} ${instances}`;
    if (key === this.#scaleKey) return;
    this.#scaleKey = key;
    if (kind === 'count')
      this.#value.setScale(linearScale(1, instances, Math.max(1, 10 ** Math.floor(Math.log10(instances / 500)))), Number.MAX_SAFE_INTEGER);
    else this.#value.setScale(linearScale(1, 100, 0.5), 100);
  }

  /** A target begins where the plan already is, so that nothing jumps. */
  #kindChosen(): void {
    const { knobs, draft, commit } = this.#hooks;
    draft(withTarget(knobs(), this.#firstTarget(this.#kind.value as TargetKind)));
    commit();
  }

  #firstTarget(kind: TargetKind): PlanKnobs['target'] {
    const live = this.#state?.live;
    const { kept, instances } = live ?? { kept: 1, instances: 2 };
    if (kind === 'count') return { kind, value: Math.max(1, kept) };
    if (kind === 'percent') return { kind, value: Math.max(0.1, Math.round((1000 * kept) / Math.max(1, instances)) / 10) };
    return undefined;
  }
}

function select(options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  return element('select', { id: newId() }, ...options.map(([value, label]) => element('option', { value }, label)));
}

/** A number field on a row of its own. */
export function numberRow(text: { readonly label: string; readonly help: string }, field: NumberField): HTMLElement {
  field.input.id = newId();
  const label = element('label', { for: field.input.id }, text.label);
  return element('div', { class: 'row' }, label, field.input, field.problem, describe(field.input, text.help));
}
