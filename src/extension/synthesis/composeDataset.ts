import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ComposeReport, StagingSummary } from '../../protocol/synthesis.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { plainPickText, plainText } from '../plainText.ts';
import { exists, freeOutputPath } from '../selection/outputPath.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { composedSentence, type SelectionChoice, selectionChoices, volumeChoices, volumeProblem } from './composeChoices.ts';
import type { ComposeOptions, ComposeTarget } from './composeOptions.ts';
import { runDirOf } from './mergedInstances.ts';
import { stagingOf } from './stagingTarget.ts';

export interface ComposeDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  /** Staging folders of the workspace. */
  readonly stagings: () => Promise<readonly StagingSummary[]>;
  /** Called with the source when a composition lies on the disk. */
  readonly onWritten: (dataset: string) => void;
}

interface Composition {
  readonly staging: StagingSummary;
  readonly selection: SelectionChoice;
  readonly volume: number | 'keep';
}

/** Writes a dataset of a selection and accepted candidates, with questions for what is not given. */
export async function composeDataset(deps: ComposeDeps, target: unknown, options: ComposeOptions = {}): Promise<ComposeReport | undefined> {
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    const staging = await stagingToCompose(deps, target);
    if (staging === undefined) return undefined;
    const chosen = options.volume === undefined ? await ask(deps, staging) : { selection: options.selection, volume: options.volume };
    if (chosen === undefined) return undefined;
    const uri = vscode.Uri.file(staging.dataset);
    const output = options.output ?? (await freeOutputPath(staging.dataset, exists, 'composed'));
    const report = await run(deps.engine, {
      ...datasetRequest(uri),
      output,
      synthetic: [staging.path],
      volume: chosen.volume,
      ...(chosen.selection === undefined ? {} : { selection: chosen.selection }),
    });
    deps.onWritten(staging.dataset);
    if (options.volume === undefined) void offer(deps, staging, report);
    return report;
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => composeDataset(deps, target, options) });
    return undefined;
  }
}

/** What was clicked or named; else the only folder with accepted candidates, else the one that the user picks. */
async function stagingToCompose({ engine, stagings }: ComposeDeps, target: unknown): Promise<StagingSummary | undefined> {
  const named = stagingOf(target);
  const dataset = targetUri(target) === undefined ? datasetOf(target) : localPath(targetUri(target) as vscode.Uri);
  const known = await stagings();
  if (named !== undefined) {
    const found = known.find((one) => one.path === named) ?? (await inRunFolder(engine, dataset, named));
    if (found !== undefined) return found;
    throw new EngineRequestError({ kind: 'report', report: { code: 'staging.notFound', message: named, data: { path: named } } });
  }
  const own = dataset === undefined ? known : known.filter((one) => one.dataset === dataset);
  const [only, second] = own.filter(({ counts }) => counts.accepted > 0);
  if (only === undefined) {
    void vscode.window.showInformationMessage(
      own.length === 0
        ? vscode.l10n.t('No staging folder here. Make synthetic instances first.')
        : vscode.l10n.t('No candidate is accepted yet. Review them first.'),
    );
    return undefined;
  }
  if (second === undefined) return only;
  const { format } = new Intl.NumberFormat(vscode.env.language);
  const items = own.map((staging) => ({
    label: plainPickText(path.basename(staging.dataset), 80),
    description: vscode.l10n.t('{0} accepted', format(staging.counts.accepted)),
    detail: plainPickText(staging.path, 200),
    staging,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose the candidates to merge') }))?.staging;
}

/** A staging folder of a dataset outside of the workspace. */
async function inRunFolder(engine: EngineHost, dataset: string | undefined, staging: string): Promise<StagingSummary | undefined> {
  const runDir = dataset === undefined ? path.dirname(staging) : runDirOf(datasetRequest(vscode.Uri.file(dataset)));
  const { stagings } = await engine.request('staging/list', { runDirs: [runDir] });
  return stagings.find((one) => one.path === staging);
}

/** Asks for the selection and the volume, 1/2 and 2/2. */
async function ask(
  { engine }: ComposeDeps,
  staging: StagingSummary,
): Promise<{ readonly selection: string | undefined; readonly volume: Composition['volume'] } | undefined> {
  const [t, locale] = [vscode.l10n.t, vscode.env.language];
  const request = datasetRequest(vscode.Uri.file(staging.dataset));
  const { instances } = await whileAsking(() => engine.request('dataset/inspect', { ...request, problemLimit: 1 }));
  const { runs } = await engine.request('runs/list', { runDirs: [runDirOf(request)] });
  const selections = selectionChoices(runs, staging.dataset, instances, t, locale);
  const selection = await vscode.window.showQuickPick(selections.map(readable), {
    title: t('Compose 1/2: what is kept'),
    placeHolder: t('Every instance, or what a finished run kept'),
    matchOnDescription: true,
  });
  if (selection === undefined) return undefined;
  const feasible = { smallest: selection.kept, largest: selection.kept + staging.counts.accepted };
  for (;;) {
    const picked = await vscode.window.showQuickPick(volumeChoices(instances, feasible, t, locale).map(readable), {
      title: t('Compose 2/2: how many instances'),
      placeHolder: t('Kept instances first, then accepted ones drawn by the seed, to exactly this number'),
    });
    if (picked === undefined) return undefined;
    if (!picked.isFeasible) continue; // its description says why, and what is the largest
    if (picked.volume !== 'ask') return { selection: selection.manifest, volume: picked.volume };
    const text = await vscode.window.showInputBox({
      title: t('Compose 2/2: how many instances'),
      value: String(feasible.largest),
      ignoreFocusOut: true,
      validateInput: (typed) => volumeProblem(typed, feasible, t, locale),
    });
    if (text !== undefined) return { selection: selection.manifest, volume: Number(text.trim()) };
  }
}

function readable<T extends { readonly label: string; readonly description: string }>(choice: T): T {
  return { ...choice, label: plainPickText(choice.label), description: plainPickText(choice.description) };
}

function whileAsking<T>(work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the dataset') }, work);
}

/** Composes with a progress notification whose Cancel cancels the job. */
function run(engine: EngineHost, request: Parameters<typeof engine.request<'compose/run'>>[1]): Thenable<ComposeReport> {
  const title = vscode.l10n.t('Composing from {0}', plainText(path.basename(request.dataset), 80));
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, token) => {
    const overall = new OverallProgress();
    return engine.request('compose/run', request, {
      token,
      onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
    });
  });
}

/** Says what was written and what can be done with it. */
async function offer({ engine, log }: ComposeDeps, { runDir }: StagingSummary, report: ComposeReport): Promise<void> {
  const { output, manifest, volume, kept, synthetic } = report;
  const [open, browse, verify] = [vscode.l10n.t('Open'), vscode.l10n.t('Browse'), vscode.l10n.t('Verify')];
  const sentence = composedSentence({ output: output.path, volume, kept, synthetic }, vscode.l10n.t, vscode.env.language);
  const chosen = await vscode.window.showInformationMessage(sentence, open, browse, verify);
  const uri = vscode.Uri.file(output.path);
  try {
    if (chosen === open) await vscode.commands.executeCommand('vscode.open', uri);
    else if (chosen === browse) await vscode.commands.executeCommand(commandIds.browseInstances, uri);
    else if (chosen === verify) {
      const { runs } = await engine.request('runs/list', { runDirs: [runDir] });
      const made = runs.find((one) => one.manifest === manifest);
      if (made !== undefined) await vscode.commands.executeCommand(commandIds.verifyRun, { run: made });
    }
  } catch (error: unknown) {
    reportError(error, { log });
  }
}

function datasetOf(target: unknown): string | undefined {
  const { dataset } = (typeof target === 'object' && target !== null ? target : {}) as Partial<ComposeTarget>;
  return typeof dataset === 'string' ? dataset : undefined;
}
