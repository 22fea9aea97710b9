import * as path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Answer, FailureView } from '../../protocol/pageParts.ts';
import type { RebalancePlan } from '../../protocol/plan.ts';
import type { RebalanceReport } from '../../protocol/reports.ts';
import type { DatasetRequest } from '../../protocol/requests.ts';
import {
  type DrawnCharts,
  type LiveView,
  type PanelContent,
  type PlanView,
  type ResultView,
  resultActions,
  type SelectionPage,
} from '../../protocol/selectionPage.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { DisposableStore } from '../disposableStore.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { errorActions } from '../errors/errorCatalogue.ts';
import { reportError, runAction } from '../errors/reportError.ts';
import type { PageBridge, PageHandlers } from '../panels/pageBridge.ts';
import { fillPagePanel } from '../panels/pagePanel.ts';
import { parseDrawn } from '../panels/panelMessages.ts';
import { plainText } from '../plainText.ts';
import type { PlanStore } from '../plans/planStore.ts';
import { copyCommand } from './copyCommand.ts';
import { failureView, isCancelled } from './failureView.ts';
import { LiveFigures } from './liveFigures.ts';
import { exists } from './outputPath.ts';
import { panelStrings } from './panelStrings.ts';
import { pickOutput } from './pickOutput.ts';
import { pickPlanFile, savePlanFile } from './planFiles.ts';
import { knobsSchema, withKnobs } from './planKnobs.ts';
import { destinationAt, freeDestination, rebalanceRequestOf } from './planRequest.ts';
import { runResultAction } from './resultActions.ts';
import { type ResultMemory, resultRecord } from './resultMemory.ts';
import { resultSentence } from './resultSentence.ts';
import { runRebalance } from './runRebalance.ts';
import { watchFile } from './watchFile.ts';
import { WorkingPlan } from './workingPlan.ts';

export interface RebalancePanelDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  readonly plans: PlanStore;
  readonly results: ResultMemory;
  readonly memory: vscode.Memento;
  /** Called with the source when a result lies on the disk. */
  readonly onWritten: (dataset: string) => void;
  readonly onDidDraw: (drawn: DrawnCharts) => void;
}

/** What a panel shows, for the tests in the host. */
export interface RebalancePanelState {
  readonly plan: RebalancePlan;
  readonly live: LiveView | undefined;
  readonly failure: FailureView | undefined;
  readonly result: ResultView | undefined;
}

const writeControlKey = 'selection.writeControl';

/** The live panel of one dataset: its plan, what the plan gives, and what can be done with it. */
export class RebalancePanel {
  readonly panel: vscode.WebviewPanel;
  readonly dataset: string;
  readonly #deps: RebalancePanelDeps;
  readonly #uri: vscode.Uri;
  readonly #disposables = new DisposableStore();
  readonly #working: WorkingPlan;
  readonly #figures: LiveFigures;
  readonly #bridge: PageBridge<SelectionPage>;
  #applying = false;

  constructor(panel: vscode.WebviewPanel, dataset: string, deps: RebalancePanelDeps, onDidDispose: () => void) {
    this.panel = panel;
    this.dataset = dataset;
    this.#deps = deps;
    this.#uri = vscode.Uri.file(dataset);
    const applied = (): string | undefined => deps.results.get(dataset)?.plan;
    this.#working = this.#disposables.add(new WorkingPlan(deps.plans, dataset, applied, () => this.#tellPlan()));
    this.#figures = new LiveFigures({
      engine: deps.engine,
      log: deps.log,
      base: () => this.#base(),
      onProgress: (progress) => this.#bridge.tell('progress', progress),
    });
    this.#bridge = fillPagePanel<SelectionPage>(panel, {
      page: 'selection',
      title: panelTitle(dataset),
      extensionUri: deps.extensionUri,
      log: deps.log,
      handlers: this.#handlers(),
      listeners: {
        drawn: (payload) => {
          const drawn = parseDrawn(payload);
          if (drawn) deps.onDidDraw(drawn);
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

  get state(): RebalancePanelState {
    const last = this.#figures.last;
    return {
      plan: this.#working.plan,
      live: last?.ok ? last.value : undefined,
      failure: last?.ok === false ? last.failure : undefined,
      result: this.#result(),
    };
  }

  /** Shows another plan of the dataset, such as the one of a run; the one before can be had back with Undo. */
  async showPlan(plan: RebalancePlan, file?: string): Promise<void> {
    await this.#working.change(plan);
    if (file !== undefined) this.#working.file = file;
    this.#tellPlan();
  }

  /** A result of this dataset was written elsewhere. */
  resultWritten(): void {
    this.#bridge.tell('applied', { ok: true, value: this.#result() ?? null });
    this.#tellPlan();
  }

  #handlers(): PageHandlers<SelectionPage> {
    const nothing = v.null();
    const key = v.object({ content: v.string(), duplicate: v.number() });
    const opened = v.object({ ordinal: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))) });
    return {
      ready: { params: nothing, run: () => this.#content() },
      whatIf: { params: knobsSchema, run: (knobs, signal) => this.#figures.ask(withKnobs(this.#working.plan, knobs), signal) },
      edit: { params: knobsSchema, run: (knobs) => this.#working.change(withKnobs(this.#working.plan, knobs)) },
      step: { params: v.picklist(['undo', 'redo', 'reset']), run: (step) => this.#working.step(step) },
      removeOverride: { params: key, run: (override) => this.#working.removeOverride(override) },
      setWriteControl: {
        params: v.boolean(),
        run: async (on) => {
          await this.#deps.memory.update(writeControlKey, on);
          return null;
        },
      },
      hygieneEffects: { params: nothing, run: (_, signal) => this.#figures.effects(this.#working.plan, signal) },
      apply: {
        params: nothing,
        run: () => {
          void this.#apply();
          return null;
        },
      },
      savePlan: { params: nothing, run: () => answerOf(() => this.#savePlan()) },
      loadPlan: { params: nothing, run: () => answerOf(() => this.#loadPlan()) },
      copyCommand: { params: nothing, run: () => answerOf(() => this.#copyCommand()) },
      result: {
        params: v.picklist(resultActions),
        run: (action) => runResultAction(action, this.#uri, this.#deps.results.get(this.dataset)).then(() => null),
      },
      browse: {
        params: opened,
        run: async ({ ordinal }) => {
          await vscode.commands.executeCommand(commandIds.browseInstances, this.#uri, ordinal === undefined ? {} : { ordinal });
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

  #content(): PanelContent {
    return {
      locale: vscode.env.language,
      dataset: this.dataset,
      title: panelTitle(this.dataset),
      strings: panelStrings(vscode.l10n.t),
      plan: this.#working.view,
      live: this.#figures.known(this.#working.plan) ?? null,
      result: this.#result() ?? null,
      writeControl: this.#writesControl,
      applying: this.#applying,
    };
  }

  get #writesControl(): boolean {
    return this.#deps.memory.get<unknown>(writeControlKey) === true;
  }

  #base(): DatasetRequest {
    return datasetRequest(this.#uri);
  }

  #result(): ResultView | undefined {
    const record = this.#deps.results.get(this.dataset);
    return record === undefined ? undefined : { sentence: resultSentence(record, vscode.l10n.t, vscode.env.language) };
  }

  #tellPlan(): void {
    this.#bridge.tell('plan', this.#working.view);
  }

  /** Writes the result of the plan as it is now. The notification owns the job: it goes on when the page is hidden or closed. */
  async #apply(output?: string): Promise<void> {
    if (this.#applying) return;
    this.#applying = true;
    const { plan, file } = this.#working;
    try {
      const to =
        output === undefined
          ? await freeDestination(this.dataset, exists, this.#writesControl)
          : destinationAt(output, this.#writesControl);
      const request = rebalanceRequestOf(this.#base(), plan, file === undefined ? to : { ...to, plan: file });
      const report = await runRebalance(this.#deps.engine, request);
      await this.#remember(plan, report);
      this.#applied({ ok: true, value: this.#result() ?? null });
    } catch (error: unknown) {
      this.#deps.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      const fixes = { tryAgain: () => this.#apply(output), writeElsewhere: () => this.#applyElsewhere() };
      if (!this.#isSeen) reportError(error, { log: this.#deps.log, file: this.#uri, ...fixes });
      this.#applied(isCancelled(error) ? { ok: true, value: null } : { ok: false, failure: failureView(error, true) });
    }
  }

  /** The folder of the dataset takes nothing, so the user says where the result goes. */
  async #applyElsewhere(): Promise<void> {
    const output = await pickOutput((await freeDestination(this.dataset, exists, false)).output);
    if (output !== undefined) await this.#apply(output);
  }

  /** The page is on the screen; a disposed panel says nothing about it. */
  get #isSeen(): boolean {
    try {
      return this.panel.visible;
    } catch {
      return false;
    }
  }

  #applied(answer: Answer<ResultView | null>): void {
    this.#applying = false;
    this.#bridge.tell('applied', answer);
    this.#bridge.tell('plan', this.#working.view);
    if (answer.ok && answer.value !== null && !this.#isSeen) void vscode.window.showInformationMessage(answer.value.sentence);
  }

  async #remember(plan: RebalancePlan, report: RebalanceReport): Promise<void> {
    const record = resultRecord(this.dataset, plan, report);
    if (record !== undefined) await this.#deps.results.set(record);
    this.#deps.onWritten(this.dataset);
  }

  async #savePlan(): Promise<string | null> {
    const file = await this.#planFile();
    return file === undefined ? null : vscode.l10n.t('Saved {0}.', plainText(file, 300));
  }

  async #planFile(): Promise<string | undefined> {
    const file = await savePlanFile(this.#deps.engine, this.#working.plan);
    if (file === undefined) return undefined;
    this.#working.file = file;
    this.#tellPlan();
    return file;
  }

  async #loadPlan(): Promise<PlanView | null> {
    const file = await pickPlanFile(path.dirname(this.dataset));
    if (file === undefined) return null;
    await this.#working.change(await this.#deps.engine.request('plan/read', { path: file, dataset: this.dataset }));
    this.#working.file = file;
    return this.#working.view;
  }

  async #copyCommand(): Promise<string | null> {
    const command = await copyCommand({
      extensionPath: this.#deps.extensionUri.fsPath,
      base: this.#base(),
      plan: this.#working.plan,
      withControl: this.#writesControl,
      planFile: async () => this.#working.file ?? this.#planFile(),
    });
    return command ?? null;
  }

  async #fileChanged(): Promise<void> {
    this.#figures.forget();
    const name = plainText(path.basename(this.dataset), 80);
    this.#bridge.tell(
      'datasetChanged',
      (await exists(this.#uri.fsPath.replace(/(\.json)#[^/\\]*$/i, '$1')))
        ? vscode.l10n.t('{0} was changed on the disk. The figures show it as it was.', name)
        : vscode.l10n.t('{0} does not exist any more. Put it back and reload; the plan is kept.', name),
    );
  }
}

export function panelTitle(dataset: string): string {
  return vscode.l10n.t('Rebalance: {0}', plainText(path.basename(dataset), 80));
}

async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error: unknown) {
    return { ok: false, failure: failureView(error) };
  }
}
