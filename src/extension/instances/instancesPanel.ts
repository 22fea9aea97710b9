import * as path from 'node:path';
import * as vscode from 'vscode';
import type { FirstRows } from '../../protocol/browse.ts';
import type {
  DetailView,
  DrawnInstances,
  InstancesContent,
  InstancesPage,
  OpenAt,
  PageAction,
  PlannedVerdict,
} from '../../protocol/instancesPage.ts';
import type { Progress } from '../../protocol/progress.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { formatBytes } from '../datasets/formatBytes.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import type { PlanStore } from '../plans/planStore.ts';
import { findRunDirs } from '../runs/findRunDirs.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { watchFile } from '../selection/watchFile.ts';
import { isDatasetSettingChange } from '../settings.ts';
import { collectReceipt } from './collectReceipt.ts';
import { HeadSource } from './headSource.ts';
import { detailView, entityChoices } from './instanceAnswers.ts';
import { parseDrawn, requestSchemas } from './instancesMessages.ts';
import { instancesStrings } from './instancesStrings.ts';
import { openInstance } from './openInstance.ts';
import type { RecordDocuments } from './recordDocuments.ts';
import { runChoices } from './runChoices.ts';

/** Entities offered while one types. */
const mostEntities = 50;
/** What the page asks for first; asked here before the page is loaded. */
const firstRows = 100;

export interface InstancesDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly plans: PlanStore;
  readonly records: RecordDocuments;
}

/** The instance browser of one dataset: the page asks, the engine answers; without an engine, the first records only. */
export class InstancesPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #uri: vscode.Uri;
  readonly #deps: InstancesDeps;
  readonly #bridge: PageBridge<InstancesPage>;
  readonly #disposables = new DisposableStore();
  #head: HeadSource | undefined;
  /** Where a command wants a page to be that is not loaded now. */
  #openAt: OpenAt | null;
  #isLoaded = false;
  #first: Promise<FirstRows> | undefined;
  /** Size and time of the file that the page was told about. */
  #stamp: string | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    uri: vscode.Uri,
    openAt: OpenAt | null,
    deps: InstancesDeps,
    listeners: { readonly onDrawn: (drawn: DrawnInstances) => void; readonly onDidDispose: () => void },
  ) {
    this.panel = panel;
    this.#uri = uri;
    this.#openAt = openAt;
    this.#deps = deps;
    if (this.#usesEngine) {
      this.#first = deps.engine.request('browse/first', { ...datasetRequest(uri), limit: firstRows });
      this.#first.catch(() => undefined); // the page asks again and then says so
    }
    this.#bridge = fillPagePanel<InstancesPage>(panel, {
      page: 'instances',
      title: titleOf(uri),
      images: true,
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawn(payload);
          if (drawn) listeners.onDrawn(drawn);
        },
      },
      onDidDispose: () => {
        this.#disposables.dispose();
        listeners.onDidDispose();
      },
    });
    this.#disposables.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#isLoaded = false; // a hidden page is thrown away
      }),
    );
    this.#disposables.add(
      deps.plans.onDidChange((dataset) => {
        if (dataset === uri.fsPath) this.#bridge.tell('planned', this.#planned());
      }),
    );
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('restart', null)));
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (isDatasetSettingChange(event)) this.#bridge.tell('restart', null);
      }),
    );
    if (uri.scheme === 'file') this.#disposables.add(watchFile(uri.fsPath, () => void this.#fileChanged()));
  }

  /** Brings the panel to the front, and the page to a place. */
  reveal(openAt: OpenAt | null): void {
    this.panel.reveal();
    if (openAt === null) return;
    if (this.#isLoaded) this.#bridge.tell('openAt', openAt);
    else this.#openAt = openAt;
  }

  /** A result of the dataset was written, or another run of it recorded. */
  resultWritten(): void {
    this.#bridge.tell('runsChanged', null);
  }

  get #usesEngine(): boolean {
    return vscode.workspace.isTrusted && this.#uri.scheme === 'file';
  }

  #handlers(): PageHandlers<InstancesPage> {
    const { engine } = this.#deps;
    return {
      ready: { params: requestSchemas.none, run: () => this.#content() },
      first: { params: requestSchemas.first, run: ({ limit }, signal) => this.#firstRows(limit, signal) },
      runs: { params: requestSchemas.none, run: (_, signal) => this.#runs(signal) },
      query: {
        params: requestSchemas.query,
        run: async ({ ticket, query }, signal) => {
          this.#stamp = await this.#stampNow();
          return this.#job(signal, ticket, (options) => engine.request('browse/query', { ...this.#request, ...query }, options));
        },
      },
      rows: {
        params: requestSchemas.rows,
        run: ({ query, offset, limit }, signal) =>
          withToken([signal], (token) => engine.request('browse/rows', { ...this.#request, ...query, offset, limit }, { token })),
      },
      find: {
        params: requestSchemas.find,
        run: ({ query, ordinal }, signal) =>
          withToken([signal], (token) => engine.request('browse/find', { ...this.#request, ...query, ordinal }, { token })),
      },
      entities: {
        params: requestSchemas.entities,
        run: ({ ticket, perspective, text }, signal) => this.#entities(ticket, perspective, text, signal),
      },
      detail: { params: requestSchemas.detail, run: (which, signal) => this.#detail(which, signal) },
      image: {
        params: requestSchemas.image,
        run: (image, signal) => withToken([signal], (token) => engine.request('instance/image', { ...this.#request, ...image }, { token })),
      },
      receipt: {
        params: requestSchemas.receipt,
        run: async (which, signal) =>
          collectReceipt(
            await withToken([signal], (token) => engine.request('instance/explain', { ...this.#request, ...which }, { token })),
            vscode.l10n.t,
            vscode.env.language,
          ),
      },
      copyReceipt: {
        params: requestSchemas.receipt,
        run: async (which) => {
          const receipt = await engine.request('instance/explain', { ...this.#request, ...which });
          await vscode.env.clipboard.writeText(`${JSON.stringify(receipt, null, 2)}\n`);
          return null;
        },
      },
      override: {
        params: requestSchemas.override,
        run: async ({ verdict, reason, ...instance }) => {
          await this.#deps.plans.override(this.#uri.fsPath, { ...instance, verdict, reason });
          return verdict === 'none' ? null : { verdict, reason };
        },
      },
      openBytes: {
        params: requestSchemas.openBytes,
        run: async ({ instance }) => {
          await openInstance(this.#deps, this.#uri.fsPath, instance);
          return null;
        },
      },
      showCluster: {
        params: requestSchemas.showCluster,
        run: async (which) => {
          await vscode.commands.executeCommand(commandIds.showCluster, { dataset: this.#uri.fsPath, ...which });
          return null;
        },
      },
      act: { params: requestSchemas.act, run: (action) => this.#act(action) },
    };
  }

  get #request(): ReturnType<typeof datasetRequest> {
    return datasetRequest(this.#uri);
  }

  async #content(): Promise<InstancesContent> {
    const openAt = this.#openAt;
    this.#openAt = null;
    this.#isLoaded = true;
    this.#head = this.#usesEngine ? undefined : new HeadSource(this.#uri); // before anything is waited for: the first rows are asked for at once
    const stat = await vscode.workspace.fs.stat(this.#uri).then(
      (found) => found,
      () => undefined, // the first request says that it is gone
    );
    return {
      locale: vscode.env.language,
      name: plainText(nameOf(this.#uri)),
      size: stat === undefined ? '' : formatBytes(stat.size, vscode.env.language),
      dataset: this.#uri.toString(),
      mode: this.#usesEngine ? { kind: 'engine' } : { kind: 'head', why: whyNoEngine(this.#uri), canTrust: !vscode.workspace.isTrusted },
      openAt,
      planned: this.#planned(),
      strings: instancesStrings(vscode.l10n.t),
    };
  }

  async #firstRows(limit: number, signal: AbortSignal): Promise<FirstRows> {
    if (this.#head !== undefined) return this.#head.first(limit);
    const asked = limit === firstRows ? this.#first : undefined;
    this.#first = undefined;
    return asked ?? withToken([signal], (token) => this.#deps.engine.request('browse/first', { ...this.#request, limit }, { token }));
  }

  async #runs(signal: AbortSignal): Promise<InstancesPage['requests']['runs']['result']> {
    return withToken([signal], async (token) => {
      const own = this.#request.runDir ?? path.join(path.dirname(this.#uri.fsPath), '.ballast');
      const runDirs = [...new Set([own, ...(await findRunDirs(token))])];
      const { runs } = await this.#deps.engine.request('runs/list', { runDirs }, { token });
      return runChoices(runs, this.#uri.fsPath, vscode.l10n.t, vscode.env.language);
    });
  }

  async #entities(
    ticket: number,
    perspective: InstancesPage['requests']['entities']['params']['perspective'],
    filter: string,
    signal: AbortSignal,
  ): Promise<InstancesPage['requests']['entities']['result']> {
    const request = { ...this.#request, perspective, offset: 0, limit: mostEntities, ...(filter === '' ? {} : { filter }) };
    const page = await this.#job(signal, ticket, (options) => this.#deps.engine.request('entities/page', request, options));
    return entityChoices(page);
  }

  async #detail(which: InstancesPage['requests']['detail']['params'], signal: AbortSignal): Promise<DetailView> {
    if (this.#head !== undefined) return this.#head.detail(which.instance);
    const detail = await withToken([signal], (token) =>
      this.#deps.engine.request('instance/detail', { ...this.#request, ...which }, { token }),
    );
    return detailView(detail, this.#overrides);
  }

  get #overrides(): NonNullable<ReturnType<PlanStore['get']>['overrides']> {
    return this.#deps.plans.get(this.#uri.fsPath).overrides ?? [];
  }

  #planned(): readonly PlannedVerdict[] {
    return this.#overrides.map(({ ordinal, verdict }) => ({ ordinal, verdict }));
  }

  async #act(action: PageAction): Promise<null> {
    if (action === 'rebalance') await vscode.commands.executeCommand(commandIds.rebalanceDataset, this.#uri);
    else if (action === 'showLog') await vscode.commands.executeCommand(commandIds.showLog);
    else await vscode.commands.executeCommand('workbench.trust.manage');
    return null;
  }

  /** A long request whose progress the page shows. */
  #job<T>(signal: AbortSignal, ticket: number, work: (options: JobOptions) => Promise<T>): Promise<T> {
    const overall = new OverallProgress();
    let shown = 0;
    const onProgress = (progress: Progress): void => {
      shown += overall.advance(progress);
      this.#bridge.tell('progress', { ticket, text: progressText(progress, vscode.l10n.t), share: shown / 100 });
    };
    return withToken([signal], (token) => work({ token, onProgress }));
  }

  async #fileChanged(): Promise<void> {
    const now = await this.#stampNow();
    if (now === this.#stamp) return;
    this.#stamp = now;
    this.#bridge.tell('fileChanged', { kind: now === undefined ? 'deleted' : 'changed' });
  }

  async #stampNow(): Promise<string | undefined> {
    try {
      const { size, mtime } = await vscode.workspace.fs.stat(this.#uri);
      return `${size}|${mtime}`;
    } catch {
      return undefined; // gone or not readable: both are told by the next request
    }
  }
}

type JobOptions = { readonly token: vscode.CancellationToken; readonly onProgress: (progress: Progress) => void };

export function titleOf(uri: vscode.Uri): string {
  return vscode.l10n.t('Instances: {0}', plainText(nameOf(uri), 60));
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.split('/').pop() ?? uri.path;
}

function whyNoEngine({ scheme }: vscode.Uri): string {
  return vscode.workspace.isTrusted
    ? vscode.l10n.t(
        'The engine reads files of this machine only, not "{0}" resources. The first records are shown as they are; filters, entities, images and receipts are off.',
        scheme,
      )
    : vscode.l10n.t(
        'Restricted Mode: the engine is off. The first records are shown as they are; filters, entities, images and receipts need a trusted workspace.',
      );
}
