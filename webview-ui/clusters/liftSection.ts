import type { ClusterLift, ClusterLiftRow } from '../../src/protocol/clusters.ts';
import { type Perspective, perspectives } from '../../src/protocol/perspectives.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { PagedRows } from '../shared/pagedRows.ts';
import { messageOf } from '../shared/problems.ts';
import { radioGroup } from '../shared/radioGroup.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { ClusterModel } from './clusterModel.ts';
import { field } from './field.ts';
import type { PageContext } from './pageContext.ts';
import { VirtualTable } from './virtualTable.ts';

/** Rows that come with the first answer. */
const firstRows = 60;
/** Columns: more do not fit a screen. */
const mostColumns = 12;
const nameLimit = 60;
/** A pause in typing. */
const typingMs = 250;

export interface LiftActions {
  readonly onChoose: (cluster: number) => void;
  readonly onExtract: () => void;
  readonly onDrawn: () => void;
}

/** How much more frequent each entity is in a cluster than in the dataset: entities by clusters. */
export class LiftSection {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #actions: LiftActions;
  readonly #controls = element('div', { class: 'lift-controls' });
  readonly #status = element('p', { class: 'hint', role: 'status' });
  readonly #place = element('div', { class: 'table-place' });
  readonly #filter = element('input', { type: 'search' });
  readonly #columns = element('select', {});
  #model: ClusterModel | undefined;
  #perspective: Perspective = 'object';
  #around = -1;
  #work: AbortController | undefined;
  #table: VirtualTable | undefined;
  #rows: PagedRows<ClusterLiftRow> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: PageContext, actions: LiftActions) {
    this.#context = context;
    this.#actions = actions;
    const words = context.strings.lift;
    this.#filter.placeholder = words.filterPlaceholder;
    this.#filter.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#load(), typingMs);
    });
    this.#columns.addEventListener('change', () => void this.#load());
    const choices = radioGroup({
      label: words.perspective,
      value: this.#perspective,
      choices: perspectives.map((value) => ({ value, label: [context.strings.perspectives[value]] })),
      onChoose: (perspective) => {
        this.#perspective = perspective;
        void this.#load();
      },
    });
    this.#controls.append(choices, field(words.columns, this.#columns), field(words.filter, this.#filter));
    const explanation = element('p', { class: 'hint' }, words.explanation);
    this.root = element('div', { class: 'lift' }, this.#controls, explanation, this.#status, this.#place);
  }

  /** Another list of clusters. */
  show(model: ClusterModel): void {
    this.#model = model;
    this.#fillColumns();
    void this.#load();
  }

  /** The cluster of the card: its columns can be chosen. */
  around(position: number): void {
    if (this.#around === position) return;
    const wasAround = this.#columns.value === 'around';
    this.#around = position;
    this.#fillColumns();
    this.#columns.value = wasAround && position >= 0 ? 'around' : 'largest';
    if (wasAround) void this.#load();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#work?.abort();
    this.#rows?.dispose();
    this.#table?.dispose();
  }

  #fillColumns(): void {
    const { strings, say } = this.#context;
    const words = strings.lift;
    const choices = [element('option', { value: 'largest' }, words.largest)];
    if (this.#around >= 0 && this.#model)
      choices.push(element('option', { value: 'around' }, say(words.around, String(this.#model.id(this.#around)))));
    this.#columns.replaceChildren(...choices);
  }

  #wanted(): readonly number[] | null {
    const model = this.#model;
    if (model === undefined || this.#columns.value !== 'around' || this.#around < 0) return null;
    return [model.id(this.#around), ...model.related(this.#around)].slice(0, mostColumns);
  }

  async #load(): Promise<void> {
    const model = this.#model;
    if (model === undefined) return;
    this.#work?.abort();
    this.#rows?.dispose();
    const { bridge, strings, n, say } = this.#context;
    const words = strings.lift;
    const work = new AbortController();
    this.#work = work;
    const ask = {
      clustering: model.list.clustering.id,
      clusters: this.#wanted(),
      perspective: this.#perspective,
      text: this.#filter.value.trim(),
    };
    this.#status.textContent = words.loading;
    this.root.setAttribute('aria-busy', 'true');
    try {
      const first = await bridge.request('lift', { ...ask, offset: 0, limit: firstRows }, work.signal);
      if (work !== this.#work) return;
      if (!first.extracted) this.#notExtracted();
      else {
        this.#status.textContent = first.total === 0 ? words.none : say(words.count, n(first.total));
        this.#build(first, model, (offset, limit, signal) => bridge.request('lift', { ...ask, offset, limit }, signal));
      }
      this.#actions.onDrawn();
    } catch (error: unknown) {
      if (work !== this.#work || (error instanceof HostFailure && error.cancelled)) return;
      this.#status.textContent = '';
      const message = messageOf(error);
      const again = textButton(strings.frame.tryAgain, () => void this.#load());
      this.#place.replaceChildren(element('p', { class: 'complaint', role: 'alert' }, message), again);
    } finally {
      if (work === this.#work) this.root.setAttribute('aria-busy', 'false');
    }
  }

  #notExtracted(): void {
    const { strings } = this.#context;
    this.#status.textContent = strings.lift.noEntities;
    this.#place.replaceChildren(textButton(strings.frame.extract, this.#actions.onExtract, 'primary'));
  }

  #build(
    first: ClusterLift,
    model: ClusterModel,
    load: (offset: number, limit: number, signal: AbortSignal) => Promise<ClusterLift>,
  ): void {
    const { strings, say, n } = this.#context;
    const words = strings.lift;
    this.#table?.dispose();
    const rows = new PagedRows<ClusterLiftRow>(first.total, {
      load: async (offset, limit, signal) => (offset === 0 ? first.rows : (await load(offset, limit, signal)).rows),
      onLoaded: (offset, end) => this.#table?.loaded(offset, end),
      onFailed: (error) => {
        this.#status.textContent = messageOf(error);
      },
    });
    this.#rows = rows;
    this.#table = new VirtualTable({
      name: 'lift',
      label: say(words.caption, strings.perspectives[first.perspective]),
      count: first.total,
      loading: words.loading,
      columns: [
        { title: words.entity, width: 'minmax(120px, 2fr)', isText: true },
        { title: words.frequency, width: '78px' },
        ...first.clusters.map((cluster) => ({ title: '', width: 'minmax(46px, 1fr)', head: this.#clusterHead(cluster, model) })),
      ],
      cells: (row) => {
        const own = rows.get(row);
        if (own === undefined) return undefined;
        const name = element('bdi', {}, visibleLine(own.entity, nameLimit));
        const title = own.tail ? element('span', {}, name, ' ', element('span', { class: 'tail-mark' }, words.tail)) : name;
        return [title, n(own.frequency), ...own.lift.map((lift, i) => this.#cell(lift, own.instances[i] ?? 0, first.sizes[i] ?? 0))];
      },
      want: (from, end) => rows.want(from, end),
    });
    this.#place.replaceChildren(this.#table.root);
  }

  #clusterHead(cluster: number, model: ClusterModel): HTMLElement {
    const { strings, say } = this.#context;
    const made = textButton(String(cluster), () => this.#actions.onChoose(cluster), 'link');
    const names = model.names(model.position(cluster)).join(', ');
    made.title = names;
    made.setAttribute('aria-label', say(strings.charts.cluster, String(cluster)));
    return made;
  }

  /** The number, and behind it a bar as long as the logarithm of the lift: 1 has none, 32 fills the cell. */
  #cell(lift: number, instances: number, size: number): HTMLElement {
    const { strings, say, short, n } = this.#context;
    const words = strings.lift;
    if (instances === 0) return element('span', { class: 'lift-cell none' }, '·');
    const text = element('span', {}, say(words.lift, short(Math.round(lift * 10) / 10)));
    const made = element('span', { class: 'lift-cell', title: say(words.cell, short(lift), n(instances), n(size)) }, text);
    made.style.setProperty('--bar', `${Math.round(Math.min(1, Math.max(0, Math.log2(lift) / 5)) * 100)}%`);
    return made;
  }
}
