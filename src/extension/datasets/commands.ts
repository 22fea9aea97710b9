import * as vscode from 'vscode';
import { commandIds, viewIds } from '../contributions.ts';
import { registerCommand } from '../registerCommand.ts';
import type { DatasetsTree } from './datasetsTree.ts';

export function registerDatasets(tree: DatasetsTree): vscode.Disposable {
  const view = vscode.window.createTreeView(viewIds.datasets, { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true });
  const showTrust = (): void => {
    view.message = vscode.workspace.isTrusted ? '' : vscode.l10n.t('Restricted Mode: the engine is off until you trust this workspace.');
  };
  showTrust();
  return vscode.Disposable.from(
    view,
    tree,
    registerCommand(commandIds.refreshDatasets, () => tree.refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      showTrust();
      return tree.refresh();
    }),
  );
}
