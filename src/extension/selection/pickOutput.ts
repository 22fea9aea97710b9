import * as vscode from 'vscode';

/** Where a result goes when it cannot be written beside its source; undefined when the user gives up. */
export async function pickOutput(suggested: string): Promise<string | undefined> {
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(suggested),
    title: vscode.l10n.t('Write the Result to Another Place'),
    saveLabel: vscode.l10n.t('Write'),
  });
  return chosen?.fsPath;
}
