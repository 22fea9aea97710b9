import { type LimitField, limitFields } from '../../../src/protocol/synthesisPage.ts';
import { element } from '../../shared/element.ts';
import { sourcesIn, withLimit } from '../draft.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';
import { OptionalNumber } from './optionalNumber.ts';

const whole: readonly LimitField[] = ['concurrency', 'maxRequests'];
const prices: readonly LimitField[] = ['priceInput', 'priceOutput', 'priceImage'];

/** How much may be asked and spent. Where nobody is asked there is nothing to limit. */
export class LimitsPart implements FormPart {
  readonly root: HTMLElement;
  readonly #fields: readonly { readonly name: LimitField; readonly field: OptionalNumber }[];

  constructor(hooks: FormHooks) {
    const { strings, settings, change } = hooks;
    this.#fields = limitFields.map((name) => ({
      name,
      field: new OptionalNumber(hooks, {
        text: strings.controls[name],
        low: whole.includes(name) ? 1 : prices.includes(name) ? 0 : 0.000001,
        ...(name === 'concurrency' ? { high: 64 } : {}),
        ...(whole.includes(name) ? { whole: true } : {}),
        isOptional: true,
        onValue: (value) => change(withLimit(settings(), name, value)),
      }),
    }));
    this.root = element('div', {}, ...this.#fields.map(({ field }) => field.root));
  }

  sync({ settings, method }: FormState): void {
    const { endpoint, editor, text } = sourcesIn(settings, method);
    for (const { name, field } of this.#fields) {
      // The editor's models are paid for elsewhere, and draw nothing.
      field.root.hidden =
        (!endpoint && !text && editor && (prices.includes(name) || name === 'maxCost')) ||
        (name === 'priceImage' && !method.needs.includes('imageModel'));
      field.set(settings.limits[name], prices.includes(name) ? '' : name === 'concurrency' ? '4' : '∞');
    }
  }
}
