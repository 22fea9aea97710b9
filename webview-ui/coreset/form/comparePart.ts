import type { StrategyView } from '../../../src/protocol/coresetPage.ts';
import { element } from '../../shared/element.ts';
import { checkbox } from '../../shared/fields/field.ts';
import { withCompared } from '../draft.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';

/** Strategies that stand beside the chosen one. */
export class ComparePart implements FormPart {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #hidden: HTMLElement;
  readonly #boxes: readonly { readonly strategy: StrategyView; readonly box: ReturnType<typeof checkbox>; readonly why: HTMLElement }[];

  constructor(hooks: FormHooks) {
    this.#hooks = hooks;
    const { strings, strategies, settings, change } = hooks;
    this.#boxes = strategies
      .filter(({ name }) => name !== 'random')
      .map((strategy) => {
        const text = { label: strategy.label, help: strategy.summary };
        const box = checkbox(text, (on) => change(withCompared(settings(), strategies, strategy.name, on)));
        const why = element('span', { class: 'quiet' });
        box.root.append(why);
        return { strategy, box, why };
      });
    this.#hidden = element('p', { class: 'quiet' }, strings.compareNeedsColumn);
    const help = element('p', { class: 'quiet' }, strings.compareHelp);
    this.root = element('div', {}, help, ...this.#boxes.map(({ box }) => box.root), this.#hidden);
  }

  sync({ settings }: FormState): void {
    const hasColumn = settings.column !== undefined;
    this.#hidden.hidden = hasColumn;
    for (const { strategy, box, why } of this.#boxes) {
      const reason = this.#whyNot(strategy);
      const lacksColumn = strategy.needs.includes('column') && !hasColumn;
      box.root.hidden = lacksColumn || strategy.name === settings.strategy;
      box.input.disabled = reason !== '';
      box.input.checked = reason === '' && settings.compare.includes(strategy.name);
      why.textContent = reason;
    }
  }

  /** Floors are the chosen strategy's own. */
  #whyNot({ parameters }: StrategyView): string {
    return parameters.some(({ declared }) => declared.kind === 'floors') ? this.#hooks.strings.compareHybrid : '';
  }
}
