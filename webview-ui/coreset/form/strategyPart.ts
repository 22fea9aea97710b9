import type { CoresetSettings, ParameterView, StrategyView } from '../../../src/protocol/coresetPage.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import { type StrategyName, strategyNames } from '../../../src/protocol/select.ts';
import { element } from '../../shared/element.ts';
import { describe, labelled, newId } from '../../shared/fields/field.ts';
import { numberRow, select } from '../../shared/fields/formParts.ts';
import { NumberField } from '../../shared/fields/numberField.ts';
import { linearScale } from '../../shared/fields/scale.ts';
import { SliderField } from '../../shared/fields/sliderField.ts';
import { fillText } from '../../shared/fillText.ts';
import { tidy, usedValue, withFloor, withParameter, withSizeIn } from '../draft.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';

/** Numbers that a declaration calls unbounded. */
const unbounded = 1e300;

/** What is chosen by, how much, and the parameters that the strategy declares. */
export class StrategyPart implements FormPart {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #strategy: HTMLSelectElement;
  readonly #summary = element('p', { class: 'quiet' });
  readonly #sizeBy: HTMLSelectElement;
  readonly #percent: SliderField;
  readonly #count: NumberField;
  readonly #countRow: HTMLElement;
  readonly #parameters = element('div', {});
  readonly #seed: NumberField;
  #controls: readonly ParameterControl[] = [];
  #shown: StrategyName | undefined;

  constructor(hooks: FormHooks) {
    this.#hooks = hooks;
    const { strings, locale, strategies, settings, change } = hooks;
    const { controls, outOfRange } = strings;
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
    this.#strategy = select(strategies.map(({ name, label }) => [name, label]));
    this.#strategy.addEventListener('change', () => {
      const strategy = strategyNames.find((name) => name === this.#strategy.value);
      if (strategy !== undefined) change({ ...settings(), strategy });
    });
    this.#sizeBy = select([
      ['fraction', strings.sizeBy.fraction],
      ['count', strings.sizeBy.count],
    ]);
    this.#sizeBy.addEventListener('change', () => {
      const kind = this.#sizeBy.value === 'count' ? 'count' : 'fraction';
      change(withSizeIn(settings(), kind, hooks.instances()));
    });
    this.#percent = new SliderField({
      text: controls.fraction,
      low: Number.MIN_VALUE,
      high: 100,
      step: 1,
      scale: linearScale(1, 100, 0.5),
      spoken: (value) => number.format(value),
      outOfRange,
      locale,
      onInput: (value) => change({ ...settings(), size: { kind: 'fraction', value: tidy(value / 100) } }),
      onCommit: () => undefined,
    });
    this.#count = new NumberField({
      name: controls.count.label,
      low: 1,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      outOfRange,
      locale,
      onInput: (value) => change({ ...settings(), size: { kind: 'count', value } }),
      onCommit: () => undefined,
    });
    this.#countRow = numberRow(controls.count, this.#count);
    this.#seed = new NumberField({
      name: controls.seed.label,
      low: Number.MIN_SAFE_INTEGER,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      outOfRange,
      locale,
      onInput: (seed) => change({ ...settings(), seed }),
      onCommit: () => undefined,
    });
    this.root = element(
      'div',
      {},
      labelled(controls.strategy, this.#strategy),
      this.#summary,
      labelled(controls.sizeBy, this.#sizeBy),
      this.#percent.root,
      this.#countRow,
      this.#parameters,
      numberRow(controls.seed, this.#seed),
    );
  }

  sync({ settings }: FormState): void {
    const { strategy, size, seed } = settings;
    const instances = this.#hooks.instances();
    const view = this.#hooks.strategies.find(({ name }) => name === strategy);
    this.#strategy.value = strategy;
    this.#summary.textContent = view?.summary ?? '';
    this.#sizeBy.value = size.kind;
    this.#percent.root.hidden = size.kind !== 'fraction';
    this.#countRow.hidden = size.kind !== 'count';
    if (size.kind === 'fraction') this.#percent.set(tidy(size.value * 100));
    else {
      this.#count.setHigh(Math.max(instances ?? Number.MAX_SAFE_INTEGER, 1));
      this.#count.set(size.value);
    }
    if (this.#shown !== strategy) this.#build(view);
    for (const control of this.#controls) control.sync(settings);
    this.#seed.set(seed);
  }

  #build(view: StrategyView | undefined): void {
    this.#shown = view?.name;
    this.#controls = (view?.parameters ?? []).map((parameter) => parameterControl(parameter, this.#hooks));
    this.#parameters.replaceChildren(...this.#controls.map(({ root }) => root));
  }
}

interface ParameterControl {
  readonly root: HTMLElement;
  sync(settings: CoresetSettings): void;
}

function parameterControl(parameter: ParameterView, hooks: FormHooks): ParameterControl {
  switch (parameter.declared.kind) {
    case 'choice':
      return choiceControl(parameter, parameter.declared.choices, hooks);
    case 'number':
      return numberControl(parameter, parameter.declared, hooks);
    case 'floors':
      return floorsControl(parameter, hooks);
  }
}

function choiceControl(parameter: ParameterView, choices: readonly string[], { settings, change }: FormHooks): ParameterControl {
  const { declared } = parameter;
  const made = select(choices.map((choice, i) => [choice, parameter.choices[i] ?? choice]));
  made.addEventListener('change', () => change(withParameter(settings(), declared.name, made.value)));
  return {
    root: labelled(parameter, made),
    sync: (now) => {
      made.value = String(usedValue(now, declared));
    },
  };
}

function numberControl(
  parameter: ParameterView,
  declared: Extract<ParameterView['declared'], { kind: 'number' }>,
  { strings, locale, settings, change }: FormHooks,
): ParameterControl {
  const { name, from, to, above, integer } = declared;
  const isBounded = to < unbounded;
  const field = new NumberField({
    name: parameter.label,
    low: above ? from + Number.MIN_VALUE : from,
    high: to,
    step: integer ? 1 : 0.1,
    ...(integer ? { whole: true } : {}),
    outOfRange: isBounded ? strings.outOfRange : above ? strings.notAbove : strings.tooSmall,
    locale,
    onInput: (value) => change(withParameter(settings(), name, value)),
    onCommit: () => undefined,
  });
  return {
    root: numberRow(parameter, field),
    sync: (now) => {
      const value = usedValue(now, declared);
      if (typeof value === 'number') field.set(value);
    },
  };
}

/** One number per perspective; an empty field is no floor. */
function floorsControl(parameter: ParameterView, { strings, locale, settings, change }: FormHooks): ParameterControl {
  const rows = perspectives.map((perspective) => {
    const name = fillText(strings.floorOf, strings.perspectives[perspective]);
    const field = new NumberField({
      name,
      low: 1,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      outOfRange: strings.tooSmall,
      locale,
      onInput: (floor) => change(withFloor(settings(), perspective, floor)),
      onEmpty: () => change(withFloor(settings(), perspective, undefined)),
      onCommit: () => undefined,
    });
    return { perspective, field, root: numberRow({ label: strings.perspectives[perspective], help: parameter.help }, field) };
  });
  const legend = element('legend', { id: newId() }, parameter.label);
  const box = element('fieldset', {}, legend, ...rows.map(({ root }) => root));
  box.append(describe(box, parameter.help));
  return {
    root: box,
    sync: ({ parameters }) => {
      for (const { perspective, field } of rows) field.set(parameters.floors?.[perspective]);
    },
  };
}
