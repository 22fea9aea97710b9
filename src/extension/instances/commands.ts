import * as vscode from 'vscode';
import type { OpenAt } from '../../protocol/instancesPage.ts';
import type { RunSummary } from '../../protocol/runs.ts';
import { commandIds } from '../contributions.ts';
import { pickDataset } from '../datasets/pickDataset.ts';
import type { DatasetFile } from '../datasets/readSample.ts';
import { targetUri } from '../datasets/targetUri.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import { activeDataset, datasetTargets } from '../selection/targets.ts';
import type { InstancesPanels } from './instancesPanels.ts';

export interface InstancesCommandDeps {
  readonly panels: InstancesPanels;
  readonly log: vscode.LogOutputChannel;
  /** The datasets of the workspace. */
  readonly datasets: () => Promise<readonly DatasetFile[]>;
}

export function registerInstances(deps: InstancesCommandDeps): vscode.Disposable {
  return registerCommand(commandIds.browseInstances, async (target, options) => {
    try {
      const run = runOf(target);
      const uri = run === undefined ? await datasetOf(deps, target) : vscode.Uri.file(run.dataset);
      if (uri === undefined) return;
      // From the explorer the second argument is the list of selected files.
      const given: OpenAt = Array.isArray(options) || options === undefined ? {} : options;
      const openAt: OpenAt = run === undefined ? given : { manifest: run.manifest, ...given };
      deps.panels.show(uri, Object.keys(openAt).length === 0 ? null : openAt);
    } catch (error: unknown) {
      reportError(error, { log: deps.log });
    }
  });
}

/** What was clicked, else the active editor's file, else what the user picks: in the workspace, or anywhere when it has none. */
async function datasetOf({ datasets }: InstancesCommandDeps, target: unknown): Promise<vscode.Uri | undefined> {
  if (targetUri(target) === undefined && activeDataset() === undefined) {
    const files = await datasets();
    if (files.length > 0) return (await pickDataset(files))?.uri;
  }
  const words = { title: vscode.l10n.t('Dataset to browse'), openLabel: vscode.l10n.t('Browse') };
  const [uri] = await datasetTargets(target, undefined, words);
  return uri;
}

/** The view *Runs* passes its nodes. */
function runOf(target: unknown): RunSummary | undefined {
  return typeof target === 'object' && target !== null && 'run' in target ? (target as { readonly run: RunSummary }).run : undefined;
}
