import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { reportError } from '../errors/reportError.ts';
import { registerCommand } from '../registerCommand.ts';
import { pickSampleParent, writeSample } from './createSample.ts';

export interface SampleDeps {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** A sample lies in the workspace now. */
  readonly onCreated: (dataset: vscode.Uri) => Promise<void>;
}

export function registerSample(deps: SampleDeps): vscode.Disposable {
  return registerCommand(commandIds.createSample, (options) => createSample(deps, options?.folder));
}

async function createSample(deps: SampleDeps, given: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  try {
    const parent = given ?? (await pickSampleParent());
    if (parent === undefined) return undefined;
    const dataset = await writeSample(deps.extensionUri, parent);
    if (vscode.workspace.getWorkspaceFolder(dataset) !== undefined) await deps.onCreated(dataset);
    else if (given === undefined) await openSample(vscode.Uri.joinPath(dataset, '..'));
    return dataset;
  } catch (error: unknown) {
    reportError(error, { log: deps.log, tryAgain: () => createSample(deps, given) });
    return undefined;
  }
}

/** An empty window becomes the sample's; a window with a folder of its own is not taken away from the user. */
async function openSample(folder: vscode.Uri): Promise<void> {
  if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
    await vscode.commands.executeCommand('vscode.openFolder', folder);
    return;
  }
  const open = vscode.l10n.t('Open in New Window');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('The sample dataset was written to {0}.', folder.fsPath), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}
