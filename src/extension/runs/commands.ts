import * as path from 'node:path';
import * as vscode from 'vscode';
import type { VerifyReport } from '../../protocol/reports.ts';
import type { ReproduceReport, RunSummary } from '../../protocol/runs.ts';
import { commandIds, viewIds } from '../contributions.ts';
import type { EngineHost } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import { revealPath } from '../revealPath.ts';
import { exists, freeOutputPath } from '../selection/outputPath.ts';
import { OverallProgress, progressText } from '../selection/progressText.ts';
import { isDatasetSettingChange, readDatasetSettings } from '../settings.ts';
import { collectRunHeading } from './collectRun.ts';
import { runRecordPattern } from './findRunDirs.ts';
import type { RunNode, RunsTree } from './runsTree.ts';

export interface RunsDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly tree: RunsTree;
  /** Called when a reproduction lies on the disk. */
  readonly onWritten: () => void;
}

/** Run records appear in bursts (output, manifest and record together, or several runs at once). */
const coalesceMs = 200;

export function registerRuns(deps: RunsDeps): vscode.Disposable {
  const { tree } = deps;
  const view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: tree, showCollapseAll: true });
  const watcher = vscode.workspace.createFileSystemWatcher(runRecordPattern, false, true, false);
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void tree.filesChanged(), coalesceMs);
  };
  return vscode.Disposable.from(
    view,
    tree,
    watcher,
    { dispose: () => clearTimeout(timer) },
    watcher.onDidCreate(later),
    watcher.onDidDelete(later),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.filesChanged()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (isDatasetSettingChange(event)) later();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => tree.reset()),
    registerCommand(commandIds.refreshRuns, () => tree.refresh()),
    registerCommand(commandIds.verifyRun, (target) => withRun(deps, target, (run) => verify(deps, view, run))),
    registerCommand(commandIds.reproduceRun, (target) => withRun(deps, target, (run) => reproduce(deps, run))),
    registerCommand(commandIds.revealRunOutput, (target) => withRun(deps, target, (run) => revealPath(pathOf(target) ?? run.output))),
    registerCommand(commandIds.openRunManifest, (target) => withRun(deps, target, (run) => openManifest(run.manifest))),
    registerCommand(commandIds.compareRun, (target) => withRun(deps, target, compareWithSource)),
    registerCommand(commandIds.deleteRunRecord, (target, options) =>
      withRun(deps, target, (run) => deleteRecord(deps, run, options?.confirmed === true)),
    ),
  );
}

/** Runs `body` on the run that a tree node or an id stands for, else on the one that the user picks. */
async function withRun<T>(deps: RunsDeps, target: unknown, body: (run: RunSummary) => Promise<T>): Promise<T | undefined> {
  try {
    const run = runOf(target) ?? (await findOrPick(deps.tree, target));
    return run === undefined ? undefined : await body(run);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => withRun(deps, target, body) });
    return undefined;
  }
}

function runOf(target: unknown): RunSummary | undefined {
  return typeof target === 'object' && target !== null && 'run' in target ? (target as Exclude<RunNode, { kind: 'note' }>).run : undefined;
}

/** File that a row below a run stands for. */
function pathOf(target: unknown): string | undefined {
  if (typeof target !== 'object' || target === null || !('row' in target)) return undefined;
  return (target as Extract<RunNode, { kind: 'row' }>).row.path;
}

async function findOrPick(tree: RunsTree, target: unknown): Promise<RunSummary | undefined> {
  const runs = await tree.runs();
  if (typeof target === 'string') return runs.find(({ id }) => id === target);
  if (runs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No finished run in this workspace. Rebalance a dataset first.'));
    return undefined;
  }
  const items = runs.map((run) => {
    const { label, description } = collectRunHeading(run, vscode.l10n.t, vscode.env.language);
    return { label: label.replaceAll('$(', '\\$('), description, run };
  });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a run'), matchOnDescription: true });
  return picked?.run;
}

async function verify(deps: RunsDeps, view: vscode.TreeView<RunNode>, run: RunSummary): Promise<VerifyReport> {
  const name = path.basename(run.output);
  const report = await withBar(vscode.l10n.t('Verifying {0}', name), (options) =>
    deps.engine.request('run/verify', { output: run.manifest, runDir: run.runDir, ...threadsFor(run) }, options),
  );
  const node = await deps.tree.setChecks(run, report);
  // Reveals only in a view that is open; the message stands for itself elsewhere.
  if (node !== undefined && view.visible) await view.reveal(node, { select: true, focus: false, expand: true });
  const failed = report.checks.filter(({ ok, skipped }) => !ok && !skipped);
  if (failed.length > 0)
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} is not what its manifest says: {1} of {2} checks failed.', name, failed.length, report.checks.length),
    );
  else if (!view.visible) void vscode.window.showInformationMessage(vscode.l10n.t('{0} is what its manifest says, byte by byte.', name));
  return report;
}

async function reproduce(deps: RunsDeps, run: RunSummary): Promise<ReproduceReport> {
  const name = path.basename(run.output);
  const output = await freeOutputPath(run.output, exists, 'reproduced');
  const report = await withBar(vscode.l10n.t('Reproducing {0}', name), (options) =>
    deps.engine.request('run/reproduce', { manifest: run.manifest, output, runDir: run.runDir, ...threadsFor(run) }, options),
  );
  deps.onWritten();
  const made = path.basename(report.output);
  if (report.equal) void vscode.window.showInformationMessage(vscode.l10n.t('The bytes agree: {0} equals {1}.', made, name));
  else void vscode.window.showWarningMessage(vscode.l10n.t('The bytes differ: {0} is not {1}.', made, name));
  return report;
}

function threadsFor(run: RunSummary): { readonly threads?: number } {
  const { threads } = readDatasetSettings(vscode.Uri.file(run.dataset));
  return threads === undefined ? {} : { threads };
}

async function openManifest(manifest: string): Promise<void> {
  if (!(await exists(manifest))) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} does not exist any more.', path.basename(manifest)));
    return;
  }
  await vscode.window.showTextDocument(vscode.Uri.file(manifest), { preview: true });
}

async function compareWithSource({ dataset, output }: RunSummary): Promise<void> {
  for (const file of [dataset, output]) {
    if (await exists(file)) continue;
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} does not exist any more.', path.basename(file)));
    return;
  }
  await vscode.commands.executeCommand(commandIds.compareDatasets, vscode.Uri.file(dataset), vscode.Uri.file(output));
}

/** Forgets the run; its result and manifest are left to the user. */
async function deleteRecord(deps: RunsDeps, run: RunSummary, isConfirmed: boolean): Promise<void> {
  if (!isConfirmed) {
    const remove = vscode.l10n.t('Delete Record');
    const question = vscode.l10n.t('Delete the record of {0}?', path.basename(run.output));
    const detail = vscode.l10n.t('The run leaves this list. The result and its manifest stay on the disk.');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  }
  await deps.engine.request('runs/delete', { runDir: run.runDir, id: run.id });
  await deps.tree.refresh();
}

type RequestOptions = NonNullable<Parameters<EngineHost['request']>[2]>;

/** A notification with progress whose Cancel cancels the job. */
async function withBar<T>(title: string, work: (options: RequestOptions) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (bar, token) => {
    const overall = new OverallProgress();
    return work({
      token,
      onProgress: (progress) => bar.report({ message: progressText(progress, vscode.l10n.t), increment: overall.advance(progress) }),
    });
  });
}
