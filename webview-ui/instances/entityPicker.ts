import type { EntityChoices } from '../../src/protocol/instancesPage.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import { element } from '../shared/element.ts';
import { icon } from '../shared/icons.ts';
import { messageOf } from '../shared/problems.ts';
import type { PageContext } from './pageContext.ts';

const typingMs = 200;

export interface EntityPickerOptions {
  readonly onPicked: (perspective: Perspective, entity: string) => void;
  /** Asks the host; may extract the entities first, with progress. */
  readonly search: (perspective: Perspective, text: string, signal: AbortSignal) => Promise<EntityChoices>;
}

/** A text field with a list of the entities that hold the text, most frequent first (the ARIA combobox pattern). */
export class EntityPicker {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #options: EntityPickerOptions;
  readonly #perspective: HTMLSelectElement;
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #note = element('p', { class: 'hint', role: 'status' });
  #abort: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #active = -1;

  constructor(context: PageContext, options: EntityPickerOptions) {
    this.#context = context;
    this.#options = options;
    const { filter, perspectives: titles } = context.strings;
    this.#perspective = element(
      'select',
      { 'aria-label': filter.perspective },
      ...perspectives.map((perspective) => element('option', { value: perspective }, titles[perspective])),
    );
    this.#perspective.value = 'object';
    this.#list = element('ul', { id: 'entity-choices', role: 'listbox', class: 'choices', 'aria-label': filter.entity });
    this.#input = element('input', {
      type: 'text',
      role: 'combobox',
      'aria-label': filter.entityText,
      'aria-controls': 'entity-choices',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      placeholder: filter.entityPlaceholder,
      autocomplete: 'off',
      spellcheck: 'false',
    });
    this.root = element('div', { class: 'entity-picker' }, this.#perspective, this.#input, this.#list, this.#note);
    this.#perspective.addEventListener('change', () => this.search());
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.search(), typingMs);
    });
    this.#input.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Asks for the entities that hold the text that stands there now. */
  search(): void {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    const perspective = this.#perspectiveNow;
    this.#options.search(perspective, this.#input.value.trim(), abort.signal).then(
      (choices) => abort === this.#abort && this.#show(perspective, choices),
      (error: unknown) => {
        if (abort !== this.#abort || abort.signal.aborted) return;
        this.#clear();
        this.#note.textContent = messageOf(error);
      },
    );
  }

  stop(): void {
    this.#abort?.abort();
  }

  get #perspectiveNow(): Perspective {
    return perspectives.find((each) => each === this.#perspective.value) ?? 'object';
  }

  get #shown(): readonly HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[role=option]')];
  }

  #clear(): void {
    this.#list.replaceChildren();
    this.#note.textContent = '';
    this.#active = -1;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  #show(perspective: Perspective, { rows, matches }: EntityChoices): void {
    this.#clear();
    const { strings, say, n } = this.#context;
    for (const [i, { entity, label, frequency, tail }] of rows.entries()) {
      const option = element('li', { id: `entity-choice-${i}`, role: 'option', 'aria-selected': 'false' });
      const spoken = say(tail ? strings.filter.entityTail : strings.filter.entityHead, label, frequency);
      option.append(
        element('span', { class: 'spoken-only' }, spoken),
        element('bdi', { class: 'value', 'aria-hidden': 'true', title: spoken }, label),
        element('span', { class: 'count', 'aria-hidden': 'true' }, ...(tail ? [icon('tail')] : []), n(frequency)),
      );
      option.addEventListener('click', () => this.#pick(perspective, entity));
      option.dataset.entity = entity;
      this.#list.append(option);
    }
    this.#input.setAttribute('aria-expanded', String(rows.length > 0));
    if (rows.length === 0) this.#note.textContent = strings.filter.entityNone;
    else if (matches > rows.length) this.#note.textContent = say(strings.filter.entityMore, matches - rows.length);
  }

  #pick(perspective: Perspective, entity: string): void {
    this.#input.value = '';
    this.#options.onPicked(perspective, entity);
    this.#input.focus();
    this.search();
  }

  #key(event: KeyboardEvent): void {
    const shown = this.#shown;
    if (event.key === 'Enter') {
      const entity = shown[this.#active]?.dataset.entity ?? shown[0]?.dataset.entity;
      if (entity !== undefined) this.#pick(this.#perspectiveNow, entity);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (shown.length === 0) return;
      this.#active = (this.#active + (event.key === 'ArrowDown' ? 1 : this.#active < 0 ? 0 : -1) + shown.length) % shown.length;
      for (const [i, option] of shown.entries()) option.setAttribute('aria-selected', String(i === this.#active));
      const option = shown[this.#active];
      if (option === undefined) return;
      this.#input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  }
}
