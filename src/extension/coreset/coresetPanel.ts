import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import {
  type CoresetContent,
  type CoresetFile,
  type CoresetPage,
  type CoresetResultAction,
  type CoresetResultView,
  type CoresetSettings,
  coresetFiles,
  coresetResultActions,
  type DrawnCoreset,
  type TrialView,
} from '../../protocol/coresetPage.ts';
import type { Answer } from '../../protocol/pageParts.ts';
import type { SelectReport, SelectRequest, StrategyDeclaration } from '../../protocol/select.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { errorActions } from '../errors/errorCatalogue.ts';
import { reportError, runAction } from '../errors/reportError.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { plainText } from '../plainText.ts';
import { failureView, isCancelled } from '../selection/failureView.ts';
import { exists, freeOutputPath } from '../selection/outputPath.ts';
import { pickOutput } from '../selection/pickOutput.ts';
import { watchFile } from '../selection/watchFile.ts';
import { copySelectCommand } from './copySelectCommand.ts';
import { CoresetFigures } from './coresetFigures.ts';
import { parseDrawnCoreset } from './coresetMessages.ts';
import type { CoresetOptions } from './coresetOptions.ts';
import { type CoresetResults, coresetSentence } from './coresetResults.ts';
import { coresetSettingsSchema } from './coresetSettings.ts';
import { coresetStrings } from './coresetStrings.ts';
import { runSelect } from './runSelect.ts';
import { selectRequestOf } from './selectRequest.ts';
import { strategyViews } from './strategyWords.ts';
import { WorkingSettings } from './workingSettings.ts';

/** The page does not wait longer for what is known of clusters: opening a large dataset takes time. */
const knownWithinMs = 800;

export interface CoresetPanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly results: CoresetResults;
  readonly memory: vscode.Memento;
  /** Called with the source when a result lies on the disk. */
  readonly onWritten: (dataset: string) => void;
  readonly onDidDraw: (drawn: DrawnCoreset & { readonly dataset: string }) => void;
}

/** What a panel shows, for the tests in the host. */
export interface CoresetPanelState {
  readonly settings: CoresetSettings;
  readonly trial: TrialView | undefined;
  readonly result: CoresetResultView | undefined;
}

/** Selects a coreset of one dataset: settings, what they would give beside others, and what can be done with it. */
export class CoresetPanel {
  readonly panel: vscode.WebviewPanel;
  readonly dataset: string;
  readonly #deps: CoresetPanelDeps;
  readonly #uri: vscode.Uri;
  readonly #disposables = new DisposableStore();
  readonly #working: WorkingSettings;
  readonly #figures: CoresetFigures;
  readonly #bridge: PageBridge<CoresetPage>;
  #declarations: Promise<readonly StrategyDeclaration[]> | undefined;
  #known: Promise<void> | undefined;
  #applying = false;

  constructor(panel: vscode.WebviewPanel, dataset: string, deps: CoresetPanelDeps, onDidDispose: () => void) {
    this.panel = panel;
    this.dataset = dataset;
    this.#deps = deps;
    this.#uri = vscode.Uri.file(dataset);
    this.#working = new WorkingSettings(deps.memory, dataset, () => deps.results.get(dataset)?.settings);
    this.#figures = new CoresetFigures({
      engine: deps.engine,
      log: deps.log,
      base: () => datasetRequest(this.#uri),
      declarations: () => this.#strategies(),
      onProgress: (progress) => this.#bridge.tell('progress', progress),
      onMade: (settings) => {
        this.#working.made(settings);
        this.#tellSettings();
      },
    });
    this.#bridge = fillPagePanel<CoresetPage>(panel, {
      page: 'coreset',
      title: coresetTitle(dataset),
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawnCoreset(payload);
          if (drawn) deps.onDidDraw({ dataset, ...drawn });
        },
      },
      onDidDispose: () => {
        this.#disposables.dispose();
        onDidDispose();
      },
    });
    this.#disposables.add(watchFile(dataset, () => void this.#fileChanged()));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('retry', null)));
  }

  get state(): CoresetPanelState {
    return { settings: this.#working.settings, trial: this.#figures.lastTrial, result: this.#result() };
  }

  /** Goes on with the features and clusters of a known clustering, and with other settings. */
  async take({ clustering, settings }: CoresetOptions): Promise<void> {
    if (clustering !== undefined) await this.#knownClusterings(clustering);
    if (settings !== undefined) await this.#working.change(v.parse(coresetSettingsSchema, { ...this.#working.settings, ...settings }));
    if (clustering !== undefined || settings !== undefined) this.#tellSettings();
  }

  /** Writes the coreset of the settings as they are now. The notification owns the job: it goes on when the page is hidden or closed. */
  async apply(output?: string): Promise<SelectReport | undefined> {
    if (this.#applying) return undefined;
    this.#applying = true;
    const { settings } = this.#working;
    try {
      const report = await runSelect(this.#deps.engine, await this.#request(output));
      await this.#deps.results.set(this.dataset, settings, report);
      this.#working.made(settings);
      this.#deps.onWritten(this.dataset);
      this.#applied({ ok: true, value: this.#result() ?? null });
      return report;
    } catch (error: unknown) {
      this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const fixes = { tryAgain: () => this.apply(output), writeElsewhere: () => this.#applyElsewhere() };
      if (!this.#isSeen) reportError(error, { log: this.#deps.log, file: this.#uri, ...fixes });
      this.#applied(isCancelled(error) ? { ok: true, value: null } : { ok: false, failure: failureView(error, true) });
      return undefined;
    }
  }

  /** The folder of the dataset takes nothing, so the user says where the coreset goes. */
  async #applyElsewhere(): Promise<void> {
    const output = await pickOutput(await this.#freeOutput());
    if (output !== undefined) await this.apply(output);
  }

  #handlers(): PageHandlers<CoresetPage> {
    const nothing = v.null();
    return {
      ready: { params: nothing, run: () => this.#content() },
      edit: { params: coresetSettingsSchema, run: (settings) => this.#working.change(settings) },
      trial: { params: coresetSettingsSchema, run: (settings, signal) => this.#figures.trial(settings, signal) },
      frontier: { params: coresetSettingsSchema, run: (settings, signal) => this.#figures.frontier(settings, signal) },
      apply: {
        params: nothing,
        run: () => {
          void this.apply();
          return null;
        },
      },
      copyCommand: { params: nothing, run: () => this.#copyCommand() },
      pickFile: { params: v.picklist(coresetFiles), run: (file) => pickArrayFile(file, path.dirname(this.dataset)) },
      result: { params: v.picklist(coresetResultActions), run: (action) => this.#resultAction(action) },
      showCluster: {
        params: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        run: async (cluster) => {
          await vscode.commands.executeCommand(commandIds.showCluster, { dataset: this.dataset, cluster });
          return null;
        },
      },
      repair: {
        params: v.string(),
        run: async (name) => {
          const action = errorActions.find((one) => one === name);
          if (action === 'writeElsewhere') void this.#applyElsewhere();
          else if (action !== undefined) await runAction(action, { log: this.#deps.log, file: this.#uri });
          return null;
        },
      },
    };
  }

  async #content(): Promise<CoresetContent> {
    const declarations = await this.#strategies();
    this.#known ??= this.#knownClusterings().catch(() => undefined); // the first figures say what is wrong
    const isLate = await Promise.race([
      this.#known.then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), knownWithinMs)),
    ]);
    if (isLate) void this.#known.then(() => this.#tellSettings());
    const { settings } = this.#working;
    return {
      locale: vscode.env.language,
      dataset: this.dataset,
      title: coresetTitle(this.dataset),
      strings: coresetStrings(vscode.l10n.t),
      strategies: strategyViews(declarations, vscode.l10n.t),
      settings: this.#working.view,
      trial: this.#figures.knownTrial(settings),
      frontier: this.#figures.knownFrontier(settings),
      result: this.#result() ?? null,
      applying: this.#applying,
    };
  }

  /** The engine's declarations, asked once. */
  #strategies(): Promise<readonly StrategyDeclaration[]> {
    this.#declarations ??= this.#deps.engine.request('selection/strategies', {}).then(
      (declarations) => {
        this.#working.declarations = declarations;
        return declarations;
      },
      (error: unknown) => {
        this.#declarations = undefined;
        throw error;
      },
    );
    return this.#declarations;
  }

  async #knownClusterings(begin?: string): Promise<void> {
    const { clusterings } = await this.#deps.engine.request('clusters/known', datasetRequest(this.#uri));
    this.#working.know(clusterings);
    const wanted = clusterings.find(({ id }) => id === begin);
    if (wanted !== undefined) await this.#working.begin(wanted);
  }

  #result(): CoresetResultView | undefined {
    const record = this.#deps.results.get(this.dataset);
    return record === undefined ? undefined : { sentence: coresetSentence(record, vscode.l10n.t, vscode.env.language) };
  }

  #tellSettings(): void {
    this.#bridge.tell('settings', this.#working.view);
  }

  /** A name beside the source that nothing has. Of `dataset_info.json#name` the file counts. */
  #freeOutput(): Promise<string> {
    return freeOutputPath(this.dataset.replace(/(\.json)#[^/\\]*$/i, '$1'), exists, 'coreset');
  }

  async #request(output?: string): Promise<SelectRequest> {
    const to = output ?? (await this.#freeOutput());
    return selectRequestOf(datasetRequest(this.#uri), this.#working.settings, await this.#strategies(), to);
  }

  /** The page is on the screen; a disposed panel says nothing about it. */
  get #isSeen(): boolean {
    try {
      return this.panel.visible;
    } catch {
      return false;
    }
  }

  #applied(answer: Answer<CoresetResultView | null>): void {
    this.#applying = false;
    this.#bridge.tell('applied', answer);
    this.#tellSettings();
    if (answer.ok && answer.value !== null && !this.#isSeen) void vscode.window.showInformationMessage(answer.value.sentence);
  }

  async #copyCommand(): Promise<Answer<string>> {
    try {
      return { ok: true, value: await copySelectCommand(this.#deps.extensionUri.fsPath, await this.#request()) };
    } catch (error: unknown) {
      return { ok: false, failure: failureView(error) };
    }
  }

  async #resultAction(action: CoresetResultAction): Promise<null> {
    const record = this.#deps.results.get(this.dataset);
    if (action === 'openClusters') {
      const run = record !== undefined && (await exists(record.manifest)) ? { manifest: record.manifest } : {};
      await vscode.commands.executeCommand(commandIds.showCluster, { dataset: this.dataset, ...run });
      return null;
    }
    if (record === undefined) return null;
    const manifest = vscode.Uri.file(record.manifest);
    if (action === 'openResult') await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(record.output));
    else if (action === 'revealManifest') {
      await vscode.commands.executeCommand('revealInExplorer', manifest);
      await vscode.window.showTextDocument(manifest, { preview: true });
    } else
      await vscode.commands.executeCommand(commandIds.browseInstances, this.#uri, {
        manifest: record.manifest,
        filter: { verdict: 'dropped' },
      });
    return null;
  }

  async #fileChanged(): Promise<void> {
    this.#figures.forget();
    this.#known = undefined;
    const name = plainText(path.basename(this.dataset), 80);
    this.#bridge.tell(
      'datasetChanged',
      (await exists(this.#uri.fsPath.replace(/(\.json)#[^/\\]*$/i, '$1')))
        ? vscode.l10n.t('{0} was changed on the disk. The figures show it as it was.', name)
        : vscode.l10n.t('{0} does not exist any more. Put it back and reload; the settings are kept.', name),
    );
  }
}

export function coresetTitle(dataset: string): string {
  return vscode.l10n.t('Coreset: {0}', plainText(path.basename(dataset), 80));
}

/** Asks for a `.npy` file; null when the user gives up. */
async function pickArrayFile(file: CoresetFile, folder: string): Promise<string | null> {
  const titles: Readonly<Record<CoresetFile, string>> = {
    features: vscode.l10n.t('Features, one row per instance'),
    assignments: vscode.l10n.t('Assignments, the cluster of each instance'),
    centroids: vscode.l10n.t('Centroids, one row per cluster'),
    column: vscode.l10n.t('Scores, one per instance'),
  };
  const picked = await vscode.window.showOpenDialog({
    title: titles[file],
    openLabel: vscode.l10n.t('Choose'),
    defaultUri: vscode.Uri.file(folder),
    filters: { [vscode.l10n.t('NumPy arrays')]: ['npy'] },
  });
  return picked?.[0]?.fsPath ?? null;
}
