import * as vscode from 'vscode';
import type { RebalancePlan } from '../../protocol/plan.ts';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import type { SelectionDeps } from './commands.ts';
import { exists } from './outputPath.ts';
import { isPlanFile } from './planFileName.ts';
import { pickPlanFile } from './planFiles.ts';
import { freeDestination, rebalanceRequestOf } from './planRequest.ts';
import { resultRecord } from './resultMemory.ts';
import { resultSentence } from './resultSentence.ts';
import { runRebalance } from './runRebalance.ts';
import { pickDatasetFiles } from './targets.ts';

/** Commands on plan files, and on the manifests of runs, which hold a plan too. */
export function registerPlanCommands(deps: SelectionDeps): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commandIds.applyPlan, (target) => withPlan(deps, target, (plan, file) => applyPlan(deps, plan, file))),
    registerCommand(commandIds.openPlan, (target) =>
      withPlan(deps, target, (plan, file) => deps.panels.showPlan(plan, isPlanFile(file) ? file : undefined)),
    ),
    registerCommand(commandIds.showChart, async () => {
      const last = deps.results.last();
      if (last === undefined)
        void vscode.window.showInformationMessage(vscode.l10n.t('Rebalance a dataset first; its rebalancing can then be shown again.'));
      else await withPlan(deps, vscode.Uri.file(last.manifest), (plan) => deps.panels.showPlan(plan));
    }),
  );
}

/** Reads the plan that a command is about: what was clicked, else the active editor's, else what the user picks. */
async function withPlan(deps: SelectionDeps, target: unknown, work: (plan: RebalancePlan, file: string) => Promise<void>): Promise<void> {
  let uri = planUri(target);
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    uri ??= await pickUri();
    if (uri === undefined) return;
    const file = localPath(uri);
    await saveEdits(uri);
    const plan = await readPlan(deps, file);
    if (plan !== undefined) await work(plan, file);
  } catch (error: unknown) {
    reportError(error, { log: deps.log, ...(uri === undefined ? {} : { file: uri }), tryAgain: () => withPlan(deps, uri, work) });
  }
}

/** The plan of a file; one that names no dataset asks for it. Undefined when the user gives up. */
async function readPlan(deps: SelectionDeps, file: string): Promise<RebalancePlan | undefined> {
  try {
    return await deps.engine.request('plan/read', { path: file });
  } catch (error: unknown) {
    const report = error instanceof EngineRequestError && error.fault.kind === 'report' ? error.fault.report : undefined;
    if (report?.code !== 'usage' || report.data.option !== 'dataset') throw error;
    const [dataset] = await pickDatasetFiles();
    return dataset && deps.engine.request('plan/read', { path: file, dataset: localPath(dataset) });
  }
}

async function applyPlan(deps: SelectionDeps, plan: RebalancePlan, file: string): Promise<void> {
  const { dataset } = plan;
  const to = await freeDestination(dataset, exists, false);
  const request = rebalanceRequestOf(datasetRequest(vscode.Uri.file(dataset)), plan, isPlanFile(file) ? { ...to, plan: file } : to);
  const report = await runRebalance(deps.engine, request);
  const record = resultRecord(dataset, plan, report);
  deps.onWritten(dataset);
  if (record === undefined) return;
  await deps.results.set(record);
  deps.panels.resultWritten(dataset);
  void announce(deps, plan, file, resultSentence(record, vscode.l10n.t, vscode.env.language), record.output);
}

async function announce(deps: SelectionDeps, plan: RebalancePlan, file: string, sentence: string, output: string): Promise<void> {
  const open = vscode.l10n.t('Open Result');
  const show = vscode.l10n.t('Show in Panel');
  const chosen = await vscode.window.showInformationMessage(sentence, open, show);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(output));
  if (chosen === show) await deps.panels.showPlan(plan, isPlanFile(file) ? file : undefined);
}

/** What stands in the editor is what is applied. */
async function saveEdits(uri: vscode.Uri): Promise<void> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open?.isDirty) await open.save();
}

/** The explorer passes URIs, the view *Runs* its nodes. */
function planUri(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  if (typeof target !== 'object' || target === null || !('run' in target)) return undefined;
  const { run } = target;
  const isRun = typeof run === 'object' && run !== null && 'manifest' in run && typeof run.manifest === 'string';
  return isRun ? vscode.Uri.file(run.manifest as string) : undefined;
}

async function pickUri(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active !== undefined && isPlanFile(active.path)) return active;
  const picked = await pickPlanFile(undefined);
  return picked === undefined ? undefined : vscode.Uri.file(picked);
}
