import type { DrawnReview, PageFilter, ReviewState } from '../../src/protocol/reviewPage.ts';
import type { CandidateStatus, ReviewIndex, StagedCandidate } from '../../src/protocol/synthesis.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { LatestWins } from '../shared/latestWins.ts';
import { Notices } from '../shared/notices.ts';
import { messageOf } from '../shared/problems.ts';
import { CandidateCache } from './candidateCache.ts';
import { Decisions } from './decisions.ts';
import { confirmAccept, showKeys } from './dialogs.ts';
import { EmptyPlace } from './emptyPlace.ts';
import { FilterBar } from './filterBar.ts';
import { GridView } from './gridView.ts';
import { parseState } from './keptState.ts';
import type { ReviewCommand } from './keys.ts';
import type { PageContext } from './pageContext.ts';
import { PageHeader } from './pageHeader.ts';
import { PictureCache } from './pictureCache.ts';
import { pairSide } from './picturePair.ts';
import { ReasonField } from './reasonField.ts';
import { SingleView } from './singleView.ts';
import { Walk } from './walk.ts';
import { showZoom } from './zoomDialog.ts';

/** The page: which candidates there are, the one that is looked at, and what becomes of it. */
export class ReviewView {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #header: PageHeader;
  readonly #filters: FilterBar;
  readonly #reason: ReasonField;
  readonly #notices = new Notices();
  readonly #single: SingleView;
  readonly #grid: GridView;
  readonly #empty: EmptyPlace;
  readonly #cache: CandidateCache;
  readonly #pictures: PictureCache;
  readonly #decisions: Decisions;
  readonly #indexes: LatestWins<PageFilter, ReviewIndex>;
  /** Resolved by the next index. */
  #awaiting: (() => void)[] = [];
  #state: ReviewState;
  #index: ReviewIndex | undefined;
  #walk = new Walk([], '');
  /** The filter that the index answers. */
  #answered: PageFilter | undefined;

  constructor(context: PageContext) {
    this.#context = context;
    this.#state = parseState(context.content.kept ?? context.bridge.kept(), context.content.staging);
    this.#cache = new CandidateCache(
      context,
      (ids) => this.#loaded(ids),
      (error) => this.#failed(error, () => this.refresh()),
    );
    this.#pictures = new PictureCache(context);
    this.#decisions = new Decisions(context);
    this.#header = new PageHeader(context, {
      onCommand: (command) => this.run(command),
      onAcceptGated: () => void this.#acceptGated(),
      onCompose: () => this.#act('compose'),
    });
    this.#filters = new FilterBar(context, this.#state.filter, (filter) => {
      this.#keep({ filter });
      this.refresh();
    });
    this.#reason = new ReasonField(context);
    this.#single = new SingleView(context, {
      pictures: this.#pictures,
      onZoom: () => void this.#zoom(),
      onOpenSource: () => this.#openSource(),
      onFilter: (entity) => this.#filters.entity(entity),
    });
    this.#grid = new GridView(context, { cache: this.#cache, onSelect: (id) => this.#select(id), onOpen: () => this.#setView('single') });
    this.#empty = new EmptyPlace(context, () => this.#filters.clear());
    this.#indexes = new LatestWins({
      ask: (filter, signal) => context.bridge.request('index', filter, signal),
      sharesWork: () => true,
      onAnswer: (index, filter) => this.#show(index, filter),
      onFailure: (error) => {
        this.#settled();
        this.#failed(error, () => this.refresh());
      },
      onBusy: (busy) => this.root.setAttribute('aria-busy', String(busy)),
    });
    this.root = element(
      'div',
      { class: 'review' },
      this.#header.root,
      this.#filters.root,
      this.#reason.root,
      this.#notices.root,
      this.#empty.root,
      this.#single.root,
      this.#grid.root,
    );
  }

  start(): void {
    const { content, strings } = this.#context;
    if (content.refused !== null) {
      const trust = { label: strings.state.manageTrust, run: () => this.#act('manageTrust') };
      this.#notices.show({ kind: 'limits', message: content.refused, actions: [trust] });
      for (const part of [this.#header.root, this.#filters.root, this.#empty.root, this.#single.root, this.#grid.root]) part.hidden = true;
      this.#tellDrawn('refused');
      return;
    }
    this.#empty.show(strings.state.loading, false);
    this.#showPlaces(false);
    this.#context.bridge.keep(this.#state);
    this.refresh();
  }

  /** Asks for the candidates anew; what is looked at stays. */
  refresh(): void {
    this.#indexes.ask(this.#state.filter);
  }

  /** Candidates or decisions came from elsewhere. */
  grown(): void {
    this.#cache.forget();
    this.refresh();
  }

  /** A sentence about the folder or the dataset, or null when all is well again. */
  changed(sentence: string | null): void {
    if (sentence === null) {
      this.#notices.clear('file');
      return;
    }
    const again = (): void => {
      this.#notices.clear('file');
      this.#pictures.clear();
      this.#single.forget();
      this.#cache.forget();
      this.refresh();
    };
    this.#notices.show({ kind: 'file', message: sentence, actions: [{ label: this.#context.strings.state.refresh, run: again }] });
  }

  /** What a decision waits for. */
  waiting(sentence: string | null): void {
    if (sentence === null) this.#notices.clear('limits');
    else {
      const stop = { label: this.#context.strings.state.stopWaiting, run: () => this.#decisions.cancel() };
      this.#notices.show({ kind: 'limits', message: sentence, actions: [stop] });
    }
  }

  run(command: ReviewCommand): void {
    const commands: Readonly<Record<ReviewCommand, () => void>> = {
      accept: () => this.#accept(),
      reject: () => this.#reject(),
      undo: () => void this.#undo(),
      next: () => this.#select(this.#walk.step(this.#state.selected, 1)),
      previous: () => this.#select(this.#walk.step(this.#state.selected, -1)),
      zoom: () => void this.#zoom(),
      grid: () => this.#setView(this.#state.view === 'grid' ? 'single' : 'grid'),
      keys: () => void showKeys(this.#context),
    };
    if (this.#index !== undefined || command === 'keys') commands[command]();
  }

  dispose(): void {
    this.#indexes.cancel();
    this.#grid.dispose();
    this.#single.forget();
  }

  #show(index: ReviewIndex, filter: PageFilter): void {
    const { announce, say, strings } = this.#context;
    const came = index.counts.made - (this.#index?.counts.made ?? index.counts.made);
    const isOther = JSON.stringify(filter) !== JSON.stringify(this.#answered);
    this.#index = index;
    this.#answered = filter;
    this.#walk = new Walk(index.ids, index.statuses);
    this.#header.index(index);
    this.#filters.facets(index.facets);
    if (isOther || this.#state.selected === null) this.#keep({ selected: this.#walk.settle(this.#state.selected) ?? null });
    if (came > 0) announce(say(strings.state.came, came));
    this.#settled();
    this.#draw();
  }

  /** Puts on the screen what there is. */
  #draw(): void {
    const { view, selected } = this.#state;
    const isEmpty = this.#walk.ids.length === 0;
    const { made, pending } = this.#index?.counts ?? { made: 0, pending: 0 };
    const { filter } = this.#context.strings;
    if (isEmpty) {
      const isDecided = this.#state.filter.status === 'pending' && pending === 0;
      this.#empty.show(made === 0 ? filter.nothingYet : isDecided ? filter.allDecided : filter.nothing, made > 0);
    }
    this.#showPlaces(!isEmpty);
    this.#header.place(view, this.#walk.positionOf(selected) + 1, this.#walk.ids.length);
    if (isEmpty) {
      this.#tellDrawn('empty');
      return;
    }
    if (view === 'grid') {
      this.#grid.show(this.#walk, selected);
      this.#grid.reveal();
    } else {
      this.#grid.hidden();
      const next = this.#walk.nextPending(selected);
      this.#cache.want([selected, next].filter((id) => id !== null && id !== undefined));
      this.#showSingle();
    }
    this.#tellDrawn(view);
  }

  #showPlaces(hasCandidates: boolean): void {
    const { view } = this.#state;
    this.#empty.root.hidden = hasCandidates;
    this.#single.root.hidden = !hasCandidates || view !== 'single';
    this.#grid.root.hidden = !hasCandidates || view !== 'grid';
  }

  #loaded(ids: readonly string[]): void {
    if (this.#state.view === 'grid') this.#grid.loaded(ids);
    else this.#showSingle();
    this.#tellDrawn(this.#walk.ids.length === 0 ? 'empty' : this.#state.view);
  }

  #showSingle(): void {
    const candidate = this.#selected;
    if (candidate === undefined) return;
    this.#single.show({ ...candidate, status: this.#walk.statusOf(candidate.id) ?? candidate.status });
    // The one that comes next is there at once.
    const next = this.#walk.nextPending(candidate.id);
    if (next === undefined || next === candidate.id) return;
    void this.#single.source(next).catch(() => undefined);
    for (const which of ['source', 'candidate'] as const) void this.#pictures.get(next, which, pairSide).catch(() => undefined);
  }

  get #selected(): StagedCandidate | undefined {
    const { selected } = this.#state;
    return selected === null ? undefined : this.#cache.get(selected);
  }

  #select(id: string | undefined): void {
    if (id === undefined || id === this.#state.selected) return;
    this.#reason.close();
    this.#keep({ selected: id });
    const { view } = this.#state;
    this.#header.place(view, this.#walk.positionOf(id) + 1, this.#walk.ids.length);
    if (view === 'grid') this.#grid.select(id);
    else this.#draw();
    if (view === 'grid') this.#tellDrawn('grid');
  }

  #setView(view: ReviewState['view']): void {
    if (view === this.#state.view) return;
    this.#keep({ view });
    this.#draw();
    (view === 'grid' ? this.#grid.root : this.#single.root).focus();
  }

  #accept(): void {
    const candidate = this.#selected;
    if (candidate === undefined) return;
    const { strings, say } = this.#context;
    const hard = candidate.gates.find(({ gate, verdict }) => verdict === 'failed' && strings.gates[gate].isHard);
    if (hard) this.#say(say(strings.state.hardStop, strings.gates[hard.gate].title));
    else if (candidate.gates.length === 0) this.#say(strings.state.notJudged);
    else this.#decide('accepted');
  }

  #reject(): void {
    if (this.#state.selected === null || this.#walk.ids.length === 0) return;
    this.#reason.open(this.#index?.reasons ?? [], (reason) => this.#decide('rejected', reason));
  }

  /** Notes the decision at once, goes on, and writes it; what cannot be written is taken back and said. */
  #decide(status: CandidateStatus, reason?: string): void {
    const { selected: id } = this.#state;
    if (id === null) return;
    const { strings, say, announce } = this.#context;
    const before = this.#walk.statusOf(id);
    const position = this.#walk.positionOf(id) + 1;
    this.#notices.clear('failure');
    this.#walk.set(id, status);
    this.#grid.statusChanged(id);
    const next = this.#walk.nextPending(id);
    const where =
      next === undefined ? strings.state.noPending : say(strings.header.position, this.#walk.positionOf(next) + 1, this.#walk.ids.length);
    announce(say(status === 'accepted' ? strings.state.accepted : strings.state.rejected, position, where));
    if (next === undefined) this.#draw();
    else this.#select(next);
    this.#decisions.decide([id], status, reason).then(
      () => {
        this.#cache.forget([id]);
        this.refresh();
      },
      (error: unknown) => {
        if (before !== undefined) this.#walk.set(id, before);
        this.#grid.statusChanged(id);
        this.#select(id);
        this.#draw();
        this.#failed(error);
      },
    );
  }

  async #undo(): Promise<void> {
    const { strings, say, announce } = this.#context;
    if (this.#index?.undoable === null && !this.#decisions.isBusy) {
      announce(strings.header.nothingToUndo);
      return;
    }
    try {
      const { changed } = await this.#decisions.undo();
      this.#notices.clear('failure');
      this.#cache.forget(changed.map(({ id }) => id));
      await this.#fresh();
      announce(say(strings.state.undone, changed.length));
      const shown = changed.find(({ id }) => this.#walk.positionOf(id) >= 0);
      if (shown) this.#select(shown.id);
    } catch (error: unknown) {
      this.#failed(error);
    }
  }

  async #acceptGated(): Promise<void> {
    const acceptable = this.#index?.acceptable ?? 0;
    if (acceptable === 0 || !(await confirmAccept(acceptable, this.#context))) return;
    const { strings, say, announce } = this.#context;
    try {
      const { changed } = await this.#decisions.decide('gated', 'accepted');
      this.#notices.clear('failure');
      this.#cache.forget();
      await this.#fresh();
      announce(say(strings.state.acceptedMany, changed.length));
    } catch (error: unknown) {
      this.#failed(error, () => void this.#acceptGated());
    }
  }

  /** An index that was asked for now has come, or failed. */
  #fresh(): Promise<void> {
    return new Promise((resolve) => {
      const wait = (): void => {
        this.#awaiting.push(resolve);
      };
      // An answer that is under way does not know of it yet.
      if (this.#indexes.isBusy) this.#awaiting.push(wait);
      else wait();
      this.refresh();
    });
  }

  #settled(): void {
    const waiting = this.#awaiting;
    this.#awaiting = [];
    for (const go of waiting) go();
  }

  async #zoom(): Promise<void> {
    const candidate = this.#selected;
    if (candidate !== undefined && this.#walk.ids.length > 0) await showZoom(candidate, this.#pictures, this.#context);
  }

  #openSource(): void {
    const candidate = this.#selected;
    const { bridge } = this.#context;
    if (candidate === undefined || this.#index === undefined) return;
    const at = { dataset: this.#index.dataset, ordinal: candidate.parent.ordinal };
    bridge.request('browse', at).catch((error: unknown) => this.#failed(error));
  }

  #act(action: 'compose' | 'manageTrust' | 'showLog'): void {
    this.#context.bridge.request('act', action).catch((error: unknown) => this.#failed(error));
  }

  /** Something that cannot be done, and why. */
  #say(message: string): void {
    const dismiss = { label: this.#context.strings.state.dismiss, run: () => this.#notices.clear('failure') };
    this.#notices.show({ kind: 'failure', message, actions: [dismiss] });
  }

  /** Says what happened and what can be done; what is shown stays. */
  #failed(error: unknown, again?: () => void): void {
    if (error instanceof HostFailure && error.cancelled) return;
    const { state } = this.#context.strings;
    const reason = error instanceof HostFailure ? error.reason : undefined;
    const clear = (): void => this.#notices.clear('failure');
    const retry = (): void => {
      clear();
      (again ?? (() => this.refresh()))();
    };
    const actions = [
      { label: state.tryAgain, run: retry },
      { label: state.dismiss, run: clear },
    ];
    if (reason === 'engine') actions.push({ label: state.showLog, run: () => this.#act('showLog') });
    this.#context.report(error);
    this.#notices.show({ kind: 'failure', message: messageOf(error), actions });
  }

  #keep(change: Partial<Pick<ReviewState, 'filter' | 'view' | 'selected'>>): void {
    this.#state = { ...this.#state, ...change };
    this.#context.bridge.keep(this.#state);
    this.#context.bridge.tell('kept', this.#state);
  }

  #tellDrawn(view: DrawnReview['view']): void {
    const { selected } = this.#state;
    const none = { planned: 0, made: 0, failed: 0, gated: 0, pending: 0, accepted: 0, rejected: 0 };
    const candidate = this.#selected;
    this.#context.bridge.tell('drawn', {
      theme: document.body.dataset.vscodeThemeKind ?? '',
      view,
      selected,
      position: this.#walk.positionOf(selected) + 1,
      total: this.#walk.ids.length,
      counts: this.#index?.counts ?? none,
      status: candidate === undefined ? null : (this.#walk.statusOf(candidate.id) ?? candidate.status),
    });
  }
}
