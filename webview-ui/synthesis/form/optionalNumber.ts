import type { FieldText } from '../../shared/fields/field.ts';
import { numberRow } from '../../shared/fields/formParts.ts';
import { NumberField } from '../../shared/fields/numberField.ts';
import type { FormHooks } from './formPart.ts';

export interface OptionalNumberOptions {
  readonly text: FieldText;
  readonly low: number;
  readonly high?: number;
  readonly whole?: boolean;
  /** Absent: an empty field is refused. */
  readonly isOptional?: boolean;
  readonly onValue: (value: number | undefined) => void;
}

/** A number on a row of its own that may be left empty, which is the engine's default. */
export class OptionalNumber {
  readonly root: HTMLElement;
  readonly #field: NumberField;

  constructor({ strings, locale }: Pick<FormHooks, 'strings' | 'locale'>, options: OptionalNumberOptions) {
    const { text, low, high = Number.MAX_SAFE_INTEGER, whole, isOptional, onValue } = options;
    this.#field = new NumberField({
      name: text.label,
      low,
      high,
      step: whole ? 1 : 0.1,
      ...(whole ? { whole } : {}),
      outOfRange: high === Number.MAX_SAFE_INTEGER ? strings.tooSmall : strings.outOfRange,
      locale,
      onInput: onValue,
      ...(isOptional ? { onEmpty: () => onValue(undefined) } : {}),
      onCommit: () => undefined,
    });
    this.root = numberRow(text, this.#field);
  }

  /** @param standard what an empty field stands for */
  set(value: number | undefined, standard = ''): void {
    this.#field.set(value);
    this.#field.input.placeholder = standard;
  }
}
