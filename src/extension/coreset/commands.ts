import * as vscode from 'vscode';
import type { SelectReport } from '../../protocol/select.ts';
import { commandIds } from '../contributions.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { EngineRequestError } from '../engine/engineFault.ts';
import { localPath } from '../engine/engineHost.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import { chosenTargets } from '../selection/targets.ts';
import type { CoresetOptions } from './coresetOptions.ts';
import type { CoresetPanels } from './coresetPanels.ts';

export interface CoresetDeps {
  readonly log: vscode.LogOutputChannel;
  readonly panels: CoresetPanels;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
}

export function registerCoreset(deps: CoresetDeps): vscode.Disposable {
  return registerCommand(commandIds.selectCoreset, (target, selected, options) => open(deps, target, selected, options));
}

/** Opens the panel of each target; gives the report of the last coreset that was written. */
async function open(
  deps: CoresetDeps,
  target: unknown,
  selected: unknown,
  options: CoresetOptions = {},
): Promise<SelectReport | undefined> {
  let report: SelectReport | undefined;
  try {
    if (!vscode.workspace.isTrusted) throw new EngineRequestError({ kind: 'untrusted' });
    const words = { title: vscode.l10n.t('Dataset to select a coreset of'), openLabel: vscode.l10n.t('Select Coreset') };
    for (const uri of await chosenTargets(deps.datasets, target, selected, words)) {
      const panel = deps.panels.show(localPath(uri));
      await panel.take(options);
      if (options.apply) report = await panel.apply();
    }
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => open(deps, target, selected, options) });
  }
  return report;
}
