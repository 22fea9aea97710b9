import { perspectives } from '../../../src/protocol/perspectives.ts';
import { element } from '../../shared/element.ts';
import { checkbox, labelled } from '../../shared/fields/field.ts';
import { select } from '../../shared/fields/formParts.ts';
import { withAmount, withField, withPerspective } from '../draft.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';
import { OptionalNumber } from './optionalNumber.ts';

/** How much is made, for whom, and under which caps. */
export class AmountPart implements FormPart {
  readonly root: HTMLElement;
  readonly #amount: HTMLSelectElement;
  readonly #count: OptionalNumber;
  readonly #perspectives: readonly { readonly name: (typeof perspectives)[number]; readonly box: ReturnType<typeof checkbox> }[];
  readonly #caps: Readonly<Record<'perParent' | 'entityCap' | 'wantAtLeast', OptionalNumber>>;
  readonly #seed: OptionalNumber;

  constructor(hooks: FormHooks) {
    const { strings, settings, change, planned } = hooks;
    const { controls, amounts } = strings;
    this.#amount = select([
      ['deficit', amounts.deficit],
      ['count', amounts.count],
    ]);
    this.#amount.addEventListener('change', () =>
      change(withAmount(settings(), this.#amount.value === 'count' ? 'count' : 'deficit', planned())),
    );
    this.#count = new OptionalNumber(hooks, {
      text: controls.count,
      low: 1,
      whole: true,
      onValue: (value = 1) => change({ ...settings(), amount: { kind: 'count', value } }),
    });
    const cap = (name: 'perParent' | 'entityCap' | 'wantAtLeast', high?: number): OptionalNumber =>
      new OptionalNumber(hooks, {
        text: controls[name],
        low: 1,
        ...(high === undefined ? {} : { high }),
        whole: true,
        isOptional: true,
        onValue: (value) => change(withField(settings(), name, value)),
      });
    this.#caps = { perParent: cap('perParent', 16), entityCap: cap('entityCap'), wantAtLeast: cap('wantAtLeast') };
    this.#perspectives = perspectives.map((name) => ({
      name,
      box: checkbox({ label: strings.perspectives[name], help: strings.perspectivesHelp }, (on) =>
        change(withPerspective(settings(), name, on)),
      ),
    }));
    this.#seed = new OptionalNumber(hooks, {
      text: controls.seed,
      low: Number.MIN_SAFE_INTEGER,
      whole: true,
      onValue: (seed = 0) => change({ ...settings(), seed }),
    });
    const legend = element('legend', {}, strings.perspectivesHelp);
    this.root = element(
      'div',
      {},
      labelled(controls.amount, this.#amount),
      this.#count.root,
      this.#caps.wantAtLeast.root,
      this.#caps.perParent.root,
      this.#caps.entityCap.root,
      element('fieldset', { class: 'boxes' }, legend, ...this.#perspectives.map(({ box }) => box.root)),
      this.#seed.root,
    );
  }

  sync({ settings }: FormState): void {
    const { amount } = settings;
    this.#amount.value = amount.kind;
    this.#count.root.hidden = amount.kind !== 'count';
    if (amount.kind === 'count') this.#count.set(amount.value);
    const isCount = amount.kind === 'count';
    this.#caps.wantAtLeast.set(settings.wantAtLeast, isCount ? '1' : '3');
    this.#caps.perParent.set(settings.perParent, isCount ? '1' : '2');
    this.#caps.entityCap.set(settings.entityCap, '∞');
    for (const { name, box } of this.#perspectives) box.input.checked = settings.perspectives.includes(name);
    this.#seed.set(settings.seed);
  }
}
