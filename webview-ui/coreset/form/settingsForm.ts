import { element } from '../../shared/element.ts';
import { group, helpLine } from '../../shared/fields/formParts.ts';
import { ComparePart } from './comparePart.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';
import { SourcesPart } from './sourcesPart.ts';
import { StrategyPart } from './strategyPart.ts';

/** Every setting of the page, in groups. */
export class SettingsForm {
  readonly root: HTMLElement;
  readonly #parts: readonly FormPart[];

  /** @param fold remembers whether a group is open */
  constructor(hooks: FormHooks, fold: (name: string, details: HTMLDetailsElement) => void) {
    const { groups, about } = hooks.strings;
    const [strategy, sources, compare] = [new StrategyPart(hooks), new SourcesPart(hooks), new ComparePart(hooks)];
    this.#parts = [strategy, sources, compare];
    const form = element(
      'form',
      { novalidate: '' },
      ...Object.entries({
        strategy: group(groups.strategy, strategy.root),
        sources: group(groups.sources, sources.root),
        compare: group(groups.compare, compare.root),
        about: group(groups.about, ...about.map((sentence) => element('p', { class: 'quiet' }, sentence))),
      }).map(([name, details]) => {
        details.open = name === 'strategy' || name === 'compare';
        fold(name, details);
        return details;
      }),
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    this.root = element('aside', { class: 'plan', 'aria-label': groups.settings }, form, helpLine(form));
  }

  sync(state: FormState): void {
    for (const part of this.#parts) part.sync(state);
  }
}
