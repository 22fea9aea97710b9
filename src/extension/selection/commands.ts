import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { datasetRequest } from '../datasets/datasetRequest.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import type { SelectionPanels } from '../panels/selectionPanels.ts';
import type { PlanStore } from '../plans/planStore.ts';
import { registerCommand } from '../registerCommand.ts';
import { exists } from './outputPath.ts';
import { pickOutput } from './pickOutput.ts';
import { pickSetting } from './pickSetting.ts';
import { registerPlanCommands } from './planCommands.ts';
import { paperPlan, withKnobs } from './planKnobs.ts';
import { destinationAt, freeDestination, rebalanceRequestOf, whatIfRequestOf } from './planRequest.ts';
import type { RebalanceOptions, RebalanceOutcome } from './rebalanceOutcome.ts';
import { isRebalanceSetting, type RebalanceSetting, requestOf } from './rebalanceSetting.ts';
import { type ResultMemory, resultRecord } from './resultMemory.ts';
import { runRebalance } from './runRebalance.ts';
import { chosenTargets } from './targets.ts';

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

/** Opens the live panel of each target. */
async function openPanels(deps: SelectionDeps, target: unknown, selected: unknown): Promise<undefined> {
  try {
    assertTrusted();
    for (const uri of await chosenTargets(deps.datasets, target, selected)) deps.panels.show(localPath(uri));
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
    for (const uri of await chosenTargets(deps.datasets, target, selected)) {
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
  output?: string,
): Promise<RebalanceOutcome | undefined> {
  const dataset = localPath(uri);
  try {
    const plan = withKnobs(deps.plans.get(dataset), requestOf(setting));
    const to = output === undefined ? await freeDestination(dataset, exists, false) : destinationAt(output, false);
    const report = await runRebalance(deps.engine, rebalanceRequestOf(datasetRequest(uri), plan, to), token);
    await deps.memory.update(lastSettingKey, setting);
    const record = resultRecord(dataset, plan, report);
    if (record !== undefined) await deps.results.set(record);
    deps.onWritten(dataset);
    await deps.panels.showPlan(plan);
    return { dataset, report };
  } catch (error: unknown) {
    const writeElsewhere = async (): Promise<void> => {
      const chosen = await pickOutput((await freeDestination(dataset, exists, false)).output);
      if (chosen !== undefined) await rebalanceOne(deps, uri, setting, undefined, chosen);
    };
    reportError(error, { log: deps.log, file: uri, tryAgain: () => rebalanceOne(deps, uri, setting), writeElsewhere });
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
