import { perspectives } from '../../src/protocol/perspectives.ts';
import type { PageFilter } from '../../src/protocol/reviewPage.ts';
import { candidateStatuses, gateNames, type ReviewFacets, synthesisMethods } from '../../src/protocol/synthesis.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import { cleanFilter } from './keptState.ts';
import type { PageContext } from './pageContext.ts';

/** Typing is done when nothing was typed for this long. */
const typedMs = 250;
const suggestions = 100;
const longestText = 1000;

type ChoiceName = Exclude<keyof PageFilter, 'contains'>;

/** What of the candidates is shown, each choice with how many it would show. */
export class FilterBar {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #onChange: (filter: PageFilter) => void;
  readonly #selects: Readonly<Record<ChoiceName, HTMLSelectElement>>;
  readonly #entity: HTMLInputElement;
  readonly #names = element('datalist', { id: 'entity-names' });
  readonly #clear: HTMLButtonElement;
  #filter: PageFilter;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, filter: PageFilter, onChange: (filter: PageFilter) => void) {
    this.#context = context;
    this.#onChange = onChange;
    this.#filter = filter;
    const { filter: words } = context.strings;
    const select = (name: ChoiceName): HTMLSelectElement => {
      const made = element('select', {});
      made.addEventListener('change', () => this.#change({ [name]: made.value === '' ? undefined : made.value }));
      return made;
    };
    this.#selects = {
      status: select('status'),
      gate: select('gate'),
      method: select('method'),
      perspective: select('perspective'),
    };
    this.#entity = element('input', {
      type: 'search',
      list: 'entity-names',
      placeholder: words.entityPlaceholder,
      maxlength: String(longestText),
      autocomplete: 'off',
      spellcheck: 'false',
    });
    this.#entity.value = filter.contains ?? '';
    this.#entity.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#typed(), typedMs);
    });
    this.#entity.addEventListener('change', () => this.#typed());
    this.#clear = textButton(words.clear, () => this.clear(), 'link');
    const field = (label: string, control: HTMLElement): HTMLElement =>
      element('label', { class: 'field' }, element('span', {}, label), control);
    this.root = element(
      'div',
      { class: 'filters', role: 'group', 'aria-label': words.title },
      field(words.status, this.#selects.status),
      field(words.gate, this.#selects.gate),
      field(words.method, this.#selects.method),
      field(words.perspective, this.#selects.perspective),
      field(words.entity, this.#entity),
      this.#names,
      this.#clear,
    );
    this.#clear.hidden = Object.keys(filter).length === 0;
  }

  /** Shows everything again. */
  clear(): void {
    this.#entity.value = '';
    this.#filter = {};
    this.#clear.hidden = true;
    for (const select of Object.values(this.#selects)) select.value = '';
    this.#onChange(this.#filter);
  }

  /** Filters by a target entity. */
  entity(name: string): void {
    this.#entity.value = name;
    this.#typed();
  }

  /** How many each choice would show. A choice that is set stays in the list when it shows none. */
  facets(facets: ReviewFacets): void {
    const { strings } = this.#context;
    this.#options('status', candidateStatuses, strings.statuses, facets.status);
    const gates = Object.fromEntries(gateNames.map((gate) => [gate, strings.gates[gate].title]));
    this.#options('gate', gateNames, gates, facets.gate);
    this.#options('method', synthesisMethods, strings.methods, facets.method);
    this.#options('perspective', perspectives, strings.perspectives, facets.perspective);
    const names = [...new Set(facets.entity.map(({ entity }) => entity))].slice(0, suggestions);
    this.#names.replaceChildren(...names.map((name) => element('option', { value: visibleLine(name, 200) })));
  }

  #options(
    name: ChoiceName,
    values: readonly string[],
    labels: Readonly<Record<string, string>>,
    counts: Readonly<Partial<Record<string, number>>>,
  ): void {
    const { strings, say } = this.#context;
    const select = this.#selects[name];
    const chosen = this.#filter[name] ?? '';
    const options = values.flatMap((value) => {
      const count = counts[value] ?? 0;
      return count === 0 && value !== chosen ? [] : [{ value, label: say(strings.filter.choice, labels[value] ?? value, count) }];
    });
    const all = [{ value: '', label: strings.filter.any }, ...options];
    const key = JSON.stringify(all);
    // An open list closes when its options are made anew.
    if (select.dataset.key !== key) {
      select.dataset.key = key;
      select.replaceChildren(...all.map(({ value, label }) => element('option', { value }, label)));
    }
    select.value = chosen;
  }

  #typed(): void {
    clearTimeout(this.#timer);
    const text = this.#entity.value.trim();
    this.#change({ contains: text === '' ? undefined : text });
  }

  #change(change: { readonly [K in keyof PageFilter]?: string | undefined }): void {
    const filter = cleanFilter({ ...this.#filter, ...change } as PageFilter);
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    this.#clear.hidden = Object.keys(filter).length === 0;
    this.#onChange(filter);
  }
}
