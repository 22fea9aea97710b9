import { type BrowseFilter, type BrowseSort, browseSorts, type Facet } from '../../src/protocol/browse.ts';
import type { EntityChoices, InstancesState, RunChoice } from '../../src/protocol/instancesPage.ts';
import type { Perspective } from '../../src/protocol/perspectives.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';
import { EntityPicker } from './entityPicker.ts';
import { FacetPanel, fieldTitle, labelOf } from './facetPanel.ts';
import { type Condition, conditionsOf, withCondition, withoutCondition } from './filterEdit.ts';
import type { PageContext } from './pageContext.ts';
import { Popover } from './popover.ts';

/** Between the last key and the search: a full-text search reads the whole dataset. */
const typingMs = 350;
const ownFacets = ['verdict', 'problem', 'media'] as const;

export interface FilterBarOptions {
  readonly onFilter: (filter: BrowseFilter) => void;
  readonly onSort: (sort: InstancesState['sort']) => void;
  /** Null for no verdicts. */
  readonly onRun: (manifest: string | null) => void;
  readonly searchEntities: (perspective: Perspective, text: string, signal: AbortSignal) => Promise<EntityChoices>;
}

/** Everything that decides which rows are shown and in which order, and the conditions in force as chips. */
export class FilterBar {
  readonly root: HTMLElement;
  /** Order of the rows, and the run whose verdicts they show. */
  readonly order: HTMLElement;
  readonly #context: PageContext;
  readonly #options: FilterBarOptions;
  readonly #text: HTMLInputElement;
  readonly #entity: Popover;
  readonly #picker: EntityPicker;
  readonly #facets: ReadonlyMap<(typeof ownFacets)[number], { readonly popover: Popover; readonly panel: FacetPanel }>;
  readonly #fields: Popover;
  readonly #fieldPanels = new Map<string, FacetPanel>();
  readonly #sort: HTMLSelectElement;
  readonly #direction: HTMLButtonElement;
  readonly #run: HTMLSelectElement;
  readonly #chips: HTMLElement;
  #filter: BrowseFilter = {};
  #sortNow: InstancesState['sort'] = { by: 'ordinal', descending: false };
  #hasRun = false;
  #shown: readonly Facet[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, options: FilterBarOptions) {
    this.#context = context;
    this.#options = options;
    const { filter, sorts } = context.strings;
    this.#text = element('input', {
      type: 'search',
      class: 'text',
      'aria-label': filter.text,
      placeholder: filter.textPlaceholder,
      spellcheck: 'false',
    });
    this.#text.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#applyText(), typingMs);
    });
    this.#text.addEventListener('keydown', (event) => event.key === 'Enter' && this.#applyText());
    this.#entity = new Popover(filter.entity, () => this.#picker.search());
    this.#picker = new EntityPicker(context, {
      search: options.searchEntities,
      onPicked: (perspective, value) => this.#change({ kind: 'entity', perspective, value }, true),
    });
    this.#entity.panel.append(this.#picker.root);
    this.#facets = new Map(ownFacets.map((name) => [name, this.#makeFacet(name)]));
    this.#fields = new Popover(filter.fields, () => undefined);
    this.#sort = element('select', { id: 'order' }, ...browseSorts.map((by) => element('option', { value: by }, sorts[by])));
    this.#sort.addEventListener('change', () => this.#changeSort());
    this.#direction = element('button', { type: 'button', class: 'icon-button' });
    this.#direction.addEventListener('click', () => {
      this.#sortNow = { ...this.#sortNow, descending: !this.#sortNow.descending };
      this.#changeSort();
    });
    this.#run = element('select', { class: 'run', id: 'run' });
    this.#run.addEventListener('change', () => options.onRun(this.#run.value === '' ? null : this.#run.value));
    this.showRuns([], null);
    this.#chips = element('ul', { class: 'chips', 'aria-label': filter.active });
    const facets = [...this.#facets.values()].map(({ popover }) => popover.root);
    const byOrder = element('label', { for: 'order' }, filter.sort);
    const byRun = element('label', { for: 'run' }, filter.run);
    this.order = element('div', { class: 'order' }, byOrder, this.#sort, this.#direction, byRun, this.#run);
    const controls = element('div', { class: 'controls', role: 'search', 'aria-label': filter.label });
    controls.append(this.#text, this.#entity.root, ...facets, this.#fields.root);
    this.root = element('div', { class: 'filter-bar' }, controls, this.#chips);
  }

  focusText(): void {
    this.#text.focus();
    this.#text.select();
  }

  /** Shows what is in force. */
  show({ filter, sort }: Pick<InstancesState, 'filter' | 'sort'>): void {
    this.#filter = filter;
    this.#sortNow = sort;
    if (document.activeElement !== this.#text) this.#text.value = filter.text ?? '';
    this.#sort.value = sort.by;
    const { strings } = this.#context;
    const words = sort.descending ? strings.filter.descending : strings.filter.ascending;
    this.#direction.replaceChildren(icon(sort.descending ? 'descending' : 'ascending'));
    this.#direction.setAttribute('aria-label', words);
    this.#direction.title = words;
    this.#showChips();
    this.#showLabels();
    this.showFacets(this.#shown);
  }

  /** Counts of the newest result. */
  showFacets(facets: readonly Facet[]): void {
    this.#shown = facets;
    for (const [name, { popover, panel }] of this.#facets) {
      const facet = facets.find((each) => each.name === name) ?? { name, values: [], more: 0 };
      if (name === 'verdict' && !this.#hasRun)
        popover.panel.replaceChildren(element('p', { class: 'hint' }, this.#context.strings.filter.verdictNeedsRun));
      else {
        if (panel.root.parentElement !== popover.panel) popover.panel.replaceChildren(panel.root);
        panel.show(facet, this.#filter);
      }
    }
    this.#showFields(facets.filter(({ name }) => !ownFacets.some((own) => own === name)));
  }

  /** Runs whose verdicts can be shown, and which is; null for none. */
  showRuns(runs: readonly RunChoice[], manifest: string | null): void {
    const { filter } = this.#context.strings;
    const known = manifest === null || runs.some((run) => run.manifest === manifest);
    const all = known || manifest === null ? runs : [...runs, { manifest, label: manifest.split(/[\\/]/).pop() ?? manifest }];
    this.#hasRun = manifest !== null;
    this.#run.replaceChildren(
      element('option', { value: '' }, filter.noRun),
      ...all.map((run) => element('option', { value: run.manifest }, run.label)),
    );
    this.#run.value = manifest ?? '';
    this.#run.title = this.#run.selectedOptions[0]?.textContent ?? '';
  }

  add(condition: Condition): void {
    this.#change(condition, true);
  }

  #makeFacet(name: (typeof ownFacets)[number]): { readonly popover: Popover; readonly panel: FacetPanel } {
    const title = this.#context.strings.filter[name];
    const popover = new Popover(title, () => undefined);
    return { popover, panel: new FacetPanel(name, title, this.#context, (condition, on) => this.#change(condition, on)) };
  }

  #applyText(): void {
    clearTimeout(this.#timer);
    const value = this.#text.value.trim();
    if (value === (this.#filter.text ?? '')) return;
    const { text: _old, ...others } = this.#filter;
    this.#options.onFilter(value === '' ? others : { ...others, text: value });
  }

  #change(condition: Condition, on: boolean): void {
    this.#options.onFilter(on ? withCondition(this.#filter, condition) : withoutCondition(this.#filter, condition));
  }

  #changeSort(): void {
    const by: BrowseSort = browseSorts.find((known) => known === this.#sort.value) ?? 'ordinal';
    this.#options.onSort({ by, descending: this.#sortNow.descending });
  }

  #showFields(facets: readonly Facet[]): void {
    const { strings } = this.#context;
    const panels = facets.map((facet) => {
      const title = fieldTitle(facet.name, this.#context);
      const panel =
        this.#fieldPanels.get(facet.name) ??
        new FacetPanel(facet.name, title, this.#context, (condition, on) => this.#change(condition, on));
      this.#fieldPanels.set(facet.name, panel);
      return { panel, facet };
    });
    const roots = panels.map(({ panel }) => panel.root);
    const { panel: place } = this.#fields;
    if (roots.length !== place.children.length || roots.some((root, i) => place.children[i] !== root))
      place.replaceChildren(...(roots.length === 0 ? [element('p', { class: 'hint' }, strings.filter.noField)] : roots));
    for (const { panel, facet } of panels) panel.show(facet, this.#filter);
  }

  #showLabels(): void {
    const { filter } = this.#context.strings;
    const count = (kind: Condition['kind']): number => conditionsOf(this.#filter).filter((each) => each.kind === kind).length;
    this.#entity.setLabel(filter.entity, count('entity'));
    for (const [name, { popover }] of this.#facets) popover.setLabel(filter[name], count(name));
    this.#fields.setLabel(filter.fields, count('field'));
  }

  #showChips(): void {
    const { strings, say } = this.#context;
    const hadFocus = this.#chips.contains(document.activeElement);
    const conditions = conditionsOf(this.#filter);
    const chips = conditions.map((condition) => {
      const label = say(strings.filter.chip, this.#nameOf(condition), labelOf(condition, this.#context));
      const button = element('button', {
        type: 'button',
        class: 'chip remove',
        'aria-label': say(strings.filter.remove, label),
        title: label,
      });
      button.append(element('bdi', {}, label), icon('close'));
      button.addEventListener('click', () => this.#change(condition, false));
      return element('li', {}, button);
    });
    if (chips.length > 1) {
      const clear = element('button', { type: 'button', class: 'link' }, strings.filter.clear);
      clear.addEventListener('click', () => {
        this.#text.value = '';
        this.#options.onFilter({});
      });
      chips.push(element('li', {}, clear));
    }
    this.#chips.replaceChildren(...chips);
    this.#chips.hidden = chips.length === 0;
    if (hadFocus) (this.#chips.querySelector('button') ?? this.#text).focus();
  }

  #nameOf(condition: Condition): string {
    const { filter, perspectives } = this.#context.strings;
    if (condition.kind === 'entity') return perspectives[condition.perspective];
    return condition.kind === 'field' ? fieldTitle(condition.field, this.#context) : filter[condition.kind];
  }
}
