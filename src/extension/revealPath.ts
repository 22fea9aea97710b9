import * as path from 'node:path';
import * as vscode from 'vscode';
import { exists } from './selection/outputPath.ts';

/** Shows a file or a folder where the user finds it: in the explorer of the workspace, else in the system's. */
export async function revealPath(file: string): Promise<void> {
  if (!(await exists(file))) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} does not exist any more.', path.basename(file)));
    return;
  }
  const uri = vscode.Uri.file(file);
  const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(isInside ? 'revealInExplorer' : 'revealFileInOS', uri);
}
