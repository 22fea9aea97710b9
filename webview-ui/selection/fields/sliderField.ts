import { element } from '../../shared/element.ts';
import { type Scale, sliderSteps } from '../scales.ts';
import { describe, type FieldText, newId } from './field.ts';
import { NumberField, type NumberFieldOptions } from './numberField.ts';

export interface SliderFieldOptions extends Omit<NumberFieldOptions, 'name'> {
  readonly text: FieldText;
  /** Name for screen readers when the label alone is ambiguous. */
  readonly name?: string;
  readonly scale: Scale;
  /** The value in words, for screen readers. */
  readonly spoken: (value: number) => string;
}

/** A slider and a number field for the same value. */
export class SliderField {
  readonly root: HTMLElement;
  readonly range: HTMLInputElement;
  readonly number: NumberField;
  readonly #options: SliderFieldOptions;
  #scale: Scale;

  constructor(options: SliderFieldOptions) {
    this.#options = options;
    this.#scale = options.scale;
    const name = options.name ?? options.text.label;
    this.range = element('input', { type: 'range', min: '0', max: String(sliderSteps), step: 'any', 'aria-label': name });
    this.number = new NumberField({
      ...options,
      name,
      onInput: (value) => {
        this.#showOnRange(value);
        options.onInput(value);
      },
    });
    this.range.addEventListener('input', () => {
      const value = this.#scale.toValue(this.range.valueAsNumber);
      this.#speak(value);
      this.number.set(value);
      options.onInput(value);
    });
    this.range.addEventListener('change', () => options.onCommit());
    this.range.addEventListener('keydown', (event) => this.#key(event));
    const help = describe(this.range, options.text.help);
    this.number.input.setAttribute('aria-describedby', help.id);
    this.number.input.title = options.text.help;
    this.number.input.id = newId();
    const label = element('label', { for: this.number.input.id }, options.text.label);
    this.root = element('div', { class: 'row slider' }, label, this.range, this.number.input, this.number.problem, help);
  }

  /** Shows a value; `digits` rounds one that nobody has chosen. */
  set(value: number | undefined, digits?: number): void {
    this.number.set(value, digits);
    if (value !== undefined) this.#showOnRange(value);
  }

  /** Another range of values. */
  setScale(scale: Scale, high: number): void {
    this.#scale = scale;
    this.number.setHigh(high);
  }

  setDisabled(disabled: boolean): void {
    this.range.disabled = disabled;
    this.number.input.disabled = disabled;
  }

  #showOnRange(value: number): void {
    this.range.value = String(this.#scale.toPosition(value));
    this.#speak(value);
  }

  #speak(value: number): void {
    this.range.style.setProperty('--fill', `${(100 * this.range.valueAsNumber) / sliderSteps}%`);
    this.range.setAttribute('aria-valuetext', this.#options.spoken(value));
  }

  /** A key moves to the next value that can be told apart: the positions between belong to the same one. */
  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: 1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowLeft: -1,
      PageUp: 50,
      PageDown: -50,
      Home: -sliderSteps,
      End: sliderSteps,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const before = this.#scale.toValue(this.range.valueAsNumber);
    let position = this.range.valueAsNumber;
    do position = Math.min(sliderSteps, Math.max(0, position + step));
    while (this.#scale.toValue(position) === before && position > 0 && position < sliderSteps);
    const value = this.#scale.toValue(position);
    if (value === before) return;
    this.#showOnRange(value);
    this.number.set(value);
    this.#options.onInput(value);
    this.#options.onCommit();
  }
}
