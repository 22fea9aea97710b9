import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Answer } from '../../protocol/pageParts.ts';
import type { MethodDeclaration, SynthesizeReport } from '../../protocol/synthesis.ts';
import {
  type DrawnSynthesis,
  type FunnelView,
  type MadeView,
  type OutcomeView,
  type SynthesisContent,
  type SynthesisPage,
  type SynthesisPlanView,
  type SynthesisSettings,
  synthesisFolders,
  synthesisResultActions,
} from '../../protocol/synthesisPage.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { errorActions } from '../errors/errorCatalogue.ts';
import { reportError, runAction } from '../errors/reportError.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { withToken } from '../panels/withToken.ts';
import { plainText } from '../plainText.ts';
import { copyArguments } from '../selection/copyArguments.ts';
import { failureView, isCancelled } from '../selection/failureView.ts';
import { exists } from '../selection/outputPath.ts';
import { watchFile } from '../selection/watchFile.ts';
import { cancelledOutcome, collectOutcome } from './collectOutcome.ts';
import { collectPlan } from './collectPlan.ts';
import type { EditorModels } from './editorModels.ts';
import type { EndpointKeys } from './endpointKeys.ts';
import { mergedInstances, runDirOf } from './mergedInstances.ts';
import { methodViews } from './methodWords.ts';
import { StagingLook } from './stagingLook.ts';
import { openReview, pickFolder, runSynthesisAction, secretsOf } from './synthesisActions.ts';
import { hideNotification, type SynthesisJob, type SynthesisJobs, showInNotification } from './synthesisJobs.ts';
import { parseDrawnSynthesis } from './synthesisMessages.ts';
import type { SynthesisOptions } from './synthesisOptions.ts';
import { synthesisSettingsSchema } from './synthesisSettings.ts';
import { synthesisStrings } from './synthesisStrings.ts';
import { synthesizeArguments } from './synthesizeArguments.ts';
import { methodOf, providerOf, synthesizeRequestOf } from './synthesizeRequest.ts';
import { WorkingSynthesis } from './workingSynthesis.ts';

/** What was made last is looked at this often while a call runs. */
const lookEveryMs = 700;

export interface SynthesisPanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly memory: vscode.Memento;
  readonly keys: EndpointKeys;
  readonly models: EditorModels;
  readonly jobs: SynthesisJobs;
  /** Whether a panel of the dataset is open. */
  readonly isOpen: (dataset: string) => boolean;
  readonly onDidDraw: (drawn: DrawnSynthesis & { readonly dataset: string }) => void;
}

/** What a panel shows, for the tests in the host. */
export interface SynthesisPanelState {
  readonly settings: SynthesisSettings;
  readonly plan: SynthesisPlanView | undefined;
  readonly funnel: FunnelView | undefined;
  readonly outcome: OutcomeView | undefined;
  readonly running: boolean;
}

/** Makes instances of the scarce entities of one dataset: what is lacking, how it is made, what it takes, and how far it went. */
export class SynthesisPanel {
  readonly panel: vscode.WebviewPanel;
  readonly dataset: string;
  readonly #deps: SynthesisPanelDeps;
  readonly #uri: vscode.Uri;
  readonly #disposables = new DisposableStore();
  readonly #working: WorkingSynthesis;
  readonly #look: StagingLook;
  readonly #bridge: PageBridge<SynthesisPage>;
  #declarations: Promise<readonly MethodDeclaration[]> | undefined;
  #plan: { readonly key: string; readonly view: SynthesisPlanView; readonly staging: string } | undefined;
  #funnel: FunnelView | undefined;
  #made: readonly MadeView[] = [];
  #outcome: OutcomeView | undefined;
  #merged: number | undefined;
  /** The journal of the staging folder that is watched: reviews of another window and of the command line write to it too. */
  #journal: { readonly path: string; readonly watcher: vscode.Disposable } | undefined;
  #isDisposed = false;

  constructor(panel: vscode.WebviewPanel, dataset: string, deps: SynthesisPanelDeps, onDidDispose: () => void) {
    this.panel = panel;
    this.dataset = dataset;
    this.#deps = deps;
    this.#uri = vscode.Uri.file(dataset);
    this.#working = new WorkingSynthesis(deps.memory, dataset, deps.keys);
    this.#look = new StagingLook({ engine: deps.engine, merged: async () => this.#merged });
    this.#bridge = fillPagePanel<SynthesisPage>(panel, {
      page: 'synthesis',
      title: synthesisTitle(dataset),
      images: true,
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawnSynthesis(payload);
          if (drawn) deps.onDidDraw({ dataset, ...drawn });
        },
      },
      onDidDispose: () => {
        this.#isDisposed = true;
        this.#disposables.dispose();
        this.#journal?.watcher.dispose();
        const job = deps.jobs.running(dataset);
        if (job !== undefined) showInNotification(job);
        onDidDispose();
      },
    });
    this.#disposables.add(watchFile(dataset, () => void this.#fileChanged()));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#bridge.tell('retry', null)));
    this.#disposables.add(deps.keys.onDidChange(() => this.#tellSettings()));
    const job = deps.jobs.running(dataset);
    if (job !== undefined) {
      hideNotification(job);
      this.#watch(job);
    }
  }

  get state(): SynthesisPanelState {
    return {
      settings: this.#working.settings,
      plan: this.#plan?.view,
      funnel: this.#funnel,
      outcome: this.#outcome,
      running: this.#deps.jobs.running(this.dataset) !== undefined,
    };
  }

  /** Goes on with other settings. */
  async take({ settings }: SynthesisOptions): Promise<void> {
    if (settings === undefined) return;
    await this.#working.change(v.parse(synthesisSettingsSchema, { ...this.#working.settings, ...settings }));
    this.#tellSettings();
  }

  /** What a review or a composition changed is shown. */
  async stagingChanged(): Promise<void> {
    await this.#refresh(await this.#staging());
  }

  /** Makes what the settings say. The job belongs to no panel: it goes on when this one is hidden or closed. */
  async make(): Promise<SynthesizeReport | undefined> {
    const job = await this.#start().catch((error: unknown) => {
      this.#ended(error);
      return undefined;
    });
    // How it ends is told by whoever watches it.
    return job?.report.catch(() => undefined);
  }

  async #start(): Promise<SynthesisJob> {
    const { jobs } = this.#deps;
    const declarations = await this.#methods();
    const { missing, settings } = this.#working.view;
    if (missing.length > 0) throw new Error(missing.map(({ sentence }) => sentence).join(' '));
    const request = synthesizeRequestOf(datasetRequest(this.#uri), settings, declarations, false);
    const secrets = await secretsOf(settings, declarations, this.#deps.keys);
    const known = jobs.running(this.dataset);
    if (known !== undefined) return known;
    const job = jobs.start(this.dataset, { ...request, ...secrets }, await this.#staging());
    this.#outcome = undefined;
    this.#watch(job);
    return job;
  }

  #handlers(): PageHandlers<SynthesisPage> {
    const nothing = v.null();
    return {
      ready: { params: nothing, run: () => this.#content() },
      edit: { params: synthesisSettingsSchema, run: (settings) => this.#working.change(settings) },
      plan: { params: synthesisSettingsSchema, run: (settings, signal) => this.#planOf(settings, signal) },
      make: {
        params: nothing,
        run: () => {
          void this.make();
          return null;
        },
      },
      cancel: {
        params: nothing,
        run: () => {
          this.#deps.jobs.running(this.dataset)?.cancel();
          return null;
        },
      },
      copyCommand: { params: nothing, run: () => this.#copyCommand() },
      pickFolder: { params: v.picklist(synthesisFolders), run: (folder) => pickFolder(folder, path.dirname(this.dataset)) },
      pickModel: { params: nothing, run: () => this.#deps.models.choose() },
      result: {
        params: v.picklist(synthesisResultActions),
        run: async (action) => {
          const { keys } = this.#deps;
          await runSynthesisAction(action, { dataset: this.dataset, staging: await this.#staging(), keys, views: this.#working.view.keys });
          return null;
        },
      },
      repair: {
        params: v.string(),
        run: async (name) => {
          const action = errorActions.find((one) => one === name);
          if (action !== undefined) await runAction(action, { log: this.#deps.log, file: this.#uri });
          return null;
        },
      },
    };
  }

  async #content(): Promise<SynthesisContent> {
    const declarations = await this.#methods();
    const job = this.#deps.jobs.running(this.dataset);
    // What is staged comes later: opening a large dataset's folder takes time.
    void this.#staging().then((staging) => this.#refresh(staging));
    const { settings } = this.#working;
    return {
      locale: vscode.env.language,
      dataset: this.dataset,
      title: synthesisTitle(this.dataset),
      strings: synthesisStrings(vscode.l10n.t),
      methods: methodViews(declarations, vscode.l10n.t),
      settings: this.#working.view,
      plan: this.#plan?.key === JSON.stringify(settings) ? this.#plan.view : null,
      funnel: this.#funnel ?? null,
      made: this.#made,
      outcome: this.#outcome ?? null,
      progress: job?.progress ?? null,
    };
  }

  /** The engine's declarations, asked once. */
  #methods(): Promise<readonly MethodDeclaration[]> {
    this.#declarations ??= this.#deps.engine.request('synthesize/methods', {}).then(
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

  /** Rejects only when cancelled. */
  async #planOf(settings: SynthesisSettings, signal: AbortSignal): Promise<Answer<SynthesisPlanView>> {
    try {
      const request = synthesizeRequestOf(datasetRequest(this.#uri), settings, await this.#methods(), true);
      const report = await withToken([signal], (token) => this.#deps.engine.request('synthesize/plan', request, { token }));
      const view = collectPlan(report.plan, vscode.l10n.t, vscode.env.language);
      const isMoved = this.#plan !== undefined && this.#plan.staging !== report.staging;
      this.#plan = { key: JSON.stringify(settings), view, staging: report.staging };
      if (isMoved) void this.#refresh(report.staging);
      return { ok: true, value: view };
    } catch (error: unknown) {
      if (isCancelled(error)) throw error;
      this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { ok: false, failure: failureView(error) };
    }
  }

  /** Where candidates wait: the user's folder, or the one in the run folder. */
  async #staging(): Promise<string> {
    return this.#working.settings.staging ?? path.join(runDirOf(datasetRequest(this.#uri)), 'staging');
  }

  /** Shows a job: its progress, what it makes, how it ends. */
  #watch(job: SynthesisJob): void {
    this.#bridge.tell('progress', job.progress);
    const watching = new DisposableStore();
    let timer: NodeJS.Timeout | undefined;
    let isLooking = false;
    let shown = '';
    const look = async (): Promise<void> => {
      timer = undefined;
      const key = job.made.join();
      // A hidden page needs no pictures; it gets them when it comes back.
      if (isLooking || key === shown || !this.#isSeen) return;
      isLooking = true;
      try {
        const [made, funnel] = [await this.#look.made(job.staging, job.made), await this.#look.funnel(job.staging)];
        if (this.#deps.jobs.running(this.dataset) !== job) return;
        shown = key;
        this.#showMade(made);
        this.#showFunnel(funnel);
      } finally {
        isLooking = false;
      }
    };
    watching.add(
      job.onProgress(() => {
        this.#bridge.tell('progress', job.progress);
        timer ??= setTimeout(() => void look().catch((error: unknown) => this.#deps.log.warn(String(error))), lookEveryMs);
      }),
    );
    watching.add({ dispose: () => clearTimeout(timer) });
    this.#disposables.add(watching);
    job.report.then(
      (report) => {
        watching.dispose();
        void this.#finished(report);
      },
      (error: unknown) => {
        watching.dispose();
        this.#ended(error);
        if (!this.#isDisposed) void this.#refresh(job.staging);
      },
    );
  }

  async #finished(report: SynthesizeReport): Promise<void> {
    this.#outcome = collectOutcome(report, vscode.l10n.t, vscode.env.language);
    this.#plan = undefined; // some of it is made now
    await this.#refresh(report.staging);
    this.#tellEnd({ ok: true, value: this.#outcome });
    if (this.#mustNotify) void this.#offerReview(this.#outcome.sentence, report.staging);
  }

  /** A call that gave no report: cancelled, or what went wrong. What was made is on the disk all the same. */
  #ended(error: unknown): void {
    this.#plan = undefined;
    if (isCancelled(error)) {
      this.#outcome = cancelledOutcome(vscode.l10n.t);
      this.#tellEnd({ ok: true, value: this.#outcome });
      return;
    }
    this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (this.#mustNotify) reportError(error, { log: this.#deps.log, file: this.#uri, tryAgain: () => this.make() });
    this.#tellEnd({ ok: false, failure: failureView(error) });
  }

  /** A closed page hears nothing. */
  #tellEnd(answer: Answer<OutcomeView>): void {
    if (!this.#isDisposed) this.#bridge.tell('ended', answer);
  }

  async #offerReview(sentence: string, staging: string): Promise<void> {
    const review = vscode.l10n.t('Review');
    if ((await vscode.window.showInformationMessage(sentence, review)) === review) await openReview(staging);
  }

  #watchJournal(staging: string): void {
    const journal = path.join(staging, 'journal.jsonl');
    if (this.#isDisposed || this.#journal?.path === journal) return;
    this.#journal?.watcher.dispose();
    const changed = (): void => {
      // A call that runs here tells by itself what it writes.
      if (this.#deps.jobs.running(this.dataset) === undefined) void this.#refresh(staging);
    };
    this.#journal = { path: journal, watcher: watchFile(journal, changed) };
  }

  /** Looks into the staging folder anew. */
  async #refresh(staging: string): Promise<void> {
    this.#watchJournal(staging);
    if (this.#isDisposed || !(await exists(path.join(staging, 'staging.json')))) return;
    try {
      this.#merged = await mergedInstances(this.#deps.engine, runDirOf(datasetRequest(this.#uri)), staging);
      this.#showFunnel(await this.#look.funnel(staging));
      if (this.#deps.jobs.running(this.dataset) === undefined) this.#showMade(await this.#look.last(staging));
    } catch (error: unknown) {
      this.#deps.log.warn(error instanceof Error ? error.message : String(error));
    }
  }

  #showFunnel(funnel: FunnelView | undefined): void {
    if (funnel === undefined) return;
    this.#funnel = funnel;
    this.#bridge.tell('funnel', funnel);
  }

  #showMade(made: readonly MadeView[]): void {
    this.#made = made;
    this.#bridge.tell('made', made);
  }

  #tellSettings(): void {
    this.#bridge.tell('settings', this.#working.view);
  }

  /** The page is on the screen; a disposed panel says nothing about it. */
  get #isSeen(): boolean {
    return !this.#isDisposed && this.panel.visible;
  }

  /** Nobody sees how it ended; of a panel that was closed and opened again, the new one says it. */
  get #mustNotify(): boolean {
    return this.#isDisposed ? !this.#deps.isOpen(this.dataset) : !this.#isSeen;
  }

  async #copyCommand(): Promise<Answer<string>> {
    try {
      const declarations = await this.#methods();
      const { settings } = this.#working;
      const declaration = methodOf(settings.method, declarations);
      if (providerOf(settings, declaration) === 'editor')
        throw new Error(vscode.l10n.t('The language models of the editor are there only in the editor; no command can ask them.'));
      const request = synthesizeRequestOf(datasetRequest(this.#uri), settings, declarations, false);
      return { ok: true, value: await copyArguments(this.#deps.extensionUri.fsPath, synthesizeArguments(request, declaration)) };
    } catch (error: unknown) {
      return { ok: false, failure: failureView(error) };
    }
  }

  async #fileChanged(): Promise<void> {
    this.#plan = undefined;
    const name = plainText(path.basename(this.dataset), 80);
    this.#bridge.tell(
      'datasetChanged',
      (await exists(this.#uri.fsPath.replace(/(\.json)#[^/\\]*$/i, '$1')))
        ? vscode.l10n.t('{0} was changed on the disk. The figures show it as it was.', name)
        : vscode.l10n.t('{0} does not exist any more. Put it back and reload; the settings are kept.', name),
    );
  }
}

export function synthesisTitle(dataset: string): string {
  return vscode.l10n.t('Tail Synthesis: {0}', plainText(path.basename(dataset), 80));
}
