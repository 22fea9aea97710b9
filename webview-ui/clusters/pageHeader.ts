import type { ClusteringChoice } from '../../src/protocol/clustersPage.ts';
import type { RunChoice } from '../../src/protocol/instancesPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { Colouring } from './colourings.ts';
import { field } from './field.ts';
import type { PageContext } from './pageContext.ts';

const nameLimit = 120;

export interface HeaderActions {
  readonly onClustering: (id: string) => void;
  readonly onRun: (manifest: string | null) => void;
  readonly onColouring: (name: string) => void;
  readonly onTables: () => void;
  readonly onCluster: () => void;
  readonly onExtract: () => void;
  readonly onRefresh: () => void;
}

/** What the page is about, and what it shows of it. */
export class PageHeader {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #facts = element('p', { class: 'facts' });
  readonly #clusterings = element('select', {});
  readonly #runs = element('select', {});
  readonly #colours = element('select', {});
  readonly #colourField: HTMLElement;
  readonly #tables: HTMLButtonElement;
  readonly #extract: HTMLButtonElement;
  readonly #controls: HTMLElement;

  constructor(context: PageContext, actions: HeaderActions) {
    this.#context = context;
    const { strings, say, content } = context;
    const { frame } = strings;
    this.#clusterings.addEventListener('change', () => actions.onClustering(this.#clusterings.value));
    this.#runs.addEventListener('change', () => actions.onRun(this.#runs.value === '' ? null : this.#runs.value));
    this.#colours.addEventListener('change', () => actions.onColouring(this.#colours.value));
    this.#tables = textButton(frame.tables, actions.onTables);
    this.#tables.setAttribute('aria-pressed', 'false');
    this.#extract = textButton(frame.extract, actions.onExtract);
    this.#extract.title = frame.extractHint;
    this.#extract.hidden = true;
    this.#colourField = field(frame.colour, this.#colours);
    const title = element('h1', {}, element('bdi', {}, say(frame.title, visibleLine(content.name, nameLimit))));
    title.title = content.dataset;
    this.#controls = element(
      'div',
      { class: 'controls', role: 'group', 'aria-label': frame.actions },
      field(frame.clustering, this.#clusterings),
      field(frame.run, this.#runs),
      this.#colourField,
      this.#tables,
      this.#extract,
      textButton(frame.cluster, actions.onCluster),
      textButton(frame.refresh, actions.onRefresh),
    );
    this.#controls.hidden = true;
    this.root = element('header', {}, title, this.#facts, this.#controls);
    this.runs([], null);
  }

  /** Nothing is known about the dataset's clusters: there is nothing to choose. */
  empty(): void {
    this.#controls.hidden = true;
    this.#facts.textContent = '';
  }

  show(model: ClusterModel, clusterings: readonly ClusteringChoice[]): void {
    const { strings, say, n, short } = this.#context;
    const { frame } = strings;
    const { clustering } = model.list;
    const facts = [say(frame.facts, n(model.count), n(clustering.instances), n(clustering.dimensions))];
    facts.push(say(frame.imbalance, short(clustering.imbalance)));
    if (clustering.objective !== null) facts.push(say(frame.objective, short(clustering.objective / (clustering.instances || 1))));
    if (clustering.collapsed) facts.push(frame.collapsed);
    if (model.density === null) facts.push(frame.noDensity);
    this.#facts.replaceChildren(...facts.map((fact) => element('span', {}, fact)));
    this.#facts.title = frame.imbalanceHint;
    this.#extract.hidden = model.hasEntities;
    options(
      this.#clusterings,
      clusterings.map(({ id, label }) => ({ value: id, label })),
      clustering.id,
    );
    this.#controls.hidden = false;
  }

  runs(runs: readonly RunChoice[], manifest: string | null): void {
    const known = runs.map((run) => ({ value: run.manifest, label: run.label }));
    // A run that a command named may be no longer listed, but it is shown.
    const isListed = manifest === null || runs.some((run) => run.manifest === manifest);
    const own = isListed || manifest === null ? [] : [{ value: manifest, label: manifest.split(/[\\/]/).at(-1) ?? manifest }];
    options(this.#runs, [{ value: '', label: this.#context.strings.frame.noRun }, ...known, ...own], manifest ?? '');
  }

  colourings(choices: readonly Colouring[], chosen: string | undefined): void {
    options(
      this.#colours,
      choices.map(({ name, title }) => ({ value: name, label: title })),
      chosen ?? '',
    );
    this.#colourField.hidden = choices.length === 0;
  }

  tables(areShown: boolean): void {
    this.#tables.setAttribute('aria-pressed', String(areShown));
  }
}

function options(select: HTMLSelectElement, choices: readonly { readonly value: string; readonly label: string }[], value: string): void {
  select.replaceChildren(...choices.map((choice) => element('option', { value: choice.value }, visibleLine(choice.label, nameLimit))));
  select.value = value;
}
