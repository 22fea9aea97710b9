import type {
  ClustersOpenAt,
  ClustersPage,
  ClustersPageAction,
  ClustersState,
  ClusterView,
  OpenedClusters,
} from '../../src/protocol/clustersPage.ts';
import type { RunChoice } from '../../src/protocol/instancesPage.ts';
import { textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { HostFailure } from '../shared/hostBridge.ts';
import { type Notice, Notices } from '../shared/notices.ts';
import { messageOf } from '../shared/problems.ts';
import { CardPane } from './cardPane.ts';
import { ClusterModel } from './clusterModel.ts';
import type { ClustersShown } from './clustersShown.ts';
import { colouringsOf } from './colourings.ts';
import type { PageContext } from './pageContext.ts';
import { PageHeader } from './pageHeader.ts';
import { firstState, openAtState } from './pageState.ts';
import { Stage } from './stage.ts';
import { ViewTabs } from './viewTabs.ts';
import { WorkLine } from './workLine.ts';

/** The page: asks for the clusters, shows one chart of them and the card of one, and says what stands in its way. */
export class ClustersView {
  readonly root: HTMLElement;
  readonly #context: PageContext;
  readonly #header: PageHeader;
  readonly #notices = new Notices();
  readonly #work: WorkLine;
  readonly #tabs: ViewTabs;
  readonly #stage: Stage;
  readonly #card: CardPane;
  readonly #body: HTMLElement;
  readonly #empty = element('div', { class: 'empty', hidden: '' });
  #state: ClustersState;
  #shown: ClustersShown | undefined;
  #runs: readonly RunChoice[] = [];
  #tickets = 0;
  #running: AbortController | undefined;
  #points: AbortController | undefined;
  #frame = 0;

  constructor(context: PageContext) {
    this.#context = context;
    this.#state = firstState(context.bridge.kept(), context.content);
    const { frame } = context.strings;
    this.#header = new PageHeader(context, {
      onClustering: (clustering) => this.#reopen({ clustering, cluster: null }),
      onRun: (manifest) => this.#reopen({ manifest }),
      onColouring: (colouring) => {
        this.#keep({ colouring });
        if (this.#shown !== undefined) this.#colour(this.#shown.model);
      },
      onTables: () => this.toggleTables(),
      onCluster: () => this.#act('cluster'),
      onExtract: () => void this.#open(true),
      onRefresh: () => this.restart(),
    });
    this.#work = new WorkLine(
      context,
      () => this.#running?.abort(),
      () => void this.#open(false),
    );
    this.#tabs = new ViewTabs(context, (view) => this.#turnTo(view, this.#state.tables));
    this.#stage = new Stage(context, {
      onOpenCluster: (position) => this.#choose(this.#shown?.model.id(position) ?? -1),
      onOpenInstance: (ordinal) => this.#openInstance(ordinal),
      onExtract: () => void this.#open(true),
      onDrawn: () => this.#drawn(),
      onLeaveCluster: () => this.#leaveMap(),
      onMap: (position) => this.#map(this.#shown?.model.id(position) ?? -1),
    });
    this.#card = new CardPane(context, {
      onChoose: (cluster) => this.#choose(cluster),
      onClose: () => this.#closeCard(),
      onMap: (cluster) => {
        this.#turnTo('map', false);
        this.#map(cluster);
        this.#stage.focus();
      },
      onBrowse: (cluster) => this.#browse(cluster),
      onOpenInstance: (ordinal) => this.#openInstance(ordinal),
      onLoaded: () => this.#drawn(),
    });
    const cluster = textButton(frame.cluster, () => this.#act('cluster'), 'primary');
    this.#empty.append(element('p', {}, frame.empty), element('p', { class: 'hint' }, frame.emptyHint), cluster);
    this.#body = element('div', { class: 'body', hidden: '' }, element('div', { class: 'charts' }, this.#tabs.root, this.#stage.root));
    this.#body.append(this.#card.root);
    this.root = element('div', { class: 'clusters' }, this.#header.root, this.#notices.root, this.#work.root, this.#empty, this.#body);
    this.#turnTo(this.#state.view, this.#state.tables);
  }

  start(): void {
    const { content, strings } = this.#context;
    this.#keep({});
    if (content.refused === null) {
      void this.#open(false);
      void this.#loadRuns();
      return;
    }
    const trust = { label: strings.frame.manageTrust, run: () => this.#act('manageTrust') };
    this.#notices.show({ kind: 'limits', message: content.refused.sentence, actions: content.refused.canTrust ? [trust] : [] });
  }

  progress({ ticket, text, share }: ClustersPage['hostEvents']['progress']): void {
    if (ticket === this.#tickets && this.#running !== undefined) this.#work.working(text, share);
  }

  openAt(openAt: ClustersOpenAt): void {
    const before = this.#state;
    this.#keep(openAtState(before, openAt));
    const shown = this.#shown?.model.list.clustering.id;
    const isSame = (openAt.clustering === undefined || openAt.clustering === shown) && before.manifest === this.#state.manifest;
    if (isSame && this.#shown !== undefined && openAt.cluster !== undefined) this.#choose(openAt.cluster);
    else void this.#open(false);
  }

  clustered({ clustering }: ClustersPage['hostEvents']['clustered']): void {
    this.#reopen({ clustering, cluster: null });
  }

  runsChanged(): void {
    void this.#loadRuns();
  }

  fileChanged({ kind }: ClustersPage['hostEvents']['fileChanged']): void {
    const { frame } = this.#context.strings;
    const message = kind === 'changed' ? frame.changed : frame.deleted;
    this.#notices.show({ kind: 'file', message, actions: [{ label: frame.reload, run: () => this.restart() }] });
  }

  restart(): void {
    void this.#open(false);
    void this.#loadRuns();
  }

  toggleTables(): void {
    if (this.#shown !== undefined) this.#turnTo(this.#state.view, !this.#state.tables);
  }

  /** Draws anew in the colours of the theme. */
  draw(): void {
    this.#stage.draw();
  }

  dispose(): void {
    this.#running?.abort();
    this.#points?.abort();
    cancelAnimationFrame(this.#frame);
    this.#stage.dispose();
    this.#card.dispose();
  }

  #keep(change: Partial<ClustersState>): void {
    this.#state = { ...this.#state, ...change };
    this.#context.bridge.keep(this.#state);
  }

  #reopen(change: Partial<ClustersState>): void {
    this.#keep(change);
    void this.#open(false);
  }

  async #open(extract: boolean): Promise<void> {
    const { bridge, strings, announce } = this.#context;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    const ticket = ++this.#tickets;
    const { clustering, manifest } = this.#state;
    this.#notices.clear('failure', 'file');
    this.#work.working(strings.frame.opening, null);
    this.root.setAttribute('aria-busy', 'true');
    try {
      const opened = await bridge.request('open', { ticket, clustering, manifest, extract }, running.signal);
      if (running !== this.#running) return;
      this.#work.idle();
      this.#show(opened);
    } catch (error: unknown) {
      if (running !== this.#running) return;
      if (error instanceof HostFailure && error.cancelled) {
        this.#work.stopped(strings.frame.cancelled);
        announce(strings.frame.cancelled);
      } else {
        this.#work.idle();
        this.#failed(error, () => void this.#open(extract));
      }
    } finally {
      if (running === this.#running) {
        this.#running = undefined;
        this.root.setAttribute('aria-busy', 'false');
      }
    }
  }

  async #loadRuns(): Promise<void> {
    try {
      this.#runs = await this.#context.bridge.request('runs', null);
      this.#header.runs(this.#runs, this.#state.manifest);
    } catch (error: unknown) {
      this.#context.report(error); // the clusters are there without them
    }
  }

  #show({ clusterings, list }: OpenedClusters): void {
    const { say, announce, strings } = this.#context;
    this.#points?.abort();
    this.#empty.hidden = list !== null;
    this.#body.hidden = list === null;
    if (list === null) {
      this.#shown = undefined;
      this.#card.close();
      this.#header.empty();
      announce(strings.frame.empty);
      return;
    }
    const model = new ClusterModel(list);
    this.#keep({ clustering: list.clustering.id });
    this.#header.show(model, clusterings);
    this.#header.runs(this.#runs, this.#state.manifest);
    this.#colour(model);
    announce(say(strings.frame.done, model.count, list.clustering.instances));
    const { cluster } = this.#state;
    if (cluster !== null && model.position(cluster) >= 0) this.#choose(cluster);
    else this.#closeCard();
  }

  #colour(model: ClusterModel): void {
    const choices = colouringsOf(model, this.#context);
    const colouring = choices.find(({ name }) => name === this.#state.colouring) ?? choices[0];
    this.#shown = { model, colouring };
    this.#header.colourings(choices, colouring?.name);
    this.#stage.show(this.#shown);
    this.#mark();
  }

  #turnTo(view: ClusterView, tables: boolean): void {
    this.#keep({ view, tables });
    this.#tabs.show(view);
    this.#header.tables(tables);
    this.#stage.turnTo(view, tables);
  }

  /** Opens the card of a cluster. */
  #choose(cluster: number): void {
    const model = this.#shown?.model;
    if (model === undefined || cluster < 0) return;
    this.#keep({ cluster });
    this.#mark();
    const { id } = model.list.clustering;
    void this.#card.show({ clustering: id, cluster, manifest: this.#state.manifest, of: model.count });
  }

  #closeCard(): void {
    this.#keep({ cluster: null });
    this.#card.close();
    this.#mark();
    this.#drawn();
  }

  #mark(): void {
    const { cluster } = this.#state;
    this.#stage.select(cluster === null ? -1 : (this.#shown?.model.position(cluster) ?? -1));
  }

  /** Opens the card of a cluster and brings its instances onto the map. */
  #map(cluster: number): void {
    this.#choose(cluster);
    void this.#loadPoints(cluster);
  }

  async #loadPoints(cluster: number): Promise<void> {
    const model = this.#shown?.model;
    const { bridge, strings } = this.#context;
    if (model === undefined) return;
    if (model.density === null) return this.#stage.sayOnMap(strings.charts.needsFeatures);
    this.#points?.abort();
    const work = new AbortController();
    this.#points = work;
    this.#stage.sayOnMap(strings.charts.pointsLoading);
    try {
      const { manifest } = this.#state;
      const points = await bridge.request('points', { clustering: model.list.clustering.id, cluster, manifest }, work.signal);
      if (work === this.#points && this.#shown?.model === model) this.#stage.showPoints(points);
    } catch (error: unknown) {
      if (work !== this.#points || (error instanceof HostFailure && error.cancelled)) return;
      this.#stage.sayOnMap('');
      this.#failed(error, () => void this.#loadPoints(cluster));
    }
  }

  #leaveMap(): void {
    this.#points?.abort();
    this.#points = undefined;
    this.#stage.showPoints(undefined);
  }

  #openInstance(instance: number): void {
    const { bridge } = this.#context;
    bridge.request('openInstance', { instance, manifest: this.#state.manifest }).catch((error: unknown) => this.#failed(error));
  }

  #browse(cluster: number): void {
    const clustering = this.#shown?.model.list.clustering.id;
    if (clustering === undefined) return;
    const { bridge } = this.#context;
    bridge.request('browse', { clustering, cluster, manifest: this.#state.manifest }).catch((error: unknown) => this.#failed(error));
  }

  #act(action: ClustersPageAction): void {
    this.#context.bridge.request('act', action).catch((error: unknown) => this.#failed(error));
  }

  /** Says what happened and what can be done; what is shown stays. */
  #failed(error: unknown, again?: () => void): void {
    if (error instanceof HostFailure && error.cancelled) return;
    this.#context.report(error);
    const { frame } = this.#context.strings;
    const reason = error instanceof HostFailure ? error.reason : undefined;
    const actions: Notice['actions'][number][] = [];
    const act = (label: string, run: () => void): void => {
      const clearing = (): void => {
        this.#notices.clear('failure');
        run();
      };
      actions.push({ label, run: clearing });
    };
    if (again !== undefined) act(frame.tryAgain, again);
    // A run that does not belong here must not keep the clusters from being seen.
    if (this.#shown === undefined && this.#state.manifest !== null) act(frame.noRun, () => this.#reopen({ manifest: null }));
    if (reason === 'engine') actions.push({ label: frame.showLog, run: () => this.#act('showLog') });
    if (again === undefined) act(frame.dismiss, () => undefined);
    const message = messageOf(error);
    this.#notices.show({ kind: 'failure', message, actions });
  }

  /** Tells what is shown, once per frame. */
  #drawn(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const shown = this.#shown;
      if (shown === undefined) return;
      const { view, tables } = this.#state;
      this.#context.bridge.tell('drawn', {
        theme: document.body.dataset.vscodeThemeKind ?? '',
        view,
        tables,
        clustering: shown.model.list.clustering.id,
        clusters: shown.model.count,
        card: this.#card.shown,
        points: this.#stage.points?.ordinal.length ?? 0,
        paintedPixels: this.#stage.painted(),
      });
    });
  }
}
