import * as vscode from 'vscode';
import type { ResultAction } from '../../protocol/selectionPage.ts';
import { commandIds } from '../contributions.ts';
import type { ResultRecord } from './resultMemory.ts';

/** What the buttons beside a result do. Without a result, the comparison asks for the other dataset. */
export async function runResultAction(action: ResultAction, dataset: vscode.Uri, record: ResultRecord | undefined): Promise<void> {
  if (action === 'openDiff') {
    const output = record === undefined ? undefined : vscode.Uri.file(record.output);
    await vscode.commands.executeCommand(commandIds.compareDatasets, dataset, output);
    return;
  }
  if (record === undefined) return;
  switch (action) {
    case 'openResult':
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(record.output));
      break;
    case 'revealManifest':
      await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(record.manifest));
      await vscode.window.showTextDocument(vscode.Uri.file(record.manifest), { preview: true });
      break;
    case 'browseDropped':
      await vscode.commands.executeCommand(commandIds.browseInstances, dataset, {
        manifest: record.manifest,
        filter: { verdict: 'dropped' },
      });
      break;
  }
}
