import type { BrowseFilter, BrowseResult, FirstRows, InstanceRow } from '../../src/protocol/browse.ts';
import type { InstancesState, OpenAt, PageQuery, PlannedVerdict, RunChoice } from '../../src/protocol/instancesPage.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { browserFrame } from './browserFrame.ts';
import { DetailPane } from './detailPane.ts';
import { EntitySearch } from './entitySearch.ts';
import { FilterBar } from './filterBar.ts';
import { GoTo } from './goTo.ts';
import type { ListInView } from './instanceList.ts';
import { Listing } from './listing.ts';
import { Notices } from './notices.ts';
import { OpenInstance } from './openInstance.ts';
import type { PageContext } from './pageContext.ts';
import { openedAt } from './pageState.ts';
import { QueryRunner, type QueryState, queryKey } from './queryRunner.ts';
import { countText, failureNotice, queryOf, summaryText } from './resultText.ts';
import { Splitter } from './splitter.ts';
import { StatusLine } from './statusLine.ts';

/** Rows that are shown before the dataset is indexed. */
export const firstRows = 100;
/** An answer within this needs no sign that something is being done. */
const patienceMs = 150;

/** The page: what is looked at (the state, which is kept), and the parts that show it. */
export class Browser {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #bar: FilterBar;
  readonly #listing: Listing;
  readonly #detail: DetailPane;
  readonly #status: StatusLine;
  readonly #notices = new Notices(() => this.#tell());
  readonly #goTo: GoTo;
  readonly #splitter: Splitter;
  readonly #open: OpenInstance;
  readonly #summary = element('p', { class: 'summary' });
  readonly #runner: QueryRunner;
  readonly #entities: EntitySearch;
  #state: InstancesState;
  #runs: readonly RunChoice[] = [];
  /** Verdicts of the chosen run cannot be shown: it was made from another file. */
  #withoutVerdicts = false;
  #tickets = 0;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #first: Promise<FirstRows> | undefined;
  /** Instance to go to as soon as the list can. */
  #pending: number | undefined;
  #inView: ListInView = { rows: 0, first: -1, last: -1, top: 0 };

  constructor(context: PageContext, state: InstancesState) {
    this.#context = context;
    this.#state = state;
    const { bridge, strings } = context;
    this.#runner = new QueryRunner({
      ticket: () => ++this.#tickets,
      run: (ticket, query, signal) => bridge.request('query', { ticket, query }, signal),
      onState: (now) => this.#queryState(now),
    });
    this.#entities = new EntitySearch(
      context,
      () => ++this.#tickets,
      () => this.#runner.ticket === 0 && this.#status.idle(),
    );
    this.#listing = new Listing(context, {
      onActive: (position) => this.#open.follow(position),
      onOpen: (position, byKey) => {
        this.#open.openAt(position);
        if (byKey) this.#detail.focus();
      },
      onLeave: () => this.#open.open(null),
      onRows: (offset, end) => this.#open.loaded(offset, end),
      onSettled: (inView) => this.#settled(inView),
      onFailed: (error, again) => this.#failed(error, again),
      onClearFilters: () => this.#setFilter({}),
    });
    const { list } = this.#listing;
    this.#detail = new DetailPane(context, {
      marks: () => this.#state.marks,
      onMarks: (marks) => this.#keep({ marks }),
      manifest: () => this.#manifest,
      clustering: () => this.#state.clustering,
      onFilter: (perspective, value) => this.#bar.add({ kind: 'entity', perspective, value }),
      onExtract: () => void this.#extract(),
      onStep: (step) => this.#open.step(step),
      onClose: () => {
        this.#open.open(null);
        list.activate(list.active, { focus: true });
      },
      onLeave: () => list.activate(list.active, { focus: true }),
      onFailure: (failure) => this.#failed(failure, () => this.#detail.refresh()),
    });
    this.#bar = new FilterBar(context, {
      onFilter: (filter) => this.#setFilter(filter),
      onSort: (sort) => this.#requery({ sort, top: 0 }),
      onRun: (manifest) => {
        this.#withoutVerdicts = false;
        this.#notices.clear('verdicts');
        const { verdict: _verdict, ...filter } = this.#state.filter;
        this.#requery({ manifest, ...(manifest === null ? { filter } : {}) });
      },
      searchEntities: (perspective, text, signal) => this.#entities.search(perspective, text, signal),
    });
    this.#status = new StatusLine(context, {
      onCancel: () => this.#entities.cancel() || this.#runner.cancel(),
      onResume: () => this.#runner.resume(),
    });
    this.#goTo = new GoTo(context, (ordinal) => this.#go(ordinal));
    const split = element('div', { class: 'split' }, this.#listing.root);
    this.#splitter = new Splitter(split, strings.state.resize, (share) => this.#keep({ split: share }));
    split.append(this.#splitter.root, this.#detail.root);
    this.#open = new OpenInstance({
      list,
      detail: this.#detail,
      splitter: this.#splitter,
      rowAt: (position) => this.#listing.rowAt(position),
      onChanged: (selected) => this.#keep({ selected }),
    });
    this.root = browserFrame({
      name: context.content.name,
      summary: this.#summary,
      goTo: this.#goTo.root,
      filters: this.#bar.root,
      notices: this.#notices.root,
      status: this.#status.root,
      order: this.#bar.order,
      split,
    });
  }

  /**
   * Asks for everything; the page is in the document.
   * @param ordinal the instance that a command asked for
   * @param first the first rows, where they were asked for already
   */
  start(ordinal: number | undefined, first?: Promise<FirstRows>): void {
    const { content } = this.#context;
    this.#first = first;
    this.#pending = ordinal;
    this.#splitter.set(this.#state.split);
    this.#listing.list.plan(content.planned);
    this.#listing.list.select(this.#state.selected);
    this.#splitter.root.hidden = this.#state.selected === null;
    if (content.mode.kind === 'head') void this.#startHead(content.mode.why, content.mode.canTrust);
    else this.#startEngine();
  }

  /** A command wants the page to be elsewhere. */
  openAt(at: OpenAt): void {
    this.#state = openedAt(this.#state, at);
    this.#withoutVerdicts = false;
    this.#pending = at.ordinal;
    this.#keep({});
    this.#bar.show(this.#state);
    this.#query();
  }

  /** A run of the dataset ended, or was forgotten: the newest one may be another. */
  async runsChanged(): Promise<void> {
    this.#withoutVerdicts = false;
    this.#notices.clear('verdicts');
    await this.#loadRuns();
    this.#runner.set(this.#wanted);
    this.#detail.refresh();
  }

  plan(planned: readonly PlannedVerdict[]): void {
    this.#listing.list.plan(planned);
  }

  progress({ ticket, text, share }: { readonly ticket: number; readonly text: string; readonly share: number | null }): void {
    if (ticket !== this.#runner.ticket && ticket !== this.#entities.ticket) return;
    this.#status.working(text, share);
  }

  /** Something that was asked for failed. */
  showError(message: string): void {
    this.#notices.show({ kind: 'error', message, actions: [], dismiss: this.#context.strings.state.dismiss });
  }

  /** The file is another one than what is shown, or gone. */
  fileChanged(kind: 'changed' | 'deleted'): void {
    const { state } = this.#context.strings;
    const reload = { label: state.reload, run: () => this.#reload() };
    this.#notices.show({
      kind: 'file',
      message: kind === 'deleted' ? state.deleted : state.changed,
      actions: [reload],
      dismiss: state.dismiss,
    });
  }

  focusText(): void {
    this.#bar.focusText();
  }

  focusGoTo(): void {
    this.#goTo.focus();
  }

  get #manifest(): string | null {
    if (this.#withoutVerdicts) return null;
    return this.#state.manifest === undefined ? (this.#runs[0]?.manifest ?? null) : this.#state.manifest;
  }

  get #wanted(): PageQuery {
    return queryOf(this.#state, this.#manifest);
  }

  async #startHead(why: string, canTrust: boolean): Promise<void> {
    const { strings, bridge, say } = this.#context;
    this.root.classList.add('head-only');
    const trust = { label: strings.state.manageTrust, run: () => void bridge.request('act', 'manageTrust').catch(this.#context.report) };
    this.#notices.show({ kind: 'limits', message: why, actions: canTrust ? [trust] : [] });
    try {
      const first = await this.#askFirst();
      this.#showFirst(first.rows);
      this.#status.count(say(strings.state.headRows, first.rows.length));
      const { selected } = this.#state;
      if (selected !== null && selected < first.rows.length) this.#arrive(selected, selected);
    } catch (error: unknown) {
      this.#failed(error, () => void this.#startHead(why, canTrust));
    }
  }

  #askFirst(): Promise<FirstRows> {
    const asked = this.#first;
    this.#first = undefined;
    return asked ?? this.#context.bridge.request('first', { limit: firstRows });
  }

  #startEngine(): void {
    const { strings } = this.#context;
    this.#bar.show(this.#state);
    this.#listing.say(strings.state.opening);
    const wantsAll = queryKey({ ...this.#wanted, manifest: '' }) === queryKey({ manifest: '' });
    if (wantsAll && this.#state.top === 0)
      this.#askFirst().then(
        ({ rows }) => {
          if (!this.#listing.isPainted) this.#showFirst(rows);
        },
        () => undefined, // the query fails for the same reason and says so
      );
    if (this.#state.selected !== null) this.#detail.show(this.#state.selected);
    this.#runner.set(this.#wanted);
    void this.#loadRuns();
  }

  /** Finds the runs of the dataset; without a chosen one, the newest one's verdicts are shown. */
  async #loadRuns(): Promise<void> {
    const before = this.#manifest;
    try {
      this.#runs = await this.#context.bridge.request('runs', null);
    } catch {
      this.#runs = []; // the query fails for the same reason and says so
    }
    this.#bar.showRuns(this.#runs, this.#manifest);
    if (this.#manifest === before) return;
    this.#query();
    this.#detail.refresh();
  }

  #showFirst(rows: readonly InstanceRow[]): void {
    this.#listing.showFirst(rows);
    this.#status.count(this.#context.say(this.#context.strings.state.firstRows, rows.length));
  }

  #reload(): void {
    this.#notices.clear('file', 'failure', 'verdicts', 'error');
    this.#withoutVerdicts = false;
    this.#listing.forget();
    this.#runner.forget();
    this.#startEngine();
  }

  #keep(change: Partial<InstancesState>): void {
    this.#state = { ...this.#state, ...change };
    this.#context.bridge.keep(this.#state);
  }

  #setFilter(filter: BrowseFilter): void {
    this.#requery({ filter, top: 0 });
  }

  #requery(change: Partial<InstancesState>): void {
    this.#keep(change);
    this.#bar.show(this.#state);
    this.#bar.showRuns(this.#runs, this.#manifest);
    this.#query();
    if ('manifest' in change) this.#detail.refresh();
  }

  /** Shows what the state says, unless the list shows that already and nothing else is under way. */
  #query(): void {
    const wanted = this.#wanted;
    const { shown } = this.#listing;
    const isShown = shown !== undefined && this.#runner.ticket === 0 && queryKey(wanted) === queryKey(shown);
    if (!isShown) this.#runner.set(wanted);
    else if (this.#pending !== undefined) {
      void this.#go(this.#pending).catch(this.#context.report);
      this.#pending = undefined;
    }
  }

  #queryState(now: QueryState): void {
    const { strings } = this.#context;
    clearTimeout(this.#patience);
    this.#listing.setBusy(now.kind === 'running' || now.kind === 'indexed');
    switch (now.kind) {
      case 'running': {
        const sentence = now.indexing ? strings.state.opening : strings.state.filtering;
        this.#patience = setTimeout(() => {
          if (!this.#status.isWorking) this.#status.working(sentence, null);
          this.#listing.setBusy(true, !now.indexing);
        }, patienceMs);
        break;
      }
      case 'indexed':
        this.#describe(now.result);
        break;
      case 'done':
        this.#status.idle();
        void this.#present(now.query, now.result);
        break;
      case 'cancelled':
        this.#status.stopped(strings.state.cancelled);
        this.#context.announce(strings.state.cancelled);
        break;
      case 'failed':
        this.#status.idle();
        this.#queryFailed(now.query, now.error);
    }
  }

  /** What is known of the dataset as a whole. */
  #describe(result: BrowseResult): void {
    this.#summary.textContent = summaryText(result, this.#context);
    this.#bar.showFacets(result.facets);
  }

  /** Shows the rows of a query: at the wanted instance, at the open one after another filter or order, else where the list was. */
  async #present(query: PageQuery, result: BrowseResult): Promise<void> {
    const { list, shown } = this.#listing;
    const pending = this.#pending;
    const isOther = !this.#listing.hasRowsOf(query);
    try {
      const wanted = {
        top: isOther ? this.#state.top : list.top,
        active: isOther ? this.#state.top : list.active,
        ordinal: pending ?? this.#state.selected,
        follow: pending !== undefined || (isOther && shown !== undefined),
      };
      const place = await this.#listing.show(query, result, wanted, () => this.#runner.ticket === 0);
      if (place === undefined) return; // a newer result came, or is on its way
      this.#pending = undefined;
      this.#notices.clear('failure', 'error');
      this.#describe(result);
      const sentence = countText(query, result, this.#context);
      this.#status.count(sentence);
      this.#context.announce(sentence);
      if (pending !== undefined && place.found >= 0) this.#arrive(place.found, pending);
      else if (pending !== undefined) this.#open.open(pending);
      this.#open.showSteps();
    } catch (error: unknown) {
      this.#failed(error, () => this.#runner.set(this.#wanted));
    }
  }

  #queryFailed(query: PageQuery, error: unknown): void {
    const { strings } = this.#context;
    if (error instanceof HostFailure && error.reason === 'changed' && query.manifest !== undefined) {
      this.#withoutVerdicts = true;
      this.#notices.show({ kind: 'verdicts', message: strings.state.verdictsGone, actions: [], dismiss: strings.state.dismiss });
      const { verdict: _verdict, ...filter } = this.#state.filter;
      this.#requery({ filter });
      this.#detail.refresh();
    } else this.#failed(error, () => this.#runner.set(this.#wanted));
  }

  /** Says what happened and what can be done; what is shown stays. */
  #failed(error: unknown, again: () => void): void {
    const retry = (): void => {
      this.#notices.clear('failure');
      again();
    };
    const notice = failureNotice(error, { again: retry, reload: () => this.#reload() }, this.#context);
    if (notice === undefined) return;
    this.#notices.show(notice);
    this.#listing.saidElsewhere();
  }

  /** Goes to an instance; gives what stands in the way. */
  async #go(ordinal: number): Promise<string | undefined> {
    const { strings, say, bridge } = this.#context;
    const { shown, result, list } = this.#listing;
    if (Number.isNaN(ordinal)) return say(strings.list.goToInvalid, Math.max(0, (result?.records ?? list.count) - 1));
    if (this.#context.content.mode.kind === 'head') {
      if (ordinal >= list.count) return say(strings.list.goToInvalid, list.count - 1);
      return this.#arrive(ordinal, ordinal);
    }
    if (shown === undefined || result === undefined) {
      this.#pending = ordinal;
      return undefined;
    }
    if (ordinal >= result.records) return say(strings.list.goToInvalid, result.records - 1);
    const { position } = await bridge.request('find', { query: shown, ordinal });
    if (position >= 0) return this.#arrive(position, ordinal);
    const showAll = (): void => {
      this.#notices.clear('error');
      this.#pending = ordinal;
      this.#setFilter({});
    };
    const message = say(strings.list.goToHidden, ordinal);
    this.#notices.show({
      kind: 'error',
      message,
      actions: [{ label: strings.list.goToShowAll, run: showAll }],
      dismiss: strings.state.dismiss,
    });
    return '';
  }

  #arrive(position: number, ordinal: number): undefined {
    this.#notices.clear('error');
    this.#listing.list.activate(position, { focus: true });
    this.#open.open(ordinal);
    this.#context.announce(this.#context.say(this.#context.strings.detail.heading, ordinal));
  }

  /** Extracts the entities, then shows them in the rows and in the detail. */
  async #extract(): Promise<void> {
    try {
      await this.#entities.search('object', '');
      this.#runner.set(this.#wanted);
      this.#detail.refresh();
    } catch (error: unknown) {
      this.#failed(error, () => void this.#extract());
    }
  }

  #settled(inView: ListInView): void {
    if (this.#listing.shown !== undefined && inView.top !== this.#state.top) this.#keep({ top: inView.top });
    this.#inView = inView;
    this.#tell();
  }

  /** Tests and the log hear what is shown. */
  #tell(): void {
    const { rows, first, last } = this.#inView;
    this.#context.bridge.tell('drawn', {
      matches: this.#listing.list.count,
      rows,
      first,
      last,
      indexed: this.#listing.shown !== undefined,
      selected: this.#state.selected,
      message: this.#notices.messages.join(' '),
    });
  }
}
