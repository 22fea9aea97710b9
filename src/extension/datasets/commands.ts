import * as vscode from 'vscode';
import { commandIds, viewIds } from '../contributions.ts';
import { registerCommand } from '../registerCommand.ts';
import { isDatasetSettingChange } from '../settings.ts';
import type { DatasetNode, DatasetsTree } from './datasetsTree.ts';
import { ProblemDiagnostics } from './problemDiagnostics.ts';
import type { DatasetFile } from './readSample.ts';
import { targetUri } from './targetUri.ts';
import { watchDatasets } from './watchDatasets.ts';

/** `onChosen`: a dataset was selected in the view. */
export function registerDatasets(tree: DatasetsTree, onChosen: (file: DatasetFile) => void): vscode.Disposable {
  const view = vscode.window.createTreeView(viewIds.datasets, { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true });
  const describe = (): void => {
    view.message = messageOf(vscode.workspace.workspaceFolders ?? []);
  };
  const showBadge = (): void => {
    view.badge = badgeOf(tree.withProblems);
  };
  describe();
  const diagnostics = new ProblemDiagnostics();
  return vscode.Disposable.from(
    view,
    tree,
    diagnostics,
    watchDatasets(tree),
    tree.onDidOutdate((uri) => diagnostics.forget(uri)),
    tree.onDidList((files) => {
      diagnostics.keepOnly(files);
      showBadge();
    }),
    tree.onDidInspect(({ file, report }) => {
      showBadge();
      void diagnostics.show(file, report);
    }),
    view.onDidChangeSelection(({ selection: [first] }) => {
      if (first?.kind === 'dataset') onChosen(first.file);
    }),
    registerCommand(commandIds.refreshDatasets, () => tree.refresh()),
    registerCommand(commandIds.revealDataset, reveal),
    registerCommand(commandIds.copyDatasetPath, copyPath),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      describe();
      return tree.refresh();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (isDatasetSettingChange(event)) tree.forgetInspections();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      describe();
      return tree.refresh();
    }),
  );
}

/** Looks for datasets and opens the view. */
export async function showDatasets(tree: DatasetsTree): Promise<void> {
  await tree.refresh();
  await vscode.commands.executeCommand(`${viewIds.datasets}.focus`);
}

/** Why the view shows less than it could. */
function messageOf(folders: readonly vscode.WorkspaceFolder[]): string {
  if (!vscode.workspace.isTrusted) return vscode.l10n.t('Restricted Mode: the engine is off until you trust this workspace.');
  const virtual = folders.filter(({ uri }) => uri.scheme !== 'file');
  if (virtual.length === 0) return '';
  return virtual.length === folders.length
    ? vscode.l10n.t('Virtual workspace: the engine reads only files of this machine, so datasets are listed only.')
    : vscode.l10n.t('Datasets in virtual folders are listed only: the engine reads only files of this machine.');
}

function badgeOf(datasets: number): vscode.ViewBadge | undefined {
  return datasets === 0 ? undefined : { value: datasets, tooltip: vscode.l10n.t('Datasets with problems: {0}', datasets) };
}

async function reveal(target: unknown): Promise<void> {
  const uri = targetUri(target);
  if (uri !== undefined) await vscode.commands.executeCommand('revealInExplorer', uri);
}

/** Of all selected datasets, one path a line. */
async function copyPath(target: unknown, selected?: unknown): Promise<void> {
  const nodes = Array.isArray(selected) && selected.length > 0 ? (selected as readonly DatasetNode[]) : [target];
  const uris = nodes.map(targetUri).filter((uri) => uri !== undefined);
  const paths = new Set(uris.map((uri) => (uri.scheme === 'file' ? uri.fsPath : uri.toString(true))));
  if (paths.size > 0) await vscode.env.clipboard.writeText([...paths].join('\n'));
}
