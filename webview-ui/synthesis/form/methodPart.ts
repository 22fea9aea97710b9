import { type SynthesisMethodName, synthesisMethods } from '../../../src/protocol/synthesis.ts';
import type { MethodParameterView, MethodView, SynthesisSettings } from '../../../src/protocol/synthesisPage.ts';
import { element } from '../../shared/element.ts';
import { labelled } from '../../shared/fields/field.ts';
import { numberRow, select } from '../../shared/fields/formParts.ts';
import { NumberField } from '../../shared/fields/numberField.ts';
import { matters, usedValue, withMethod, withParameter } from '../draft.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';

/** How an instance is made, and the parameters that the method declares. */
export class MethodPart implements FormPart {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #method: HTMLSelectElement;
  readonly #summary = element('p', { class: 'quiet' });
  readonly #makes = element('p', { class: 'quiet' });
  readonly #parameters = element('div', {});
  #controls: readonly ParameterControl[] = [];
  #shown: SynthesisMethodName | undefined;

  constructor(hooks: FormHooks) {
    this.#hooks = hooks;
    const { strings, methods, settings, change } = hooks;
    this.#method = select(methods.map(({ name, label }) => [name, label]));
    this.#method.addEventListener('change', () => {
      const method = synthesisMethods.find((name) => name === this.#method.value);
      if (method !== undefined) change(withMethod(settings(), method));
    });
    this.root = element('div', {}, labelled(strings.controls.method, this.#method), this.#summary, this.#makes, this.#parameters);
  }

  sync({ settings, method }: FormState): void {
    this.#method.value = method.name;
    this.#summary.textContent = method.summary;
    this.#makes.textContent = this.#hooks.strings.makes[method.makes];
    if (this.#shown !== method.name) this.#build(method);
    for (const control of this.#controls) {
      control.root.hidden = !matters(settings, method, control.declared);
      control.sync(settings);
    }
  }

  #build(method: MethodView): void {
    this.#shown = method.name;
    this.#controls = method.parameters.map((parameter) => parameterControl(parameter, this.#hooks));
    this.#parameters.replaceChildren(...this.#controls.map(({ root }) => root));
  }
}

interface ParameterControl {
  readonly declared: MethodParameterView['declared'];
  readonly root: HTMLElement;
  sync(settings: SynthesisSettings): void;
}

function parameterControl(parameter: MethodParameterView, hooks: FormHooks): ParameterControl {
  const { declared } = parameter;
  const { strings, locale, settings, change } = hooks;
  if (declared.kind === 'choice') {
    const made = select(declared.choices.map((choice, i) => [choice, parameter.choices[i] ?? choice]));
    made.addEventListener('change', () => change(withParameter(settings(), declared.name, made.value)));
    return {
      declared,
      root: labelled(parameter, made),
      sync: (now) => {
        made.value = String(usedValue(now, declared));
      },
    };
  }
  const { name, from, to, above, integer } = declared;
  const field = new NumberField({
    name: parameter.label,
    low: above ? from + Number.MIN_VALUE : from,
    high: to,
    step: integer ? 1 : 0.1,
    ...(integer ? { whole: true } : {}),
    outOfRange: strings.outOfRange,
    locale,
    onInput: (value) => change(withParameter(settings(), name, value)),
    onCommit: () => undefined,
  });
  return {
    declared,
    root: numberRow(parameter, field),
    sync: (now) => {
      const value = usedValue(now, declared);
      if (typeof value === 'number') field.set(value);
    },
  };
}
