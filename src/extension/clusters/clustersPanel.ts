import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ClustersContent, ClustersOpenAt, ClustersPage, DrawnClusters, OpenedClusters } from '../../protocol/clustersPage.ts';
import type { RunChoice } from '../../protocol/instancesPage.ts';
import type { Progress } from '../../protocol/progress.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { RequestOptions } from '../engine/engineClient.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { faultSentence } from '../errors/faultSentence.ts';
import { runAction } from '../errors/reportError.ts';
import { runChoices } from '../instances/runChoices.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import { findRunDirs } from '../runs/findRunDirs.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { watchFile } from '../selection/watchFile.ts';
import { isDatasetSettingChange } from '../settings.ts';
import { clusteringChoices } from './clusteringChoices.ts';
import { parseDrawn, requestSchemas } from './clustersMessages.ts';
import { clustersStrings } from './clustersStrings.ts';

export interface ClustersPanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

/** The clusters of one dataset: the page asks for everything that it shows. */
export class ClustersPanel {
  readonly panel: vscode.WebviewPanel;
  readonly #dataset: string;
  readonly #deps: ClustersPanelDeps;
  readonly #bridge: PageBridge<ClustersPage>;
  readonly #disposables = new DisposableStore();
  /** Where a command wants a page to be that is not loaded now. */
  #openAt: ClustersOpenAt | null;
  #isLoaded = false;
  /** What the file was when its clusters were opened. */
  #stamp: string | undefined;

  /** @param dataset absolute path */
  constructor(
    panel: vscode.WebviewPanel,
    dataset: string,
    openAt: ClustersOpenAt | null,
    deps: ClustersPanelDeps,
    listeners: { readonly onDrawn: (drawn: DrawnClusters) => void; readonly onDidDispose: () => void },
  ) {
    this.panel = panel;
    this.#dataset = dataset;
    this.#openAt = openAt;
    this.#deps = deps;
    this.#bridge = fillPagePanel<ClustersPage>(panel, {
      page: 'clusters',
      title: panelTitle(dataset),
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
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('restart', null)));
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (isDatasetSettingChange(event)) this.#bridge.tell('restart', null);
      }),
    );
    this.#disposables.add(watchFile(dataset, () => void this.#fileChanged()));
  }

  /** Brings the panel to the front, and the page to a place. */
  reveal(openAt: ClustersOpenAt | null): void {
    this.panel.reveal();
    if (openAt === null) return;
    if (this.#isLoaded) this.#bridge.tell('openAt', openAt);
    else this.#openAt = openAt;
  }

  /** The dataset was clustered anew: a page that is loaded shows what came of it. */
  clustered(clustering: string): void {
    if (this.#isLoaded) this.#bridge.tell('clustered', { clustering });
    else this.#openAt = { clustering };
  }

  /** A result of the dataset was written: its run can be chosen. */
  resultWritten(): void {
    this.#bridge.tell('runsChanged', null);
  }

  get #request(): DatasetRequest {
    return datasetRequest(vscode.Uri.file(this.#dataset));
  }

  #handlers(): PageHandlers<ClustersPage> {
    const { engine } = this.#deps;
    return {
      ready: { params: requestSchemas.none, run: () => this.#content() },
      open: { params: requestSchemas.open, run: (which, signal) => this.#open(which, signal) },
      runs: { params: requestSchemas.none, run: (_, signal) => this.#runs(signal) },
      card: {
        params: requestSchemas.card,
        run: (which, signal) =>
          withToken([signal], (token) => engine.request('clusters/card', { ...this.#request, ...withManifest(which) }, { token })),
      },
      members: {
        params: requestSchemas.members,
        run: (which, signal) =>
          withToken([signal], (token) => engine.request('clusters/members', { ...this.#request, ...withManifest(which) }, { token })),
      },
      points: {
        params: requestSchemas.card,
        run: (which, signal) =>
          withToken([signal], (token) => engine.request('clusters/points', { ...this.#request, ...withManifest(which) }, { token })),
      },
      lift: {
        params: requestSchemas.lift,
        run: ({ clusters, text, ...which }, signal) => {
          const filter = { ...(clusters === null ? {} : { clusters }), ...(text === '' ? {} : { text }) };
          return withToken([signal], (token) => engine.request('clusters/lift', { ...this.#request, ...which, ...filter }, { token }));
        },
      },
      image: {
        params: requestSchemas.image,
        run: (image, signal) => withToken([signal], (token) => engine.request('instance/image', { ...this.#request, ...image }, { token })),
      },
      openInstance: {
        params: requestSchemas.openInstance,
        run: ({ instance, manifest }) => this.#browse({ ordinal: instance, ...withManifest({ manifest }) }),
      },
      browse: {
        params: requestSchemas.card,
        run: ({ cluster, clustering, manifest }) =>
          this.#browse({ filter: { clusters: [cluster] }, clustering, ...withManifest({ manifest }) }),
      },
      act: {
        params: requestSchemas.act,
        run: async (action) => {
          if (action === 'cluster') await vscode.commands.executeCommand(commandIds.clusterDataset, vscode.Uri.file(this.#dataset));
          else await runAction(action, { log: this.#deps.log });
          return null;
        },
      },
    };
  }

  async #browse(options: object): Promise<null> {
    await vscode.commands.executeCommand(commandIds.browseInstances, vscode.Uri.file(this.#dataset), options);
    return null;
  }

  async #open(
    { ticket, clustering, manifest, extract }: ClustersPage['requests']['open']['params'],
    signal: AbortSignal,
  ): Promise<OpenedClusters> {
    const { engine } = this.#deps;
    this.#stamp = await this.#stampNow();
    return this.#job(signal, ticket, async (options) => {
      const { clusterings } = await engine.request('clusters/known', this.#request, options);
      const choices = clusteringChoices(clusterings, vscode.l10n.t, vscode.env.language);
      const chosen = clusterings.find(({ id }) => id === clustering) ?? clusterings[0];
      if (chosen === undefined) return { clusterings: choices, list: null };
      const request = { ...this.#request, clustering: chosen.id, extract, ...withManifest({ manifest }) };
      return { clusterings: choices, list: await engine.request('clusters/list', request, options) };
    });
  }

  #runs(signal: AbortSignal): Promise<readonly RunChoice[]> {
    return withToken([signal], async (token) => {
      const own = this.#request.runDir ?? path.join(path.dirname(this.#dataset), '.ballast');
      const runDirs = [...new Set([own, ...(await findRunDirs(token))])];
      const { runs } = await this.#deps.engine.request('runs/list', { runDirs }, { token });
      return runChoices(runs, this.#dataset, vscode.l10n.t, vscode.env.language);
    });
  }

  /** A long request whose progress the page shows. */
  #job<T>(signal: AbortSignal, ticket: number, work: (options: RequestOptions) => Promise<T>): Promise<T> {
    const overall = new OverallProgress();
    let shown = 0;
    const onProgress = (progress: Progress): void => {
      shown += overall.advance(progress);
      this.#bridge.tell('progress', { ticket, text: progressText(progress, vscode.l10n.t), share: shown / 100 });
    };
    return withToken([signal], (token) => work({ token, onProgress }));
  }

  #content(): ClustersContent {
    this.#isLoaded = true;
    const openAt = this.#openAt;
    this.#openAt = null;
    const { isTrusted } = vscode.workspace;
    return {
      locale: vscode.env.language,
      name: path.basename(this.#dataset),
      dataset: this.#dataset,
      openAt,
      refused: isTrusted ? null : { sentence: faultSentence(new EngineRequestError({ kind: 'untrusted' })), canTrust: true },
      strings: clustersStrings(vscode.l10n.t),
    };
  }

  async #fileChanged(): Promise<void> {
    const now = await this.#stampNow();
    if (this.#stamp === undefined || now === this.#stamp) return;
    this.#stamp = now;
    this.#bridge.tell('fileChanged', { kind: now === '' ? 'deleted' : 'changed' });
  }

  /** Size and time of the file; empty when it does not exist. */
  async #stampNow(): Promise<string> {
    const stats = await stat(this.#dataset).catch(() => undefined);
    return stats === undefined ? '' : `${stats.size} ${stats.mtimeMs}`;
  }
}

export function panelTitle(dataset: string): string {
  return vscode.l10n.t('Clusters: {0}', plainText(path.basename(dataset), 60));
}

/** The engine wants no manifest rather than null. */
function withManifest<T extends { readonly manifest: string | null }>({
  manifest,
  ...rest
}: T): Omit<T, 'manifest'> & { manifest?: string } {
  return manifest === null ? rest : { ...rest, manifest };
}
