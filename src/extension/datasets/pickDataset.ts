import * as path from 'node:path';
import * as vscode from 'vscode';
import { askSteadily } from '../askSteadily.ts';
import { commandIds } from '../contributions.ts';
import { plainPickText } from '../plainText.ts';
import type { DatasetFile } from './readSample.ts';

/** One of the workspace's datasets; with a single one nothing is asked. Undefined when the choice is dismissed, or there is none: then it says so. */
export async function pickDataset(files: readonly DatasetFile[]): Promise<DatasetFile | undefined> {
  if (files.length === 0) void offerSample();
  if (files.length <= 1) return files[0];
  const items = files.map((file) => ({
    label: plainPickText(path.posix.basename(file.uri.path)),
    description: plainPickText(vscode.workspace.asRelativePath(file.uri)),
    file,
  }));
  const picked = await askSteadily(() =>
    vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose a dataset'), matchOnDescription: true }),
  );
  return picked?.file;
}

async function offerSample(): Promise<void> {
  const create = vscode.l10n.t('Create a Sample Dataset…');
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('No dataset found in this workspace.'), create);
  if (chosen === create) await vscode.commands.executeCommand(commandIds.createSample);
}
