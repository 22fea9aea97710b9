import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import { pickDataset } from '../datasets/pickDataset.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import type { SelectionPanels } from '../panels/selectionPanels.ts';
import type { PlanStore } from '../plans/planStore.ts';
import { registerCommand } from '../registerCommand.ts';
import { exists } from './outputPath.ts';
import { pickSetting } from './pickSetting.ts';
import { registerPlanCommands } from './planCommands.ts';
import { paperPlan, withKnobs } from './planKnobs.ts';
import { freeDestination, rebalanceRequestOf, whatIfRequestOf } from './planRequest.ts';
import type { RebalanceOptions, RebalanceOutcome } from './rebalanceOutcome.ts';
import { isRebalanceSetting, type RebalanceSetting, requestOf } from './rebalanceSetting.ts';
import { type ResultMemory, resultRecord } from './resultMemory.ts';
import { runRebalance } from './runRebalance.ts';
import { activeDataset, datasetTargets } from './targets.ts';

export interface SelectionDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly panels: SelectionPanels;
  readonly plans: PlanStore;
  readonly results: ResultMemory;
  readonly memory: vscode.Memento;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
  /** Called with the source when a result lies on the disk. */
  readonly onWritten: (dataset: string) => void;
}

const lastSettingKey = 'selection.lastSetting';

export function registerSelectionCommands(deps: SelectionDeps): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commandIds.rebalanceDataset, (target, selected, options) =>
      options?.setting === undefined ? openPanels(deps, target, selected) : rebalanceAll(deps, target, selected, options),
    ),
    registerCommand(commandIds.rebalanceToTarget, (target, selected) => rebalanceAll(deps, target, selected)),
    registerPlanCommands(deps),
  );
}

/** What was clicked or selected, else the active editor's file, else what the user picks: in the workspace, or anywhere when it has none. */
async function targetsOf({ datasets }: SelectionDeps, target: unknown, selected: unknown): Promise<readonly vscode.Uri[]> {
  if (targetUri(target) === undefined && activeDataset() === undefined) {
    const files = await datasets();
    const picked = files.length === 0 ? undefined : await pickDataset(files);
    if (files.length > 0) return picked === undefined ? [] : [picked.uri];
  }
  return datasetTargets(target, selected);
}

/** Opens the live panel of each target. */
async function openPanels(deps: SelectionDeps, target: unknown, selected: unknown): Promise<undefined> {
  try {
    assertTrusted();
    for (const uri of await targetsOf(deps, target, selected)) deps.panels.show(localPath(uri));
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => openPanels(deps, target, selected) });
  }
  return undefined;
}

/** Rebalances each target in turn with one setting, which is asked for when none is given; gives the last outcome. */
async function rebalanceAll(
  deps: SelectionDeps,
  target: unknown,
  selected: unknown,
  options?: RebalanceOptions,
): Promise<RebalanceOutcome | undefined> {
  let outcome: RebalanceOutcome | undefined;
  let setting = options?.setting;
  try {
    assertTrusted();
    for (const uri of await targetsOf(deps, target, selected)) {
      const dataset = localPath(uri);
      setting ??= await askSetting(deps, uri, dataset);
      if (setting === undefined) return undefined;
      outcome = await rebalanceOne(deps, uri, setting, options?.token);
      if (outcome === undefined) return undefined;
    }
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => rebalanceAll(deps, target, selected, options) });
  }
  return outcome;
}

function askSetting(deps: SelectionDeps, uri: vscode.Uri, dataset: string): Promise<RebalanceSetting | undefined> {
  const request = whatIfRequestOf(datasetRequest(uri), paperPlan(deps.plans.get(dataset)));
  return pickSetting(deps.engine, request, path.basename(dataset), lastSetting(deps));
}

/** The setting replaces every knob of the working plan; forced verdicts and imported entities stay. The panel then shows the result. */
async function rebalanceOne(
  deps: SelectionDeps,
  uri: vscode.Uri,
  setting: RebalanceSetting,
  token?: vscode.CancellationToken,
): Promise<RebalanceOutcome | undefined> {
  try {
    const dataset = localPath(uri);
    const plan = withKnobs(deps.plans.get(dataset), requestOf(setting));
    const to = await freeDestination(dataset, exists, false);
    const report = await runRebalance(deps.engine, rebalanceRequestOf(datasetRequest(uri), plan, to), token);
    await deps.memory.update(lastSettingKey, setting);
    const record = resultRecord(dataset, plan, report);
    if (record !== undefined) await deps.results.set(record);
    deps.onWritten(dataset);
    await deps.panels.showPlan(plan);
    return { dataset, report };
  } catch (error: unknown) {
    reportError(error, { log: deps.log, file: uri, tryAgain: () => rebalanceOne(deps, uri, setting) });
    return undefined;
  }
}

function assertTrusted(): void {
  if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
}

function lastSetting(deps: SelectionDeps): RebalanceSetting | undefined {
  const stored = deps.memory.get<unknown>(lastSettingKey);
  return isRebalanceSetting(stored) ? stored : undefined;
}
