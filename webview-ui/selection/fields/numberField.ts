import { element } from '../../shared/element.ts';
import { fillText } from '../../shared/fillText.ts';
import { newId } from './field.ts';

export interface NumberFieldOptions {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly whole?: boolean;
  /** `{0}` and `{1}` are the limits. */
  readonly outOfRange: string;
  readonly locale: string;
  /** A valid number was typed. */
  readonly onInput: (value: number) => void;
  /** Typing has ended with a valid number. */
  readonly onCommit: () => void;
}

/** A number that is typed. What is no number of the range is refused in words; Escape takes it back. */
export class NumberField {
  readonly input: HTMLInputElement;
  /** Says why a text is refused. */
  readonly problem: HTMLElement;
  readonly #options: NumberFieldOptions;
  #high: number;
  #shown = '';

  constructor(options: NumberFieldOptions) {
    this.#options = options;
    this.#high = options.high;
    const { low, high, step, name } = options;
    this.input = element('input', { type: 'number', min: String(low), max: String(high), step: String(step), 'aria-label': name });
    this.problem = element('p', { class: 'problem', id: newId(), hidden: '' });
    this.input.addEventListener('input', () => this.#typed());
    this.input.addEventListener('change', () => this.#ended());
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.input.value === this.#shown) return;
      event.stopPropagation();
      this.input.value = this.#shown;
      this.#typed();
    });
  }

  /** Shows a value, but not over a text that is being typed or refused. */
  set(value: number | undefined, digits?: number): void {
    const text = value === undefined ? '' : String(digits === undefined ? value : Number(value.toPrecision(digits)));
    const isTyping = document.activeElement === this.input && this.input.value !== this.#shown;
    this.#shown = text;
    if (!isTyping) {
      if (this.input.value !== text) this.input.value = text;
      this.#refuse(false);
    }
  }

  setHigh(high: number): void {
    this.#high = high;
    this.input.max = String(high);
  }

  #value(): number | undefined {
    const { low, whole } = this.#options;
    const value = this.input.valueAsNumber;
    const isGood = Number.isFinite(value) && value >= low && value <= this.#high && (!whole || Number.isInteger(value));
    return isGood ? value : undefined;
  }

  #typed(): void {
    // While a text is being typed Ctrl+Z belongs to it, see undoKey.
    if (this.input.value === this.#shown) delete this.input.dataset.typing;
    else this.input.dataset.typing = '';
    const value = this.#value();
    if (value === undefined) return;
    this.#refuse(false);
    this.#options.onInput(value);
  }

  #ended(): void {
    const value = this.#value();
    this.#refuse(value === undefined);
    if (value === undefined) return;
    delete this.input.dataset.typing;
    this.#shown = this.input.value;
    this.#options.onCommit();
  }

  #refuse(refused: boolean): void {
    if (this.problem.hidden === !refused) return;
    const { low, outOfRange, locale } = this.#options;
    const { format } = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
    this.problem.hidden = !refused;
    this.problem.textContent = refused ? fillText(outOfRange, format(low), format(this.#high)) : '';
    if (refused) {
      this.input.setAttribute('aria-invalid', 'true');
      this.input.setAttribute('aria-errormessage', this.problem.id);
      this.problem.setAttribute('role', 'alert');
    } else {
      this.input.removeAttribute('aria-invalid');
      this.input.removeAttribute('aria-errormessage');
      this.problem.removeAttribute('role');
    }
  }
}
