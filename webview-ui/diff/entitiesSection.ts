import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import type { DiffPerspective, DiffReport } from '../../src/protocol/reports.ts';
import { element } from '../shared/element.ts';
import { EntityTable } from './entityTable.ts';
import type { PageContext } from './pageContext.ts';
import { radioGroup } from './radioGroup.ts';

/** Waits for the end of typing. */
const typingMs = 250;

/** Entities that only one dataset has, of one perspective at a time, side by side. */
export class EntitiesSection {
  readonly root: HTMLElement;
  readonly #report: DiffReport;
  readonly #tables: { readonly lost: EntityTable; readonly gained: EntityTable };
  readonly #filter: HTMLInputElement;
  #perspective: Perspective;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(report: DiffReport, context: PageContext, onFailure: (error: unknown) => void) {
    this.#report = report;
    const { entities, perspectives: titles } = context.strings;
    const present = perspectives.filter((perspective) => report.perspectives[perspective] !== undefined);
    const changes = ({ entitiesLost, entitiesGained }: DiffPerspective): number => entitiesLost + entitiesGained;
    this.#perspective =
      present.find((perspective) => changes(report.perspectives[perspective] as DiffPerspective) > 0) ?? present[0] ?? 'token';
    const choices = present.map((perspective) => {
      const { entitiesLost, entitiesGained } = report.perspectives[perspective] as DiffPerspective;
      const counts = context.say(entities.choice, titles[perspective], entitiesLost, entitiesGained);
      return { value: perspective, label: [counts] };
    });
    const choice = radioGroup({
      label: entities.perspective,
      choices,
      value: this.#perspective,
      onChoose: (perspective) => {
        this.#perspective = perspective;
        this.#show();
      },
    });
    this.#filter = element('input', {
      type: 'search',
      'aria-label': entities.filter,
      placeholder: entities.filterPlaceholder,
      spellcheck: 'false',
    });
    this.#filter.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#show(), typingMs);
    });
    this.#tables = {
      lost: new EntityTable('lost', context, onFailure),
      gained: new EntityTable('gained', context, onFailure),
    };
    this.root = element(
      'section',
      { 'aria-labelledby': 'title-entities' },
      element('div', { class: 'section-head' }, element('h2', { id: 'title-entities' }, entities.title), this.#filter),
      choice,
      element('div', { class: 'pair-of-tables' }, this.#tables.lost.root, this.#tables.gained.root),
    );
    this.#show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const table of Object.values(this.#tables)) table.dispose();
  }

  #show(): void {
    const compared = this.#report.perspectives[this.#perspective];
    const filter = this.#filter.value.trim();
    for (const side of ['lost', 'gained'] as const) {
      const total = (side === 'lost' ? compared?.entitiesLost : compared?.entitiesGained) ?? 0;
      this.#tables[side].show(this.#perspective, filter, { total, known: compared?.[side] ?? [] });
    }
  }
}
