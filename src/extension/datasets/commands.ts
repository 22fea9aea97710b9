import * as vscode from 'vscode';
import { commandIds, viewIds } from '../contributions.ts';
import { registerCommand } from '../registerCommand.ts';
import type { DatasetsTree } from './datasetsTree.ts';
import { ProblemDiagnostics } from './problemDiagnostics.ts';
import type { DatasetFile } from './readSample.ts';

/** `onChosen`: a dataset was selected in the view. */
export function registerDatasets(tree: DatasetsTree, onChosen: (file: DatasetFile) => void): vscode.Disposable {
  const view = vscode.window.createTreeView(viewIds.datasets, { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true });
  const showTrust = (): void => {
    view.message = vscode.workspace.isTrusted ? '' : vscode.l10n.t('Restricted Mode: the engine is off until you trust this workspace.');
  };
  showTrust();
  const diagnostics = new ProblemDiagnostics();
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{json,jsonl}', true, true, false);
  return vscode.Disposable.from(
    view,
    tree,
    diagnostics,
    watcher,
    watcher.onDidDelete((uri) => diagnostics.forget(uri)),
    tree.onDidList((files) => diagnostics.keepOnly(files)),
    tree.onDidInspect(({ file, report }) => diagnostics.show(file, report)),
    view.onDidChangeSelection(({ selection: [first] }) => {
      if (first?.kind === 'dataset') onChosen(first.file);
    }),
    registerCommand(commandIds.refreshDatasets, () => tree.refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => tree.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      showTrust();
      return tree.refresh();
    }),
  );
}
