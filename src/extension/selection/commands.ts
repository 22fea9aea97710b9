import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { type EngineHost, localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import type { SelectionPanels } from '../panels/selectionPanels.ts';
import { registerCommand } from '../registerCommand.ts';
import { pickSetting } from './pickSetting.ts';
import type { RebalanceOptions, RebalanceOutcome } from './rebalanceOutcome.ts';
import { isRebalanceSetting, type RebalanceSetting } from './rebalanceSetting.ts';
import { runRebalance } from './runRebalance.ts';
import { datasetTargets } from './targets.ts';

export interface SelectionDeps {
  readonly engine: EngineHost;
  readonly log: vscode.LogOutputChannel;
  readonly panels: SelectionPanels;
  readonly memory: vscode.Memento;
  /** Called with the source when a result lies on the disk. */
  readonly onWritten: (dataset: string) => void;
}

const lastSettingKey = 'selection.lastSetting';

export function registerSelectionCommands(deps: SelectionDeps): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand(commandIds.rebalanceDataset, (target, selected, options) => rebalanceAll(deps, target, selected, options)),
    registerCommand(commandIds.showChart, async () => {
      if (!deps.panels.showLast())
        void vscode.window.showInformationMessage(vscode.l10n.t('Rebalance a dataset first; its chart can then be shown again.'));
    }),
  );
}

/** Rebalances each target in turn with one setting; gives the last outcome. */
async function rebalanceAll(
  deps: SelectionDeps,
  target: unknown,
  selected: unknown,
  options?: RebalanceOptions,
): Promise<RebalanceOutcome | undefined> {
  let outcome: RebalanceOutcome | undefined;
  let setting = options?.setting;
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    for (const uri of await datasetTargets(target, selected)) {
      const dataset = localPath(uri);
      setting ??= await pickSetting(deps.engine, dataset, path.basename(dataset), lastSetting(deps));
      if (setting === undefined) return undefined;
      outcome = await rebalanceOne(deps, uri, setting, options?.token);
      if (outcome === undefined) return undefined;
    }
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => rebalanceAll(deps, target, selected, options) });
  }
  return outcome;
}

async function rebalanceOne(
  deps: SelectionDeps,
  uri: vscode.Uri,
  setting: RebalanceSetting,
  token?: vscode.CancellationToken,
): Promise<RebalanceOutcome | undefined> {
  try {
    const outcome = await runRebalance(deps.engine, localPath(uri), setting, token);
    await deps.memory.update(lastSettingKey, setting);
    deps.onWritten(outcome.dataset);
    await deps.panels.show(outcome);
    void announce(deps, outcome);
    return outcome;
  } catch (error: unknown) {
    reportError(error, { log: deps.log, file: uri, tryAgain: () => rebalanceOne(deps, uri, setting) });
    return undefined;
  }
}

async function announce(deps: SelectionDeps, outcome: RebalanceOutcome): Promise<void> {
  const { report } = outcome;
  const n = (value: number): string => new Intl.NumberFormat(vscode.env.language).format(value);
  const open = vscode.l10n.t('Open Result');
  const reveal = vscode.l10n.t('Reveal Manifest');
  const name = path.basename(report.output?.path ?? outcome.dataset);
  const message = vscode.l10n.t(
    'Kept {0} of {1} instances, dropped {2}, in {3}.',
    n(report.kept),
    n(report.instances),
    n(report.dropped),
    name,
  );
  const chosen = await vscode.window.showInformationMessage(message, open, reveal);
  if (chosen === open) await deps.panels.openOutput(outcome);
  if (chosen === reveal) await deps.panels.revealManifest(outcome);
}

function lastSetting(deps: SelectionDeps): RebalanceSetting | undefined {
  const stored = deps.memory.get<unknown>(lastSettingKey);
  return isRebalanceSetting(stored) ? stored : undefined;
}
